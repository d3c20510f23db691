"""Real articles to compose pages from, in three parts that share no newspaper page, and text as a `Page`."""

import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import zstandard

from chaoxun.records import Line, Page
from compose_pages import PoolArticle, clean_article


def read_rows(path: Path) -> Iterator[dict[str, object]]:
    """The rows of a JSONL file, plain or zstd-compressed."""
    with path.open("rb") as packed:
        raw = (
            zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(packed) if path.suffix == ".zst" else packed
        )
        for line in io.TextIOWrapper(raw, encoding="utf-8"):
            yield json.loads(line)


PARTS = {"words": (0, 2, 4, 6, 8), "lines": (1, 3, 5), "check": (7, 9)}
"""Tenths of the corpus: n-grams are counted on the first part, the network and the worths of headlines are fitted on the
second, where n-grams have never seen the articles, and the last is for measuring."""


def read_pool(path: Path, *, themes: Path | None, part: str) -> list[PoolArticle]:
    """The usable articles of one part; laws are no newspaper text."""
    labels = {str(row["id"]): ([*row["labels"], "none"])[0] for row in read_rows(themes)} if themes else {}
    pool = []
    for row in read_rows(path):
        if "Laws" in str(row.get("source")):
            continue
        page = f"{row['source']} {row['date']} {row['page']}" if row.get("page") else ""
        title, text = str(row["title"]), str(row["text"])
        if zlib.crc32((page or text[:40]).encode()) % 10 in PARTS[part]:
            article = clean_article(title=title, text=text, page=page, theme=labels.get(str(row["id"]), ""))
            if article:
                pool.append(article)
    return pool


def page_of(text: str, *, number: int | None = None) -> Page:
    """The page of a text, its lines ended by line feeds."""
    lines, start = [], 0
    for printed in text.split("\n"):
        lines.append(Line(text=printed, start=start))
        start += len(printed) + 1
    return Page(number=number, text=text, lines=tuple(lines))
