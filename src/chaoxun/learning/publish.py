"""A trained network to a release folder, whole or not at all."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chaoxun.errors import OutputError
from chaoxun.language import say
from chaoxun.learning.calibration import Bands
from chaoxun.learning.curves import draw_curve
from chaoxun.learning.fitting import CurvePoint
from chaoxun.learning.metrics import Figures
from chaoxun.registry import FORMAT, RELEASE_FILE, file_digests, load_release, probe_logits
from chaoxun.tagging.tagger import Tagger
from chaoxun.tagging.torch_backend import TorchBackend

# Short reports of our own, one about activities, one about none, one that makes a long window: what they score does
# not matter, only that it stays the same.
PROBES = (
    ("", "工会在车间办起技能比赛，四十名焊工同台比试，前三名获得奖杯。"),
    ("市图书馆延长开放时间", "本周起，市图书馆每晚开放到十点，读者可凭借书证进入自习室。"),
    ("全市降水偏多", "气象台说，六月以来全市降水比常年多两成，水库蓄水充足，早稻长势良好。" * 6),
)
_LIBRARIES = ("torch", "transformers", "tokenizers", "safetensors", "numpy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What a training found besides weights."""

    thresholds: Mapping[str, float]
    """By label id, in (0, 1)."""
    figures: Figures
    """On the development articles."""
    bands: Bands
    curve: tuple[CurvePoint, ...]
    """Loss and development F1 on the way."""
    record: Mapping[str, Any]
    """What the release was made from: `recipe`, the files of annotations, ...; files are noted by name and digest."""


def check_free(to: Path) -> None:
    """Raises OutputError if `to` exists, since a release is never written over another, or can never be made."""
    advice = say(en="give another folder with --to", zh="请用 --to 指定另一个文件夹")
    if to.exists():
        raise OutputError(what=say(en="exists already", zh="已经存在"), where=str(to), advice=advice)
    # Said before the training and not after it.
    above = next(folder for folder in to.absolute().parents if folder.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        what = say(en=f"cannot be made, {above} takes no folder", zh=f"无法创建，{above} 中不能新建文件夹")
        raise OutputError(what=what, where=str(to), advice=advice)


def publish_release(model: Any, tokenizer: Any, *, to: Path, labels: Path, reached: Reached) -> None:
    """Writes weights (half precision), tokenizer, labels, metrics and release.json into a new folder `to`.

    Everything is written beside `to` and moved there at the end.  Raises OutputError if `to` exists.
    """
    check_free(to)
    max_tokens = int(reached.record["recipe"].max_tokens)
    building = to.with_name(f".{to.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    _write_network(model, tokenizer, building, max_tokens=max_tokens)
    shutil.copyfile(labels, building / "labels.toml")
    _write_json(building / "metrics.json", asdict(reached.figures))
    (building / "training.svg").write_text(draw_curve(reached.curve, title=to.name), encoding="utf-8")
    (building / "README.md").write_text(_card(to.name, reached), encoding="utf-8")
    backend = TorchBackend(folder=building, device="cpu", max_tokens=max_tokens)
    tagger = Tagger(backend, release=to.name, taxonomy=_taxonomy(building), thresholds=reached.thresholds)
    release = {
        "format": FORMAT,
        "name": to.name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "parent": None,
        "thresholds": dict(reached.thresholds),
        "bands": asdict(reached.bands),
        "max_tokens": max_tokens,
        "pooling": "max",
        "training": {key: _plain(value) for key, value in reached.record.items()},
        "libraries": {name: version(name) for name in _LIBRARIES},
        "probes": [
            {"title": title, "text": text, "logits": list(probe_logits(tagger, title=title, text=text))}
            for title, text in PROBES
        ],
        "files": file_digests(building),
    }
    _write_json(building / RELEASE_FILE, release)
    load_release(building)
    building.replace(to)


def _write_network(model: Any, tokenizer: Any, folder: Path, *, max_tokens: int) -> None:
    import torch

    model.to(torch.float16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    # safetensors writes files that only their owner may read; a release is for everybody.
    (folder / "model.safetensors").chmod(0o644)
    # In single precision wherever it is loaded: half precision is how the file is stored, not how CPUs compute.
    _edit_json(folder / "config.json", dtype="float32")
    _edit_json(folder / "tokenizer_config.json", model_max_length=max_tokens)


def _taxonomy(folder: Path) -> Any:
    from chaoxun.labels import load_taxonomy

    return load_taxonomy(folder / "labels.toml")


def _plain(value: Any) -> Any:
    """JSON for what a record holds: data files become name and digest, recipes become objects."""
    if isinstance(value, Path):
        return {"file": value.name, "sha256": sha256(value.read_bytes()).hexdigest()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value


def _edit_json(path: Path, **changes: Any) -> None:
    _write_json(path, json.loads(path.read_text(encoding="utf-8")) | changes)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _card(name: str, reached: Reached) -> str:
    """A model card: what the release is, what it was made from, what it reached, how it is used."""
    figures, record = reached.figures, reached.record
    rows = [
        f"| {label} | {f.precision:.3f} | {f.recall:.3f} | {f.f1:.3f} | {f.support} |"
        for label, f in figures.labels.items()
    ]
    sources = ", ".join(path.name for path in record.get("annotations", ()))
    return "\n".join([
        f"# {name}", "", "A BERT that tags Chinese newspaper articles, several labels an article, made by `chaoxun train`.",
        "The labels and their definitions stand in `labels.toml`, thresholds and recipe in `release.json`.", "",
        f"Fine-tuned from `{record.get('base', '')}` on {record.get('n_trained', 0)} annotated articles ({sources}).", "",
        f"On its {figures.n} development articles, which chose the epoch and the thresholds (so read these as upper bounds):",
        f"macro-F1 {figures.macro_f1:.3f}, micro-F1 {figures.micro['f1']:.3f}.", "",
        "| label | precision | recall | F1 | support |", "| --- | --- | --- | --- | --- |", *rows, "",
        f"Calibration error there {figures.calibration_error:.3f}.  Of the tags with a score of {reached.bands.accept:.2f} or more at",
        "least 95 in 100 were right: they are marked `accept`, the others `review`.  Of the true tags at most 5 in 100 had a",
        f"score under {reached.bands.reject:.2f}.", "", "![loss and development F1](training.svg)", "",
        "A tag is a proposal to a reader.  Use: `chaoxun tag PATH... --release DIR`, or `AutoTokenizer` and",
        "`AutoModelForSequenceClassification` of transformers; measure: `chaoxun evaluate --release DIR --annotations FILE`.", "",
    ])  # fmt: skip
