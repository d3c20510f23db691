"""How far two readers of the same articles agree: `python benchmarks/agreement.py FIRST.jsonl ... --second FILE [--list]`.

Prints Cohen's kappa per label over the articles that both read, decisions that either was unsure of left out, how many
those are, and with `--list` every disagreement.  `--second` needs `id`, `labels` and `unsure` a line.
"""

import argparse
import json
from pathlib import Path

from sklearn.metrics import cohen_kappa_score

from chaoxun.learning.annotations import Annotation, read_annotations


def read_second(path: Path) -> dict[str, dict[str, list[str]]]:
    """Labels and unsure labels by article id."""
    return {row["id"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def decisions(
    first: list[Annotation], second: dict[str, dict[str, list[str]]], label: str
) -> list[tuple[Annotation, bool, bool]]:
    """(article, yes of the first reader, yes of the second) where both are sure."""
    return [
        (row, label in row.labels, label in second[row.id]["labels"])
        for row in first
        if row.id in second and label not in row.unsure and label not in second[row.id]["unsure"]
    ]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path, nargs="+")
    parser.add_argument("--second", type=Path, required=True)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    first, second = read_annotations(options.first), read_second(options.second)
    n_both = sum(row.id in second for row in first)
    print(f"{len(first)} articles, {n_both} read twice\n")
    print("| label | kappa | both yes | one yes | either unsure |\n| --- | --- | --- | --- | --- |")
    for label in sorted({label for row in first for label in row.labels}):
        pairs = decisions(first, second, label)
        ours, theirs = [yes for _, yes, _ in pairs], [yes for _, _, yes in pairs]
        differing = [row for row, one, two in pairs if one != two]
        n_yes = sum(one and two for _, one, two in pairs)
        kappa = cohen_kappa_score(ours, theirs)
        print(f"| {label} | {kappa:.3f} | {n_yes} | {len(differing)} | {n_both - len(pairs)} |")
        if options.list:
            for row in differing:
                print(f"    {row.id} {'first' if label in row.labels else 'second'} only: {row.title or row.text[:30]}")


if __name__ == "__main__":
    main()
