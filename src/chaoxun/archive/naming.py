"""Ids that no two records share, when two sources bring the same page of the same issue, or one brings it twice; and
ids of issues that no two issues share, when two names are spelled alike in ASCII.
"""

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


def make_ids_unique(
    outcome: Outcome, *, suffix: str, is_taken: Callable[[str], bool], is_foreign: Callable[[str], bool]
) -> Outcome:
    """`outcome`, its ids followed by `-x` and six hex digits when another source has one of them already.

    suffix: what the source had in an earlier run, which it keeps.  The digits come from the path relative to what was
    given, so they are the same wherever the archive lies; a run that was killed and resumed gives the same ones.
    is_foreign: whether another issue, not only another source of this one, has that id of an issue.  The sources of
    a dated issue get their digits from newspaper and date, so that they keep one id together.
    """
    issue = outcome.issue
    if issue is None:
        return outcome
    is_clash = is_foreign(issue.id)
    from_issue = _suffix(f"{issue.newspaper} {issue.date}")
    candidates = [suffix, *([from_issue] if is_clash and issue.date else []), _suffix(outcome.relative)]
    candidates += [_suffix(f"{outcome.key}#{n}") for n in range(100)]

    def is_free(candidate: str) -> bool:
        if is_clash and not candidate or not issue.date and is_foreign(issue.id + candidate):
            return False
        return not any(is_taken(record.tagged.article.id + candidate) for record in outcome.records)

    free = next(filter(is_free, candidates), candidates[-1])
    if not free:
        return outcome
    # Of two files of one page of one issue, the second gets a suffix; the issue is still the same one.
    of_issue = (from_issue if is_clash else "") if issue.date else free
    return replace(
        outcome, id_suffix=free, issue=replace(issue, id=issue.id + of_issue),
        records=tuple(_rename(record, free) for record in outcome.records),
    )  # fmt: skip


def _rename(record: PlacedRecord, suffix: str) -> PlacedRecord:
    article = replace(record.tagged.article, id=record.tagged.article.id + suffix)
    tags = tuple(replace(tag, article_id=article.id) for tag in record.tagged.tags)
    return replace(record, tagged=replace(record.tagged, article=article, tags=tags))


def _suffix(text: str) -> str:
    return "-x" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:_HEX_DIGITS]
