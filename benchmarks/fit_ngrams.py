"""The n-gram tables of the splitter, counted over real articles: how articles open, close, run on and are headed."""

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chaoxun.cleaning.characters import model_view
from chaoxun.segmenting import ngrams
from compose_pages import OWN_DATELINE, PoolArticle, split_own_bylines

_SENTENCE_END = "。！？；”"
_SMOOTHING = 4.0
"""Sightings of the other kind that an n-gram is credited with; 1 to 10 made no difference to boundary F1."""
_BATCH = 2000


class Judgement:
    """Pieces of text that are (1) and are not (0) of a kind, and the log odds of their n-grams."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.counts = np.zeros((2, ngrams.N_BUCKETS))
        self.pieces: tuple[list[str], list[str]] = ([], [])

    def add(self, kind: int, piece: str) -> None:
        """Note one piece; for `join`, two characters of either side of the place."""
        if piece:
            self.pieces[kind].append(piece)
            if len(self.pieces[kind]) >= _BATCH:
                self.flush()

    def flush(self) -> None:
        """Count the pieces noted."""
        for kind, pieces in enumerate(self.pieces):
            if pieces:
                buckets = _buckets(self.name, pieces)
                self.counts[kind] += np.bincount(buckets, minlength=ngrams.N_BUCKETS)
                pieces.clear()

    def weights(self) -> NDArray[np.int8]:
        """Log odds by bucket in steps of 1/SCALE, near zero where a bucket was hardly seen."""
        self.flush()
        totals = self.counts.sum(axis=1)
        share = totals / totals.sum()
        odds = (
            (self.counts[1] + _SMOOTHING * share[1])
            / (self.counts[0] + _SMOOTHING * share[0])
            * (totals[0] / totals[1])
        )
        return np.clip(np.round(np.log(odds) * ngrams.SCALE), -127, 127).astype(np.int8)


def _buckets(name: str, pieces: Sequence[str]) -> NDArray[np.int64]:
    codes = np.frombuffer("".join(pieces).encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = ngrams.fold(codes)
    lengths = np.array([len(piece) for piece in pieces])
    stops = np.cumsum(lengths)
    starts = stops - lengths
    if name == "join":
        return ngrams.hash_joints(codes, starts + 2).ravel()
    found = (
        [] if name in ("head", "sect") else [ngrams.hash_anchored(codes, starts, stops, at_end=name == "close").ravel()]
    )
    if name in ("open", "close", "head", "sect", "para"):
        owner_stop = np.repeat(stops, lengths)
        for order in (1, 2, 3):
            inside = np.arange(len(codes)) + order <= owner_stop
            found.append(ngrams.hash_ngrams(codes, order)[inside])
    return np.concatenate(found)


def squeeze(text: str) -> str:
    """The model's view of `text` without white space."""
    return "".join(model_view(text).split())


def _note(article: PoolArticle, notes: dict[str, Judgement], rng: random.Random) -> None:
    top, paragraphs = split_own_bylines(article.text.split("\n"))[1:]
    del top
    views = [view for view in map(squeeze, paragraphs) if view]
    if not views:
        return
    if rng.random() < 0.7:
        bare = OWN_DATELINE.sub("", views[0])
        views[0] = bare if len(bare) > 10 else views[0]
    n_bag = ngrams.N_BAG
    prose = [view for view in views if view[-1] in "。！？”…"]
    for n, view in enumerate(views):
        if view in prose:
            notes["open"].add(int(n == 0), view[:n_bag])
            notes["close"].add(int(n == len(views) - 1), view[-n_bag:])
            notes["para"].add(1, view[:n_bag])
            for sentence in view.split("。")[1:-1]:
                notes["para"].add(0, sentence[:n_bag])
        elif 0 < n < len(views) - 1 and 3 < len(view) < 26:
            notes["sect"].add(0, view)
    _note_inside("".join(prose), notes, rng)
    for line in article.title.split("\n"):
        notes["head"].add(1, squeeze(line)[:30])
        notes["sect"].add(1, squeeze(line)[:30])
        if prose:
            notes["join"].add(0, squeeze(line)[-2:] + prose[0][:2] if len(line) > 3 else "")


def _note_inside(text: str, notes: dict[str, Judgement], rng: random.Random) -> None:
    for _ in range(min(8, len(text) // 40)):
        at = rng.randrange(2, max(3, len(text) - 24))
        notes["start"].add(int(text[at - 1] in "。！？；"), text[at : at + 8])
        notes["head"].add(0, text[at : at + rng.randint(6, 24)])
        if text[at - 1] not in _SENTENCE_END:
            notes["join"].add(1, text[at - 2 : at + 2])
    for sentence in text.split("。")[1:6]:
        notes["start"].add(1, sentence[:8])


def fit_ngrams(articles: Iterable[PoolArticle], *, path: Path, seed: int) -> None:
    """Count `articles` and write the tables to `path`."""
    rng = random.Random(seed)
    notes = {name: Judgement(name) for name in ngrams.MODELS}
    documents = np.zeros(ngrams.N_BUCKETS)
    n_documents = 0
    for article in articles:
        _note(article, notes, rng)
        codes = np.frombuffer(squeeze(article.text).encode("utf-32-le", "surrogatepass"), np.uint32)
        documents[np.unique(ngrams.hash_ngrams(codes, 2))] += 1
        n_documents += 1
    rarity = np.clip(np.round(np.log((n_documents + 1) / (documents + 1)) * ngrams.SCALE), 0, 127).astype(np.int8)
    tables = {name: judgement.weights() for name, judgement in notes.items()}
    np.savez_compressed(path, rarity=rarity, **tables)
