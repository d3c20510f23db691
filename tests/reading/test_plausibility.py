import time

import pytest

from chaoxun.reading.plausibility import log_likelihood, ordinary_share

NEWS = "本报讯 7月18日，青岚市总工会在体育馆举办职工技能竞赛，236名选手同台比武。"


@pytest.mark.parametrize("written, read", [("gbk", "big5hkscs"), ("gbk", "utf-16-le"), ("utf-8", "gbk")])
def test_a_right_reading_is_likelier_than_a_wrong_one(written: str, read: str) -> None:
    wrong = NEWS.encode(written).decode(read, "replace")
    assert log_likelihood(NEWS) > log_likelihood(wrong)


def test_traditional_text_is_as_ordinary_as_simplified() -> None:
    assert ordinary_share("職工技能競賽在體育館舉辦") == ordinary_share("职工技能竞赛在体育馆举办") == 1


def test_share_counts_visible_characters_only() -> None:
    assert ordinary_share("职工abc\ufffd \n") == pytest.approx((5 - 1) / 6)
    assert ordinary_share(" \n") == 1


@pytest.mark.parametrize("text", ["\ue000\ue001\ue002", "\x01\x02\x03", "ﾏｱﾉｾ", "가나다"])
def test_what_no_chinese_page_holds_counts_against_a_text(text: str) -> None:
    assert ordinary_share(text) == -1


def test_a_million_characters_are_weighed_in_a_second() -> None:
    start = time.perf_counter()
    log_likelihood(NEWS * 25_000)
    assert time.perf_counter() - start < 1
