"""`labels.toml` to a `Taxonomy`: which labels there are, what they mean, in which order they were added."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaoxun.errors import DuplicateLabel, LabelError, UnknownLabel

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_KEYS = {"id": str, "name": str, "definition": str, "not": str, "since": str, "retired": bool}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One kind of activity."""

    id: str
    """Lower-case ASCII, never reused."""
    name: str
    """What people see, usually Chinese."""
    definition: str = ""
    excludes: str = ""
    """What it is not given for (`not` in the file)."""
    since: str = ""
    """Year and month in which it came in, like `2026-11`."""
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The labels of a release, in the order of their file."""

    labels: tuple[Label, ...]

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, label_id: str) -> Label:
        """The label of that id.  Raises UnknownLabel."""
        for label in self.labels:
            if label.id == label_id:
                return label
        raise UnknownLabel(
            what=f"no label {label_id!r}", where="labels.toml", advice=f"known are {', '.join(self.ids)}"
        )

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all labels in order."""
        return tuple(label.id for label in self.labels)


def load_taxonomy(path: Path) -> Taxonomy:
    """The labels of a TOML file.  Raises LabelError or DuplicateLabel, naming file and entry."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LabelError(what=f"cannot be read ({error.strerror})", where=str(path), advice="check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LabelError(what=f"not TOML ({error})", where=str(path), advice="mend the file") from error
    entries = document.get("label")
    if not isinstance(entries, list) or not entries:
        raise LabelError(what="no [[label]] entry", where=str(path), advice="add at least one")
    labels = tuple(_label(entry, where=f"{path}, label {n}") for n, entry in enumerate(entries, 1))
    for n, label in enumerate(labels):
        if label.id in {earlier.id for earlier in labels[:n]}:
            raise DuplicateLabel(what=f"label {label.id!r} stands twice", where=str(path), advice="rename one of them")
    return Taxonomy(labels)


def _label(entry: dict[str, Any], *, where: str) -> Label:
    for key, value in entry.items():
        if key not in _KEYS:
            raise LabelError(what=f"unknown key {key!r}", where=where, advice=f"known are {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]):
            raise LabelError(what=f"{key} must be a {_KEYS[key].__name__}", where=where, advice="mend the value")
    if not _ID.fullmatch(entry.get("id", "")):
        raise LabelError(
            what=f"id {entry.get('id')!r} is not lower-case ASCII", where=where, advice="use a-z, 0-9 and _"
        )
    return Label(
        id=entry["id"],
        name=entry.get("name") or entry["id"],
        definition=entry.get("definition", ""),
        excludes=entry.get("not", ""),
        since=entry.get("since", ""),
        is_retired=entry.get("retired", False),
    )
