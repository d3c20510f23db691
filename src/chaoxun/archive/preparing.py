"""A planned input to its records: read, split, or the failure that it ended in."""

from chaoxun.archive.jobs import Job
from chaoxun.archive.naming import page_issue_ids
from chaoxun.archive.outcomes import attempt
from chaoxun.archive.planning import Entry
from chaoxun.archive.pools import Prepared
from chaoxun.records import Article, Failure, Issue


def prepare(entry: Entry, job: Job) -> Prepared:
    """`entry` with its records of all kinds, or with the failure."""
    listed = entry.listed
    if listed.problem:
        failure = Failure(source=entry.source, sha256="", stage="list", reason=listed.problem, message=listed.message)
        return Prepared(entry=entry, sha256="", failure=failure)
    issue = attempt(lambda: job.read(listed, job.encoding), source=entry.source, sha256=entry.sha256, stage="read")
    if isinstance(issue, Failure):
        return Prepared(entry=entry, sha256=entry.sha256, failure=issue)
    sha256 = issue.source.sha256
    records = attempt(lambda: _split(issue, job), source=entry.source, sha256=sha256, stage="split")
    if isinstance(records, Failure):
        return Prepared(entry=entry, sha256=sha256, failure=records)
    return Prepared(entry=entry, sha256=sha256, issue=issue, records=records)


def _split(issue: Issue, job: Job) -> tuple[tuple[int, Article], ...]:
    return tuple(
        (position, article)
        for position, (page, issue_id) in enumerate(zip(issue.pages, page_issue_ids(issue), strict=True))
        for article in job.split(page, issue_id)
    )
