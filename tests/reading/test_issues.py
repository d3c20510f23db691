from pathlib import Path

import pytest

from chaoxun.reading.issues import read_issue

PAGE = "澄川工人报\n2021年1月22日 星期五\n第3版\n\n本报讯 昨日，市总工会举办职工技能竞赛，二百名选手同台比武。\n"


@pytest.mark.parametrize("written, asked", [("utf-8", "utf-8"), ("utf-16-le", "utf-16"), ("gb18030", "gb18030")])
def test_a_marked_file_in_a_given_encoding_keeps_its_newspaper(tmp_path: Path, written: str, asked: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(("\ufeff" + PAGE).encode(written))
    issue = read_issue(path, display="a.txt", relative="a.txt", encoding=asked)
    assert (issue.id, issue.newspaper, issue.date) == ("ccgrb-2021-01-22", "澄川工人报", "2021-01-22")
    assert [(page.number, page.text) for page in issue.pages] == [(3, PAGE)]


def test_the_pages_of_a_file_have_the_numbers_they_print(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\f".join([PAGE, "本报讯 正文。\n", PAGE.replace("第3版", "第7版")]), encoding="utf-8")
    issue = read_issue(path, display="a.txt", relative="a.txt")
    assert [page.number for page in issue.pages] == [3, None, 7]
