import codecs
import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaoxun.errors import UndecodableText, UsageError
from chaoxun.reading import decoding
from chaoxun.reading.decoding import decode

SIMPLIFIED = (
    "本报讯 （记者 林一帆）7月18日上午，青岚市第九届职工技能竞赛在市体育馆开幕，来自48家企业的236名选手将在焊工、钳工、"
    "电工、叉车和家政等六个项目上同台比武。\n市总工会主席在致辞中说，竞赛要让更多一线职工有舞台、有奔头。“去年我拿了第三名，"
    "今年想再往前走一步。”来自云溪机械厂的焊工老周告诉记者。\n据悉，各项目第一名将被授予“青岚工匠”称号，并优先推荐参加省级比赛；"
    "竞赛期间还将开设职工夜校公开课，邀请劳模讲述自己的故事。"
)
TRADITIONAL = (
    "本報訊　七月十八日上午，海埠市第九屆職工技能競賽在體育館開幕，來自四十八家企業的二百三十六名選手將在電焊、機械、家政等六個"
    "項目上同台比武。市總工會負責人說，競賽要讓更多職工有舞台、有奔頭。「去年我拿了第三名，今年想再往前走一步。」來自雲溪機械廠的"
    "老周告訴記者。據悉，各項目第一名將被授予稱號，並優先推薦參加全省比賽。"
)
MAINLAND = ["utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
TAIWAN = ["utf-8", "big5", "big5hkscs", "cp950", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
CASES = [(encoding, SIMPLIFIED) for encoding in MAINLAND] + [(encoding, TRADITIONAL) for encoding in TAIWAN]


def naive(data: bytes) -> str:
    """The usual chain of trials, GB18030 first."""
    for encoding in ("utf-8-sig", "gb18030", "big5", "utf-16"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def cuts(text: str, *, length: int, n: int) -> list[str]:
    chance = random.Random(f"{length} {text[:9]}")
    starts = [chance.randrange(len(text) - length) for _ in range(n)]
    pieces = [text[start : start + length] for start in starts]
    return [piece for piece in pieces if any(character > "\u4e00" for character in piece)]


@pytest.mark.parametrize("encoding, text", CASES)
@pytest.mark.parametrize("length", [50, 100, 140])
def test_every_encoding_is_read_exactly_at_fifty_characters_and_more(encoding: str, text: str, length: int) -> None:
    for piece in cuts(text, length=length, n=20):
        decoded = decode(piece.encode(encoding))
        assert (decoded.text, decoded.is_damaged) == (piece, False)


@pytest.mark.parametrize("length", [4, 8, 16])
def test_short_pieces_are_read_exactly_in_97_of_100(length: int) -> None:
    pairs = [(piece, encoding) for encoding, text in CASES for piece in cuts(text, length=length, n=25)]
    n_right = sum(decode(piece.encode(encoding)).text == piece for piece, encoding in pairs)
    assert n_right >= 0.97 * len(pairs)


def test_the_usual_order_of_trials_reads_no_big5_where_ours_reads_all() -> None:
    pieces = cuts(TRADITIONAL, length=50, n=50)
    assert sum(naive(piece.encode("big5")) == piece for piece in pieces) == 0
    assert all(decode(piece.encode("big5")).text == piece for piece in pieces)


def test_the_encoding_is_named_as_python_names_it() -> None:
    assert decode(SIMPLIFIED.encode("utf-8-sig")).encoding == "utf-8-sig"
    assert decode(SIMPLIFIED.encode("gb2312")).encoding == "gb18030"
    assert decode(codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be")).encoding == "utf-16-be"
    assert decode("“工”～".encode("cp950")).encoding == "cp950"


@pytest.mark.parametrize("encoding", ["utf-32", "gb18030"])
def test_rarer_marks_are_known_too(encoding: str) -> None:
    assert decode(("\ufeff" + SIMPLIFIED).encode(encoding)).text.lstrip("\ufeff") == SIMPLIFIED


def test_latin_text_is_not_taken_for_chinese_in_utf_16() -> None:
    for text in ("this app can break", "hello, world", "2021", "03", "ABC"):
        assert decode(text.encode()).text == text


@pytest.mark.parametrize("encoding, text", CASES)
def test_noise_never_turns_a_page_into_mojibake_without_a_flag(encoding: str, text: str) -> None:
    chance = random.Random(encoding)
    for _ in range(20):
        data = bytes(chance.randrange(256) if chance.random() < 0.005 else byte for byte in text.encode(encoding))
        decoded = decode(data)
        n_right = sum(a == b for a, b in zip(decoded.text, text, strict=False))
        assert decoded.is_damaged or n_right > len(text) / 2 or len(decoded.text) != len(text)


def test_a_byte_that_cannot_be_read_is_flagged_and_costs_one_character() -> None:
    data = bytearray(SIMPLIFIED.encode("utf-8"))
    data[300] = 0xFF
    decoded = decode(bytes(data))
    assert decoded.is_damaged and decoded.encoding == "utf-8"
    assert sum(character not in SIMPLIFIED for character in decoded.text) <= 3


def test_lines_of_two_encodings_are_all_read_and_flagged() -> None:
    first, second = SIMPLIFIED.split("\n")[:2]
    decoded = decode(f"{first}\n{first}\n".encode("gbk") + second.encode("utf-8"))
    assert (decoded.text, decoded.is_damaged) == (f"{first}\n{first}\n{second}", True)


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x85\x9c", "\u202e", "\u2066", "\uffff", "\U0001ffff"])
def test_what_is_no_text_becomes_a_replacement_character_and_is_flagged(character: str) -> None:
    decoded = decode(f"职工{character}技能竞赛".encode())
    assert decoded.text.replace("\ufffd", "").replace("\x85", "") == "职工技能竞赛"
    assert decoded.is_damaged


def test_tabs_line_ends_form_feeds_and_rare_characters_stay_as_they_are() -> None:
    text = "职工\t技能\r\n竞赛\f第二页\n🎉𠀀\u200b\u3000㐀"
    assert decode(text.encode()).text == text
    assert not decode(text.encode()).is_damaged


def test_the_end_mark_of_dos_is_dropped_at_the_end_only() -> None:
    assert decode("职工技能竞赛\r\n\x1a".encode("gbk")).text == "职工技能竞赛\r\n"
    assert decode("职工\x1a技能竞赛".encode("gbk")).is_damaged


def test_noise_is_refused_with_advice() -> None:
    with pytest.raises(UndecodableText) as caught:
        decode(random.Random(5).randbytes(4000))
    assert caught.value.reason == "REJECT" and "--encoding" in caught.value.advice


def test_a_page_of_another_language_in_utf_8_is_what_it_is() -> None:
    text = "안녕하세요 여러분 " * 30 + "Рабочая газета " * 30
    assert (decode(text.encode()).text, decode(text.encode()).is_damaged) == (text, False)


def test_a_given_encoding_is_believed() -> None:
    assert decode("職工".encode("big5"), encoding="big5").text == "職工"
    assert decode("镕".encode("gbk"), encoding="GB2312").text == "镕"
    assert decode(codecs.BOM_UTF8 + "职工".encode(), encoding="utf-8").text == "职工"
    assert decode("职工".encode("utf-16"), encoding="utf-16").text == "职工"
    assert decode("职工会".encode("gbk")[:-1], encoding="gbk").is_damaged


@pytest.mark.parametrize(
    "written, asked, read",
    [
        ("utf-8", "utf-8", "utf-8-sig"),
        ("utf-8", "utf-8-sig", "utf-8-sig"),
        ("utf-16-le", "utf-16", "utf-16-le"),
        ("utf-16-be", "utf-16", "utf-16-be"),
        ("utf-16-le", "utf-16-le", "utf-16-le"),
        ("utf-16-be", "UTF-16BE", "utf-16-be"),
        ("utf-32-le", "utf-32-le", "utf-32-le"),
        ("utf-32-be", "utf-32", "utf-32"),
        ("gb18030", "gb18030", "gb18030"),
        ("gb18030", "gbk", "gb18030"),
    ],
)
def test_the_mark_of_a_given_encoding_is_no_part_of_the_text(written: str, asked: str, read: str) -> None:
    decoded = decode(("\ufeff" + SIMPLIFIED).encode(written), encoding=asked)
    assert (decoded.text, decoded.encoding, decoded.is_damaged) == (SIMPLIFIED, read, False)


def test_the_mark_of_another_encoding_than_the_given_one_shows_that_it_was_the_wrong_one() -> None:
    assert decode(codecs.BOM_UTF16_LE + SIMPLIFIED.encode("utf-8"), encoding="utf-8").is_damaged


def test_utf_8_without_a_mark_is_not_called_marked() -> None:
    assert decode(SIMPLIFIED.encode(), encoding="utf-8").encoding == "utf-8"


@pytest.mark.parametrize("name", ["no-such", "hex", "rot13", "base64", "职工", "", "a\0b"])
def test_an_encoding_that_does_not_exist_is_an_error_of_usage(name: str) -> None:
    with pytest.raises(UsageError):
        decode(b"abc", encoding=name)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_every_byte_string_is_read_or_refused_and_what_is_read_can_be_stored(data: bytes) -> None:
    try:
        text = decode(data).text
    except UndecodableText:
        return
    json.dumps(text, ensure_ascii=False).encode("utf-8")
    assert not decoding._NOT_TEXT.search(text)


# U+FFFD in a file stands for what an earlier program could not read: damage, like our own.
_READABLE = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn", "Cf"], exclude_characters=["\ufffd"]
)


@given(st.text(_READABLE, max_size=60))
@settings(max_examples=200, deadline=None)
def test_utf_8_with_a_character_beyond_latin_is_always_read_as_it_is(text: str) -> None:
    text += "工"
    assert decode(text.encode()).text == text


@pytest.mark.parametrize("line", ["工" * 3_300_000, "a" * 10_000_000, "工\x00会员" * 800_000])
def test_a_line_of_ten_megabytes_is_read_within_seconds(line: str) -> None:
    start = time.perf_counter()
    decode(line.encode())
    assert time.perf_counter() - start < 10


def test_random_bytes_are_refused_whatever_they_pass_for():
    rng = random.Random(5)
    for _ in range(100):
        with pytest.raises(UndecodableText):
            decode(rng.randbytes(1500))


def test_a_page_with_one_byte_in_a_hundred_changed_is_read_and_flagged():
    rng = random.Random(6)
    for encoding in ("utf-8", "gb18030"):
        data = bytearray((SIMPLIFIED * 20).encode(encoding))
        for at in range(0, len(data), 100):
            data[at] = rng.randrange(128, 255)
        assert decode(bytes(data)).is_damaged
