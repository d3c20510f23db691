"""Headline lines to the articles they belong to, wherever extraction left them: one search over all of them.

`(Stream, Drafts, roles) -> owner of each heading line`, -1 where none fits.  A line fits an article by standing right
above its body, and by its rare pairs of characters, numbers among them, and its characters coming back in the text.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chaoxun.segmenting import ngrams, patterns
from chaoxun.segmenting.drafts import Draft, Drafts, Heading
from chaoxun.segmenting.stream import Floats, Stream

_BEAM = 12
_CHOICES = 3
"""Articles tried for a line."""
_NUMBER = re.compile("[0-9]+")
_MAX_HEADINGS = 300
"""Lines searched together; a page with more is no newspaper page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worths:
    """What speaks for a heading, in units of all its rare words standing in the body.

    Set together by `python benchmarks/fit_headlines.py` on pages of the fitting half: do not tune one alone.
    """

    above: float = 0.175
    """Standing right above the body."""
    farther: float = 0.12
    """Taken from that for every line in between."""
    below: float = 0.02
    """Standing right below the last line."""
    in_order: float = 0.06
    """Following the order of the articles."""
    least: float = 0.038
    """What staying unassigned is worth."""
    go_on: float = 0.1
    """Belonging to the article of the heading line just above it."""
    joint: float = 0.104
    """Each nat by which the network sees it run on from the line above, when both belong together."""
    apart: float = 0.016
    """Taken for each nat by which the network sees it begin anew, when both belong together all the same."""
    kicker: float = 0.34
    """Standing under the name of an organisation: that is a kicker."""
    length: float = 5.1
    """Characters of a line whose words count in full; those of a shorter line count by its share of that."""
    characters: float = 0.62
    """How much one character counts beside a pair: they alone survive scrambling."""
    triples: float = 0.21
    """How much three characters in a row count beside a pair: names are told apart by them."""
    triple_least: float = 0.85
    """Nats that a triple is rarer than its pairs."""
    number: float = 2.0
    """Nats for each digit but the first of a whole number: 305 in a headline is 305 in the text, and 5 is not."""


WORTHS = Worths()


@dataclass(frozen=True, slots=True)
class _State:
    score: float
    owners: tuple[int, ...]
    taken: frozenset[int]


def attach_headings(stream: Stream, drafts: Drafts, *, worths: Worths = WORTHS) -> list[int]:
    """For each heading line the number of its article, or -1."""
    headings = drafts.headings[:_MAX_HEADINGS]
    if not headings or not drafts.articles:
        return [-1] * len(drafts.headings)
    values = _measure_worths(stream, drafts, worths)
    states = [_State(0.0, (), frozenset())]
    for n, heading in enumerate(headings):
        is_under = heading.follows and _names_organisation(stream, headings[n - 1])
        states = _extend(states, heading, values[n], worths=worths, kicker=worths.kicker * is_under)
    return [*states[0].owners, *[-1] * (len(drafts.headings) - len(headings))]


def _names_organisation(stream: Stream, heading: Heading) -> bool:
    return patterns.ORGANISATION_END.search(patterns.tail_of(stream.lines[heading.line].view)) is not None


def _extend(states: list[_State], heading: Heading, values: Floats, *, worths: Worths, kicker: float) -> list[_State]:
    order = np.argsort(-values, kind="stable")[:_CHOICES]
    choices = [(int(k), float(values[k])) for k in order]
    joint = (worths.joint if heading.runs_on > 0 else worths.apart) * heading.runs_on
    grown: list[_State] = []
    for state in states:
        last = state.owners[-1] if state.owners else -1
        together = worths.go_on + joint + kicker if heading.follows else 0.0
        rest = worths.least + (together if last < 0 else 0.0)
        grown.append(_State(state.score + rest, (*state.owners, -1), state.taken))
        for owner, value in choices:
            if owner == last and heading.follows:
                grown.append(_State(state.score + value + together, (*state.owners, owner), state.taken))
            elif owner not in state.taken:
                order_worth = worths.in_order if owner > last else 0.0
                grown.append(_State(state.score + value + order_worth, (*state.owners, owner), state.taken | {owner}))
        if last >= 0 and heading.follows and all(owner != last for owner, _ in choices):
            grown.append(_State(state.score + float(values[last]) + together, (*state.owners, last), state.taken))
    grown.sort(key=lambda state: -state.score)
    return grown[:_BEAM]


