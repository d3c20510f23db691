"""What is known of Chinese newspaper language: weights of hashed character n-grams, for scoring pieces of a page.

`ngrams.npz` holds one row of signed bytes per judgement (does this open an article? is it a headline?), counted over
real news by `benchmarks/fit_splitter.py`.  Input: code points; output: numpy arrays of scores.
"""

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Floats = NDArray[np.float32]

N_BUCKETS = 1 << 16
"""Rows of a table: a collision of two n-grams seen more than once is rarer than one in eight at this size."""
SCALE = 16.0
"""Steps of a weight to 1 nat."""
N_ANCHORED = 6
"""Longest prefix or suffix that is looked up as a whole: `据了解`, `本报北京1月`."""
N_BAG = 14
"""Characters at an end of a line that are looked up n-gram by n-gram."""
_SALTS = (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1, 0xD3A2646C, 0xFD7046C5)

MODELS = ("open", "para", "start", "close", "head", "sect", "join")
"""Judgements: opens an article (against later paragraphs), opens a paragraph (against sentences inside), opens a
sentence (against the middle of one), closes an article, is a headline (against body), is a headline (against a section
head), runs on over a line end."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Weights by model name, and how rare each pair of characters is."""

    weights: dict[str, Floats]
    rarity: Floats
    """Inverse document frequency of hashed bigrams in nats, float32 (N_BUCKETS,)."""


@cache
def load_tables() -> Tables:
    """The shipped tables, read once."""
    raw = files(__package__).joinpath("ngrams.npz").read_bytes()
    with np.load(io.BytesIO(raw), allow_pickle=False) as stored:
        weights = {name: stored[name].astype(np.float32) / SCALE for name in MODELS}
        return Tables(weights, stored["rarity"].astype(np.float32) / SCALE)


def fold(codes: Codes) -> Codes:
    """The codes with every ASCII digit as `0` and every ASCII letter as `a`: which number it is does not matter."""
    folded = codes.copy()
    folded[(codes >= 48) & (codes <= 57)] = 48
    folded[((codes | 32) >= 97) & ((codes | 32) <= 122)] = 97
    return folded


def hash_ngrams(codes: Codes, order: int) -> NDArray[np.int64]:
    """The bucket of the n-gram that begins at each position, zeros after the end; shape of `codes`."""
    padded = np.concatenate([codes, np.zeros(order, np.uint32)])
    mixed = np.full(len(codes), _SALTS[order] & 0xFFFFFFFF, np.uint32)
    for k in range(order):
        mixed = (mixed ^ padded[k : k + len(codes)]) * np.uint32(_SALTS[k % 6])
        mixed ^= mixed >> np.uint32(15)
    return (mixed % np.uint32(N_BUCKETS)).astype(np.int64)


def hash_anchored(
    codes: Codes, starts: NDArray[np.int64], stops: NDArray[np.int64], *, at_end: bool
) -> NDArray[np.int64]:
    """Buckets (n, N_ANCHORED) of the prefixes, or suffixes, of 1 to N_ANCHORED characters of each piece."""
    buckets = np.zeros((len(starts), N_ANCHORED), np.int64)
    mixed = np.full(len(starts), 0x51ED270B if at_end else 0x2545F491, np.uint32)
    last = max(len(codes) - 1, 0)
    for k in range(N_ANCHORED):
        places = stops - 1 - k if at_end else starts + k
        inside = (places >= starts) & (places < stops)
        mixed = (mixed ^ np.where(inside, codes[np.clip(places, 0, last)], 0)) * np.uint32(_SALTS[k % 6])
        mixed ^= mixed >> np.uint32(13)
        buckets[:, k] = mixed % np.uint32(N_BUCKETS)
    return buckets


def hash_joints(codes: Codes, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Buckets (n, 4) of what meets at each start: a|b, ab|c, b|cd and ab|cd, zeros beyond the ends of the text."""
    padded = np.concatenate([np.zeros(2, np.uint32), codes, np.zeros(2, np.uint32)])
    one, two, three, four = (padded[starts + k] for k in range(4))
    zero = np.zeros_like(one)
    buckets = np.zeros((len(starts), 4), np.int64)
    for column, parts in enumerate(
        ((two, three, zero, zero), (one, two, three, zero), (two, three, four, zero), (one, two, three, four))
    ):
        mixed = np.full(len(starts), 0x1B873593 + column, np.uint32)
        for k, part in enumerate(parts):
            mixed = (mixed ^ part) * np.uint32(_SALTS[k])
            mixed ^= mixed >> np.uint32(14)
        buckets[:, column] = mixed % np.uint32(N_BUCKETS)
    return buckets


def sum_ranges(
    values: NDArray[np.floating] | NDArray[np.bool_], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> Floats:
    """The sum of `values[start:stop]` for each range."""
    total = np.concatenate([np.zeros(1), np.cumsum(values, dtype=np.float64)])
    sums: Floats = (total[np.maximum(stops, starts)] - total[starts]).astype(np.float32)
    return sums
