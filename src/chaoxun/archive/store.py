"""The store: outcomes of sources in, tagged articles out; one transaction a source, one writer at a time.

What is written: a source with its pages, records, tags and done-mark, or nothing of it.  What is never written: a
second run over inputs that are done.  A file that is not found any more keeps its articles, because archives move;
one that had none is forgotten when a run looks where it lay.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from chaoxun import __version__
from chaoxun.archive.lock import StoreLock
from chaoxun.archive.outcomes import TAGGED_KINDS, Outcome
from chaoxun.archive.rows import (
    ARTICLE_COLUMNS,
    KNOWN_COLUMNS,
    ArticleRow,
    Known,
    Making,
    article_of,
    band_of,
    join_storable,
    known_of,
    pack_text,
    spans_of,
    storable,
    text_digest,
    to_json,
    unpack_text,
)
from chaoxun.archive.schema import Mode, open_database, store_errors
from chaoxun.records import Issue, Tag, TaggedArticle


class Store:
    """An open store, as a context.  For writing it is locked against other runs from entry to exit."""

    def __init__(self, path: Path, *, mode: Mode) -> None:
        """`mode` write makes a new store where there is no file.  Nothing is opened before the context is entered."""
        self.path, self.mode = path, mode
        self._run: tuple[object, ...] = ()
        self._run_id = 0

    def __enter__(self) -> Self:
        """Raises StoreBusy, StoreInvalid, StoreTooNew, StoreError or OutputError."""
        with ExitStack() as opened:
            if self.mode == "write":
                opened.enter_context(StoreLock(self.path.resolve()))
            self._db = open_database(self.path, mode=self.mode)
            opened.callback(self._db.close)
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    # -- reading

    def known(self) -> Iterator[Known]:
        """Every source, in the order in which they were first listed."""
        query = f"SELECT {KNOWN_COLUMNS} FROM sources s LEFT JOIN sources d ON d.id = s.duplicate_of ORDER BY s.id"
        return map(known_of, self._query(query))

    def articles(self, kinds: Sequence[str] = TAGGED_KINDS) -> Iterator[ArticleRow]:
        """The records of these kinds with their tags, by date, issue and page, in reading order."""
        marks = ",".join("?" * len(kinds))
        query = f"""SELECT {ARTICLE_COLUMNS} FROM articles a JOIN sources s ON s.id = a.source_id
            LEFT JOIN releases r ON r.key = s.release WHERE a.kind IN ({marks})
            ORDER BY s.date, a.issue_id, a.page_number, a.source_id, a.position"""
        for row in self._query(query, kinds):
            yield article_of(row, self._tags(str(row[0])))

    def page_texts(self, source: str) -> list[str]:
        """The decoded pages of a source given by its path; what `Article.spans` point into."""
        query = """SELECT p.text FROM pages p JOIN sources s ON s.id = p.source_id
            WHERE s.path = ? OR s.key = ? ORDER BY p.position"""
        return [unpack_text(text) for (text,) in self._query(query, (source, source))]

    def label_names(self) -> dict[str, str]:
        """Label id to name, over all releases that made rows."""
        query = "SELECT l.key, l.value FROM releases r, json_each(r.labels) l ORDER BY r.key"
        return {str(label): str(name) for label, name in self._query(query)}

    def last_release(self) -> str:
        """Name of the release of the last run that wrote something; ""."""
        query = """SELECT coalesce(r.name, runs.release) FROM runs LEFT JOIN releases r ON r.key = runs.release
            ORDER BY runs.id DESC LIMIT 1"""
        return "".join(str(name) for (name,) in self._query(query))

    def find_damage(self) -> list[str]:
        """What SQLite's integrity check and the foreign keys complain of; empty = nothing."""
        found = [str(row[0]) for row in self._query("PRAGMA integrity_check") if row[0] != "ok"]
        return found + [f"{row[0]}: row without its {row[2]}" for row in self._query("PRAGMA foreign_key_check")]

    def counts(self, query: str) -> dict[str, int]:
        """First column to second column of a query that counts."""
        return {str(name): int(str(n)) for name, n in self._query(query)}

    def has_article(self, article_id: str, *, other_than: str) -> bool:
        """True when a source other than that key has an article of this id."""
        query = "SELECT 1 FROM articles a JOIN sources s ON s.id = a.source_id WHERE a.id = ? AND s.key <> ?"
        return any(True for _ in self._query(query, (article_id, other_than)))

    def has_foreign_issue(self, issue_id: str, *, issue: Issue, other_than: str) -> bool:
        """True when a source other than that key belongs to another issue than `issue` and has this id for it.

        Sources of the same newspaper and date are of one issue; without a date, each source is an issue of its own.
        """
        query = """SELECT 1 FROM sources WHERE issue_id = ? AND (date = '' OR date <> ? OR newspaper <> ?)
            AND key <> ? LIMIT 1"""
        values = (issue_id, issue.date, storable(issue.newspaper), other_than)
        return any(True for _ in self._query(query, values))

    # -- writing

    def begin_run(self, release: str, *, n_found: int) -> None:
        """Notes a run, to be written with its first change: a run that changes nothing leaves no trace."""
        self._run, self._run_id = (_now(), release, __version__, n_found), 0

    def end_run(self, *, n_saved: int, n_articles: int, is_stopped: bool) -> None:
        """Writes the end of the run, if the run wrote anything."""
        if not self._run_id:
            return
        with self._transaction():
            self._db.execute(
                "UPDATE runs SET finished = ?, n_saved = ?, n_articles = ?, is_stopped = ? WHERE id = ?",
                (_now(), n_saved, n_articles, is_stopped, self._run_id),
            )

    def register(
        self,
        outcomes: Iterable[Outcome],
        *,
        moved: Iterable[tuple[str, Outcome]] = (),
        forgotten: Iterable[str] = (),
    ) -> None:
        """Adds inputs nobody has seen before as pending, in one transaction; first, `moved` ones get their new path.

        moved: (key so far, the input that has these bytes now), which takes the place of what was known there.  Where
        the path relative to what was given is another, it is to be done again.  forgotten: keys that are deleted.
        """
        with self._transaction():
            for old_key, outcome in moved:
                self._forget(outcome.key)
                self._db.execute(
                    """UPDATE sources SET key = ?, path = ?, relative = ?,
                        pipeline = iif(relative = ?, pipeline, 0), id_suffix = iif(relative = ?, id_suffix, '')
                        WHERE key = ?""",
                    (outcome.key, outcome.source, *[outcome.relative] * 3, old_key),
                )
            for key in forgotten:
                self._forget(key)
            self._db.executemany(
                "INSERT INTO sources (key, path, relative, state) VALUES (?, ?, ?, 'pending')",
                ((outcome.key, outcome.source, outcome.relative) for outcome in outcomes),
            )

    def save_release(self, key: str, *, name: str, labels: dict[str, str], thresholds: dict[str, float]) -> None:
        """Notes the labels and thresholds of a release, unless they stand there already."""
        row = (key, name, to_json(labels), to_json(thresholds))
        if row not in self._query("SELECT key, name, labels, thresholds FROM releases"):
            with self._transaction():
                self._db.execute("INSERT OR REPLACE INTO releases VALUES (?, ?, ?, ?)", row)

    def save(self, outcome: Outcome, making: Making) -> None:
        """Everything of a source and its done-mark in one transaction; what was there of it before is replaced."""
        with self._transaction():
            self._write_rows(outcome, making)
            self._write_mark(outcome, making)

    def _write_rows(self, outcome: Outcome, making: Making) -> None:
        source_id = self._source_id(outcome.key)
        self._db.execute("DELETE FROM articles WHERE source_id = ?", (source_id,))
        self._db.execute("DELETE FROM pages WHERE source_id = ?", (source_id,))
        if outcome.issue is None:
            return
        self._db.executemany(
            "INSERT INTO pages VALUES (?, ?, ?, ?)",
            [(source_id, n, page.number, pack_text(page.text)) for n, page in enumerate(outcome.issue.pages)],
        )
        for position, record in enumerate(outcome.records):
            place = (source_id, position, outcome.issue.id, record.page_position)
            self._db.execute(
                f"INSERT INTO articles VALUES ({','.join('?' * 16)})", _article_columns(record.tagged, place)
            )
            self._write_tags(record.tagged.tags, making)

    def _write_tags(self, tags: Sequence[Tag], making: Making) -> None:
        self._db.executemany(
            "INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    tag.article_id, tag.label_id, tag.origin, position, tag.score,
                    making.thresholds.get(tag.label_id), to_json(tag.evidence), making.release, making.code_version,
                    tag.band,
                )
                for position, tag in enumerate(tags)
            ],
        )  # fmt: skip

    def _write_mark(self, outcome: Outcome, making: Making) -> None:
        failure, issue = outcome.failure, outcome.issue
        failed = (failure.stage, failure.reason, failure.message, failure.advice) if failure else ("", "", "", "")
        self._db.execute(
            """UPDATE sources SET path = ?, relative = ?, state = ?, sha256 = ?, pipeline = ?, release = ?,
                asked_encoding = ?, stage = ?, reason = ?, message = ?, advice = ?,
                duplicate_of = (SELECT id FROM sources WHERE key = ?), issue_id = ?, newspaper = ?, date = ?,
                encoding = ?, is_damaged = ?, id_suffix = ?, n_articles = ? WHERE key = ?""",
            (
                outcome.source, outcome.relative, outcome.state, outcome.sha256, making.pipeline, making.release,
                making.asked_encoding, *map(storable, failed), outcome.duplicate_of, *_issue_columns(issue),
                outcome.id_suffix, outcome.n_articles, outcome.key,
            ),
        )  # fmt: skip

    # -- inside

    def _forget(self, key: str) -> None:
        """Deletes a source with all its rows; its duplicates, whose articles are nowhere now, are pending again."""
        self._db.execute(
            """UPDATE sources SET state = 'pending', stage = '', reason = '', message = '', advice = '',
                duplicate_of = NULL WHERE duplicate_of = (SELECT id FROM sources WHERE key = ?)""",
            (key,),
        )
        self._db.execute("DELETE FROM sources WHERE key = ?", (key,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing.  IMMEDIATE takes the right to write before anything is read, so that no writer starves."""
        with store_errors(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                if self._run and not self._run_id:
                    query = "INSERT INTO runs (started, release, code_version, n_found) VALUES (?, ?, ?, ?)"
                    self._run_id = int(self._db.execute(query, self._run).lastrowid or 0)
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk has rolled it back already
                    self._db.execute("ROLLBACK")
                raise

    def _query(self, query: str, values: Sequence[object] = ()) -> Iterator[tuple[object, ...]]:
        with store_errors(self.path):
            yield from self._db.execute(query, values)

    def _tags(self, article_id: str) -> tuple[Tag, ...]:
        query = """SELECT article_id, label_id, score, evidence, origin, band FROM tags WHERE article_id = ?
            ORDER BY position, label_id"""
        return tuple(
            Tag(article_id=str(article_id), label_id=str(label_id), score=float(str(score)),
                evidence=spans_of(evidence), origin=str(origin), band=band_of(band))
            for article_id, label_id, score, evidence, origin, band in self._query(query, (article_id,))
        )  # fmt: skip

    def _source_id(self, key: str) -> int:
        row = self._db.execute("SELECT id FROM sources WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise sqlite3.IntegrityError(f"source {key!r} was not registered")
        return int(row[0])


def _article_columns(tagged: TaggedArticle, place: tuple[int, int, str, int]) -> tuple[object, ...]:
    article = tagged.article
    printed = (article.kicker, article.headline, article.subtitle, article.byline, article.text)
    return (
        article.id, *place, article.page_number, article.kind, *map(storable, printed),
        join_storable(article.captions), to_json(article.spans), to_json(tagged.scores), text_digest(article),
    )  # fmt: skip


def _issue_columns(issue: Issue | None) -> tuple[object, ...]:
    if issue is None:
        return ("", "", "", "", 0)
    return (storable(issue.id), storable(issue.newspaper), issue.date, issue.encoding, issue.is_damaged)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
