"""Annotation files (JSONL, plain or zstd-compressed) to `Annotation` values, checked line by line."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chaoxun.errors import BadAnnotation
from chaoxun.language import say
from chaoxun.learning.corpus import read_lines, text_digest
from chaoxun.records import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What a person said of an article.

    Every label of the taxonomy that stands in none of the three lists is a no, if the file knows it.
    """

    id: str
    title: str
    text: str
    labels: tuple[str, ...]
    unsure: tuple[str, ...] = ()
    """Two careful readers could differ: left out of loss and metrics."""
    unknown: tuple[str, ...] = ()
    """Nobody looked: left out as well."""
    evidence: dict[str, str] = field(default_factory=dict)
    """A verbatim quote from the text, by label."""

    @property
    def article(self) -> Article:
        """The article itself, as the tagger takes it."""
        return Article(
            id=self.id, page_number=None, headline=" ".join(self.title.split("\n")),
            paragraphs=tuple(self.text.split("\n")),
        )  # fmt: skip


def read_annotations(paths: Sequence[Path]) -> list[Annotation]:
    """The annotations of all files in order.

    Raises BadAnnotation, naming file and line, for a line that is no object, lacks `text` or `labels`, holds a value
    of the wrong type, puts a label into two lists, or says something else of an article that came before.
    """
    found: dict[str, tuple[Annotation, str]] = {}
    for where, line in annotation_lines(paths):
        annotation = parse_annotation(line, where=where)
        earlier, place = found.setdefault(annotation.id, (annotation, where))
        _check_agrees(earlier, annotation, place=place, where=where)
    return [annotation for annotation, _ in found.values()]


def annotation_lines(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """(`file:line`, line) of every line of the files that is not blank."""
    for path in paths:
        yield from ((f"{path}:{number}", line) for number, line in read_lines(path))


def known_labels(annotations: Iterable[Annotation]) -> set[str]:
    """Every label id that stands in any list of any row."""
    return {label for row in annotations for label in (*row.labels, *row.unsure, *row.unknown)}


def parse_annotation(line: str, *, where: str) -> Annotation:
    """The annotation of one line.  Raises BadAnnotation, naming `where`, as `read_annotations` does."""
    try:
        row = json.loads(line)
    except ValueError as error:
        raise _bad(where, en=f"not JSON ({error})", zh=f"不是 JSON（{error}）") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "labels" not in row:
        raise _bad(where, en="an annotation needs at least text and labels", zh="标注至少要有 text 和 labels")
    lists = {key: _ids(row, key, where=where) for key in ("labels", "unsure", "unknown")}
    every = [label for ids in lists.values() for label in ids]
    for label in every:
        if every.count(label) > 1:
            raise _bad(where, en=f"label {label!r} stands in two places", zh=f"标签 {label!r} 出现在两处")
    evidence = {} if row.get("evidence") is None else row["evidence"]
    if not isinstance(evidence, dict) or not all(isinstance(quote, str) for quote in evidence.values()):
        raise _bad(where, en="evidence must be an object of quotes by label", zh="evidence 应为“标签: 引文”的对象")
    for key in ("id", "title", "date", "source"):
        # Tools that number their rows write ids as numbers; they are ids all the same.
        allowed = str | int | None if key == "id" else str | None
        if not isinstance(row.get(key), allowed):
            raise _bad(where, en=f"{key} must be a text", zh=f"{key} 应为文本")
    return Annotation(
        id=str(row.get("id") or text_digest(row["text"])), title=row.get("title") or "", text=row["text"],
        evidence=evidence, **lists,
    )  # fmt: skip


def _ids(row: dict[str, Any], key: str, *, where: str) -> tuple[str, ...]:
    value = row[key] if key == "labels" else row.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _bad(where, en=f"{key} must be a list of label ids", zh=f"{key} 应为标签 id 的列表")
    return tuple(value)


def _check_agrees(earlier: Annotation, later: Annotation, *, place: str, where: str) -> None:
    if set(earlier.labels) != set(later.labels):
        raise _bad(
            where, en=f"says other labels of the article than {place}", zh=f"与 {place} 对同一篇文章的标签不一致"
        )


def _bad(where: str, *, en: str, zh: str) -> BadAnnotation:
    return BadAnnotation(
        what=say(en=en, zh=zh), where=where, advice=say(en="mend or remove the line", zh="请改正或删去这一行")
    )
