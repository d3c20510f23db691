"""A text file to its pages: decoded, cut at form feeds and at line ends, nothing else changed."""

import re
from collections.abc import Iterator

from chaoxun.errors import TooLarge
from chaoxun.language import say
from chaoxun.reading.decoding import decode
from chaoxun.reading.formats import Extracted
from chaoxun.records import Line, Page

MAX_CHARS = 5_000_000
"""Of one file: a thousand full newspaper pages (reliability goal G5)."""
_MAX_BYTES_A_CHAR = 4
"""In every encoding that is read."""

_LINE_END = re.compile("\r\n|\r|\n")


def read_txt(data: bytes, *, encoding: str | None = None) -> Extracted:
    """The pages of a text file; a form feed ends a page, as pdftotext writes it.

    Raises TooLarge beyond MAX_CHARS characters, and what `decode` raises.
    """
    if len(data) > MAX_CHARS * _MAX_BYTES_A_CHAR:
        raise _too_large(len(data) // _MAX_BYTES_A_CHAR)
    decoded = decode(data, encoding=encoding)
    if len(decoded.text) > MAX_CHARS:
        raise _too_large(len(decoded.text))
    pages = tuple(Page(number=None, text=text, lines=tuple(cut_lines(text))) for text in cut_pages(decoded.text))
    return Extracted(pages=pages, encoding=decoded.encoding, is_damaged=decoded.is_damaged)


def cut_pages(text: str) -> tuple[str, ...]:
    r"""The texts between form feeds; what follows the last is no page if it is white space.

    Example: "a\fb\f\n" -> ("a", "b")
    """
    pages = text.split("\f")
    return tuple(pages[:-1] if len(pages) > 1 and not pages[-1].strip() else pages)


def cut_lines(text: str) -> Iterator[Line]:
    r"""The lines of `text` in order, blank ones included: an end of line is \n, \r\n or \r.

    Example: "ab\r\nc" -> "ab" at 0, "c" at 4
    """
    start = 0
    for end in _LINE_END.finditer(text):
        yield Line(text=text[start : end.start()], start=start)
        start = end.end()
    if start < len(text):
        yield Line(text=text[start:], start=start)


def _too_large(n_chars: int) -> TooLarge:
    return TooLarge(
        what=say(
            en=f"{n_chars:,} characters or more, at most {MAX_CHARS:,} are read from one file",
            zh=f"至少 {n_chars:,} 个字符，单个文件最多读取 {MAX_CHARS:,} 个",
        ),
        advice=say(en="split the file, one issue a file", zh="请拆分文件，每期一个文件"),
    )
