"""How many tags survive what extraction does to a page.

python benchmarks/robustness.py ARTICLES.jsonl ... [--release R] [--articles-at-most 300]

Each article is tagged as it is and then in traditional characters, with full-width digits, with spaces between its
characters, wrapped into lines of 12 to 22 characters that all begin a paragraph, and without its headline.  Printed
are the share of articles whose tags are exactly the same, and the share of all tags (of either version) that both have.
"""

import argparse
import random
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from chaoxun.learning.annotations import read_annotations
from chaoxun.records import Article
from chaoxun.registry import open_tagger

SEED = 20261101


def traditional(text: str) -> str:
    """Each simplified character as the first traditional one that is simplified to it."""
    lines = files("chaoxun.cleaning").joinpath("traditional.txt").read_text(encoding="utf-8").splitlines()
    table: dict[int, str] = {}
    for old, new in zip(lines[1], lines[2], strict=True):
        table.setdefault(ord(new), old)
    return text.translate(table)


def full_width(text: str) -> str:
    """Digits as in vertical print."""
    return text.translate({ord("0") + n: chr(0xFF10 + n) for n in range(10)})


def spaced(text: str) -> str:
    """A space between neighbouring Chinese characters, as in justified print."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", " ", text)


def wrapped(text: str) -> str:
    """Printed lines instead of paragraphs."""
    rng, lines = random.Random(SEED), []
    for paragraph in text.split("\n"):
        while paragraph:
            width = rng.randint(12, 22)
            lines.append(paragraph[:width])
            paragraph = paragraph[width:]
    return "\n".join(lines)


def changed(article: Article, change: Callable[[str], str], *, headline: bool = True) -> Article:
    """The article with its text, and its headline too, changed."""
    return Article(
        id=article.id, page_number=None, headline=change(article.headline) if headline else article.headline,
        paragraphs=tuple(change(article.text).split("\n")),
    )  # fmt: skip


VERSIONS: dict[str, Callable[[Article], Article]] = {
    "traditional characters": lambda article: changed(article, traditional),
    "full-width digits": lambda article: changed(article, full_width),
    "spaces between characters": lambda article: changed(article, spaced),
    "wrapped lines": lambda article: changed(article, wrapped, headline=False),
    "without its headline": lambda article: Article(id=article.id, page_number=None, paragraphs=article.paragraphs),
}


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--release")
    parser.add_argument("--articles-at-most", type=int, default=300)
    options = parser.parse_args()
    rows = read_annotations(options.articles)
    chosen = random.Random(SEED).sample(rows, min(options.articles_at_most, len(rows)))
    tagger = open_tagger(options.release)

    def tags_of(articles: list[Article]) -> list[set[str]]:
        scores = tagger.score(articles)
        return [
            {label for label, value in zip(scores.label_ids, line, strict=True) if value >= tagger.thresholds[label]}
            for line in scores.values
        ]

    before = tags_of([row.article for row in chosen])
    print(f"{len(chosen)} articles, {sum(map(len, before))} tags, release {tagger.release}\n")
    print("| version | articles with the same tags | tags in both versions |\n| --- | --- | --- |")
    for name, version in VERSIONS.items():
        after = tags_of([version(row.article) for row in chosen])
        same = sum(a == b for a, b in zip(before, after, strict=True)) / len(chosen)
        either = sum(len(a | b) for a, b in zip(before, after, strict=True))
        both = sum(len(a & b) for a, b in zip(before, after, strict=True))
        print(f"| {name} | {same:.1%} | {both / max(1, either):.1%} |")


if __name__ == "__main__":
    main()
