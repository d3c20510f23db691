"""Lines and their roles to drafts of articles: which lines make its paragraphs, captions and byline; headlines apart.

`(lines, roles) -> Drafts`.  Line numbers throughout; `headlines` gives the headline groups to drafts afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from chaoxun.segmenting import patterns
from chaoxun.segmenting.roles import ROLES
from chaoxun.segmenting.stream import Floats, PrintedLine


@dataclass(slots=True, kw_only=True)
class Draft:
    """One article in the making; every value is a list of line numbers."""

    first: int
    """Its first body line."""
    paragraphs: list[list[int]] = field(default_factory=list)
    captions: list[list[int]] = field(default_factory=list)
    bylines: list[int] = field(default_factory=list)
    subtitles: list[int] = field(default_factory=list)
    """Lines of a subtitle printed behind the body."""
    last: int = 0
    """Its last line."""


@dataclass(slots=True, kw_only=True)
class Heading:
    """One printed line of a headline."""

    line: int
    runs_on: float = 0.0
    """Log odds that it runs on from the line above."""
    follows: bool = False
    """Whether the line above is a heading too."""
    run: int
    """Number of the run of headings that stand together."""
    owner_before: int = -1
    """The draft that ends directly above its run; -1 = none."""
    owner_after: int = -1
    """The draft that begins directly below its run; -1 = none."""


@dataclass(slots=True, kw_only=True)
class Drafts:
    """All that stands on a page."""

    articles: list[Draft] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    furniture: list[int] = field(default_factory=list)


class _Builder:
    """Takes the lines of a page one by one."""

    def __init__(self, lines: Sequence[PrintedLine], roles: str, scores: Floats) -> None:
        self.lines, self.roles = lines, roles
        self.odds = np.clip(scores[:, ROLES.index("h")] - scores[:, ROLES.index("H")], -5.0, 5.0)
        self.drafts = Drafts()
        self.n_runs = 0
        self.top_bylines: list[int] = []
        self.in_caption = False
        self.in_subtitle = False
        self.last_was_heading = False

    def take(self, n: int) -> None:
        """Put line `n` where its role says."""
        role = self.roles[n]
        if role == "h":
            role = "T" if self.in_subtitle else "H"
        if role in "ST" and not self.drafts.articles:
            role = "H"
        if role == "A" or (role in "PBSC" and not self.drafts.articles):
            self._open_article(n)
        elif role == "H":
            self._add_heading(n)
        elif role == "F":
            self.drafts.furniture.append(n)
        elif role == "Y":
            self._add_byline(n)
        else:
            self._add_body(n, role)
        self.last_was_heading = role == "H"
        self.in_subtitle = role == "T"

    def _open_article(self, n: int) -> None:
        self.drafts.articles.append(Draft(first=n, paragraphs=[[n]], bylines=self.top_bylines, last=n))
        number = len(self.drafts.articles) - 1
        if self.drafts.headings and not self._stands_between(self.drafts.headings[-1].line, n):
            for heading in self.drafts.headings:
                if heading.run == self.n_runs:
                    heading.owner_after = number
        self.top_bylines = []
        self.in_caption = False

    def _stands_between(self, low: int, high: int) -> bool:
        return any(self.roles[k] not in "YFhHC" for k in range(low + 1, high))

    def _add_heading(self, n: int) -> None:
        follows = self.last_was_heading
        self.n_runs += not follows
        above = len(self.drafts.articles) - 1
        self.drafts.headings.append(
            Heading(line=n, run=self.n_runs, owner_before=above, follows=follows, runs_on=float(self.odds[n]))
        )

    def _add_byline(self, n: int) -> None:
        following = self.roles[n + 1 :].lstrip("YF")[:1]
        if not self.drafts.articles or following == "A":
            is_above = not self.drafts.articles or (
                n > 0 and self.roles[n - 1] in "HhY" and self.roles[:n].rstrip("Y")[-1:] in ("H", "h")
            )
            if is_above and following:
                self.top_bylines.append(n)
                return
        if self.drafts.articles:
            self.drafts.articles[-1].bylines.append(n)
            self.drafts.articles[-1].last = n
        else:
            self.drafts.furniture.append(n)

    def _add_body(self, n: int, role: str) -> None:
        draft = self.drafts.articles[-1]
        draft.last = n
        if role == "T":
            draft.subtitles.append(n)
        elif role == "C":
            draft.captions.append([n])
            self.in_caption = not self._ends_caption(n)
        elif role == "B" and self.in_caption:
            draft.captions[-1].append(n)
            self.in_caption = not self._ends_caption(n)
        elif role == "B":
            draft.paragraphs[-1].append(n)
        else:
            draft.paragraphs.append([n])
            self.in_caption = False

    def _ends_caption(self, n: int) -> bool:
        tail = patterns.tail_of(self.lines[n].view)
        return bool(tail.endswith(("。", "！", "？")) or patterns.CREDIT_TAIL.search(tail))


def draft_articles(lines: Sequence[PrintedLine], roles: str, *, scores: Floats) -> Drafts:
    """The drafts of a page; every line number stands in exactly one place.

    scores: (n_lines, n_roles) log probabilities.
    """
    builder = _Builder(lines, roles, scores)
    for n in range(len(lines)):
        builder.take(n)
    if builder.top_bylines:
        builder.drafts.furniture.extend(builder.top_bylines)
    return builder.drafts
