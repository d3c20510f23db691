import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaoxun.cleaning.lines import count_columns, join_headline, join_lines, join_names, mend_spaces


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["职工们领到了米", "面油。"], "职工们领到了米面油。"),
        (["安置退养职工 2211", "户，发放 34 ", "万元。"], "安置退养职工2211户，发放34万元。"),
        (["从 2020 年 2月起，", "办了 25场"], "从2020年2月起，办了25场"),
        (["工会用上了 AI 2.0", "系统"], "工会用上了AI 2.0系统"),
        (["the Open", "Day of the work-", "shop drew 300"], "the Open Day of the workshop drew 300"),
        (["编号为20", "21的文件"], "编号为2021的文件"),
        (["　　春节前，", "　慰问　到家"], "春节前，慰问到家"),
        (["全角２０２１ 年（含ＡＢ）"], "全角２０２１年（含ＡＢ）"),
        (["本报讯 近日，某市总工会"], "本报讯 近日，某市总工会"),
        (["本报讯（记者 王 阳） 昨日，"], "本报讯（记者 王阳） 昨日，"),
        (["好\x00的\u202e职\u200b工"], "好的职工"),
        (["", "  ", "空行之后"], "空行之后"),
        ([], ""),
    ],
)
def test_printed_lines_become_running_text(lines, joined):
    assert join_lines(lines) == joined


@pytest.mark.parametrize(
    ("lines", "headline"),
    [
        (["送 温 暖", "到 家"], "送温暖到家"),
        (["夜校开课 好戏连台"], "夜校开课 好戏连台"),
        (["三百万元送温", "暖"], "三百万元送温暖"),
        (["送 服务 到家门"], "送 服务 到家门"),
        (["Open", "Day"], "Open Day"),
    ],
)
def test_headline_lines_become_one_headline(lines, headline):
    assert join_headline(lines) == headline


def test_names_keep_single_spaces_between_them():
    assert join_names("江工　 本报记者  林舟") == "江工 本报记者 林舟"


def test_width_counts_latin_and_digits_half():
    assert count_columns("2021年1月") == 4.5
    assert count_columns("“两节”") == 4.0


@given(st.text(max_size=60))
@settings(max_examples=80, deadline=None)
def test_mending_twice_changes_nothing_more(text):
    once = mend_spaces(text)
    assert mend_spaces(once) == once


@given(st.lists(st.text(alphabet="工会送温暖2021，。 　aB-", max_size=12), max_size=6))
@settings(max_examples=80, deadline=None)
def test_joining_keeps_every_printed_character_but_hyphens(lines):
    def kept(text):
        return [c for c in text if not c.isspace() and c != "-"]

    assert kept(join_lines(lines)) == kept("".join(lines))


@pytest.mark.parametrize("text", [" " * 100_000 + "工", "工 " * 50_000, "a " * 50_000, "　" * 100_000])
def test_spaces_by_the_hundred_thousand_are_mended_quickly(text):
    start = time.process_time()
    mend_spaces(text)
    join_headline([text])
    assert time.process_time() - start < 0.6
