"""A path to an open SQLite database of the right kind and version: the tables, and what is refused.

The only module that knows how chaoxun sets SQLite up.  Rollback journal, because the SQLite of Debian 12 (3.40.1) has
the WAL-reset race, mended in 3.51.3 (https://sqlite.org/wal.html#walresetbug); full synchronisation, because a page
that is marked done must still be there after a power cut.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from chaoxun.errors import OutputError, StoreBusy, StoreError, StoreInvalid, StoreTooNew
from chaoxun.language import say

Mode = Literal["read", "write"]

APPLICATION_ID = 0x43485831
"""`CHX1`, in the file's header: this SQLite file is a store of chaoxun."""
SCHEMA_VERSION = 2
"""Raised with every change of the tables; a store with a higher one was written by a newer chaoxun."""
BUSY_TIMEOUT_MS = 30_000
"""How long a statement waits for another process (an export, a report) before it gives up: reliability goal F6."""
_MAGIC = b"SQLite format 3\0"

SCHEMA = """
CREATE TABLE sources (          -- one row per input file ever listed, in the order of listing
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,                   -- absolute path: the identity of the source
    path TEXT NOT NULL,                         -- beginning with the path as given
    relative TEXT NOT NULL,                     -- relative to what was given; names are made from it
    state TEXT NOT NULL CHECK (state IN (
        'done', 'partial', 'quarantined', 'needs_ocr', 'unsupported', 'skipped_duplicate', 'pending')),
    sha256 TEXT NOT NULL DEFAULT '',            -- done-key: the bytes,
    pipeline INTEGER NOT NULL DEFAULT 0,        -- the version of reading and splitting,
    release TEXT NOT NULL DEFAULT '',           -- and the release (its key) that the row was made with
    asked_encoding TEXT NOT NULL DEFAULT '',    -- as given by --encoding
    stage TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '', advice TEXT NOT NULL DEFAULT '',
    duplicate_of INTEGER REFERENCES sources(id) ON DELETE SET NULL,  -- the source with the same bytes
    issue_id TEXT NOT NULL DEFAULT '', newspaper TEXT NOT NULL DEFAULT '', date TEXT NOT NULL DEFAULT '',
    encoding TEXT NOT NULL DEFAULT '', is_damaged INTEGER NOT NULL DEFAULT 0,
    id_suffix TEXT NOT NULL DEFAULT '',         -- of its article ids, where another source had them already
    n_articles INTEGER NOT NULL DEFAULT 0       -- kinds article and photo
);
CREATE INDEX sources_sha256 ON sources(sha256);
CREATE INDEX sources_issue ON sources(issue_id, date, newspaper);
CREATE TABLE pages (            -- the decoded text of each page: what articles.spans point into
    source_id INTEGER NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,                  -- from 0, in the order of the file
    number INTEGER,                             -- as printed; NULL = not known
    text BLOB NOT NULL,                         -- UTF-8, zlib
    PRIMARY KEY (source_id, position)
) WITHOUT ROWID;
CREATE TABLE articles (         -- every record of a page, of all four kinds
    id TEXT PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,                  -- from 0, in the order of the source
    issue_id TEXT NOT NULL,
    page_position INTEGER NOT NULL,             -- pages.position
    page_number INTEGER,
    kind TEXT NOT NULL,
    kicker TEXT NOT NULL, headline TEXT NOT NULL, subtitle TEXT NOT NULL, byline TEXT NOT NULL,
    text TEXT NOT NULL,                         -- paragraphs joined by line breaks; evidence counts in it
    captions TEXT NOT NULL,                     -- JSON [text]
    spans TEXT NOT NULL,                        -- JSON [[start, stop]] in pages.text
    scores TEXT NOT NULL,                       -- JSON {label id: score}
    text_digest TEXT NOT NULL                   -- equal for the same text twice; '' = too short to say
);
CREATE INDEX articles_source ON articles(source_id);
CREATE INDEX articles_text ON articles(issue_id, text_digest);
CREATE TABLE tags (
    article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE ON UPDATE CASCADE,
    label_id TEXT NOT NULL,
    origin TEXT NOT NULL,                       -- model:<release> or reviewer:<name>
    position INTEGER NOT NULL,                  -- from 0, highest score first
    score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
    threshold REAL,                             -- that the score reached
    evidence TEXT NOT NULL,                     -- JSON [[start, stop]] in articles.text, strongest first
    release TEXT NOT NULL,                      -- releases.key
    code_version TEXT NOT NULL,                 -- of chaoxun
    band TEXT NOT NULL DEFAULT '',              -- accept, review, or '' = not said; since version 2
    PRIMARY KEY (article_id, label_id, origin)
) WITHOUT ROWID;
CREATE TABLE releases (         -- the releases that made rows of this store, with their lists of labels
    key TEXT PRIMARY KEY,                       -- name and digest
    name TEXT NOT NULL,
    labels TEXT NOT NULL,                       -- JSON {id: name}
    thresholds TEXT NOT NULL                    -- JSON {id: threshold}
) WITHOUT ROWID;
CREATE TABLE runs (             -- one row per run that wrote something; without an end it was killed, or is running
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL, finished TEXT,       -- ISO 8601, UTC
    release TEXT NOT NULL, code_version TEXT NOT NULL,
    n_found INTEGER NOT NULL, n_saved INTEGER NOT NULL DEFAULT 0, n_articles INTEGER NOT NULL DEFAULT 0,
    is_stopped INTEGER NOT NULL DEFAULT 0
);
CREATE VIEW provenance AS       -- a row per tag: everything that made it
    SELECT tags.article_id, tags.label_id, tags.score, tags.threshold, tags.origin, tags.release, tags.code_version,
           tags.evidence, sources.pipeline, sources.path AS file, sources.sha256, articles.page_number, articles.spans
    FROM tags JOIN articles ON articles.id = tags.article_id JOIN sources ON sources.id = articles.source_id;
"""


