import random
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaoxun.records import Line, Page
from chaoxun.segmenting.articles import name_headings, split_page

HEAT = (
    "本报讯 入夏以来，江州市总工会组织全市各级工会走访高温岗位，把绿豆汤、毛巾和防暑药品送到建筑工地和环卫班组。",
    "据了解，此次活动共投入资金86.4万元，慰问一线职工5200余人次，江州市总工会主席顾望舒带队走访了三处工地。",
    "下一步，江州市各级工会还将设立爱心驿站40个，供户外劳动者歇脚、饮水、充电。（林知夏）",
)
WELDERS = (
    "本报讯 9月12日，第八届白河县焊工技能大赛在县职业技术学校落幕，来自31家企业的96名选手同台比武。",
    "大赛设手工电弧焊和氩弧焊两个项目，分理论考试与实际操作两部分，裁判组按焊缝外观和探伤结果打分。",
    "最终，白河机械厂选手陆一鸣夺得第一名，由县总工会授予“白河县技术能手”称号。（石磊）",
)
SCHOOL = (
    "近日，云岭镇职工夜校迎来第一百位学员，开设的剪纸、二胡、短视频制作等课程场场爆满，报名要提前一周。",
    "“下了班来学二胡，心里敞亮。”在云岭纺织厂上班的学员贺兰兰说，夜校离家只有十分钟路程。",
    "目前，云岭镇总工会正在筹备夜校的第二个教学点，计划新增书法和茶艺两门课。（云岭镇总工会 供稿）",
)


def page_of(text, *, number=3):
    """The page of a text."""
    lines, start = [], 0
    for printed in text.split("\n"):
        lines.append(Line(text=printed, start=start))
        start += len(printed) + 1
    return Page(number=number, text=text, lines=tuple(lines))


def wrap(text, width, *, indent=2):
    """The lines of one paragraph, the first narrower by its indent, which extraction drops."""
    lines, at, room = [], 0, width - indent
    while at < len(text):
        stop = at + room
        while stop < len(text) and text[stop] in "，。、；：？！”）》":
            stop += 1
        lines.append(text[at:stop])
        at, room = stop, width
    return lines


def column(*paragraphs, width=20, blank=True):
    """Paragraphs set in a column, with a blank line after every line as extraction leaves it, or without."""
    lines = [line for paragraph in paragraphs for line in wrap(paragraph, width)]
    return ("\n\n" if blank else "\n").join(lines) + "\n" + ("\n" if blank else "")


def bodies(records):
    return [record for record in records if record.kind in ("article", "photo")]


def squeeze(text):
    return "".join(text.split())


def assert_spans_partition(text, records):
    """Every character that is not white space stands in exactly one span of exactly one record."""
    counts = [0] * len(text)
    for record in records:
        assert list(record.spans) == sorted(record.spans)
        for start, stop in record.spans:
            assert 0 <= start < stop <= len(text)
            for at in range(start, stop):
                counts[at] += 1
    assert all(count == 1 for at, count in enumerate(counts) if not text[at].isspace())
    assert max(counts, default=0) <= 1


@pytest.mark.parametrize("blank", [True, False])
@pytest.mark.parametrize("width", [16, 22, 30])
def test_articles_with_datelines_and_bylines_are_told_apart(blank, width):
    text = column(*HEAT, width=width, blank=blank) + column(*WELDERS, width=width, blank=blank)
    records = split_page(page_of(text), issue_id="jz-2021-07-01")
    assert [record.id for record in records] == ["jz-2021-07-01-p03-a01", "jz-2021-07-01-p03-a02"]
    assert [record.byline for record in records] == ["林知夏", "石磊"]
    assert records[0].paragraphs == (*HEAT[:2], HEAT[2].removesuffix("（林知夏）"))
    assert squeeze(records[1].text) == squeeze("".join(WELDERS).removesuffix("（石磊）"))


def test_headlines_at_the_end_of_the_page_go_to_their_articles():
    text = column(*HEAT) + column(*WELDERS) + column(*SCHOOL)
    text += "江州市总工会\n\n86万元清凉送到高温岗位\n\n白河县96名焊工同台比武\n\n云岭职工夜校场场爆满\n"
    first, second, third = bodies(split_page(page_of(text), issue_id="x"))
    assert (first.kicker, first.headline) == ("江州市总工会", "86万元清凉送到高温岗位")
    assert (second.kicker, second.headline) == ("", "白河县96名焊工同台比武")
    assert (third.kicker, third.headline) == ("", "云岭职工夜校场场爆满")


def test_headlines_above_their_articles_stay_there():
    text = "白河县96名焊工同台比武\n\n" + column(*WELDERS) + "云岭职工夜校场场爆满\n\n" + column(*SCHOOL)
    first, second = bodies(split_page(page_of(text), issue_id="x"))
    assert first.headline == "白河县96名焊工同台比武"
    assert second.headline == "云岭职工夜校场场爆满"
    assert second.byline == "云岭镇总工会 供稿"


def test_a_lost_headline_is_empty_and_not_a_guess():
    records = split_page(page_of(column(*HEAT) + column(*WELDERS)), issue_id="x")
    assert [record.title for record in records] == ["", ""]


