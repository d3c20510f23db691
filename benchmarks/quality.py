"""What networks and baselines are worth on real articles that they did not see, fold by fold, with intervals.

python benchmarks/quality.py run REAL.jsonl.zst --own training/articles/*.jsonl --base models/encoder --to DIR
       [--unlabelled NEWS.jsonl.zst] [--contenders tfidf-real,network-both] [--folds 5] [--measure 5] [--releases DIR]
python benchmarks/quality.py table REAL.jsonl.zst --to DIR [--against tfidf-real] [--floors training/floors.json [--pin]]

`run` writes the predictions of each contender and fold to DIR, and skips those that are there: it can be stopped and
gone on with.  DIR/held-out gets the articles of each fold, and with `--releases` the networks are kept.  Near-duplicates
and reports of one event stay in one fold.
`table` reads DIR alone: precision, recall, F1 and average precision by label, 95 % intervals from 1,000 bootstrap
samples of articles, and the gain over a baseline from the same samples.  With `--floors` it ends with 1 if network-both
fell below what the file holds, by more than chance moves a figure; `--pin` writes what was reached into the file.
Contenders stand in contenders.py; -own, -real and -both say what each learned from.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from chaoxun.learning.annotations import read_annotations
from chaoxun.learning.dataset import label_matrix, split_folds
from chaoxun.learning.metrics import average_precision, calibration_error
from contenders import CONTENDERS, LEARN_NOTHING_FROM_REAL, ROOT, Rows, Setting, as_matrix, label_ids, plain

SEED = 20261101
N_SAMPLES = 1000
FLOORED = "network-both"
"""The contender that is made as the shipped release is."""


def run(options: argparse.Namespace) -> None:
    """Fills the folder with predictions."""
    own = read_annotations(options.own)
    setting = Setting(base=options.base, recipe=options.recipe, unlabelled=tuple(options.unlabelled))
    real = read_annotations([options.real])
    folds = split_folds(real, n_folds=options.folds, seed=SEED)
    options.to.mkdir(parents=True, exist_ok=True)
    check_same_source(options)
    for k in range(options.measure):
        rows = [plain(row) for row, fold in zip(real, folds, strict=True) if fold == k]
        write_lines(options.to / "held-out" / f"{k}.jsonl", rows)
    for name in options.contenders.split(","):
        for fold in ["all"] if name in LEARN_NOTHING_FROM_REAL else range(options.measure):
            path = options.to / f"{name}.{fold}.jsonl"
            if path.exists():
                continue
            held_out = [row for row, k in zip(real, folds, strict=True) if fold in ("all", k)]
            kept = [row for row, k in zip(real, folds, strict=True) if fold not in ("all", k)]
            started = time.perf_counter()
            release = options.releases / f"{name}.{fold}" if options.releases else None
            predictions = CONTENDERS[name](own, kept, held_out, replace(setting, release=release))
            write_lines(path, predictions)
            print(f"{path.name}: {len(predictions)} articles in {time.perf_counter() - started:.0f} s", file=sys.stderr)


def write_lines(path: Path, rows: Sequence[dict[str, object]]) -> None:
    """Writes the rows as JSON lines, the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    new.replace(path)


def check_same_source(options: argparse.Namespace) -> None:
    """Ends the program if the folder holds predictions made from other articles, another encoder or another recipe."""
    files = [*options.own, options.real, options.recipe, *options.unlabelled, options.base / "model.safetensors"]
    digest = sha256(f"{options.folds} {options.base}".encode())
    for path in (path for path in files if path.is_file()):
        digest.update(sha256(path.read_bytes()).digest())
    made_from = options.to / "made-from.sha256"
    if made_from.exists() and made_from.read_text(encoding="utf-8") != digest.hexdigest():
        sys.exit(
            f"{options.to} holds predictions made from other articles, another encoder or recipe: give another --to"
        )
    made_from.write_text(digest.hexdigest(), encoding="utf-8")


