"""A page as arrays: its printed lines without blanks, their characters in a row, and which words come back where.

`Page -> Stream`.  Everything that splitting measures on a page is computed from this in a few numpy calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from chaoxun.cleaning.characters import model_view
from chaoxun.records import Line, Page
from chaoxun.segmenting import ngrams

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_MAX_LINE = 2_000
"""Characters of a line that are looked at, half of them from either end: printed lines have under 100, and one line
of megabytes must cost no more memory than a page."""
_REACHES = (150, 500, 1500)
"""Characters that a word may be away to tie two places together: a paragraph, a short article, a long one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """A line that is not blank."""

    line: Line
    view: str
    """The model's view of it, without white space at its ends."""
    indent: int
    """Columns of white space in front, a full-width space counting two."""
    blanks: int
    """Blank lines before it."""

    @property
    def span(self) -> tuple[int, int]:
        """Where its characters stand in the text of the page, white space at its ends left out."""
        text = self.line.text
        start = self.line.start + len(text) - len(text.lstrip())
        return start, self.line.start + len(text.rstrip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The characters of all printed lines, white space left out."""

    lines: tuple[PrintedLine, ...]
    codes: NDArray[np.uint32]
    starts: Ints
    """Of each line in `codes`."""
    stops: Ints
    pairs: Ints
    """The bucket of the pair of characters that begins at each place."""
    rarity: Floats
    """How rare the pair of characters that begins at each place is, in nats."""
    earlier: Ints
    """Distance to the last place with the same pair; a huge number if there is none."""
    later: Ints

    def chains(self, reach: int, *, least: float = 0.0) -> Floats:
        """For each line, the rarity of all pairs that stand both before its start and after it, within `reach`.

        least: pairs less rare than this, in nats, are left out.
        """
        tied = np.flatnonzero((self.later <= reach) & (self.rarity >= least))
        size = len(self.codes) + 2
        steps = np.bincount(tied + 1, self.rarity[tied], size)
        steps -= np.bincount(tied + self.later[tied] + 1, self.rarity[tied], size)
        return np.cumsum(steps)[self.starts].astype(np.float32)

    def all_chains(self) -> list[Floats]:
        """The chains of every reach."""
        return [*(self.chains(reach) for reach in _REACHES), self.chains(_REACHES[-1], least=_RARE)]


def printed_lines(page: Page) -> tuple[PrintedLine, ...]:
    """The lines of a page that are not blank."""
    found: list[PrintedLine] = []
    blanks = at = 0
    whole = _view_quickly("\n".join(line.text for line in page.lines))
    for line in page.lines:
        view = whole[at : at + len(line.text)]
        at += len(line.text) + 1
        bare = view.strip()
        if not bare:
            blanks += 1
            continue
        n_lead = len(view) - len(view.lstrip())
        indent = n_lead + line.text.count("\u3000", 0, n_lead) if n_lead else 0
        found.append(PrintedLine(line=line, view=bare, indent=indent, blanks=blanks))
        blanks = 0
    return tuple(found)


@cache
def _view_table() -> NDArray[np.uint32]:
    plane = "".join(map(chr, range(0x10000)))
    return np.frombuffer(model_view(plane).encode("utf-32-le", "surrogatepass"), np.uint32)


def _view_quickly(text: str) -> str:
    """`model_view(text)` by one look-up over the code points: ten times as fast on a page."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    viewed = np.where(codes < 0x10000, _view_table()[np.minimum(codes, 0xFFFF)], codes)
    return viewed.astype(np.uint32).tobytes().decode("utf-32-le", "surrogatepass")


def _clip(view: str) -> str:
    if not view.isprintable() or " " in view:
        view = "".join(view.split())
    if len(view) > _MAX_LINE:
        view = view[: _MAX_LINE // 2] + view[-_MAX_LINE // 2 :]
    return view


def build_stream(lines: Sequence[PrintedLine]) -> Stream:
    """The stream of printed lines; each has at least one character in it."""
    pieces = [_clip(line.view) for line in lines]
    codes = np.frombuffer("".join(pieces).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.array([len(piece) for piece in pieces], np.int64)
    stops = np.cumsum(lengths)
    pairs = ngrams.hash_ngrams(codes, 2)
    rarity = np.maximum(ngrams.load_tables().rarity[pairs] - _COMMON, 0.0).astype(np.float32)
    earlier, later = _repeats(codes)
    return Stream(
        lines=tuple(lines), codes=codes, starts=stops - lengths, stops=stops,
        pairs=pairs, rarity=rarity, earlier=earlier, later=later,
    )  # fmt: skip


_COMMON = 2.5
"""Nats: pairs in more than one article of twelve (工作, 的人) tie nothing to anything."""
_RARE = 3.0
"""Nats above common: names of people and places, of firms and products."""
_NEVER = np.int64(1 << 40)


def _repeats(codes: NDArray[np.uint32]) -> tuple[Ints, Ints]:
    following = np.append(codes[1:], 0).astype(np.uint64)
    order = np.argsort((codes.astype(np.uint64) << np.uint64(32)) | following, kind="stable")
    keys = ((codes.astype(np.uint64) << np.uint64(32)) | following)[order]
    same = keys[1:] == keys[:-1]
    gaps = np.where(same, order[1:] - order[:-1], _NEVER)
    earlier = np.full(len(codes), _NEVER)
    later = np.full(len(codes), _NEVER)
    earlier[order[1:]] = gaps
    later[order[:-1]] = gaps
    return earlier, later