def _measure_worths(stream: Stream, drafts: Drafts, worths: Worths) -> Floats:
    """(n_headings, n_articles), of the first _MAX_HEADINGS headings."""
    headings = drafts.headings[:_MAX_HEADINGS]
    words = _list_words(stream, worths)
    tables = [_presence(drafts.articles, headings, stream, words=word) for word in words]
    values = np.zeros((len(headings), len(drafts.articles)), np.float32)
    ends = {heading.run: heading.line for heading in headings}
    for n, heading in enumerate(headings):
        low, high = int(stream.starts[heading.line]), int(stream.stops[heading.line])
        shared, total = np.zeros(len(drafts.articles), np.float32), 0.0
        for word, (columns, table) in zip(words, tables, strict=True):
            inside = _places(stream, heading, word)
            shared += _discriminate(table[:, columns[word.buckets[inside]]]) @ word.weights[inside]
            total += float(word.weights[inside].sum())
        values[n] = shared / max(total, 1e-6) * min(1.0, (high - low) / worths.length)
        if heading.owner_after >= 0:
            between = ends[heading.run] - heading.line
            values[n, heading.owner_after] += max(worths.above - worths.farther * between, 0.0)
        if heading.owner_before >= 0:
            values[n, heading.owner_before] += worths.below
    return values


@dataclass(frozen=True, slots=True)
class _Words:
    """Runs of `order` characters: the bucket and the weight of the one that begins at each place of a stream."""

    buckets: NDArray[np.integer]
    weights: Floats
    order: int


def _list_words(stream: Stream, worths: Worths) -> tuple[_Words, ...]:
    """Characters, pairs, triples and whole numbers of a stream; a digit counts in its number alone."""
    plain = (stream.codes < 48) | (stream.codes > 57)
    pairs = stream.rarity * (plain & np.append(plain[1:], True))
    triples = (stream.rarity + np.append(stream.rarity[1:], np.float32(0))) / 2 + worths.triple_least
    triples = triples * (plain & np.append(plain[1:], True) & np.append(plain[2:], [True, True])[: len(plain)])
    numbers, n_digits = _whole_numbers(stream)
    return (
        _Words(stream.codes % ngrams.N_BUCKETS, (worths.characters * plain).astype(np.float32), order=1),
        _Words(stream.pairs, pairs.astype(np.float32), order=2),
        _Words(ngrams.hash_ngrams(stream.codes, 3), (worths.triples * triples).astype(np.float32), order=3),
        _Words(numbers, (worths.number * np.maximum(n_digits - 1, 0)).astype(np.float32), order=1),
    )


def _whole_numbers(stream: Stream) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The bucket and the number of digits of the number that begins at each place; 0 where none does."""
    buckets, n_digits = np.zeros(len(stream.codes), np.int64), np.zeros(len(stream.codes), np.int64)
    text = stream.codes.tobytes().decode("utf-32-le", "surrogatepass")
    for match in _NUMBER.finditer(text):
        buckets[match.start()] = zlib.crc32(match.group().encode()) % ngrams.N_BUCKETS
        n_digits[match.start()] = min(match.end() - match.start(), 5)
    return buckets, n_digits


def _discriminate(present: NDArray[np.bool_]) -> Floats:
    """Presence (n_articles, n_words) shared out over the articles that hold a word."""
    shares: Floats = present / np.maximum(present.sum(axis=0), 1).astype(np.float32)
    return shares


def _places(stream: Stream, heading: Heading, words: _Words) -> slice:
    """Where the words of a heading begin in the stream."""
    low, high = int(stream.starts[heading.line]), int(stream.stops[heading.line])
    return slice(low, max(high - words.order + 1, low))


def _presence(
    articles: Sequence[Draft], headings: Sequence[Heading], stream: Stream, *, words: _Words
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """The column of every bucket, and (n_articles, n_columns): which words of headings stand in which body or caption.

    Only buckets that headings hold have a column, all others share the first: a file of a thousand pages has thousands of
    articles, and a column a bucket for each of them would not fit into memory.
    """
    buckets = [words.buckets[_places(stream, heading, words)] for heading in headings]
    wanted = np.unique(np.concatenate(buckets)) if buckets else np.zeros(0, np.int64)
    columns = np.zeros(ngrams.N_BUCKETS, np.int32)
    columns[wanted] = np.arange(1, len(wanted) + 1)
    table = np.zeros((len(articles), len(wanted) + 1), np.bool_)
    for row, draft in zip(table, articles, strict=True):
        for group in (*draft.paragraphs, *draft.captions):
            row[columns[words.buckets[stream.starts[group[0]] : stream.stops[group[-1]]]]] = True
    return columns, table