def open_database(path: Path, *, mode: Mode) -> sqlite3.Connection:
    """A connection to the store at `path`; for writing, a new store when there is no file or an empty one.

    Raises StoreInvalid for anything else than a store, StoreTooNew, OutputError when it cannot be created.
    """
    with store_errors(path):
        is_new = _check_path(path, mode=mode)
        # `rw` also for reading: after a kill, the first to open the file has to roll the unfinished change back.
        uri = f"{path.resolve().as_uri()}?mode={'rwc' if is_new else 'rw'}"
        db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
        try:
            _prepare(db, path, mode=mode)
        except BaseException:
            db.close()
            raise
        return db


def _check_path(path: Path, *, mode: Mode) -> bool:
    """True when there is no file yet and one may be made.  Raises StoreInvalid or OutputError."""
    if path.is_file():
        _check_head(path)
        return False
    if path.exists() or mode == "read":
        raise StoreInvalid(
            what=_no_store() if path.exists() else say(en="no such store", zh="没有这个结果库"),
            where=str(path),
            advice=say(en="make one with 'chaoxun tag FOLDER --store FILE'", zh="请先用 chaoxun tag --store 生成"),
        )
    if not path.parent.is_dir():
        raise OutputError(
            what=say(en="cannot be created, its folder does not exist", zh="无法创建：所在文件夹不存在"),
            where=str(path), advice=say(en="make the folder first", zh="请先建立文件夹"),
        )  # fmt: skip
    return True


def _check_head(path: Path) -> None:
    """Raises StoreInvalid for a file that SQLite would take for an empty database and write over: a very short one."""
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as error:
        raise StoreError(
            what=say(en="cannot be read", zh="无法读取") + f" ({error.strerror})",
            where=str(path),
            advice=say(en="check the permissions of the file", zh="请检查文件权限"),
        ) from error
    # Zeros: the first transaction was killed, and SQLite has yet to roll it back.
    if head.strip(b"\0") and head != _MAGIC:
        raise StoreInvalid(what=_no_store(), where=str(path), advice=_check_the_path())


