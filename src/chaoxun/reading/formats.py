"""What a file is, by its content, and who reads it: bytes and a name to the pages of that format's reader.

To add a format: one file with a function `(data, *, encoding) -> Extracted`, and its `reader` in the row below.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from chaoxun.errors import UnknownFormat
from chaoxun.language import say
from chaoxun.records import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a reader gets out of a file."""

    pages: tuple[Page, ...]
    """In the order of the file, `number` None: path and masthead give it later."""
    encoding: str
    is_damaged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of file."""

    name: str
    """As people call it."""
    content: str
    """Regular expression that the first bytes match, NULs left out."""
    suffixes: tuple[str, ...] = ()
    """Endings of file names that tell it where the content cannot: text that is no page of a newspaper."""
    reader: str = ""
    """`module:function`, imported on use; "" = not read yet."""
    advice: tuple[str, str] = ("", "")
    """What to do instead, English and Chinese."""


Reader = Callable[..., Extracted]

_EXTRACT = ("extract its text to a .txt file first, as pdftotext does", "请先提取文字为 .txt，例如用 pdftotext")
_SAVE = ("save it as plain text (.txt) first", "请先另存为纯文本（.txt）")
_UNPACK = ("unpack it and give the folder", "请先解压，再指定文件夹")
_ASIDE = ("move it aside", "请将其移开")
_RENAME = ("if it is a page of a newspaper, rename it to .txt", "若确是报纸版面文字，请改名为 .txt")
_RECOGNISE = ("recognise its text (OCR) and save that as .txt", "请先做文字识别（OCR）并保存为 .txt")

# The first row that matches.  What matches none is text, or refused by the decoder.
FORMATS = (
    Format(name="PDF", content=r"%PDF-", advice=_EXTRACT),
    Format(name="HTML", content=r"(?i)\s*<(?:!doctype html|html|head|body|meta|title|div|table|p|span)\b",
           suffixes=(".html", ".htm", ".xhtml"), advice=_SAVE),
    Format(name="XML", content=r"(?i)\s*<(?:\?xml|!doctype|!--|svg)", suffixes=(".xml", ".svg"), advice=_SAVE),
    Format(name="RTF", content=r"\{\\rtf", advice=_SAVE),
    Format(name="Word 97 / Office", content=r"\xd0\xcf\x11\xe0", advice=_SAVE),
    Format(name="ZIP / Office / EPUB", content=r"PK(?:\x03\x04|\x05\x06|\x07\x08)", advice=_UNPACK),
    Format(name="gzip, bzip2, xz, zstd, 7z or RAR archive", advice=_UNPACK,
           content=r"\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ|\x28\xb5\x2f\xfd|7z\xbc\xaf\x27\x1c|Rar!\x1a"),
    Format(name="picture", advice=_RECOGNISE,
           content=r"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|BM[\s\S]{4}\0\0\0\0|RIFF[\s\S]{4}WEBP"),
    Format(name="database or program", content=r"SQLite format 3|\x7fELF|MZ[\x90\x50]|\xca\xfe\xba\xbe", advice=_ASIDE),
    Format(name="binary file", content=r"(?!)", advice=_ASIDE),
    Format(name="notes, data or source", content=r"(?!)", advice=_RENAME, suffixes=(
        ".md", ".json", ".jsonl", ".csv", ".tsv", ".toml", ".yaml", ".yml", ".ini", ".cfg", ".py", ".js", ".css",
        ".sh", ".bat", ".sql", ".log", ".tex", ".bib", ".c", ".h", ".java", ".db", ".lock")),
    Format(name="text", content=r"", reader="chaoxun.reading.txt:read_txt"),
)  # fmt: skip
_BINARY = next(row for row in FORMATS if row.name == "binary file")

_HEAD_BYTES = 1024
_SAMPLE_BYTES = 65_536
# UTF-16 has NULs too, but most of them on one side: digits and Latin letters on one, 一, 开, 最, 言 on the other.
_MIN_NULS = 32
_MIN_NUL_SHARE = 0.02
_MAX_ONE_SIDED = 0.65
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def find_format(data: bytes, *, name: str) -> Format:
    """The row of the table that content, and where that is just text the name, belong to."""
    head = data[:_HEAD_BYTES].removeprefix(codecs.BOM_UTF8)
    starts = (head.decode("latin-1"), head.replace(b"\0", b"").lstrip(b"\xff\xfe").decode("latin-1"))
    suffix = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    for row in FORMATS:
        if row is _BINARY and is_binary(data):
            return row
        if suffix in row.suffixes or any(re.match(row.content, start) for start in starts):
            return row
    return FORMATS[-1]


def is_binary(data: bytes) -> bool:
    """True when NULs stand where no encoding of text has them."""
    sample = data[:_SAMPLE_BYTES]
    n_even, n_odd = sample[::2].count(0), sample[1::2].count(0)
    n_nuls = n_even + n_odd
    if data.startswith(_WIDE_MARKS) or n_nuls < max(_MIN_NULS, _MIN_NUL_SHARE * len(sample)):
        return False
    return max(n_even, n_odd) < _MAX_ONE_SIDED * n_nuls


def open_reader(row: Format) -> Reader:
    """The function that reads this format.  Raises UnknownFormat with advice where there is none yet."""
    if not row.reader:
        raise UnknownFormat(
            what=say(en=f"{row.name}: not read", zh=f"不支持的格式：{row.name}"),
            advice=say(en=row.advice[0], zh=row.advice[1]),
        )
    module, function = row.reader.split(":")
    reader: Reader = getattr(import_module(module), function)
    return reader
