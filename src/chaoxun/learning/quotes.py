"""Annotated articles to single sentences that teach where in a text a label stands.

An annotator's quote says more than a label: this sentence carries it, the article's others need not.  Learned alone,
quoted sentences show the network what counts, and keep its evidence honest (rationales as supervision: Zaidan, Eisner &
Piatko 2007, "Using annotator rationales to improve machine learning for text categorization").
"""

from collections.abc import Sequence

import numpy as np

from chaoxun.learning.annotations import Annotation
from chaoxun.records import Span
from chaoxun.tagging.sentences import split_sentences

# Shorter ones are subheads, signatures and answers of one word, which say nothing either way.
_MIN_CHARACTERS = 12


def quoted_sentences(annotations: Sequence[Annotation], *, seed: int) -> list[Annotation]:
    """A row for each sentence that holds a quote, and for one other sentence of each article, drawn at random.

    A quoted sentence has the labels it is quoted for.  What else the article has, or may have, is unknown of a single
    sentence of it; what the article has not, the sentence has not either.
    """
    rng = np.random.default_rng((seed, 4))
    rows = []
    for annotation in annotations:
        text = annotation.article.text
        quotes = {label: _range_of(quote, text) for label, quote in annotation.evidence.items() if quote in text}
        labels_of = {span: _labels_in(span, quotes) for span in _sentences(text, quotes)}
        quoted = [span for span, labels in labels_of.items() if labels]
        others = [span for span in labels_of if not labels_of[span] and span[1] - span[0] >= _MIN_CHARACTERS]
        drawn = [others[int(rng.integers(len(others)))]] if others else []
        rows += [_row(annotation, span, labels_of[span]) for span in (*quoted, *drawn)]
    return rows


def _range_of(quote: str, text: str) -> Span:
    start = text.find(quote)
    return start, start + len(quote)


def _sentences(text: str, quotes: dict[str, Span]) -> list[Span]:
    """The sentences of `text`, those that one quote runs across joined."""
    joined: list[Span] = []
    for start, stop in split_sentences(text):
        if joined and any(first < joined[-1][1] and last > start for first, last in quotes.values()):
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def _labels_in(span: Span, quotes: dict[str, Span]) -> tuple[str, ...]:
    return tuple(label for label, (start, stop) in quotes.items() if start < span[1] and stop > span[0])


def _row(annotation: Annotation, span: Span, labels: tuple[str, ...]) -> Annotation:
    known_of_whole = (*annotation.labels, *annotation.unsure, *annotation.unknown)
    return Annotation(
        id=f"{annotation.id}:{span[0]}", title="", text=annotation.article.text[span[0] : span[1]], labels=labels,
        unknown=tuple(dict.fromkeys(label for label in known_of_whole if label not in labels)),
    )  # fmt: skip