def _prepare(db: sqlite3.Connection, path: Path, *, mode: Mode) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = FULL")
    application, version = _pragma(db, "application_id"), _pragma(db, "user_version")
    is_empty = not db.execute("SELECT 1 FROM sqlite_master").fetchone()
    if mode == "write" and is_empty and not application and not version:
        _create(db)
    elif application != APPLICATION_ID or is_empty:
        raise StoreInvalid(what=_no_store(), where=str(path), advice=_check_the_path())
    elif version > SCHEMA_VERSION:
        raise StoreTooNew(
            what=say(
                en=f"written by a newer chaoxun (store version {version}, this one reads {SCHEMA_VERSION})",
                zh=f"由更新版本的 chaoxun 写成（结果库版本 {version}，本程序支持 {SCHEMA_VERSION}）",
            ),
            where=str(path), advice=say(en="install the newer chaoxun", zh="请升级 chaoxun"),
        )  # fmt: skip
    elif version < SCHEMA_VERSION and not is_empty:
        _bring_up_to_date(db, mode=mode)
    if mode == "read":
        db.execute("PRAGMA query_only = ON")
    elif _text_pragma(db, "journal_mode") != "delete":
        db.execute("PRAGMA journal_mode = DELETE")


def _create(db: sqlite3.Connection) -> None:
    """All tables in one transaction: a killed creation leaves an empty file, which counts as new."""
    db.execute("BEGIN IMMEDIATE")
    statement = ""
    for line in SCHEMA.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    db.execute("COMMIT")


def _bring_up_to_date(db: sqlite3.Connection, *, mode: Mode) -> None:
    """A store of version 1 as version 2: the file itself for writing, a view of it for reading, which may be from a CD."""
    if mode == "read":
        db.execute("CREATE TEMP VIEW tags AS SELECT *, '' AS band FROM main.tags")
        return
    db.execute("BEGIN IMMEDIATE")
    if _pragma(db, "user_version") == 1:
        db.execute("ALTER TABLE tags ADD COLUMN band TEXT NOT NULL DEFAULT ''")
        db.execute("PRAGMA user_version = 2")
    db.execute("COMMIT")


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Every error of SQLite inside the block as a StoreError that names the store and the next thing to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translate(error, path) from error


def _translate(error: sqlite3.Error, path: Path) -> StoreError:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    kind, what, advice = _explain(code)
    # Those three say all there is to say; behind the others, SQLite's own words help whoever is asked.
    is_plain = code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FULL)
    return kind(what=what if is_plain else f"{what} ({error})", where=str(path), advice=advice)


def _explain(code: int) -> tuple[type[StoreError], str, str]:
    """(class, what went wrong, what to do) for a result code of SQLite."""
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        advice = say(en="wait until it has finished and run again", zh="请等它结束后重新运行")
        return StoreBusy, say(en="locked by another program", zh="被其他程序锁定"), advice
    if code == sqlite3.SQLITE_NOTADB:
        return StoreInvalid, _no_store(), _check_the_path()
    if code == sqlite3.SQLITE_CORRUPT:
        advice = say(en="restore it from a copy, or tag into a new store", zh="请从备份恢复，或重新生成")
        return StoreInvalid, say(en="damaged", zh="已损坏"), advice
    if code == sqlite3.SQLITE_FULL:
        advice = say(
            en="free some space and run again: what was finished is kept", zh="请腾出空间后重新运行；已完成的都在"
        )
        return StoreError, say(en="the disk is full", zh="磁盘已满"), advice
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        advice = say(en="check the permissions of the file and its folder", zh="请检查文件及其文件夹的权限")
        return StoreError, say(en="cannot be opened or written", zh="无法打开或写入"), advice
    return StoreError, say(en="read or write error", zh="读写错误"), say(en="check the disk", zh="请检查磁盘")


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _text_pragma(db: sqlite3.Connection, name: str) -> str:
    return str(db.execute(f"PRAGMA {name}").fetchone()[0])


def _no_store() -> str:
    return say(en="not a store of chaoxun", zh="不是 chaoxun 的结果库")


def _check_the_path() -> str:
    return say(en="check the path", zh="请检查路径")
