"""Who is measured: each contender learns from some articles and judges others, always those it did not see.

A contender is a function (own, real, held_out, setting) -> predictions, rows of `id`, `scores` and `labels` as
`chaoxun evaluate --predictions` writes them.  own: the project's articles; real: the real ones but for those held out.
"""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from chaoxun.labels import load_taxonomy
from chaoxun.learning.annotations import Annotation
from chaoxun.learning.bases import find_base
from chaoxun.learning.evaluate import evaluate
from chaoxun.learning.finetune import TrainPlan, train
from chaoxun.learning.recipes import TrainRecipe, load_recipe
from chaoxun.learning.teacher import TfidfTeacher
from chaoxun.learning.thresholds import fit_thresholds
from chaoxun.registry import open_tagger

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "training" / "labels.toml"

Rows = list[Annotation]
Prediction = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the networks are made from."""

    base: Path
    recipe: Path
    unlabelled: tuple[Path, ...] = ()
    """Corpus files for the lesson; none: no lesson."""
    release: Path | None = None
    """Where the release that is trained goes; None: it is thrown away after it was measured."""


Contender = Callable[[Rows, Rows, Rows, Setting], list[Prediction]]


def label_ids() -> list[str]:
    """The labels that are measured, in the order of labels.toml."""
    return [label.id for label in load_taxonomy(LABELS) if not label.is_retired]


def tfidf(training: Rows, held_out: Rows) -> list[Prediction]:
    """Character 1-4-grams with logistic regression, thresholds fitted out of fold on what it was trained on."""
    labels = label_ids()
    teacher = TfidfTeacher(training, labels)
    thresholds = fit_thresholds(*teacher.out_of_fold(), label_ids=labels)
    scores = teacher.scores((row.title, row.text) for row in held_out)
    return [
        {"id": row.id, "scores": dict(zip(labels, map(float, line), strict=True)),
         "labels": [label for label, value in zip(labels, line, strict=True) if value >= thresholds[label]]}
        for row, line in zip(held_out, scores, strict=True)
    ]  # fmt: skip


def network(training: Rows, held_out: Rows, setting: Setting, *, base: Path | None = None) -> list[Prediction]:
    """What the recipe makes of the encoder: a release as a user would get it, with thresholds of its own."""
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for name, rows in {"train": training, "held-out": held_out}.items():
            files[name] = Path(folder) / f"{name}.jsonl"
            files[name].write_text("".join(json.dumps(plain(row), ensure_ascii=False) + "\n" for row in rows), "utf-8")
        plan = TrainPlan(
            annotations=(files["train"],), labels=LABELS, base=base or setting.base,
            to=setting.release or Path(folder) / "release",
            unlabelled=setting.unlabelled, exclude=(files["held-out"],),
        )  # fmt: skip
        release = train(plan, recipe=load_recipe(TrainRecipe, setting.recipe, table="train")).folder
        return list(evaluate(open_tagger(str(release)), held_out, also_known=label_ids()).predictions)


def network_from_random_weights(training: Rows, held_out: Rows, setting: Setting) -> list[Prediction]:
    """The same network and tokenizer, nothing pretrained."""
    import torch
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    with tempfile.TemporaryDirectory() as folder:
        pretrained, base = find_base(setting.base), Path(folder) / "random"
        torch.manual_seed(0)
        model = AutoModel.from_config(AutoConfig.from_pretrained(pretrained, local_files_only=True))
        model.save_pretrained(base)
        AutoTokenizer.from_pretrained(pretrained, local_files_only=True).save_pretrained(base)
        return network(training, held_out, setting, base=base)


def keywords(held_out: Rows) -> list[Prediction]:
    """The list of words that a union office would search for."""
    tagger = open_tagger(None, backend="keywords")
    return list(evaluate(tagger, held_out, also_known=label_ids()).predictions)


CONTENDERS: dict[str, Contender] = {
    "keywords": lambda _own, _real, held_out, _: keywords(held_out),
    "tfidf-own": lambda own, _real, held_out, _: tfidf(own, held_out),
    "tfidf-real": lambda _own, real, held_out, _: tfidf(real, held_out),
    "tfidf-both": lambda own, real, held_out, _: tfidf([*own, *real], held_out),
    "random-both": lambda own, real, held_out, setting: network_from_random_weights([*own, *real], held_out, setting),
    "network-own": lambda own, _real, held_out, setting: network(own, held_out, setting),
    "network-real": lambda _own, real, held_out, setting: network(real, held_out, setting),
    "network-both": lambda own, real, held_out, setting: network([*own, *real], held_out, setting),
}
LEARN_NOTHING_FROM_REAL = {"keywords", "tfidf-own", "network-own"}
"""They are the same in every fold, so one run judges all articles."""


def plain(row: Annotation) -> dict[str, object]:
    """The row as an annotations file holds it."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(row).items()}


def as_matrix(predictions: Sequence[Prediction], rows: Rows, field: str) -> "list[list[float]]":
    """(n, n_labels) scores, or yes and no, of the rows in their order."""
    by_id = {row["id"]: row for row in predictions}
    if field == "scores":
        return [[float(by_id[row.id]["scores"][label]) for label in label_ids()] for row in rows]  # type: ignore[index]
    return [[float(label in by_id[row.id]["labels"]) for label in label_ids()] for row in rows]  # type: ignore[operator]
