"""The evidence on each printed line: `Stream -> (n_lines, n_cues)` float32, about -4 to 4 each.

Three groups: the shape of lines (widths, blanks, indents, characters at their ends), patterns (datelines, bylines,
captions), and language (how articles open and close, which words come back on the other side of a line).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from chaoxun.segmenting import ngrams, patterns
from chaoxun.segmenting.stream import Floats, PrintedLine, Stream

_STARTS = ("“‘《【（(", "0123456789", "-—", "●▲■◆□△○★☆◎▼·", "，。、；：？！”’）》】…")
_ENDS = ("。", "！？…", "”’", "）)", "，、", "；：", "0123456789", "—-")
_COUNTED = (
    "。",
    "，",
    "、",
    "：",
    "“‘《【（(",
    "”’》】）)",
    "0123456789",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
)
_WIDE_WINDOW = 6
"""Lines to either side that tell how wide a column is: a column set around a picture is narrow for about ten."""
_CREDIT_ENDS = frozenset("摄道影供图片照文）)")


def measure_cues(stream: Stream) -> Floats:
    """All cues of all lines."""
    columns = [
        *_shape_cues(stream),
        *_mark_cues(stream),
        *_pattern_cues(stream),
        *_language_cues(stream),
        *_word_cues(stream),
    ]
    return np.clip(np.column_stack(columns), -6.0, 6.0).astype(np.float32)


def _shape_cues(stream: Stream) -> list[NDArray[np.floating]]:
    lengths = np.minimum(stream.stops - stream.starts, 400).astype(np.float32)
    spaces = np.array([min(line.view.count(" ", 0, 200), 30) for line in stream.lines], np.float32)
    narrow = ngrams.sum_ranges((stream.codes < 0x2E80) & ~_is_any(stream.codes, "“”‘’…—·"), stream.starts, stream.stops)
    widths = np.clip(lengths - narrow / 2 + spaces / 2, 0.5, 400)
    blanks = np.minimum([line.blanks for line in stream.lines], 4).astype(np.float32)
    indents = np.minimum([line.indent for line in stream.lines], 8).astype(np.float32)
    n = len(widths)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(widths, _WIDE_WINDOW, mode="edge"), 2 * _WIDE_WINDOW + 1)
    before, after = around[:, :_WIDE_WINDOW], around[:, _WIDE_WINDOW + 1 :]
    place = np.arange(n, dtype=np.float32)
    tops = [before[:, -2:].max(axis=1), after[:, :2].max(axis=1), before.max(axis=1), after.max(axis=1)]
    ratios = [np.log(widths / top) for top in (*tops, np.median(around, axis=1), np.full(n, np.median(widths)))]
    neighbours = (before[:, -1], after[:, 0])
    steps = [np.clip(widths - other, -4, 4) / 2 for other in (*neighbours, *tops[:2])]
    flat = [np.abs(widths - other) < 0.6 for other in neighbours]
    medians = [np.log(np.median(after, axis=1) / np.median(before, axis=1)), np.log(lengths / np.median(lengths))]
    usual = np.median(blanks)
    gaps = [blanks == 0, blanks == 1, blanks > 1, blanks > usual, blanks < usual]
    ends = [place / max(n - 1, 1), np.exp(-place / 3), np.exp((place - n + 1) / 3), np.exp((place - n + 1) / 12)]
    return [
        widths / 20,
        *ratios,
        *steps,
        *flat,
        *medians,
        *gaps,
        *ends,
        indents / 2,
        indents > 0,
        widths < 9,
        widths > 60,
        spaces / 4,
    ]


def _is_any(codes: NDArray[np.uint32], characters: str) -> NDArray[np.bool_]:
    return _membership(characters)[np.minimum(codes, 0xFFFF)]


@cache
def _membership(characters: str) -> NDArray[np.bool_]:
    table = np.zeros(0x10000, np.bool_)
    table[[ord(character) for character in characters]] = True
    return table


def _mark_cues(stream: Stream) -> list[NDArray[np.floating]]:
    first, last = stream.codes[stream.starts], stream.codes[stream.stops - 1]
    counts = [ngrams.sum_ranges(_is_any(stream.codes, group), stream.starts, stream.stops) for group in _COUNTED]
    sizes = (stream.stops - stream.starts).astype(np.float32)
    opened = counts[4] - counts[5]
    shares = [count / sizes * 4 for count in counts[6:]]
    marks = [*(_is_any(first, group) for group in _STARTS), *(_is_any(last, group) for group in _ENDS)]
    return [*marks, *(np.minimum(count, 3) for count in counts[:4]), opened, *shares]


def _pattern_cues(stream: Stream) -> list[NDArray[np.floating]]:
    matches = np.array([_match_patterns(line) for line in stream.lines], np.float32)
    # How often a page shows datelines, bylines, credits, captions and furniture tells what their absence means.
    shares = np.minimum(matches[:, :6].mean(axis=0) * 20, 3.0)
    return [*matches.T, *np.broadcast_to(shares, (len(matches), 6)).T]


_DATELINE_MARKS = ("讯", "电", "消息", "报道", "记者", "通讯员")
_NUMBER_STARTS = frozenset("（(一二三四五六七八九十第0123456789●▲■◆△○★☆①②③④⑤⑥⑦⑧⑨⑩")
_DASHES = frozenset("-—―")


def _match_patterns(line: PrintedLine) -> list[bool]:
    view = line.view
    head, tail = patterns.head_of(view), patterns.tail_of(view)
    first, last = view[0], view[-1]
    is_short = len(view) <= patterns.REACH
    is_label = is_short and "，" not in view and "。" not in view
    has_reporter = "记者" in head or "通讯员" in head
    return [
        any(mark in head for mark in _DATELINE_MARKS) and patterns.DATELINE.match(head) is not None,
        is_short and (is_label or last in "）)") and patterns.BYLINE_LINE.match(view) is not None,
        last in "）)" and patterns.BYLINE_TAIL.search(tail) is not None,
        last in _CREDIT_ENDS and patterns.CREDIT_TAIL.search(tail) is not None,
        "图" in head[:4] and patterns.CAPTION_START.match(head) is not None,
        is_label and patterns.FURNITURE.search(view) is not None,
        patterns.TIME_START.match(head) is not None,
        first in _NUMBER_STARTS and patterns.NUMBER_START.match(head) is not None,
        is_label and patterns.ORGANISATION_END.search(tail) is not None,
        first in _DASHES and patterns.DASH_START.match(head) is not None,
        has_reporter,
        "摄" in tail,
        "讯" in head[:14] or "电" in head[:14],
    ]


def _language_cues(stream: Stream) -> list[NDArray[np.floating]]:
    tables = ngrams.load_tables().weights
    codes = ngrams.fold(stream.codes)
    starts, stops = stream.starts, stream.stops
    prefixes = ngrams.hash_anchored(codes, starts, stops, at_end=False)
    suffixes = ngrams.hash_anchored(codes, starts, stops, at_end=True)
    grams = [ngrams.hash_ngrams(codes, order) for order in (1, 2, 3)]
    lengths = (stops - starts).astype(np.float32)

    def bag(name: str, low: NDArray[np.int64], high: NDArray[np.int64]) -> Floats:
        table = tables[name]
        return ngrams.sum_ranges(table[grams[0]] + table[grams[1]] + table[grams[2]], low, high)

    reach = np.minimum(stops, starts + ngrams.N_BAG)
    back = np.maximum(starts, stops - ngrams.N_BAG)
    found: list[NDArray[np.floating]] = []
    for name, anchored in (("open", prefixes), ("para", prefixes), ("start", prefixes)):
        found.append(tables[name][anchored].sum(axis=1) / 6)
        if name != "start":
            found.append(bag(name, starts, reach) / 6)
    found += [tables["close"][suffixes].sum(axis=1) / 6, bag("close", back, stops) / 6]
    for name in ("head", "sect"):
        total = bag(name, starts, np.minimum(stops, starts + 40))
        found += [total / 20, total / np.minimum(lengths, 40) / 2]
    joints = tables["join"][ngrams.hash_joints(codes, starts)]
    return [*found, *(joints.T / 2), joints.sum(axis=1) / 4]


def _word_cues(stream: Stream) -> list[NDArray[np.floating]]:
    cues: list[NDArray[np.floating]] = []
    for chain in stream.all_chains():
        usual = max(float(np.mean(chain)), 1e-3)
        padded = np.pad(chain, 5, mode="edge")
        around = np.lib.stride_tricks.sliding_window_view(padded, 11)
        before, after = around[:, :5].max(axis=1), around[:, 6:].max(axis=1)
        around_it = (np.minimum(before, after), before, after)
        cues += [chain / usual, *(np.log((chain + 1) / (other + 1)) for other in around_it)]
    end = len(stream.codes)
    fresh = np.where(stream.earlier > 1500, stream.rarity, 0.0)
    returning = np.where((stream.earlier > 1500) & (stream.later <= 600), stream.rarity, 0.0)
    last = np.where((stream.later > 1500) & (stream.earlier <= 600), stream.rarity, 0.0)
    share = max(float(stream.rarity.mean()), 1e-3)
    ahead = ((fresh, 0, 30), (fresh, 0, 100), (returning, 0, 30), (returning, 0, 100))
    for values, low, high in (*ahead, (last, -80, 0), (fresh, -80, 0), (last, 0, 80)):
        begin = np.clip(stream.starts + low, 0, end)
        stop = np.clip(stream.starts + high, 0, end)
        cues.append(ngrams.sum_ranges(values.astype(np.float32), begin, stop) / (share * (high - low)) * 2)
    for distance in (stream.later, stream.earlier):
        for limit in (400, 1 << 30):
            tied = np.where(distance <= limit, stream.rarity, 0.0).astype(np.float32)
            own = ngrams.sum_ranges(stream.rarity, stream.starts, stream.stops) + 1.0
            cues.append(ngrams.sum_ranges(tied, stream.starts, stream.stops) / own * 3)
    return cues
