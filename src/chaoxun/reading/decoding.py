"""Bytes to characters: which of the encodings of Chinese text they are in, and what of them cannot be read.

There is no order in which encodings are tried: every reading is made and weighed, because GB18030 accepts most Big5
and much UTF-16, and any order that starts with it gives silent mojibake.
"""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from chaoxun.errors import UndecodableText, UsageError
from chaoxun.language import say
from chaoxun.reading.plausibility import log_likelihood, ordinary_share


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text and how it was read."""

    text: str
    encoding: str
    """Python's name of the encoding, `utf-8-sig` when a UTF-8 mark stood in front."""
    is_damaged: bool
    """True when U+FFFD stands for bytes or characters that are no text, or when the reading is doubtful."""


# The longest first: the mark of UTF-32 LE begins with that of UTF-16 LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BY_LINE = ("utf-8", "gb18030", "big5hkscs", "cp950")
_CANDIDATES = (*_BY_LINE, "utf-16-le", "utf-16-be")
# What people call GB2312 holds characters of GBK, what they call Big5 those of its two extensions.
_FAMILIES = {
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "big5": ("big5hkscs", "cp950"),
    "utf-16": ("utf-16-le", "utf-16-be"),
}

# Shares of ordinary characters (plausibility.ordinary_share).  News reaches 0.97 in its own encoding, even after one
# byte in 200 has changed 0.9; other encodings' readings of it and noise stay under 0.3.
_DOUBTFUL_SHARE = 0.35
_REJECTED_SHARE = 0.2
# Random bytes that pass for characters often enough still leave a quarter of them unreadable (200 pieces of 1,500 bytes:
# 24 to 27 %); a page with one byte in a hundred changed leaves under one in twenty.
_MAX_UNREADABLE_SHARE = 0.15
# Text with a control character behind every third one is still text: three quarters of it are ordinary.
_NOISE_SHARE = 0.5
# A pure ASCII text of more bytes than this is ASCII; a shorter one may be a few characters of UTF-16.
_SHORT_BYTES = 64
# Of a larger file this much is read in every encoding; damage makes reading slow, and 100,000 characters decide.
_SAMPLE_BYTES = 200_000
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
# How much more likely (nats) a line must be in another encoding to leave that of its file: a line of five characters.
_LINE_BONUS = 30.0

# Not text: control characters but tab, line ends, form feed and NEL; surrogates; embeddings, overrides and isolates
# that turn the direction of what follows; noncharacters.  Later stages and terminals trip over them.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def decode(data: bytes, *, encoding: str | None = None) -> Decoded:
    """The characters of `data`, in `encoding` if it is given, else in the one that reads best.

    Characters that are no text become U+FFFD one by one and set `is_damaged`; nothing else is changed, save that an
    end mark of DOS (0x1A) at the very end is dropped.
    Raises UndecodableText, or UsageError for an encoding that does not exist.

    Example: decode("职工".encode("gbk")) -> Decoded(text="职工", encoding="gb18030", is_damaged=False)
    """
    if encoding is not None:
        return _believed(_best_reading(*_without_mark(data, _named(encoding))))
    for mark, name in _MARKS:
        if data.startswith(mark):
            marked = _read(data[len(mark) :], name)
            if ordinary_share(marked.text) >= _REJECTED_SHARE:
                return _checked(marked)
            data = data[len(mark) :]
            break
    return _checked(_guess(data))


def _without_mark(data: bytes, encodings: Sequence[str]) -> tuple[bytes, Sequence[str]]:
    """`data` behind the byte order mark of one of these encodings and that encoding; both as they are without a mark.

    Python's codecs of a given byte order, and its GB18030, hand the mark on as U+FEFF.
    """
    for mark, name in _MARKS:
        if data.startswith(mark) and (name in encodings or name.removesuffix("-sig") in encodings):
            return data[len(mark) :], (name,)
    return data, encodings


def _guess(data: bytes) -> Decoded:
    if data.isascii() and len(data) > _SHORT_BYTES and b"\0" not in data:
        return _read(data, "utf-8")
    if not data.isascii():
        strict = _read(data, "utf-8")
        # Chinese text in another encoding is no valid UTF-8, except a few characters by chance in the 2-byte range.
        if not strict.is_damaged and (len(data) > _SHORT_BYTES or max(strict.text) >= "\u0800"):
            return strict
    best = _best_reading(data, _CANDIDATES)
    return _line_by_line(data, best) if "\ufffd" in best.text and best.encoding in _BY_LINE else best


