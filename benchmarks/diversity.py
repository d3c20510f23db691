"""Whether the project's own articles are as varied as real ones: `python benchmarks/diversity.py OWN.jsonl ... --real FILE`.

Prints how many own articles there are by kind and label; then, side by side with real ones: share of distinct
8-grams, similarity to the nearest neighbour, lengths, openings, closings, numbers, and the type-token ratio per label.
Every measure that depends on the size of its sample is taken on samples of the same size, drawn with a fixed seed.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from chaoxun.cleaning.characters import model_view
from chaoxun.learning.annotations import Annotation, read_annotations

SEED = 20261101
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def squeeze(text: str) -> str:
    """The model's view of `text` without white space."""
    return "".join(model_view(text).split())


def sample_characters(rows: Sequence[Annotation], n_characters: int) -> str:
    """Whole articles in random order, cut at `n_characters`, a line break between them."""
    order = random.Random(SEED).sample(list(rows), len(rows))
    return "\n".join(squeeze(row.text) for row in order)[:n_characters]


def distinct_share(text: str, order: int) -> float:
    """Distinct n-grams of `order` characters in all of them."""
    grams = [text[k : k + order] for k in range(len(text) - order + 1)]
    return len(set(grams)) / max(len(grams), 1)


def nearest(rows: Sequence[Annotation], *, share: float) -> float:
    """The quantile `share` of the cosine (character 3-gram TF-IDF) of each article to its nearest neighbour."""
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), sublinear_tf=True).fit_transform(
        squeeze(row.text) for row in rows
    )
    similar = (vectors @ vectors.T).toarray()
    np.fill_diagonal(similar, 0)
    return float(np.quantile(similar.max(axis=1), share))


def measures(
    own: Sequence[Annotation], real: Sequence[Annotation]
) -> list[tuple[str, Callable[[Sequence[Annotation]], float]]]:
    """Every measure by name; each takes the rows of one side."""
    n_rows = min(len(own), len(real))
    n_characters = min(sum(len(squeeze(row.text)) for row in rows) for rows in (own, real))

    def drawn(rows: Sequence[Annotation]) -> list[Annotation]:
        return random.Random(SEED).sample(list(rows), n_rows)

    def length(share: float) -> Callable[[Sequence[Annotation]], float]:
        return lambda rows: float(np.quantile([len(squeeze(row.text)) for row in rows], share))

    return [
        ("distinct 8-grams", lambda rows: distinct_share(sample_characters(rows, n_characters), 8)),
        ("distinct 4-grams", lambda rows: distinct_share(sample_characters(rows, n_characters), 4)),
        ("nearest neighbour, median", lambda rows: nearest(drawn(rows), share=0.5)),
        ("nearest neighbour, 95th percentile", lambda rows: nearest(drawn(rows), share=0.95)),
        ("characters, 1st quartile", length(0.25)),
        ("characters, median", length(0.5)),
        ("characters, 3rd quartile", length(0.75)),
        ("characters, 95th percentile", length(0.95)),
        ("distinct openings (4 characters)", lambda rows: len({squeeze(row.text)[:4] for row in drawn(rows)}) / n_rows),
        ("distinct closings (6 characters)", lambda rows: len({squeeze(row.text)[-6:] for row in drawn(rows)}) / n_rows),
        ("numbers per 100 characters", lambda rows: 100 * _n_numbers(rows) / sum(len(squeeze(r.text)) for r in rows)),
        ("articles with a title", lambda rows: sum(bool(row.title) for row in rows) / len(rows)),
    ]  # fmt: skip


def _n_numbers(rows: Sequence[Annotation]) -> int:
    return sum(len(_NUMBER.findall(model_view(row.text))) for row in rows)


def print_counts(paths: Sequence[Path]) -> None:
    """Articles by kind, and by label; what `kind` and `told_apart` of the files say."""
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    for name, values in (
        ("kind", [row.get("kind", "") for row in rows]),
        ("label", [label for row in rows for label in row["labels"] or ["none of the eight"]]),
        ("told apart", [row["told_apart"] for row in rows if row.get("told_apart")]),
        ("labels unsure", [label for row in rows for label in row.get("unsure", [])]),
    ):
        print(f"{name}: " + ", ".join(f"{value} {n}" for value, n in Counter(values).most_common()))
    print()


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("own", type=Path, nargs="+")
    parser.add_argument("--real", type=Path, required=True)
    options = parser.parse_args()
    print_counts(options.own)
    own, real = read_annotations(options.own), read_annotations([options.real])
    print(f"{len(own)} own articles, {len(real)} real ones\n\n| | own | real | own / real |\n| --- | --- | --- | --- |")
    for name, measure in measures(own, real):
        ours, theirs = measure(own), measure(real)
        print(f"| {name} | {ours:.3f} | {theirs:.3f} | {ours / theirs:.2f} |", flush=True)
    for label in sorted({label for row in own for label in row.labels}):
        sides = [[row for row in rows if label in row.labels] for rows in (own, real)]
        size = min(sum(len(squeeze(row.text)) for row in rows) for rows in sides)
        ours, theirs = (distinct_share(sample_characters(rows, size), 2) for rows in sides)
        print(f"| type-token ratio of pairs, {label} | {ours:.3f} | {theirs:.3f} | {ours / theirs:.2f} |")


if __name__ == "__main__":
    main()
