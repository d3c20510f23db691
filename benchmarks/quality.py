"""What a release is worth on articles kept out of its training, beside baselines in the same run.

python benchmarks/quality.py split FILE --folds 5 --fold 0 --to DIR     train.jsonl and held-out.jsonl, events kept whole
python benchmarks/quality.py table DIR --release R                     release, TF-IDF and keywords on held-out.jsonl
"""

import argparse
import json
from pathlib import Path

from chaoxun.learning.annotations import Annotation, read_annotations
from chaoxun.learning.dataset import label_matrix, split_folds
from chaoxun.learning.evaluate import evaluate
from chaoxun.learning.metrics import Figures, measure
from chaoxun.learning.teacher import TfidfTeacher
from chaoxun.learning.thresholds import fit_thresholds
from chaoxun.registry import open_tagger

SEED = 20261101


def write_split(file: Path, *, n_folds: int, fold: int, to: Path) -> None:
    """Writes the annotations of one fold to held-out.jsonl and those of the others to train.jsonl."""
    rows = read_annotations([file])
    folds = split_folds(rows, n_folds=n_folds, seed=SEED)
    to.mkdir(parents=True, exist_ok=True)
    for name, is_chosen in (("held-out", folds == fold), ("train", folds != fold)):
        chosen = [row for row, keep in zip(rows, is_chosen, strict=True) if keep]
        with (to / f"{name}.jsonl").open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(_plain(row), ensure_ascii=False) + "\n" for row in chosen)
        print(f"{name}.jsonl: {len(chosen)} articles")


def _plain(row: Annotation) -> dict[str, object]:
    return {
        "id": row.id, "title": row.title, "text": row.text, "labels": list(row.labels), "unsure": list(row.unsure),
        "unknown": list(row.unknown), "evidence": row.evidence,
    }  # fmt: skip


def tfidf_figures(training: list[Annotation], held_out: list[Annotation], label_ids: list[str]) -> Figures:
    """What the TF-IDF classifier reaches on `held_out`, thresholds fitted out of fold on `training`."""
    teacher = TfidfTeacher(training, label_ids)
    thresholds = fit_thresholds(*teacher.out_of_fold(), label_ids=label_ids)
    scores = teacher.scores((row.title, row.text) for row in held_out)
    return measure(scores, *label_matrix(held_out, label_ids), label_ids=label_ids, thresholds=thresholds)


def print_table(folder: Path, *, release: str | None) -> None:
    """Prints F1 by label, macro and micro, of the release and the baselines on the same held-out articles."""
    training = read_annotations([folder / "train.jsonl"])
    held_out = read_annotations([folder / "held-out.jsonl"])
    tagger = open_tagger(release)
    label_ids = list(tagger.backend.label_ids)
    columns = {
        tagger.release: evaluate(tagger, held_out, also_known=label_ids).figures,
        "TF-IDF": tfidf_figures(training, held_out, label_ids),
        "keywords": evaluate(open_tagger(None, backend="keywords"), held_out, also_known=label_ids).figures,
    }
    print(f"{len(training)} articles to train on, {len(held_out)} held out\n")
    print("| F1 | support | " + " | ".join(columns) + " |\n| --- | --- |" + " --- |" * len(columns))
    first = next(iter(columns.values()))
    for label in label_ids:
        cells = " | ".join(f"{figures.labels[label].f1:.3f}" for figures in columns.values())
        print(f"| {label} | {first.labels[label].support} | {cells} |")
    print("| **macro-F1** | | " + " | ".join(f"{figures.macro_f1:.3f}" for figures in columns.values()) + " |")
    print("| micro-F1 | | " + " | ".join(f"{figures.micro['f1']:.3f}" for figures in columns.values()) + " |")
    print("| calibration error | | " + " | ".join(f"{f.calibration_error:.3f}" for f in columns.values()) + " |")


def main() -> None:
    """Runs one of the two commands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    split = commands.add_parser("split")
    split.add_argument("file", type=Path)
    split.add_argument("--folds", type=int, default=5)
    split.add_argument("--fold", type=int, default=0)
    split.add_argument("--to", type=Path, required=True)
    table = commands.add_parser("table")
    table.add_argument("folder", type=Path)
    table.add_argument("--release")
    given = parser.parse_args()
    if given.command == "split":
        write_split(given.file, n_folds=given.folds, fold=given.fold, to=given.to)
    else:
        print_table(given.folder, release=given.release)


if __name__ == "__main__":
    main()
