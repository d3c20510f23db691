import pytest

from chaoxun.reading.mastheads import Masthead, read_masthead

BODY = "\n\n" + "本报讯 昨日，市总工会举办职工技能竞赛。\n" * 12


@pytest.mark.parametrize(
    "head, expected",
    [
        ("澄川工人报 第3版 副刊", Masthead(newspaper="澄川工人报", page=3)),
        ("澄 川 工 人 报\n2021年1月22日 星期五", Masthead(newspaper="澄川工人报", date="2021-01-22")),
        ("第5版", Masthead(page=5)),
        ("A03版 要闻", Masthead(page=3)),
        ("02 要闻", Masthead(page=2)),
        ("4 综合 2021年2月5日 星期五 澄川工人报", Masthead(newspaper="澄川工人报", date="2021-02-05", page=4)),
        ("二〇二一年一月二十二日 星期五 第三版", Masthead(date="2021-01-22", page=3)),
        ("第3版\n责任编辑：林一帆 第3版", Masthead(page=3)),
    ],
)
def test_a_masthead_above_or_below_the_page_is_read(head: str, expected: Masthead) -> None:
    assert read_masthead(head + BODY) == expected


def test_a_masthead_at_the_foot_is_read_too() -> None:
    assert read_masthead(BODY + "澄川工人报 第3版 副刊") == Masthead(newspaper="澄川工人报", page=3)


@pytest.mark.parametrize(
    "head",
    [
        "下转第三版", "（上接第1版）", "今日四版",  # not this page
        "2021年1月22日，市总工会举办竞赛。", "记者翻开第3版，看到了自己的名字。",  # running text
        "第3版\n第4版",  # they contradict each other
        "2021年2月30日 星期二",  # no such day
        "新闻热线：0551-20210122", "电话 138-2021-0122",  # telephones
        "02", "2021", "",
    ],
)  # fmt: skip
def test_what_is_no_masthead_says_nothing(head: str) -> None:
    assert read_masthead(head + BODY) == Masthead()


def test_what_stands_in_the_middle_of_a_page_says_nothing() -> None:
    assert read_masthead(BODY + "澄川工人报 第3版 副刊" + BODY) == Masthead()
