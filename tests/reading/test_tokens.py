import time

import pytest

from chaoxun.cleaning.characters import model_view
from chaoxun.reading.tokens import find_dates, find_newspaper, find_pages, han_number


@pytest.mark.parametrize(
    "text, dates",
    [
        ("安徽工人日报_20210122_03版", ["2021-01-22"]),
        ("2021-1-22", ["2021-01-22"]),
        ("2021/01/22", ["2021-01-22"]),
        ("2021.01.22", ["2021-01-22"]),
        ("２０２１年１月２２日", ["2021-01-22"]),
        ("二〇二一年一月二十二日", ["2021-01-22"]),
        ("一九八〇年十二月廿三日", ["1980-12-23"]),
        ("2020-02-29", ["2020-02-29"]),
        ("20210122 20210123", ["2021-01-22", "2021-01-23"]),
        ("010-20210122", ["2021-01-22"]),
        ("新闻热线：0551-62612345 2021年1月22日", ["2021-01-22"]),
        ("服务热线12351 2021年1月22日", ["2021-01-22"]),
    ],
)
def test_dates_are_found_as_they_are_written(text: str, dates: list[str]) -> None:
    assert [token.iso for token in find_dates(model_view(text))] == dates


@pytest.mark.parametrize(
    "text",
    [
        "20210230", "2021-02-29", "2021-13-01", "二〇二一年二月三十日",  # not in the calendar
        "1799-01-01", "2100-01-01",  # not of our newspapers
        "12345678901234567890", "20210122202101220000", "20210122153000", "总第20210122期",  # longer numbers
        "13820210122", "138-2021-0122", "138 2021 0122", "电话：0551-20210122", "热线 2021-0122",  # telephones
        "2021", "2021年", "2021-01", "",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert find_dates(model_view(text)) == ()


@pytest.mark.parametrize(
    "text, is_dated, pages",
    [
        ("第3版", False, [(3, "")]),
        ("第 03 版", False, [(3, "")]),
        ("A03版", False, [(3, "")]),
        ("B03版", False, [(3, "b")]),
        ("第十二版", False, [(12, "")]),
        ("p03", False, [(3, "")]),
        ("Page 12", False, [(12, "")]),
        ("版次：3", False, [(3, "")]),
        ("头版", False, [(1, "")]),
        ("第1版第2版", False, [(1, ""), (2, "")]),
        ("A03", True, [(3, "")]),
        ("C-3", True, [(3, "c")]),
    ],
)
def test_pages_are_found_as_they_are_written(text: str, is_dated: bool, pages: list[tuple[int, str]]) -> None:
    assert [(token.number, token.section) for token in find_pages(model_view(text), is_dated=is_dated)] == pages


@pytest.mark.parametrize(
    "text",
    [
        "A03",  # a hall, a motorway, a size of paper, where no date stands beside it
        "今日四版", "共8版", "对开四版",  # how many there are
        "下转第三版", "转第3版", "上接第1版", "（下转 3版）",  # where an article goes on
        "第201版", "第0版", "2021版",  # no such page
        "出版", "头版头条", "正版", "再版", "第二版面", "3版面", "3版本", "三版本", "第三版教材", "第2版修订",  # running text
    ],
)  # fmt: skip
def test_other_uses_of_the_word_are_no_page_numbers(text: str) -> None:
    assert find_pages(model_view(text), is_dated=False) == ()


@pytest.mark.parametrize("text, number", [("十", 10), ("二十一", 21), ("廿三", 23), ("三", 3), ("", 0), ("二三", 0)])
def test_chinese_numbers_are_read_up_to_99(text: str, number: int) -> None:
    assert han_number(text) == number


def test_a_newspaper_is_named_by_one_word_or_not_at_all() -> None:
    assert find_newspaper("安徽工人日报_  _03版") == "安徽工人日报"
    assert find_newspaper("文汇报 电子版") == "文汇报"
    for text in ("安全生产月报", "工作汇报", "天气预报", "安徽工人日报 海埠工人报", "我们的报", ""):
        assert find_newspaper(text) == ""


@pytest.mark.parametrize(
    "text", ["2021-" * 80, "第" * 400, "电话0551" * 60, "1" * 400, "一九" * 200, "工" * 399 + "报"]
)
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    find_dates(text), find_pages(text, is_dated=True), find_newspaper(text)
    assert time.perf_counter() - start < 0.2
