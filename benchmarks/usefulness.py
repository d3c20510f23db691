"""What articles are worth for training, measured on other articles, out of fold, label by label.

python benchmarks/usefulness.py OWN.jsonl ... --real FILE [--base models/encoder] [--folds 5] [--measure 5]

Trains TF-IDF and, with `--base`, the recipe of the release on the own articles alone, on the real ones alone and on
both, and prints F1 by label on the real articles of the folds that were kept out.  Events stay in one fold.
`--measure` says how many of the folds are measured: the network takes minutes for each.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from chaoxun.labels import load_taxonomy
from chaoxun.learning.annotations import Annotation, read_annotations
from chaoxun.learning.dataset import label_matrix, split_folds
from chaoxun.learning.evaluate import evaluate
from chaoxun.learning.finetune import TrainPlan, train
from chaoxun.learning.recipes import TrainRecipe, load_recipe
from chaoxun.learning.teacher import TfidfTeacher
from chaoxun.learning.thresholds import fit_thresholds
from chaoxun.registry import open_tagger

SEED = 20261101
ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "training" / "labels.toml"

Predict = Callable[[list[Annotation], list[Annotation]], np.ndarray]
"""(rows to train on, rows to judge) -> (n, n_labels) yes or no."""


def predict_tfidf(training: list[Annotation], held_out: list[Annotation]) -> np.ndarray:
    """By the TF-IDF classifier, thresholds fitted out of fold on what it was trained on."""
    label_ids = load_taxonomy(LABELS).ids
    teacher = TfidfTeacher(training, label_ids)
    thresholds = fit_thresholds(*teacher.out_of_fold(), label_ids=label_ids)
    scores = teacher.scores((row.title, row.text) for row in held_out)
    return scores >= np.array([thresholds[label] for label in label_ids])


def predict_network(base: Path, recipe: TrainRecipe) -> Predict:
    """By the network that `recipe` makes from `base`."""

    def predict(training: list[Annotation], held_out: list[Annotation]) -> np.ndarray:
        label_ids = load_taxonomy(LABELS).ids
        with tempfile.TemporaryDirectory() as folder:
            rows = Path(folder) / "train.jsonl"
            rows.write_text("".join(json.dumps(_plain(row), ensure_ascii=False) + "\n" for row in training), "utf-8")
            plan = TrainPlan(annotations=(rows,), labels=LABELS, base=base, to=Path(folder) / "release")
            tagger = open_tagger(str(train(plan, recipe=recipe).folder))
            found = evaluate(tagger, held_out, also_known=label_ids).predictions
        return np.array([[label in row["labels"] for label in label_ids] for row in found])  # type: ignore[operator]

    return predict


def _plain(row: Annotation) -> dict[str, object]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(row).items()}


def f1_by_label(yes: np.ndarray, rows: Sequence[Annotation]) -> np.ndarray:
    """(n_labels,) F1 over the decisions that count."""
    targets, counted = label_matrix(rows, load_taxonomy(LABELS).ids)
    right = (yes * targets * counted).sum(axis=0)
    return 2 * right / np.maximum((yes * counted).sum(axis=0) + (targets * counted).sum(axis=0), 1)


def measure(predict: Predict, own: list[Annotation], real: list[Annotation], folds: np.ndarray, n: int) -> np.ndarray:
    """(3, n_labels): F1 trained on own, real and both."""
    held_out = [row for row, fold in zip(real, folds, strict=True) if fold < n]
    answers: list[np.ndarray] = [predict(own, held_out)]
    for extra in ([], own):
        parts: dict[str, np.ndarray] = {}
        for k in range(n):
            kept = [row for row, fold in zip(real, folds, strict=True) if fold != k]
            judged = [row for row, fold in zip(real, folds, strict=True) if fold == k]
            parts |= dict(zip((row.id for row in judged), predict([*extra, *kept], judged), strict=True))
        answers.append(np.stack([parts[row.id] for row in held_out]))
    return np.stack([f1_by_label(answer, held_out) for answer in answers])


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("own", type=Path, nargs="+")
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="an encoder; without it TF-IDF alone is measured")
    parser.add_argument("--recipe", type=Path, default=ROOT / "training" / "recipe.toml")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--measure", type=int, default=5)
    options = parser.parse_args()
    own, real = read_annotations(options.own), read_annotations([options.real])
    folds = split_folds(real, n_folds=options.folds, seed=SEED)
    makers: dict[str, Predict] = {"TF-IDF": predict_tfidf}
    if options.base:
        makers["network"] = predict_network(options.base, load_recipe(TrainRecipe, options.recipe, table="train"))
    print(
        f"{len(own)} own articles, {len(real)} real ones, measured on {int((folds < options.measure).sum())} of them\n"
    )
    columns = {name: measure(make, own, real, folds, options.measure) for name, make in makers.items()}
    print("| F1 | " + " | ".join(f"{name}, {side}" for name in columns for side in ("own", "real", "both")) + " |")
    print("| --- |" + " --- |" * 3 * len(columns))
    for n, label in enumerate(load_taxonomy(LABELS).ids):
        print(
            f"| {label} | " + " | ".join(f"{value:.3f}" for table in columns.values() for value in table[:, n]) + " |"
        )
    print(
        "| **macro** | "
        + " | ".join(f"{value:.3f}" for table in columns.values() for value in table.mean(axis=1))
        + " |"
    )


if __name__ == "__main__":
    main()
