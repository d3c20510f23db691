"""Unlabelled articles for pretraining: JSONL files, plain or zstd-compressed, to `CorpusArticle` values."""

import codecs
import hashlib
import json
import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from chaoxun.errors import BadAnnotation, InputError, PermissionRefused, UndecodableText
from chaoxun.language import say

# zstd files packed with --long=27 and more need a window this large to be read.
_MAX_WINDOW_BYTES = 2**31
_BLOCK_BYTES = 2**17


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusArticle:
    """One article nobody labelled."""

    id: str
    """The first 16 hex digits of the SHA-256 of the text without white space."""
    title: str
    text: str
    source: str
    """Where it came from, as the corpus file says; "" = not said."""


def text_digest(text: str) -> str:
    """The first 16 hex digits of the SHA-256 of `text` without its white space: the id of an unlabelled article."""
    return hashlib.sha256("".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def check_readable(path: Path) -> None:
    """Raises InputError if there is no such file, PermissionRefused if it may not be read."""
    if not path.is_file():
        raise InputError(
            what=say(en="no such file", zh="没有这个文件"), where=str(path),
            advice=say(en="check the path", zh="请检查路径"),
        )  # fmt: skip
    if not os.access(path, os.R_OK):
        raise PermissionRefused(
            what=say(en="may not be read", zh="没有读取权限"), where=str(path),
            advice=say(en="change its permissions", zh="请修改文件权限"),
        )  # fmt: skip


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(number from 1, line) of every line of a UTF-8 file that is not blank; one named .zst is decompressed.

    Raises InputError for a file that is not there, is not UTF-8 or is damaged.
    """
    check_readable(path)
    # utf-8-sig: the Notepad of Windows puts a byte order mark in front.
    lines = _unpacked_lines(path) if path.suffix == ".zst" else path.open(encoding="utf-8-sig")
    try:
        with closing(lines):
            yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise UndecodableText(
            what=say(en=f"not UTF-8 (byte 0x{byte:02x})", zh=f"不是 UTF-8 编码（字节 0x{byte:02x}）"), where=str(path),
            advice=say(en="save it as UTF-8, for instance with iconv -f GB18030 -t UTF-8",
                       zh="请另存为 UTF-8，例如用 iconv -f GB18030 -t UTF-8"),
        ) from error  # fmt: skip


def _unpacked_lines(path: Path) -> Generator[str, None, None]:
    import zstandard

    rest = ""
    try:
        with path.open("rb") as packed:
            for piece in codecs.iterdecode(_unpacked(packed, path), "utf-8-sig"):
                *lines, rest = (rest + piece).split("\n")
                yield from lines
    except zstandard.ZstdError as error:
        raise _damaged(
            path, en=f"no zstd file, or a damaged one ({error})", zh=f"不是 zstd 文件，或已损坏（{error}）"
        ) from error
    yield rest


def _unpacked(packed: BinaryIO, path: Path) -> Iterator[bytes]:
    """The decompressed bytes; not by `stream_reader`, which takes a file that was cut short for a whole one."""
    import zstandard

    frames = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES)
    frame = frames.decompressobj()
    while block := packed.read(_BLOCK_BYTES):
        while block:
            frame = frames.decompressobj() if frame.eof else frame
            yield frame.decompress(block)
            block = frame.unused_data
    if not frame.eof:
        raise _damaged(path, en="ends in the middle: cut short", zh="文件不完整：中途截断")


def _damaged(path: Path, *, en: str, zh: str) -> InputError:
    return InputError(
        what=say(en=en, zh=zh), where=str(path),
        advice=say(en="fetch it again, or take .zst off its name if it is plain text",
                   zh="请重新获取；若为纯文本，请去掉文件名中的 .zst"),
    )  # fmt: skip


def read_corpus(paths: Iterable[Path], *, without: frozenset[str] = frozenset()) -> Iterator[CorpusArticle]:
    """The articles of JSONL files in file order, those whose id stands in `without` left out.

    Raises BadAnnotation with file and line for a line that is no JSON object with a `text`.
    """
    for path in paths:
        for number, line in read_lines(path):
            try:
                row = json.loads(line)
                text = str(row["text"])
            except (ValueError, KeyError, TypeError) as error:
                raise BadAnnotation(
                    what=say(en="not a JSON object with a text", zh="不是含 text 的 JSON 对象"),
                    where=f"{path}:{number}", advice=say(en="mend or remove the line", zh="请改正或删去这一行"),
                ) from error  # fmt: skip
            digest = text_digest(text)
            if digest not in without:
                yield CorpusArticle(
                    id=digest, title=str(row.get("title") or ""), text=text, source=str(row.get("source") or "")
                )
