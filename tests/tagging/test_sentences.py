import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaoxun.tagging.sentences import split_sentences


def pieces(text):
    return [text[start:stop] for start, stop in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("开班了。结业了！", ["开班了。", "结业了！"]),
        ("他说：“比一比！”大家笑了。", ["他说：“比一比！”", "大家笑了。"]),
        ("小标题\n正文一句。\n\n又一段", ["小标题", "正文一句。", "又一段"]),
        ("送去米、面、油；问了冷暖。", ["送去米、面、油；", "问了冷暖。"]),
    ],
)
def test_sentences_end_at_full_stops_semicolons_and_line_breaks(text, expected):
    assert pieces(text) == expected


def test_a_sentence_without_end_is_cut_at_a_comma_before_it_fills_a_window():
    text = "甲乙丙丁戊己庚辛壬癸，" * 40
    assert max(map(len, pieces(text))) <= 120
    assert all(piece.endswith("，") for piece in pieces(text)[:-1])


def test_a_sentence_without_commas_is_cut_all_the_same():
    assert [len(piece) for piece in pieces("字" * 250)] == [120, 120, 10]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="工会送温暖。！？；，\n ”abc12", max_size=400))
def test_every_character_that_is_no_white_space_is_in_exactly_one_sentence(text):
    spans = split_sentences(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in zip(spans, spans[1:], strict=False))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@pytest.mark.parametrize("unit", ["。", "，", "\n", "”", "字", "。”", " \n"])
def test_a_hundred_thousand_hostile_characters_are_cut_at_once(unit):
    began = time.process_time()
    split_sentences(unit * (100_000 // len(unit)))
    assert time.process_time() - began < 0.5
