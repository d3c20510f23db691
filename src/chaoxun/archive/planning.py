"""Paths and what is known to a plan: every input once, with what there is to do about it.

Everything is listed and hashed first.  A plan that is complete before the work begins gives honest progress, shows
files that were renamed, and never sees its own results.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from chaoxun.archive.lock import own_paths
from chaoxun.archive.outcomes import USABLE_STATES, Outcome
from chaoxun.archive.rows import Known, Making, printable_path
from chaoxun.reading.listing import Listed, list_inputs

Action = Literal["new", "changed", "again", "moved", "known"]
"""`new`: never seen.  `changed`: other bytes.  `again`: same bytes, but not done, or done with another release,
version or encoding.  `moved`: known under a path that does not exist any more.  `known`: nothing to do."""

# Failures that come from the machine or the model and not from the input: worth another try in every run.
_RETRIED_REASONS = ("INTERNAL", "OOM", "TAG_FAILED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One input and what there is to do about it."""

    key: str
    """Absolute path, the identity of the source."""
    listed: Listed
    sha256: str
    """"" for what is not read: links, special files, files that cannot be opened."""
    action: Action
    moved_from: str = ""
    """Key so far, for a known source that is found under another path now."""

    @property
    def source(self) -> str:
        """The path as given, printable."""
        return printable_path(self.listed.display)

    @property
    def relative(self) -> str:
        """The path relative to what was given, printable."""
        return printable_path(self.listed.relative)


class Ledger:
    """What is known of sources: from the store at first, kept up to date in the course of a run."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self.rows = {row.key: row for row in known}
        self._holders = {row.sha256: row.key for row in reversed(self.rows.values()) if row.state in USABLE_STATES}

    def note(self, row: Known) -> None:
        """Takes in what has become of a source."""
        self.rows[row.key] = row
        if row.state in USABLE_STATES:
            self._holders[row.sha256] = row.key

    def rename(self, old_key: str, new_key: str, *, relative: str) -> None:
        """Moves a source to another path, in place of what was there.

        Under another path relative to what was given its names change, so it counts as made by no pipeline yet.
        """
        row = replace(self.rows.pop(old_key), key=new_key)
        self.rows[new_key] = row if row.relative == relative else replace(row, pipeline=0, id_suffix="")
        if self._holders.get(row.sha256) == old_key:
            self._holders[row.sha256] = new_key

    def holder(self, sha256: str) -> Known | None:
        """The source that keeps the articles of these bytes."""
        row = self.rows.get(self._holders.get(sha256, ""))
        return row if row and row.sha256 == sha256 and row.state in USABLE_STATES else None


class Planner:
    """Decides what there is to do, source by source, from what is known and what is on the disk now."""

    def __init__(self, ledger: Ledger, making: Making) -> None:
        self.ledger, self.making = ledger, making
        self._current: dict[str, str] = {}
        self._without_articles: dict[str, list[Known]] = {}
        self.forgotten: tuple[str, ...] = ()
        """Keys of sources without articles that are no inputs any more: nothing is left to say about them."""

    def plan(self, paths: Sequence[Path | str], *, own: Iterable[Path], is_stopped: Callable[[], bool]) -> list[Entry]:
        """An entry for every input under `paths`, in listing order; the run's `own` files left out, no input twice.

        Renames in the ledger what was moved.  Raises InputError for a path that does not exist.
        """
        found: dict[str, tuple[Listed, str]] = {}
        own_keys = {_key(path) for path in own}
        for listed in list_inputs(paths):
            key = _key(listed.display)
            if key not in own_keys and key not in found:
                found[key] = (listed, "" if listed.problem or is_stopped() else _hash(listed.path))
        self._current = {key: sha256 for key, (_, sha256) in found.items()}
        self._without_articles = _group_without_articles(self.ledger.rows.values(), self._current)
        entries = [self._decide(key, listed, sha256) for key, (listed, sha256) in found.items()]
        self.forgotten = tuple(self._find_forgotten([_key(path) for path in paths], own_keys))
        for key in self.forgotten:
            del self.ledger.rows[key]
        return entries

    def find_holder(self, sha256: str, key: str) -> Known | None:
        """Another source whose articles stand for the same bytes; None when `key` has to be read itself.

        A holder that was changed on the disk holds them no longer, and one of another release counts only if this run
        is going to renew it.
        """
        holder = self.ledger.holder(sha256)
        if not sha256 or holder is None or holder.key == key or self._current.get(holder.key, sha256) != sha256:
            return None
        return holder if holder.key in self._current or is_made_with(holder, self.making) else None

    def _decide(self, key: str, listed: Listed, sha256: str) -> Entry:
        entry = Entry(key=key, listed=listed, sha256=sha256, action="known")
        vanished = self._find_vanished(entry)
        if vanished is not None:
            return self._take_over(entry, vanished)
        row = self.ledger.rows.get(key)
        if row is None:
            return replace(entry, action="new")
        if row.state == "pending":
            return replace(entry, action="again")
        if row.sha256 != sha256:
            return replace(entry, action="changed")
        if not is_made_with(row, self.making) or _is_retried(row, listed):
            return replace(entry, action="again")
        if row.state == "skipped_duplicate":
            holder = self.find_holder(sha256, key)
            return entry if holder and holder.key == row.duplicate_of else replace(entry, action="again")
        return entry

    def _find_vanished(self, entry: Entry) -> Known | None:
        """The known source with the bytes of `entry` whose file is gone, so that `entry` is its new place.

        A copy takes over the articles of its original; a failure or duplicate only moves to where nothing was known.
        """
        if not entry.sha256:
            return None
        holder = self.ledger.holder(entry.sha256)
        if holder is not None and holder.key not in self._current and _is_gone(holder.key):
            return holder
        if entry.key in self.ledger.rows:
            return None
        same_bytes = self._without_articles.get(entry.sha256, [])
        return next((row for row in same_bytes if row.key in self.ledger.rows and _is_gone(row.key)), None)

    def _take_over(self, entry: Entry, row: Known) -> Entry:
        """`entry` with the row of a source whose file is gone.

        Under the same path relative to what was given, all names stay the same and nothing has to be tagged again.
        """
        is_same = row.relative == entry.relative and is_made_with(row, self.making)
        self.ledger.rename(row.key, entry.key, relative=entry.relative)
        is_known = is_same and row.state not in ("pending", "skipped_duplicate")
        return replace(entry, action="known" if is_known else "moved", moved_from=row.key)

    def _find_forgotten(self, given: Sequence[str], own_keys: set[str]) -> Iterator[str]:
        """Keys of rows without articles at or below the given paths whose file is gone or is a file of this run.

        Where a folder lies now, there is no input either: had it not been entered, it would be one of the inputs.
        """
        for key, row in self.ledger.rows.items():
            is_below = any(key == path or key.startswith(os.path.join(path, "")) for path in given)  # noqa: PTH118
            if row.n_articles or key in self._current or not is_below:
                continue
            if key in own_keys or _is_gone(key) or _is_folder(key):
                yield key


def is_made_with(row: Known, making: Making) -> bool:
    """True when the done-key beside the bytes is the one of this run; an encoding counts only when one is asked for."""
    has_encoding = not making.asked_encoding or making.asked_encoding == row.asked_encoding
    return (row.release, row.pipeline) == (making.release, making.pipeline) and has_encoding


def _is_retried(row: Known, listed: Listed) -> bool:
    """True for what may go better this time: the machine's failures, and bytes that could not be read."""
    reason = row.failure.reason if row.failure else ""
    return reason in _RETRIED_REASONS or (not row.sha256 and reason != listed.problem)


