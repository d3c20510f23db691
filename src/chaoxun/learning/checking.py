"""Annotation files to `Finding` values: everything that is wrong with them, line by line; `chaoxun annotations check`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chaoxun.errors import BadAnnotation
from chaoxun.language import say
from chaoxun.learning.annotations import Annotation, annotation_lines, parse_annotation
from chaoxun.learning.corpus import text_digest

# Cosine of character 3-gram TF-IDF.  Reports of one event from two papers reach 0.5 (dataset.py); above 0.8 whole
# paragraphs are the same, and then the labels should be too.
_NEAR = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong."""

    where: str
    """`file:line`."""
    code: str
    """SCHEMA, UNKNOWN_LABEL, NO_EVIDENCE, EVIDENCE, DUPLICATE, NEAR_DUPLICATE or CONTRADICTION."""
    message: str


@dataclass(frozen=True, slots=True)
class _Row:
    where: str
    annotation: Annotation


def check_annotations(
    paths: Sequence[Path], *, known: Sequence[str] = (), needs_evidence: bool = False
) -> tuple[int, list[Finding]]:
    """The number of annotations read and what is wrong with them, in file order.

    known: the label ids there are; none: any id will do.  needs_evidence: a label without a quote is a finding too.
    """
    rows: list[_Row] = []
    findings: list[Finding] = []
    for where, line in annotation_lines(paths):
        try:
            rows.append(_Row(where, parse_annotation(line, where=where)))
        except BadAnnotation as error:
            findings.append(Finding(where=where, code="SCHEMA", message=error.what))
    checks: tuple[Callable[[_Row], Iterator[Finding]], ...] = (
        lambda row: _check_labels(row, known),
        lambda row: _check_evidence(row, needs_evidence=needs_evidence),
    )
    findings += [finding for row in rows for check in checks for finding in check(row)]
    findings += [*_check_twins(rows), *_check_neighbours(rows)]
    order = {row.where: n for n, row in enumerate(rows)}
    return len(rows), sorted(findings, key=lambda finding: order.get(finding.where, -1))


def _check_labels(row: _Row, known: Sequence[str]) -> Iterator[Finding]:
    annotation = row.annotation
    for label in (*annotation.labels, *annotation.unsure, *annotation.unknown):
        if known and label not in known:
            yield Finding(
                where=row.where, code="UNKNOWN_LABEL",
                message=say(en=f"no label {label!r}; known are {', '.join(known)}", zh=f"没有标签 {label!r}；已有 {'、'.join(known)}"),
            )  # fmt: skip


def _check_evidence(row: _Row, *, needs_evidence: bool) -> Iterator[Finding]:
    annotation = row.annotation
    for label, quote in annotation.evidence.items():
        if label not in (*annotation.labels, *annotation.unsure):
            yield _evidence(row, en=f"a quote for {label}, which is not given", zh=f"有 {label} 的引文，却没有这个标签")
        if not quote or quote not in annotation.text:
            yield _evidence(row, en=f"the quote for {label} is not in the text", zh=f"{label} 的引文不在正文中")
    if needs_evidence:
        for label in annotation.labels:
            if label not in annotation.evidence:
                yield Finding(
                    where=row.where, code="NO_EVIDENCE", message=say(en=f"no quote for {label}", zh=f"{label} 没有引文")
                )


def _evidence(row: _Row, *, en: str, zh: str) -> Finding:
    return Finding(where=row.where, code="EVIDENCE", message=say(en=en, zh=zh))


def _check_twins(rows: Sequence[_Row]) -> Iterator[Finding]:
    """The same text, or the same id, a second time."""
    seen: dict[str, _Row] = {}
    for row in rows:
        for key in (row.annotation.id, text_digest(row.annotation.text)):
            first = seen.setdefault(key, row)
            if first is not row:
                yield _pair(first, row, code="DUPLICATE", en="the same article", zh="同一篇文章")
                break


def _check_neighbours(rows: Sequence[_Row]) -> Iterator[Finding]:
    """Texts that are nearly the same, and whether their labels are."""
    if len(rows) < 2:
        return
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), sublinear_tf=True).fit_transform(
        row.annotation.text or " " for row in rows
    )
    similar = (vectors @ vectors.T).tocoo()
    near = (similar.row < similar.col) & (similar.data >= _NEAR)
    for first, second in sorted(zip(similar.row[near].tolist(), similar.col[near].tolist(), strict=True)):
        one, two = rows[first], rows[second]
        if text_digest(one.annotation.text) != text_digest(two.annotation.text):
            yield _pair(one, two, code="NEAR_DUPLICATE", en="nearly the same text", zh="正文几乎相同")


def _pair(first: _Row, second: _Row, *, code: str, en: str, zh: str) -> Finding:
    one, two = first.annotation, second.annotation
    open_labels = {*one.unsure, *one.unknown, *two.unsure, *two.unknown}
    differing = sorted((set(one.labels) ^ set(two.labels)) - open_labels)
    if differing:
        code = "CONTRADICTION"
        en, zh = f"{en}, but other labels ({', '.join(differing)})", f"{zh}，标签却不同（{'、'.join(differing)}）"
    return Finding(where=second.where, code=code, message=say(en=f"{en} as {first.where}", zh=f"{zh}：{first.where}"))
