"""Releases: a folder with weights, labels and thresholds to a `Tagger`, checked before the first article.

`release.json` in the folder lists every file with its SHA-256, the thresholds, and golden probes: a few texts with
the logits that the release gave them when it was published.  transformers can load random weights without a word of
complaint; the probes cannot be passed that way.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaoxun.errors import ReleaseInvalid, ReleaseNotFound, WeightsChanged
from chaoxun.labels import Label, Taxonomy, load_taxonomy
from chaoxun.language import say
from chaoxun.records import Article
from chaoxun.tagging.backends import open_backend
from chaoxun.tagging.keywords import KEYWORDS
from chaoxun.tagging.tagger import Tagger
from chaoxun.tagging.windows import cut_windows

FORMAT = 1
"""Of release.json; a release with a higher one was made by a newer chaoxun."""
RELEASE_FILE = "release.json"
REQUIRED_FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "labels.toml")
_ALLOWED_SUFFIXES = (".json", ".safetensors", ".toml", ".md", ".txt", ".svg")
# A probe's logits may move by this much: another processor adds up in another order.  Damaged or random weights move
# them by tenths and more.
_PROBE_TOLERANCE = {"cpu": 1e-3, "cuda": 2e-2}
_KEYWORD_RELEASE = "keywords"
_KEYWORD_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A text and what the release answered."""

    title: str
    text: str
    logits: tuple[float, ...]
    """Of its first window, in the order of the labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A published release, its files verified."""

    name: str
    folder: Path
    taxonomy: Taxonomy
    thresholds: dict[str, float]
    """By label id, in (0, 1)."""
    accept: float | None
    """The score from which a tag needs no reader, in [0, 1]; None: made before releases said so."""
    max_tokens: int
    """Of a window, special tokens included."""
    probes: tuple[Probe, ...]
    digest: str
    """16 hex digits over release.json, and so over every file that it lists."""


def release_places() -> list[Path]:
    """The folders in which a release is looked up by name, first to last."""
    from platformdirs import user_data_path

    package = Path(__file__).resolve().parent
    # In a checkout the package lies in src/chaoxun and the releases in models/ beside src; in a wheel inside the package.
    return [Path("models"), user_data_path("chaoxun") / "models", package / "models", package.parents[1] / "models"]


def find_release(release: str | None) -> Path:
    """The folder of a release given as a folder or a name; without one, of the release in use.

    Raises ReleaseNotFound, naming the places searched.
    """
    if release is not None and (Path(release) / RELEASE_FILE).is_file():
        return Path(release)
    places = release_places()
    for place in places:
        name = release if release is not None else _current(place)
        if name and (place / name / RELEASE_FILE).is_file():
            return place / name
    searched = ", ".join(str(place) for place in places)
    raise ReleaseNotFound(
        what=say(en=f"no release {release or 'in use'!r} in {searched}", zh=f"在 {searched} 中找不到模型版本 {release or '（当前）'}"),
        advice=say(
            en="give a release folder with --release, or '--backend keywords' to go without a model",
            zh="请用 --release 指定模型文件夹，或用 --backend keywords（不用模型）",
        ),
    )  # fmt: skip


def _current(place: Path) -> str:
    pointer = place / "current"
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""


