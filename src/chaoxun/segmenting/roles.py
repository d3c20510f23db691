"""What each printed line is: a small network scores the cues of a line and its neighbours, a Viterbi pass agrees on one.

`Stream -> (role string, log probabilities)`.  The weights stand in `roles.npz`, fitted by `benchmarks/fit_splitter.py`
on composed pages; whatever scores lines by `ROLES` can take their place.
"""

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from chaoxun.segmenting import patterns
from chaoxun.segmenting.cues import measure_cues
from chaoxun.segmenting.stream import Floats, Stream

ROLES = "APBHhSTYCF"
"""A: first line of an article's body.  P: opens a further paragraph.  B: runs on.  H: a headline line.  h: runs on from
a headline line.  S: section head inside an article.  T: subtitle printed behind its article.  Y: byline on a line of
its own.  C: opens a caption.  F: furniture."""
CONTEXT = 4
"""Lines to either side that the network sees: a wrapped headline and the line beyond it."""
TRANSITION_WEIGHT = 0.4
"""How much the usual order of roles counts against the network, which has seen the neighbours already.  Of 0.3, 0.45, 0.6
and 0.8 the lower two joined more lines rightly, the higher two found more boundaries on unseen habits (pages.py)."""


@dataclass(frozen=True, slots=True)
class Network:
    """Two layers over the cues of 2 * CONTEXT + 1 lines, and the log odds of one role after another."""

    mean: Floats
    scale: Floats
    layers: tuple[tuple[Floats, Floats], ...]
    transitions: Floats
    """(3, n_roles + 1, n_roles): log of how much likelier a role is after another than anywhere, first index by
    `find_ends` of the line before; last row: at the start."""


@cache
def load_network() -> Network:
    """The shipped network, read once."""
    raw = files(__package__).joinpath("roles.npz").read_bytes()
    with np.load(io.BytesIO(raw), allow_pickle=False) as stored:
        parts = {name: stored[name].astype(np.float32) for name in stored.files}
    n_layers = sum(name.startswith("weight") for name in parts)
    layers = tuple((parts[f"weight{n}"], parts[f"bias{n}"]) for n in range(n_layers))
    return Network(parts["mean"], parts["scale"], layers, parts["transitions"])


def window_cues(cues: Floats) -> Floats:
    """Each line's cues beside those of its neighbours, zeros beyond the page; (n, (2 * CONTEXT + 1) * n_cues)."""
    padded = np.pad(cues, ((CONTEXT, CONTEXT), (0, 0)))
    n = len(cues)
    return np.concatenate([padded[k : k + n] for k in range(2 * CONTEXT + 1)], axis=1)


def score_roles(stream: Stream) -> Floats:
    """Log probabilities (n_lines, n_roles)."""
    network = load_network()
    cues = (measure_cues(stream) - network.mean) * network.scale
    scores = np.concatenate([_score_rows(window, network) for window in _chunks(cues)])
    goes_on = ["。" in line.view[:-1] for line in stream.lines]
    scores[np.ix_(goes_on, [role in "SHhT" for role in ROLES])] -= _NO_HEAD
    is_inside = [False, *(_leaves_open(line.view) for line in stream.lines[:-1])]
    scores[np.ix_(is_inside, [role not in "Bh" for role in ROLES])] -= _NO_BREAK
    return scores


def _leaves_open(view: str) -> bool:
    tail = view[-patterns.REACH :]
    return tail.rfind("（") > max(tail.rfind("）"), tail.rfind(")"))


def find_ends(stream: Stream) -> NDArray[np.intp]:
    """(n_lines,) how each line ends: 0 in the middle of a sentence, 1 where one may end, 2 with a byline or credit."""
    return np.array([_find_end(line.view) for line in stream.lines], dtype=np.intp)


def _find_end(view: str) -> int:
    tail = patterns.tail_of(view)
    is_signed = patterns.CREDIT_TAIL.search(tail) or (tail[-1] in "）)" and patterns.BYLINE_TAIL.search(tail))
    return 2 if is_signed else int(view[-1] in _SENTENCE_ENDS)


_SENTENCE_ENDS = frozenset("。！？…”’）)：；!?;:")
_NO_HEAD = 6.0
"""Nats against a head that goes on behind a full stop.  Composed pages have no paragraphs that open with a head of their
own (`建好职工书屋。命名…`), so the network does not know that these are no section heads."""
_NO_BREAK = 4.0
"""Nats against anything new behind a bracket that the line before left open: `（云|岭镇总工会 供稿）`."""
_BEHIND = 9.0
"""Nats: more than the usual order of roles can make good."""
_ROWS = 4096
"""Lines scored at once, so that a book of a page costs no more memory than a page."""


def _chunks(cues: Floats) -> list[Floats]:
    padded = np.pad(cues, ((CONTEXT, CONTEXT), (0, 0)))
    pieces = range(0, len(cues), _ROWS)
    return [window_cues(padded[at : at + _ROWS + 2 * CONTEXT])[CONTEXT:-CONTEXT] for at in pieces]


def _score_rows(rows: Floats, network: Network) -> Floats:
    for n, (weight, bias) in enumerate(network.layers):
        rows = rows @ weight + bias
        if n < len(network.layers) - 1:
            rows = np.maximum(rows, 0.0)
    rows = rows - rows.max(axis=1, keepdims=True)
    scores: Floats = rows - np.log(np.exp(rows).sum(axis=1, keepdims=True))
    return scores


def decide_roles(scores: NDArray[np.float32], *, ends: NDArray[np.intp]) -> str:
    """The likeliest sequence of roles, one letter a line (Viterbi, roles far behind the best of a line left out).

    ends: (n_lines,) of `find_ends`: a new paragraph hardly ever follows an open end, and behind a byline begins an article.
    """
    steps = (load_network().transitions * TRANSITION_WEIGHT).tolist()
    best: list[tuple[float, int]] = [(0.0, len(ROLES))]
    links: list[dict[int, int]] = []
    for row, end in zip(scores.tolist(), [1, *ends[:-1].tolist()], strict=True):
        floor = max(row) - _BEHIND
        step = steps[end]
        grown: list[tuple[float, int]] = []
        link: dict[int, int] = {}
        for role, score in enumerate(row):
            if score >= floor:
                total, link[role] = max((before + step[last][role], last) for before, last in best)
                grown.append((total + score, role))
        links.append(link)
        best = grown
    at = max(best)[1]
    found = []
    for link in reversed(links):
        found.append(ROLES[at])
        at = link[at]
    return "".join(reversed(found))