def test_a_sub_headline_printed_behind_its_article_becomes_the_subtitle():
    text = column(*HEAT) + "——江州市总工会高温慰问侧记\n\n" + column(*WELDERS)
    first, second = bodies(split_page(page_of(text), issue_id="x"))
    assert first.subtitle == "——江州市总工会高温慰问侧记"
    assert second.subtitle == ""


def test_a_picture_text_with_its_credit_is_a_photo():
    photo = "6月18日，青川铁路工会在货场为装卸工送上西瓜和凉茶，班组长杜若飞带着工友们在树荫下歇脚，笑声不断。 秦川/摄"
    records = bodies(split_page(page_of(column(*WELDERS) + column(photo)), issue_id="x"))
    assert [record.kind for record in records] == ["article", "photo"]
    assert records[1].byline == "秦川/摄"
    assert records[1].text.endswith("笑声不断。")


def test_the_name_of_the_page_above_all_is_furniture():
    records = split_page(page_of("2021年7月1日 星期四\n\n第03版\n\n" + column(*HEAT)), issue_id="x")
    assert [record.kind for record in records] == ["article", "furniture"]
    assert records[0].paragraphs[0] == HEAT[0]


def test_the_same_article_printed_twice_is_two_articles():
    records = bodies(split_page(page_of(column(*HEAT) + column(*HEAT)), issue_id="x"))
    assert len(records) == 2
    assert records[0].paragraphs == records[1].paragraphs


@pytest.mark.parametrize("text", ["", "\n\n", "  \n\u3000\n"])
def test_an_empty_page_has_no_records(text):
    assert split_page(page_of(text), issue_id="x") == ()


def test_a_page_of_advertisements_loses_no_character():
    text = "厂房招租\n\n电话：61234567\n\n欢迎订阅白河劳动报\n\n全年120元\n"
    assert_spans_partition(text, split_page(page_of(text), issue_id="x"))


@pytest.mark.parametrize("text", ["一", "\x00", "\u202e\u202d", "😀😀", "\ud800", "A\x00B\u2067工\n😀", "。", "——\n——"])
def test_odd_characters_neither_crash_nor_vanish(text):
    assert_spans_partition(text, split_page(page_of(text), issue_id="x"))


def test_without_a_page_number_ids_have_no_page():
    assert split_page(page_of(column(*HEAT), number=None), issue_id="x")[0].id == "x-a01"


def test_one_line_of_ten_megabytes_takes_seconds():
    text = "工会送温暖" * 700_000
    start = time.process_time()
    records = split_page(page_of(text), issue_id="x")
    assert time.process_time() - start < 30
    assert [span for record in records for span in record.spans] == [(0, len(text))]


def test_time_grows_with_the_page_and_not_faster():
    page, pages = page_of(column(*HEAT)), page_of(column(*HEAT) * 60)
    split_page(page, issue_id="x")
    start = time.process_time()
    split_page(pages, issue_id="x")
    assert time.process_time() - start < 3


PIECES = [
    *HEAT,
    *WELDERS,
    *SCHOOL,
    "白河县焊工比武",
    "第03版",
    "（林知夏）",
    "秦川/摄",
    "——侧记",
    "图为现场。",
    "一、",
    "",
    " ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.integers(8, 34), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_every_character_of_a_shuffled_page_ends_in_exactly_one_record(pieces, width, rng):
    text = "".join(column(piece, width=rng.choice((width, 40)), blank=rng.random() < 0.5) for piece in pieces)
    assert_spans_partition(text, split_page(page_of(text), issue_id="x"))


@given(st.text(max_size=200))
@settings(max_examples=120, deadline=None)
def test_every_character_of_any_text_ends_in_exactly_one_record(text):
    records = split_page(page_of(text), issue_id="x")
    assert_spans_partition(text, records)
    assert len({record.id for record in records}) == len(records)


def test_every_character_of_a_soup_of_lines_ends_in_exactly_one_record():
    rng = random.Random(4)
    letters = string.printable + "工会送温暖，。（）“”——\u3000\x00\u202e😀年月日讯电摄"
    for _ in range(30):
        text = "".join(rng.choice(letters) for _ in range(600))
        assert_spans_partition(text, split_page(page_of(text), issue_id="x"))


def test_kicker_headline_and_subtitle_are_named_by_place_and_dash():
    assert name_headings(["某市总工会", "三百万元送温暖", "——某市工会综述"]) == (
        "某市总工会",
        "三百万元送温暖",
        "——某市工会综述",
    )
    assert name_headings(["三百万元送温暖"]) == ("", "三百万元送温暖", "")
    assert name_headings(["——某市工会综述"]) == ("", "", "——某市工会综述")
    assert name_headings([]) == ("", "", "")


def test_a_file_of_thousands_of_lines_is_split_in_sections_and_loses_nothing():
    text = (column(*HEAT) + column(*WELDERS)) * 400
    started = time.monotonic()
    records = split_page(page_of(text), issue_id="x")
    assert time.monotonic() - started < 30
    assert len({record.id for record in records}) == len(records)
    assert 780 <= len(bodies(records)) <= 820
    assert_spans_partition(text, records)