def load_release(folder: Path) -> Release:
    """The release in `folder`, every listed file present and unchanged.

    Raises ReleaseInvalid for a missing, malformed or foreign file, WeightsChanged for another content, each naming it.
    """
    record = _read_record(folder)
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_file() or path.suffix not in _ALLOWED_SUFFIXES:
            raise _invalid(path, en="is not a kind of file that a release holds", zh="不是模型版本应有的文件")
    for name in REQUIRED_FILES:
        if name not in record["files"]:
            raise _invalid(folder / name, en="is not listed in release.json", zh="未列在 release.json 中")
    for name, wanted in record["files"].items():
        _check_file(folder, name, wanted)
    if "auto_map" in (folder / "config.json").read_text(encoding="utf-8"):
        raise _invalid(
            folder / "config.json", en="asks for code of its own (auto_map)", zh="要求运行自带代码（auto_map）"
        )
    if _holds_pattern(_read_json(folder / "tokenizer.json")):
        raise _invalid(
            folder / "tokenizer.json", en="holds a regular expression, which could be made to hang",
            zh="含有正则表达式，可能使程序挂起",
        )  # fmt: skip
    taxonomy = load_taxonomy(folder / "labels.toml")
    _check_labels(folder, taxonomy, record["thresholds"])
    return Release(
        name=str(record["name"]), folder=folder, taxonomy=taxonomy, thresholds=record["thresholds"],
        accept=_accept_of(record, folder), max_tokens=int(record["max_tokens"]),
        probes=tuple(Probe(title=p["title"], text=p["text"], logits=tuple(p["logits"])) for p in record["probes"]),
        digest=hashlib.sha256((folder / RELEASE_FILE).read_bytes()).hexdigest()[:16],
    )  # fmt: skip


def open_tagger(release: str | None, *, backend: str = "auto", device: str = "auto") -> Tagger:
    """A tagger over the release of that folder or name (None: the one in use), verified down to its golden probes.

    backend: `auto` takes torch; `keywords` needs no release.  Raises ReleaseError, UsageError or ServiceUnavailable.
    """
    if backend == "keywords":
        labels = tuple(Label(id=label_id, name=label_id) for label_id in KEYWORDS)
        opened = open_backend("keywords", folder=None, device=device)
        taxonomy = _shipped_taxonomy() or Taxonomy(labels)
        return Tagger(
            opened, release=_KEYWORD_RELEASE, taxonomy=taxonomy, thresholds=dict.fromkeys(KEYWORDS, _KEYWORD_THRESHOLD)
        )
    found = load_release(find_release(release))
    name = "torch" if backend == "auto" else backend
    tagger = Tagger(
        open_backend(name, folder=found.folder, device=device), release=found.name, taxonomy=found.taxonomy,
        thresholds=found.thresholds, accept=found.accept,
    )  # fmt: skip
    tagger.backend.max_tokens = found.max_tokens
    _check_probes(found, tagger)
    return tagger


def release_key(release: str | None, *, backend: str = "auto") -> str:
    """What stands for a release in done-keys: its name and digest; cheap, no weights are loaded."""
    if backend == "keywords":
        return _KEYWORD_RELEASE
    folder = find_release(release)
    return f"{_read_record(folder)['name']}@{hashlib.sha256((folder / RELEASE_FILE).read_bytes()).hexdigest()[:16]}"


def file_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in `folder` but release.json, by name: what a release.json lists."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != RELEASE_FILE
    }


def probe_logits(tagger: Tagger, *, title: str, text: str) -> tuple[float, ...]:
    """The log odds that `tagger` gives the first window of a text, label by label."""
    import numpy as np

    article = Article(id="probe", page_number=None, headline=title, paragraphs=tuple(text.split("\n")))
    values = tagger.backend.score(cut_windows([article], tagger.backend)[:1])[0].astype(np.float64)
    # Single precision rounds a very sure answer to 1, whose log odds would be no number.
    values = np.clip(values, 1e-7, 1 - 1e-7)
    return tuple(float(x) for x in np.log(values) - np.log1p(-values))


def _check_probes(release: Release, tagger: Tagger) -> None:
    tolerance = max(_PROBE_TOLERANCE.values()) if _on_gpu() else _PROBE_TOLERANCE["cpu"]
    for probe in release.probes:
        answered = probe_logits(tagger, title=probe.title, text=probe.text)
        gap = max((abs(a - b) for a, b in zip(answered, probe.logits, strict=True)), default=0.0)
        if math.isnan(gap) or gap > tolerance:
            raise WeightsChanged(
                what=say(
                    en=f"answers a golden probe with logits {gap:.3g} off (allowed {tolerance:g})",
                    zh=f"对校验文本的回答偏差 {gap:.3g}（允许 {tolerance:g}）",
                ),
                where=str(release.folder), advice=_reinstall(),
            )  # fmt: skip


