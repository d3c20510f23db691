"""The main job: files and folders in, an `Outcome` per input out, in listing order; with a store, kept in it.

    plan -> read_issue -> split_page -> Tagger.tag -> Store.save

Sources are tagged in pools, because a model is fastest with many windows at once, and saved one by one, because a
kill must not cost more than the work at hand.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from chaoxun.archive.jobs import Job
from chaoxun.archive.naming import make_ids_unique
from chaoxun.archive.outcomes import (
    USABLE_STATES,
    Outcome,
    PlacedRecord,
    Progress,
    State,
    count_articles,
    state_of,
)
from chaoxun.archive.planning import Entry, Ledger, Planner, is_made_with, known_of_outcome, own_files
from chaoxun.archive.pools import Pace, PoolTagger, Prepared, TaggedPool, make_pools
from chaoxun.archive.preparing import prepare
from chaoxun.archive.rows import Known, Making
from chaoxun.archive.store import Store
from chaoxun.language import say
from chaoxun.records import Failure, Issue, TaggedArticle


def plan_job(job: Job, store: Store | None = None) -> list[Entry]:
    """What a run would do, input by input; nothing is written (`--dry-run`)."""
    return _Run(job, store).plan()


def tag_inputs(job: Job, store: Store | None = None) -> Iterator[Outcome]:
    """What becomes of every input, in listing order; with a store, after it is kept there.

    Inputs left over when `job.is_stopped` answers yes come out as `pending`, or as what they were before.
    Raises InputError for a path that does not exist, StoreError when the store cannot be written, whatever
    `open_tagger` raises, and TaggingFailed when the model is broken.  A bad input raises nothing: it is an outcome.
    """
    run = _Run(job, store)
    entries = run.plan()
    run.register(entries)
    for pool in make_pools(run.prepare(entries), run.pace):
        sources = [run.link_duplicate(source) for source in pool]
        tagged = run.tag([source for source in sources if source.articles])
        for source in sources:
            yield run.keep(run.conclude(source, tagged))
    run.end()


class _Run:
    """The state of one run: what is known of the sources, the tagger once it is loaded, counts for the progress."""

    def __init__(self, job: Job, store: Store | None) -> None:
        self.job, self.store, self.pace = job, store, Pace()
        self._ledger = Ledger(store.known() if store else ())
        self._making = job.making({})
        self._planner = Planner(self._ledger, self._making)
        self._tagger: PoolTagger | None = None
        self._ids: set[str] = set()
        self._issues: dict[str, set[tuple[str, str]]] = {}
        self._n_found = self._n_known = self._n_done = self._n_saved = self._n_articles = 0
        self._started = time.monotonic()

    def plan(self) -> list[Entry]:
        """Every input and what there is to do about it."""
        own = own_files(self.store.path if self.store else None, self.job.manifest)
        entries = self._planner.plan(self.job.paths, own=own, is_stopped=self.job.is_stopped)
        self._n_found = len(entries)
        self._n_known = sum(entry.action == "known" for entry in entries)
        return entries

    def register(self, entries: Sequence[Entry]) -> None:
        """Makes the store know every input, so that its states add up at any moment from now on."""
        self._started = time.monotonic()
        if self.store is None or self.job.is_stopped():
            return
        self.store.begin_run(self.job.release, n_found=len(entries))
        moved = [(entry.moved_from, _pending(entry)) for entry in entries if entry.moved_from]
        new = [_pending(entry) for entry in entries if entry.action == "new"]
        if new or moved or self._planner.forgotten:
            self.store.register(new, moved=moved, forgotten=self._planner.forgotten)

    def prepare(self, entries: Iterable[Entry]) -> Iterator[Prepared]:
        """Each input read and split, if there is something to do and nobody has stopped the run."""
        for entry in entries:
            if entry.action == "known" or self.job.is_stopped():
                yield Prepared(entry=entry, sha256=entry.sha256, is_skipped=True)
            else:
                yield prepare(entry, self.job)

    def link_duplicate(self, source: Prepared) -> Prepared:
        """`source` without its articles, if another source with the same bytes has them."""
        holder = None if source.is_skipped else self._planner.find_holder(source.sha256, source.entry.key)
        return source if holder is None else replace(source, duplicate_of=holder.key, records=(), issue=None)

    def tag(self, sources: Sequence[Prepared]) -> TaggedPool:
        """The articles of these sources with their tags; the tagger is loaded when the first one comes."""
        if not sources or self.job.is_stopped():
            return TaggedPool()
        if self._tagger is None:
            tagger = self.job.open_tagger()
            self._tagger = PoolTagger(tagger, self.job, self.pace)
            self._making = self.job.making(tagger.thresholds)
            if self.store is not None:
                labels = {label.id: label.name for label in tagger.taxonomy}
                thresholds = dict(tagger.thresholds)
                self.store.save_release(self.job.release, name=tagger.release, labels=labels, thresholds=thresholds)
        return self._tagger.tag(sources)

    def conclude(self, source: Prepared, tagged: TaggedPool) -> Outcome:
        """What has become of a source, from what was read and tagged."""
        failure = source.failure or tagged.failures.get(source.entry.key)
        row = self._ledger.rows.get(source.entry.key)
        if source.duplicate_of:
            return _duplicate(source, self._ledger.rows[source.duplicate_of])
        if failure:
            return _failed(source, failure)
        if source.is_skipped or any(article.id not in tagged.articles for article in source.articles):
            return _as_known(source.entry, row)
        return _usable(source, tagged)

    def keep(self, outcome: Outcome) -> Outcome:
        """The outcome with ids that nobody else has, saved and counted."""
        if outcome.is_new:
            row = self._ledger.rows.get(outcome.key)
            outcome = self._save(outcome, row) if _is_worth_saving(outcome, row, self._making) else outcome
            self._n_done += 1
            self._n_articles += outcome.n_articles
        self.job.on_progress(
            Progress(
                n_found=self._n_found, n_known=self._n_known, n_done=self._n_done, n_articles=self._n_articles,
                seconds=time.monotonic() - self._started,
            )
        )  # fmt: skip
        return outcome

    def end(self) -> None:
        """Notes the end of the run in the store, if it wrote anything there."""
        if self.store is not None:
            self.store.end_run(n_saved=self._n_saved, n_articles=self._n_articles, is_stopped=self.job.is_stopped())

    def _save(self, outcome: Outcome, row: Known | None) -> Outcome:
        outcome = make_ids_unique(
            outcome, suffix=row.id_suffix if row else "", is_taken=self._is_taken(outcome.key),
            is_foreign=self._is_foreign(outcome.key, outcome.issue),
        )  # fmt: skip
        if self.store is not None:
            self.store.save(outcome, self._making)
        elif outcome.issue is not None:
            self._ids.update(record.tagged.article.id for record in outcome.records)
            self._issues.setdefault(outcome.issue.id, set()).add(_identity(outcome.key, outcome.issue))
        self._ledger.note(known_of_outcome(outcome, self._making))
        self._n_saved += 1
        return outcome

    def _is_taken(self, key: str) -> Callable[[str], bool]:
        store = self.store
        if store is None:
            return self._ids.__contains__
        return lambda article_id: store.has_article(article_id, other_than=key)

    def _is_foreign(self, key: str, issue: Issue | None) -> Callable[[str], bool]:
        store = self.store
        if store is None or issue is None:
            own = {_identity(key, issue)} if issue else set()
            return lambda issue_id: bool(self._issues.get(issue_id, set()) - own)
        return lambda issue_id: store.has_foreign_issue(issue_id, issue=issue, other_than=key)


def _identity(key: str, issue: Issue) -> tuple[str, str]:
    """Equal for sources of one issue; without a date, each source is one of its own."""
    return (issue.newspaper, issue.date) if issue.date else (key, "")


def _pending(entry: Entry) -> Outcome:
    return Outcome(
        key=entry.key, source=entry.source, relative=entry.relative, sha256=entry.sha256, state="pending", is_new=False
    )


def _as_known(entry: Entry, row: Known | None) -> Outcome:
    """What an earlier run made of the input; pending when there was none."""
    if row is None:
        return _pending(entry)
    return replace(
        _pending(entry), sha256=row.sha256, state=row.state, duplicate_of=row.duplicate_of, id_suffix=row.id_suffix,
        failure=replace(row.failure, source=entry.source) if row.failure else None, n_articles=row.n_articles,
    )  # fmt: skip


def _failed(source: Prepared, failure: Failure) -> Outcome:
    return replace(
        _pending(source.entry), sha256=source.sha256, state=state_of(failure), failure=failure, is_new=True
    )  # fmt: skip


def _duplicate(source: Prepared, holder: Known) -> Outcome:
    failure = Failure(
        source=source.entry.source, sha256=source.sha256, stage="list", reason="DUPLICATE",
        message=say(en=f"same bytes as {holder.source}", zh=f"与 {holder.source} 内容完全相同"),
    )  # fmt: skip
    return replace(
        _pending(source.entry), sha256=source.sha256, state="skipped_duplicate", failure=failure, is_new=True,
        duplicate_of=holder.key,
    )  # fmt: skip


def _usable(source: Prepared, tagged: TaggedPool) -> Outcome:
    """The outcome of a source that was read, split and tagged."""
    records = tuple(
        PlacedRecord(
            page_position=page,
            tagged=tagged.articles.get(article.id) or TaggedArticle(article=article, tags=(), scores={}),
        )
        for page, article in source.records
    )
    warning = _warn(source)
    state: State = "partial" if warning else "done"
    return replace(
        _pending(source.entry), sha256=source.sha256, state=state, failure=warning, issue=source.issue,
        records=records, n_articles=count_articles(records), is_new=True,
    )  # fmt: skip


def _warn(source: Prepared) -> Failure | None:
    """What is wrong with a source that could be used all the same: then it is `partial`."""
    name, sha256 = source.entry.source, source.sha256
    if source.issue is not None and source.issue.is_damaged:
        unread = say(en="some characters could not be read and are now U+FFFD", zh="部分字符无法读取，已代以 U+FFFD")
        return Failure(source=name, sha256=sha256, stage="decode", reason="CORRUPT", message=unread)
    if not source.articles and any(article.kind != "furniture" for _, article in source.records):
        nothing = say(en="holds text, but no article was found in it", zh="有文字，但没有找到文章")
        return Failure(source=name, sha256=sha256, stage="split", reason="NO_ARTICLE", message=nothing)
    return None


def _is_worth_saving(outcome: Outcome, row: Known | None, making: Making) -> bool:
    """False for bytes that cannot be read now but could once, whose articles are kept as those of a file that is gone,
    and for a failure that the store knows already: a run over nothing new writes nothing.
    """
    if row is None or row.state == "pending":
        return True
    if not outcome.sha256 and row.state in USABLE_STATES:
        return False
    now = known_of_outcome(outcome, making)
    if outcome.state in USABLE_STATES or now.failure is None or row.failure is None or not is_made_with(row, making):
        return True
    # The wording may differ: it is in the user's language, and holds sizes and times.
    failures = [replace(failure, message="", advice="", source="") for failure in (row.failure, now.failure)]
    return (row.state, row.duplicate_of, failures[0]) != (now.state, now.duplicate_of, failures[1])
