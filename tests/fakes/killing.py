"""kill -9 at points spread over a run, and what is left in the store compared with a run that nobody disturbed."""

import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import chaoxun
from chaoxun.archive.status import check_equation
from chaoxun.archive.store import Store

_BATCH = Path(__file__).resolve().parent / "batch.py"
_IMPORTS = os.pathsep.join([str(Path(chaoxun.__file__).parents[1]), str(_BATCH.parents[1])])
_TABLES = ("sources", "pages", "articles", "tags", "releases")
"""`runs` is left out: it tells of the kills themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the kills did."""

    n_kills: int
    n_stores: int
    n_articles: int
    n_tags: int
    seconds: float
    """Of an undisturbed run."""
    problems: tuple[str, ...]
    """Everything that did not add up after a kill or at the end; empty = nothing lost, nothing doubled."""


class Batches:
    """Runs over one folder, one after the other, each in a process that can be killed."""

    def __init__(self, folder: Path, *faults: str) -> None:
        self._folder, self._faults = folder, faults
        self._server = _start("serve")
        _pipe(self._server.stdout).readline()

    def __enter__(self) -> "Batches":
        return self

    def __exit__(self, *_: object) -> None:
        _pipe(self._server.stdin).close()
        self._server.wait(timeout=60)
        _pipe(self._server.stdout).close()

    def run(self, store: Path, *, kill_after_seconds: float = 1e6) -> int:
        """The exit code of a run; -9 when it was killed before its end."""
        _pipe(self._server.stdin).write("\t".join([str(self._folder), str(store), *self._faults]) + "\n")
        _pipe(self._server.stdin).flush()
        child = int(_pipe(self._server.stdout).readline())
        if not select.select([self._server.stdout], [], [], kill_after_seconds)[0]:
            with suppress(ProcessLookupError):  # it may have ended by itself in this very moment
                os.kill(child, signal.SIGKILL)
        return int(_pipe(self._server.stdout).readline())


@contextmanager
def start_batch(folder: Path, store: Path, *faults: str) -> Iterator[subprocess.Popen[str]]:
    """A batch in a child process of its own that has imported everything and begins to work now."""
    child = _start("run", str(folder), str(store), *faults, error=subprocess.PIPE)
    try:
        if _pipe(child.stdout).readline() != "ready\n":
            raise RuntimeError(child.communicate()[1])
        yield child
    finally:
        child.kill()
        child.communicate()


def finish(child: subprocess.Popen[str]) -> str:
    """`exit 75: message` of a child that ends by itself."""
    error = child.communicate(timeout=120)[1]
    return f"exit {child.returncode}: {error}"


def dump(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but `runs`, in the order of their keys."""
    db = sqlite3.connect(store)
    try:
        return {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in _TABLES}
    finally:
        db.close()


def run_with_kills(batches: Batches, work: Path, *, n_kills: int, seed: int) -> Report:
    """Kills runs until it has been done `n_kills` times; every store is then run to its end and compared.

    The kill points are spread evenly over the measured length of an undisturbed run and come in random order.  A
    store is killed again and again until a run ends before its kill point; then the next store begins.
    """
    started = time.monotonic()
    problems = [] if batches.run(work / "undisturbed.db") == 0 else ["the undisturbed run failed"]
    seconds = time.monotonic() - started
    wanted = dump(work / "undisturbed.db")
    if not wanted["tags"]:
        raise ValueError("a run without tags proves nothing")
    points = [seconds * (n + 0.5) / n_kills for n in range(n_kills)]
    random.Random(seed).shuffle(points)
    n_stores = 0
    while points:
        store = work / f"killed{n_stores}.db"
        problems += _kill_until_done(batches, store, points)
        problems += _compare(wanted, dump(store), store.name)
        n_stores += 1
    return Report(
        n_kills=n_kills, n_stores=n_stores, n_articles=len(wanted["articles"]), n_tags=len(wanted["tags"]),
        seconds=seconds, problems=tuple(problems),
    )  # fmt: skip


def _kill_until_done(batches: Batches, store: Path, points: list[float]) -> Iterator[str]:
    """What was wrong with a store after each kill; uses up a point for each."""
    is_fresh = True
    while points:
        code = batches.run(store, kill_after_seconds=points[-1])
        if code != -signal.SIGKILL:
            # Too late for a store that was nearly done: the point is for the next one.  If the store was a new one, the
            # run was faster than the measured one.
            points[-1] *= 0.9 if is_fresh else 1
            if code:
                yield f"{store.name}: exit {code} after {'no' if is_fresh else 'a'} kill"
            return
        points.pop()
        is_fresh = False
        yield from _check(store)
    if batches.run(store):
        yield f"{store.name}: the last run failed"


def _check(store: Path) -> list[str]:
    """What is wrong with a store right after a kill; nothing when the kill came before there was one."""
    if not store.exists() or not store.stat().st_size:
        return []
    with Store(store, mode="write") as opened:  # writing, because it rolls back and takes the lock as a run would
        return [f"{store.name}: {problem}" for problem in check_equation(opened)]


def _compare(
    wanted: dict[str, list[tuple[object, ...]]], found: dict[str, list[tuple[object, ...]]], name: str
) -> list[str]:
    """How many rows of each table are lost or too many."""
    problems = []
    for table, rows in wanted.items():
        if found[table] != rows:
            lost, extra = len(set(rows) - set(found[table])), len(set(found[table]) - set(rows))
            problems.append(f"{name}: {table}: {lost} rows lost, {extra} rows too many")
    return problems


def _start(*arguments: str, error: int | None = None) -> subprocess.Popen[str]:
    # One thread: a fork takes only the thread that forks along.
    environment = {**os.environ, "PYTHONPATH": _IMPORTS, "OPENBLAS_NUM_THREADS": "1", "CHAOXUN_LANG": "en"}
    return subprocess.Popen(
        [sys.executable, str(_BATCH), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=error,
        text=True, env=environment,
    )  # fmt: skip


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise ValueError("not a pipe")
    return pipe
