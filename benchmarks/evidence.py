"""Whether the sentences shown with a tag are the ones that carry it.

python benchmarks/evidence.py HELD-OUT.jsonl ... [--release R]

Over the tags that are right and for which the annotator gave a quote:
  overlap            the evidence shares characters with the annotator's quote
  sufficiency        the evidence alone, without headline and the rest, gets the tag
  comprehensiveness  the article without its evidence, and without its headline, does not get it any more
Sufficiency and comprehensiveness after DeYoung et al. 2020 (ERASER, arXiv:1911.03429), as decisions instead of
differences.  How many tags the release accepts without a reader, and how many of those are right, is printed as well.
`random` does the same with as many sentences of the article drawn by chance.
"""

import argparse
import random
from pathlib import Path

from chaoxun.learning.annotations import Annotation, read_annotations
from chaoxun.records import Article, Span
from chaoxun.registry import open_tagger
from chaoxun.tagging.sentences import split_sentences
from chaoxun.tagging.tagger import Tagger

SEED = 20261101


def without(text: str, spans: tuple[Span, ...]) -> str:
    """`text` with the spans cut out."""
    kept, at = [], 0
    for start, stop in sorted(spans):
        kept.append(text[at:start])
        at = max(at, stop)
    return "".join([*kept, text[at:]])


def judge(tagger: Tagger, cases: list[tuple[Annotation, str, tuple[Span, ...]]]) -> tuple[float, float, float]:
    """(overlap, sufficiency, comprehensiveness) of the spans of each (article, label, spans)."""
    column = {label: n for n, label in enumerate(tagger.backend.label_ids)}

    def is_tagged(texts: list[str]) -> list[bool]:
        articles = [Article(id=str(n), page_number=None, paragraphs=tuple(t.split("\n"))) for n, t in enumerate(texts)]
        values = tagger.score(articles).values
        return [
            float(line[column[label]]) >= tagger.thresholds[label]
            for line, (_, label, _) in zip(values, cases, strict=True)
        ]

    overlaps = 0
    for row, label, spans in cases:
        start = row.article.text.find(row.evidence[label])
        stop = start + len(row.evidence[label])
        overlaps += any(first < stop and last > start for first, last in spans)
    alone = is_tagged(["\n".join(row.article.text[a:b] for a, b in sorted(spans)) for row, _, spans in cases])
    rest = is_tagged([without(row.article.text, spans) for row, _, spans in cases])
    return overlaps / len(cases), sum(alone) / len(cases), 1 - sum(rest) / len(cases)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("annotations", type=Path, nargs="+")
    parser.add_argument("--release")
    options = parser.parse_args()
    rows = read_annotations(options.annotations)
    tagger = open_tagger(options.release)
    found, rng = [], random.Random(SEED)
    by_chance = []
    accepted, n_tags = [], 0
    for row, tagged in zip(rows, tagger.tag([row.article for row in rows]), strict=True):
        for tag in tagged.tags:
            if tag.label_id not in (*row.unsure, *row.unknown):
                n_tags += 1
                accepted += [tag.label_id in row.labels] if tag.band == "accept" else []
            quote = row.evidence.get(tag.label_id, "")
            if tag.label_id in row.labels and quote and quote in row.article.text:
                found.append((row, tag.label_id, tag.evidence))
                sentences = split_sentences(row.article.text)
                drawn = rng.sample(sentences, min(len(tag.evidence), len(sentences)))
                by_chance.append((row, tag.label_id, tuple(drawn)))
    print(f"{len(found)} right tags with a quote, release {tagger.release}\n")
    print("| sentences | overlap | sufficiency | comprehensiveness |\n| --- | --- | --- | --- |")
    for name, cases in {"evidence": found, "random": by_chance}.items():
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in judge(tagger, cases)) + " |")
    if accepted:
        print(
            f"\n{len(accepted)} of {n_tags} tags in the band accept, {sum(accepted) / len(accepted):.3f} of them right"
        )


if __name__ == "__main__":
    main()
