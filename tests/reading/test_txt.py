import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaoxun.errors import TooLarge
from chaoxun.reading import txt
from chaoxun.reading.txt import cut_lines, cut_pages, read_txt

PIECES = st.lists(st.sampled_from(["\n", "\r", "\r\n", "\f", "\v", "\u2028", "\x85", " ", "职工", "ab"]), max_size=20)


def test_a_line_ends_at_line_feed_carriage_return_or_both() -> None:
    found = [(line.start, line.text) for line in cut_lines("一\n二\r\n\r三\n")]
    assert found == [(0, "一"), (2, "二"), (5, ""), (6, "三")]


@given(PIECES.map("".join))
@settings(max_examples=200, deadline=None)
def test_lines_point_into_the_text_and_hold_all_of_it(text: str) -> None:
    lines = list(cut_lines(text))
    assert all(text[line.start : line.start + len(line.text)] == line.text for line in lines)
    assert "".join(line.text for line in lines) == text.replace("\n", "").replace("\r", "")
    ends = [line.start + len(line.text) for line in lines]
    assert all(end < line.start for end, line in zip(ends, lines[1:], strict=False))


@pytest.mark.parametrize(
    "text, pages",
    [
        ("一\f二\f", ("一", "二")),
        ("一\f二", ("一", "二")),
        ("一\f\f三\f\n", ("一", "", "三")),
        ("一", ("一",)),
        ("", ("",)),
        ("\f", ("",)),
    ],
)
def test_a_form_feed_ends_a_page(text: str, pages: tuple[str, ...]) -> None:
    assert cut_pages(text) == pages


def test_pages_keep_their_text_unchanged_and_have_no_number_yet() -> None:
    extracted = read_txt("　职工\r\n２０２１\f第二页".encode("gbk"))
    assert [page.text for page in extracted.pages] == ["　职工\r\n２０２１", "第二页"]
    assert [page.number for page in extracted.pages] == [None, None]
    assert (extracted.encoding, extracted.is_damaged) == ("gb18030", False)


@pytest.mark.parametrize("data", [b"a" * (txt.MAX_CHARS + 1), b"a" * (txt.MAX_CHARS * 4 + 1)])
def test_more_characters_than_the_limit_are_refused(data: bytes) -> None:
    with pytest.raises(TooLarge) as caught:
        read_txt(data)
    assert caught.value.reason == "TOO_LARGE" and caught.value.advice
