"""Printed lines to running text: how wide a line is, and how the pieces of a paragraph are put together; `str -> str`.

Only joins and spaces are mended: every other character stays as printed, full width included.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

_SPACE = "[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_HAN = "\u2e80-\u2fff\u3003-\u303e\u3040-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_WIDE = "\u3001\u3002\u2018-\u201d\u2014\u2026\u00b7\uff01-\uffee"
# A space beside a Chinese character comes from setting or extraction; the word spaces inside Latin text are real.
_FALSE_SPACE = re.compile(f"(?<=[{_HAN}{_WIDE}]){_SPACE}{{1,99}}|(?<!{_SPACE}){_SPACE}{{1,99}}(?=[{_HAN}{_WIDE}])")
_SPACES = re.compile(f"{_SPACE}{{2,}}|(?! ){_SPACE}")
# Print sets a space behind a feed's name and between people's names, where it stands for a comma.
_KEPT_BEHIND = ("讯", "电", "记者", "通讯员", "报道", "者", "）", ")")
_REACH_OF_FEED = 60
"""Characters from the start of a paragraph within which a space may belong to the feed's name and its reporters."""
_BROKEN_WORD = re.compile(r"[a-z]-$")
_UNPRINTABLE = ("Cc", "Cs")
_BIDI = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LOOSE_HEAD = re.compile(r"\S(?:\s+\S)+")


@cache
def _columns_of(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5


def count_columns(text: str) -> float:
    """The width of `text` in full-width characters: Latin letters, ASCII digits and spaces are half as wide.

    Example: "2021年1月" -> 4.5
    """
    return sum(map(_columns_of, text))


def join_lines(lines: Sequence[str]) -> str:
    """One paragraph from its printed lines, joins and spaces mended.

    Example: ["困难企业内退职工 2211", "户，发放 34 万元"] -> "困难企业内退职工2211户，发放34万元"
    """
    pieces: list[str] = []
    for line in lines:
        piece = line.strip()
        if pieces and piece:
            if _BROKEN_WORD.search(pieces[-1]) and piece[:1].islower():
                pieces[-1] = pieces[-1][:-1]
            elif _needs_space(pieces[-1][-1], piece[0]):
                pieces.append(" ")
        if piece:
            pieces.append(piece)
    return mend_spaces("".join(pieces))


def _needs_space(before: str, after: str) -> bool:
    # A number broken over two lines runs on; two words, or a word and a number, were set apart by the line end.
    return before.isascii() and after.isascii() and (before.isalpha() or before in ",.;:!?") and after.isalnum()


def mend_spaces(text: str) -> str:
    """`text` without false spaces, unprintable characters and marks of writing direction; other spaces single.

    Example: "2020 年，AI 2.0 走 进 工会" -> "2020年，AI 2.0走进工会"
    """
    text = _FALSE_SPACE.sub(_keep_name_space, mend_unprintable(text))
    return _SPACES.sub(" ", text).strip()


def _keep_name_space(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 3) : match.start()]
    if before.endswith(("记者", "通讯员")):
        return " "
    is_feed = match.start() < _REACH_OF_FEED and before.endswith(_KEPT_BEHIND)
    return " " if is_feed else ""


def join_names(text: str) -> str:
    """A byline or caption credit with single spaces: there they part names and offices.

    Example: "合工　 本报记者  何遐" -> "合工 本报记者 何遐"
    """
    return _SPACES.sub(" ", mend_unprintable(text)).strip()


def join_headline(lines: Sequence[str]) -> str:
    """A headline from its printed lines; letter-spacing is closed, a single space between its parts stays.

    Example: ["送 温 暖", "到 家"] -> "送温暖到家"
    """
    parts: list[str] = []
    for line in lines:
        piece = mend_unprintable(line).strip()
        if _LOOSE_HEAD.fullmatch(piece):
            piece = "".join(piece.split())
        if parts and piece and _needs_space(parts[-1][-1], piece[0]):
            parts.append(" ")
        if piece:
            parts.append(piece)
    return _SPACES.sub(" ", "".join(parts)).strip()


def mend_unprintable(text: str) -> str:
    """`text` without control characters, lone surrogates and marks of writing direction."""
    if text.isprintable() and not _BIDI.search(text):
        return text
    kept = "".join(c if c in "\t\u3000" or unicodedata.category(c) not in _UNPRINTABLE else "" for c in text)
    return _BIDI.sub("", kept)