def f1_of(yes: np.ndarray, targets: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """(n_labels,) F1 over the decisions that count."""
    right = (yes * targets * counted).sum(axis=0)
    return 2 * right / np.maximum((yes * counted).sum(axis=0) + (targets * counted).sum(axis=0), 1)


def interval(values: np.ndarray) -> str:
    """The middle 95 % of bootstrap values."""
    low, high = np.percentile(values, [2.5, 97.5])
    return f"[{low:.3f}, {high:.3f}]"


class Measured:
    """The figures of one contender on the articles that all contenders judged."""

    def __init__(self, predictions: list[dict[str, object]], rows: Rows, samples: list[np.ndarray]) -> None:
        self.yes = np.array(as_matrix(predictions, rows, "labels"))
        self.scores = np.array(as_matrix(predictions, rows, "scores"), dtype=np.float32)
        self.targets, self.counted = label_matrix(rows, label_ids())
        self.f1 = f1_of(self.yes, self.targets, self.counted)
        self.sampled = np.stack([f1_of(self.yes[s], self.targets[s], self.counted[s]) for s in samples])
        self.error = calibration_error(self.scores[self.counted > 0], self.targets[self.counted > 0])

    def line(self, column: int) -> str:
        """The cells of one label."""
        keep = self.counted[:, column] > 0
        yes, truth = self.yes[keep, column] > 0, self.targets[keep, column] > 0
        right = float((yes & truth).sum())
        ap = average_precision(truth, self.scores[keep, column])
        return (
            f"{right / max(1, yes.sum()):.3f} | {right / max(1, truth.sum()):.3f} | {self.f1[column]:.3f} "
            f"{interval(self.sampled[:, column])} | {ap:.3f}"
        )

    @property
    def micro_f1(self) -> float:
        """F1 over all decisions together."""
        right = (self.yes * self.targets * self.counted).sum()
        return float(2 * right / max(1, ((self.yes + self.targets) * self.counted).sum()))


def table(options: argparse.Namespace) -> None:
    """Prints the tables of what lies in the folder."""
    real = read_annotations([options.real])
    found: dict[str, list[dict[str, object]]] = {}
    for path in sorted(options.to.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        found.setdefault(path.name.split(".")[0], []).extend(rows)
    judged = set.intersection(*({str(row["id"]) for row in rows} for rows in found.values()))
    rows = [row for row in real if row.id in judged]
    rng = np.random.default_rng(SEED)
    samples = [rng.integers(0, len(rows), len(rows)) for _ in range(N_SAMPLES)]
    measured = {name: Measured(found[name], rows, samples) for name in CONTENDERS if name in found}
    print(f"{len(rows)} of {len(real)} articles, each judged by models that did not see it\n")
    print("| F1 | articles | " + " | ".join(measured) + " |\n| --- | --- |" + " --- |" * len(measured))
    any_one = next(iter(measured.values()))
    support = (any_one.targets * any_one.counted).sum(axis=0)
    for column, label in enumerate(label_ids()):
        print(
            f"| {label} | {support[column]:.0f} | "
            + " | ".join(f"{m.f1[column]:.3f}" for m in measured.values())
            + " |"
        )
    against = measured.get(options.against)
    print("| **macro-F1** | | " + " | ".join(f"**{m.f1.mean():.3f}**" for m in measured.values()) + " |")
    print("| 95 % | | " + " | ".join(interval(m.sampled.mean(axis=1)) for m in measured.values()) + " |")
    if against:
        gains = [m.sampled.mean(axis=1) - against.sampled.mean(axis=1) for m in measured.values()]
        print(f"| gain over {options.against} | | " + " | ".join(map(interval, gains)) + " |")
    print("| micro-F1 | | " + " | ".join(f"{m.micro_f1:.3f}" for m in measured.values()) + " |")
    print("| calibration error | | " + " | ".join(f"{m.error:.3f}" for m in measured.values()) + " |")
    for name, m in measured.items():
        print(f"\n| {name} | precision | recall | F1 | average precision |\n| --- | --- | --- | --- | --- |")
        for column, label in enumerate(label_ids()):
            print(f"| {label} | {m.line(column)} |")
    if options.floors:
        hold_floors(measured, options.floors, n_articles=len(rows), pin=options.pin)


def figures_of(measured: Measured, *, n_articles: int) -> dict[str, object]:
    """What a floors file holds of a contender."""
    labels = {label: round(float(value), 3) for label, value in zip(label_ids(), measured.f1, strict=True)}
    return {"articles": n_articles, "macro_f1": round(float(measured.f1.mean()), 3), "labels": labels}


def below_floor(found: dict[str, object], floors: dict[str, object]) -> list[str]:
    """A line for each figure that fell: the macro average by more than 0.01, a label by more than 0.05."""
    if found["articles"] != floors["articles"]:
        return [f"measured on {found['articles']} articles, the floors on {floors['articles']}: pin them anew"]
    fallen = []
    if found["macro_f1"] < floors["macro_f1"] - 0.01:  # type: ignore[operator]
        fallen.append(f"macro-F1 {found['macro_f1']}, was {floors['macro_f1']}")
    for label, floor in floors["labels"].items():  # type: ignore[attr-defined]
        value = found["labels"].get(label, 0.0)  # type: ignore[attr-defined]
        if value < floor - 0.05:
            fallen.append(f"{label} {value}, was {floor}")
    return fallen


def hold_floors(measured: dict[str, Measured], path: Path, *, n_articles: int, pin: bool) -> None:
    """Pins the figures of network-both, or ends the program with 1 if they fell."""
    if FLOORED not in measured:
        sys.exit(f"{FLOORED} was not measured, so there is nothing to hold against {path}")
    found = figures_of(measured[FLOORED], n_articles=n_articles)
    if pin:
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        return
    fallen = below_floor(found, json.loads(path.read_text(encoding="utf-8")))
    if fallen:
        sys.exit("fell below " + str(path) + ": " + "; ".join(fallen))
    print(f"\nnot below {path}")


def main() -> None:
    """Runs one of the two commands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    runs, tables = commands.add_parser("run"), commands.add_parser("table")
    for command in (runs, tables):
        command.add_argument("real", type=Path)
        command.add_argument("--to", type=Path, required=True)
    runs.add_argument("--own", type=Path, nargs="+", required=True)
    runs.add_argument("--base", type=Path, default=ROOT / "models" / "encoder")
    runs.add_argument("--recipe", type=Path, default=ROOT / "training" / "recipe.toml")
    runs.add_argument("--unlabelled", type=Path, nargs="*", default=[])
    runs.add_argument("--releases", type=Path)
    runs.add_argument("--contenders", default=",".join(CONTENDERS))
    runs.add_argument("--folds", type=int, default=5)
    runs.add_argument("--measure", type=int, default=5, help="how many of the folds, from the first")
    tables.add_argument("--against", default="tfidf-real")
    tables.add_argument("--floors", type=Path)
    tables.add_argument("--pin", action="store_true")
    given = parser.parse_args()
    if given.command == "run":
        run(given)
    else:
        table(given)


if __name__ == "__main__":
    main()