def _on_gpu() -> bool:
    import torch

    return torch.cuda.is_available()


def _read_record(folder: Path) -> dict[str, Any]:
    path = folder / RELEASE_FILE
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReleaseNotFound(
            what=say(en="holds no release.json", zh="中没有 release.json"), where=str(folder), advice=_reinstall()
        ) from error
    except ValueError as error:
        raise _invalid(path, en="is no JSON", zh="不是 JSON") from error
    if not isinstance(record, dict) or not {"format", "name", "files", "thresholds", "max_tokens", "probes"} <= set(
        record
    ):
        raise _invalid(path, en="lacks a field", zh="缺少字段")
    if record["format"] > FORMAT:
        raise _invalid(path, en="was made by a newer chaoxun", zh="由更新版本的 chaoxun 生成")
    return record


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _invalid(path, en="is no JSON", zh="不是 JSON") from error


def _holds_pattern(tokenizer: Any) -> bool:
    """Whether a part of a tokenizer.json other than its vocabulary is a regular expression."""
    parts: list[Any] = (
        [part for name, part in tokenizer.items() if name != "model"] if isinstance(tokenizer, dict) else []
    )
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            if "Regex" in part:
                return True
            parts.extend(part.values())
        elif isinstance(part, list):
            parts.extend(part)
    return False


def _check_file(folder: Path, name: str, wanted: str) -> None:
    path = folder / name
    if path.parent != folder or not path.is_file():
        raise _invalid(path, en="is missing", zh="缺失")
    if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
        raise WeightsChanged(
            what=say(en="differs from what was published", zh="与发布时不一致"), where=str(path), advice=_reinstall()
        )


def _accept_of(record: Mapping[str, Any], folder: Path) -> float | None:
    bands = record.get("bands")
    if bands is None:
        return None
    accept = bands.get("accept") if isinstance(bands, dict) else None
    if not isinstance(accept, int | float) or not 0 <= accept <= 1:
        raise _invalid(
            folder / RELEASE_FILE, en="band accept is not between 0 and 1", zh="中 bands.accept 不在 0 与 1 之间"
        )
    return float(accept)


def _check_labels(folder: Path, taxonomy: Taxonomy, thresholds: Mapping[str, float]) -> None:
    names = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("id2label", {})
    columns = tuple(str(names[key]) for key in sorted(names, key=int))
    if set(columns) != set(thresholds) or not set(columns) <= set(taxonomy.ids):
        raise _invalid(
            folder / RELEASE_FILE, en="thresholds, labels.toml and config.json name different labels",
            zh="中的阈值与 labels.toml、config.json 的标签不一致",
        )  # fmt: skip
    for label_id, threshold in thresholds.items():
        if not isinstance(threshold, int | float) or not 0 < threshold < 1:
            raise _invalid(
                folder / RELEASE_FILE, en=f"threshold of {label_id} is not between 0 and 1",
                zh=f"中 {label_id} 的阈值不在 0 与 1 之间",
            )  # fmt: skip


def _shipped_taxonomy() -> Taxonomy | None:
    """The labels of the release in use, for their names; None where there is no release."""
    try:
        return load_taxonomy(find_release(None) / "labels.toml")
    except ReleaseNotFound:
        return None


def _invalid(path: Path, *, en: str, zh: str) -> ReleaseInvalid:
    return ReleaseInvalid(what=say(en=en, zh=zh), where=str(path), advice=_reinstall())


def _reinstall() -> str:
    return say(en="restore the release folder from where you got it", zh="请从原处重新取得该模型文件夹")
