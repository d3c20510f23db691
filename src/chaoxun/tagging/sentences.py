"""A text to its sentences, as ranges: where windows may be cut, and the unit of evidence."""

import re

from chaoxun.records import Span

# A sentence ends with 。！？!?… or ； and takes closing quotes and brackets along; every line break ends one too.
_END = re.compile(r"(?:[。！？!?；…]+[”’」』）)》]*|\n+)")
# Longer ones (lists, laws) are cut again at commas so that one sentence never fills a window alone.  120 is about
# the 99th percentile of sentence lengths in union news.
_MAX_CHARACTERS = 120
_COMMA = re.compile(r"[，,、：:]")


def split_sentences(text: str) -> tuple[Span, ...]:
    r"""The ranges of the sentences of `text`, ascending, white space at their ends left out, none empty.

    No sentence is longer than 120 characters unless it has no comma to be cut at, then it is cut anyway at 120.

    Example: "开班了。他说：“好！”\n完" -> ((0, 4), (4, 11), (12, 13))
    """
    spans: list[Span] = []
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        spans.extend(_bounded(text, start, end))
        start = end
    return tuple(span for span in spans if span[0] < span[1])


def _bounded(text: str, start: int, stop: int) -> list[Span]:
    pieces: list[Span] = []
    while stop - start > _MAX_CHARACTERS:
        commas = [match.end() for match in _COMMA.finditer(text, start, start + _MAX_CHARACTERS)]
        # A cut in the first half would leave crumbs: then the hard limit is the better place.
        cut = commas[-1] if commas and commas[-1] - start > _MAX_CHARACTERS // 2 else start + _MAX_CHARACTERS
        pieces.append(_stripped(text, start, cut))
        start = cut
    return [*pieces, _stripped(text, start, stop)]


def _stripped(text: str, start: int, stop: int) -> Span:
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return start, stop