def known_of_outcome(outcome: Outcome, making: Making) -> Known:
    """What a store knows of a source after this outcome."""
    return Known(
        key=outcome.key, source=outcome.source, relative=outcome.relative, state=outcome.state, sha256=outcome.sha256,
        pipeline=making.pipeline, release=making.release, asked_encoding=making.asked_encoding,
        failure=outcome.failure, duplicate_of=outcome.duplicate_of, id_suffix=outcome.id_suffix,
        n_articles=outcome.n_articles,
    )  # fmt: skip


def own_files(store: Path | None, manifest: Path | None) -> list[Path]:
    """The files that a run writes: never its inputs."""
    return [*(own_paths(store) if store else ()), *([manifest] if manifest else ())]


def _key(path: str | Path) -> str:
    return printable_path(os.path.abspath(path))  # noqa: PTH100  # Path.absolute() keeps `..`


def _group_without_articles(rows: Iterable[Known], current: Mapping[str, str]) -> dict[str, list[Known]]:
    """By their bytes, the sources without articles that are no inputs of this run."""
    groups: dict[str, list[Known]] = {}
    for row in rows:
        if row.sha256 and not row.n_articles and row.key not in current:
            groups.setdefault(row.sha256, []).append(row)
    return groups


def _is_gone(key: str) -> bool:
    """True when there is nothing at this path; false also when that cannot be found out."""
    try:
        Path(key).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _is_folder(key: str) -> bool:
    path = Path(key)
    return path.is_dir() and not path.is_symlink()


def _hash(path: Path) -> str:
    """SHA-256 of a file; "" when it cannot be read, which reading it will explain."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
