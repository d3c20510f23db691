"""Ids that no two records share, when two sources bring the same page of the same issue, or one brings it twice."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from chaoxun.archive.outcomes import Outcome, PlacedRecord
from chaoxun.records import Issue

# Enough that two of the few sources which claim the same page differ.
_HEX_DIGITS = 6


def page_issue_ids(issue: Issue) -> tuple[str, ...]:
    """What the ids of each page's records begin with: the id of the issue, and for the second page of the same number
    (or without one) in a file, its place in the file.

    Example: two pages without number -> ("ahgrb-2021-01-22", "ahgrb-2021-01-22-n02")
    """
    seen: set[int | None] = set()
    prefixes = []
    for place, page in enumerate(issue.pages, 1):
        prefixes.append(f"{issue.id}-n{place:02}" if page.number in seen else issue.id)
        seen.add(page.number)
    return tuple(prefixes)


def make_ids_unique(outcome: Outcome, *, suffix: str, is_taken: Callable[[str], bool]) -> Outcome:
    """`outcome`, its ids followed by `-x` and six hex digits when another source has one of them already.

    suffix: what the source had in an earlier run, which it keeps.  The digits come from the path relative to what was
    given, so they are the same wherever the archive lies; a run that was killed and resumed gives the same ones.
    """
    candidates = [suffix, _suffix(outcome.relative), *(_suffix(f"{outcome.key}#{n}") for n in range(100))]
    free = next(
        (c for c in candidates if not any(is_taken(r.tagged.article.id + c) for r in outcome.records)), candidates[-1]
    )
    if not free:
        return outcome
    return replace(outcome, id_suffix=free, records=tuple(_rename(record, free) for record in outcome.records))


def _rename(record: PlacedRecord, suffix: str) -> PlacedRecord:
    article = replace(record.tagged.article, id=record.tagged.article.id + suffix)
    tags = tuple(replace(tag, article_id=article.id) for tag in record.tagged.tags)
    return replace(record, tagged=replace(record.tagged, article=article, tags=tags))


def _suffix(text: str) -> str:
    return "-x" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:_HEX_DIGITS]
