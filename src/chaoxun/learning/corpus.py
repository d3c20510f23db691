"""Unlabelled articles for pretraining: JSONL files, plain or zstd-compressed, to `CorpusArticle` values."""

import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from chaoxun.errors import BadAnnotation, InputError

# zstd files packed with --long=27 and more need a window this large to be read.
_MAX_WINDOW_BYTES = 2**31


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


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """An open UTF-8 text stream over `path`, decompressed if its name ends in .zst. Raises InputError if there is none."""
    if not path.is_file():
        raise InputError(what="no such file", where=str(path), advice="check the path")
    if path.suffix != ".zst":
        with path.open(encoding="utf-8") as stream:
            yield stream
        return
    import zstandard

    reader = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES)
    with path.open("rb") as packed, reader.stream_reader(packed) as raw:
        yield io.TextIOWrapper(raw, encoding="utf-8")


def read_corpus(paths: Iterable[Path], *, without: frozenset[str] = frozenset()) -> Iterator[CorpusArticle]:
    """The articles of JSONL files in file order, those whose id stands in `without` left out.

    Raises BadAnnotation with file and line for a line that is no JSON object with a `text`.
    """
    for path in paths:
        with open_text(path) as stream:
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                    text = str(row["text"])
                except (ValueError, KeyError, TypeError) as error:
                    raise BadAnnotation(
                        what="not a JSON object with a text", where=f"{path}:{number}", advice="mend or remove the line"
                    ) from error
                digest = text_digest(text)
                if digest not in without:
                    yield CorpusArticle(
                        id=digest, title=str(row.get("title") or ""), text=text, source=str(row.get("source") or "")
                    )