def _best_reading(data: bytes, encodings: Sequence[str]) -> Decoded:
    sample = _telling_part(data)
    best = max(encodings, key=lambda name: log_likelihood(_read(sample, name).text))
    return _read(data, best)


def _telling_part(data: bytes) -> bytes:
    """`data`, or of a large file what follows its first byte beyond ASCII: what comes before tells nothing.

    It begins at an even byte, where a character of UTF-16 begins; one of the others begins at the byte found.
    """
    if len(data) <= _SAMPLE_BYTES:
        return data
    found = _BEYOND_ASCII.search(data)
    start = found.start() // 2 * 2 if found else 0
    return data[start : start + _SAMPLE_BYTES]


def _read(data: bytes, encoding: str) -> Decoded:
    raw = data.decode(encoding, "replace").removesuffix("\x1a")
    text = _NOT_TEXT.sub("\ufffd", raw)
    return Decoded(text=text, encoding=encoding, is_damaged="\ufffd" in text)


def _line_by_line(data: bytes, whole: Decoded) -> Decoded:
    """The text of a file whose lines are not all in one encoding; the line feed ends a line in each of _BY_LINE."""
    lines = [_best_line(line, whole.encoding) for line in data.split(b"\n")]
    return Decoded(text="\n".join(lines), encoding=whole.encoding, is_damaged=True)


def _best_line(line: bytes, usual: str) -> str:
    kept = _read(line, usual)
    if not kept.is_damaged:
        return kept.text
    other = _best_reading(line, _BY_LINE)
    gain = log_likelihood(other.text) - log_likelihood(kept.text)
    return other.text if gain > _LINE_BONUS and not other.is_damaged else kept.text


def _checked(reading: Decoded) -> Decoded:
    """`reading`, marked as damaged where it is doubtful.  Raises UndecodableText if it can hardly be text."""
    if reading.encoding.startswith("utf") and not reading.is_damaged and not reading.encoding.startswith("utf-16"):
        return reading  # valid UTF-8 is what it says it is, whatever the language
    share = ordinary_share(reading.text)
    is_noise = share < _NOISE_SHARE and reading.text.count("\ufffd") > _MAX_UNREADABLE_SHARE * len(reading.text)
    if share < _REJECTED_SHARE or is_noise:
        best = f"{reading.encoding}, {max(share, 0):.0%}"
        raise _undecodable(
            en=f"not text in UTF-8, GB18030, Big5 or UTF-16 (best reading: {best} ordinary characters)",
            zh=f"不是 UTF-8、GB18030、Big5 或 UTF-16 文本（最佳读法：{best} 常用字符）",
        )
    is_damaged = reading.is_damaged or share < _DOUBTFUL_SHARE
    return Decoded(text=reading.text, encoding=reading.encoding, is_damaged=is_damaged)


def _believed(reading: Decoded) -> Decoded:
    """`reading` in an encoding that the user gave.  Raises UndecodableText if most of it is no text in that."""
    if reading.text.count("\ufffd") * 2 > len(reading.text):
        name = reading.encoding
        raise _undecodable(en=f"more than half of it is not text in {name}", zh=f"一半以上不是 {name} 文本")
    return reading


def _undecodable(*, en: str, zh: str) -> UndecodableText:
    advice = say(
        en="give the right --encoding, or move the file aside", zh="请用 --encoding 指定正确的编码，或移开该文件"
    )
    return UndecodableText(what=say(en=en, zh=zh), advice=advice)


def _named(encoding: str) -> tuple[str, ...]:
    """The encodings to try for the name that the user gave.  Raises UsageError if there is none."""
    try:
        name = codecs.lookup(encoding).name
        b"a".decode(name, "replace")  # some codecs are not of text
    except (LookupError, ValueError) as error:
        raise UsageError(
            what=say(en=f"no encoding {encoding!r}", zh=f"没有名为 {encoding!r} 的编码"),
            advice=say(en="use utf-8, gb18030, big5 or utf-16", zh="可用 utf-8、gb18030、big5、utf-16"),
        ) from error
    return _FAMILIES.get(name, (name,))
