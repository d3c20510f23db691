"""`labels.toml` to a `Taxonomy`: which labels there are, what they mean, in which order they were added."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chaoxun.errors import DuplicateLabel, LabelError, UnknownLabel
from chaoxun.language import say

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
            what=say(en=f"no label {label_id!r}", zh=f"没有标签 {label_id!r}"), where="labels.toml",
            advice=say(en=f"known are {', '.join(self.ids)}", zh=f"已有 {'、'.join(self.ids)}"),
        )  # fmt: skip

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all labels in order."""
        return tuple(label.id for label in self.labels)


def load_taxonomy(path: Path) -> Taxonomy:
    """The labels of a TOML file.  Raises LabelError or DuplicateLabel, naming file and entry."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise LabelError(
            what=say(en=f"cannot be read ({error.strerror})", zh=f"无法读取（{error.strerror}）"), where=str(path),
            advice=say(en="check the path", zh="请检查路径"),
        ) from error  # fmt: skip
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(en=f"not TOML ({error})", zh=f"不是 TOML（{error}）", where=str(path)) from error
    entries = document.get("label")
    if not isinstance(entries, list) or not entries:
        raise _wrong(en="no [[label]] entry", zh="没有 [[label]] 条目", where=str(path))
    labels = tuple(_label(entry, where=f"{path}, label {n}") for n, entry in enumerate(entries, 1))
    for n, label in enumerate(labels):
        if label.id in {earlier.id for earlier in labels[:n]}:
            raise DuplicateLabel(
                what=say(en=f"label {label.id!r} stands twice", zh=f"标签 {label.id!r} 出现两次"), where=str(path),
                advice=say(en="rename one of them", zh="请给其中一个改名"),
            )  # fmt: skip
    return Taxonomy(labels)


def _label(entry: object, *, where: str) -> Label:
    if not isinstance(entry, dict):
        raise _wrong(en=f"{entry!r} is no [[label]] entry", zh=f"{entry!r} 不是 [[label]] 条目", where=where)
    for key, value in entry.items():
        if key not in _KEYS:
            raise LabelError(
                what=say(en=f"unknown key {key!r}", zh=f"未知的键 {key!r}"), where=where,
                advice=say(en=f"known are {', '.join(_KEYS)}", zh=f"可用的有 {'、'.join(_KEYS)}"),
            )  # fmt: skip
        if not isinstance(value, _KEYS[key]):
            wanted = _KEYS[key].__name__
            raise _wrong(en=f"{key} must be a {wanted}", zh=f"{key} 应为 {wanted}", where=where)
    if not _ID.fullmatch(entry.get("id", "")):
        raise LabelError(
            what=say(en=f"id {entry.get('id')!r} is not lower-case ASCII", zh=f"id {entry.get('id')!r} 不是小写 ASCII"),
            where=where, advice=say(en="use a-z, 0-9 and _", zh="请用 a-z、0-9 和 _"),
        )  # fmt: skip
    return Label(
        id=entry["id"],
        name=entry.get("name") or entry["id"],
        definition=entry.get("definition", ""),
        excludes=entry.get("not", ""),
        since=entry.get("since", ""),
        is_retired=entry.get("retired", False),
    )


def _wrong(*, en: str, zh: str, where: str) -> LabelError:
    return LabelError(what=say(en=en, zh=zh), where=where, advice=say(en="mend the file", zh="请改正该文件"))
