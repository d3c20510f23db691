"""Paragraphs and headlines to printed lines: wrapping, indents, line-break rules, spaces and blank lines."""

import random
import re
from dataclasses import dataclass

from page_habits import Habits

_NO_START = "，。、；：？！”’）》】…%℃·"
_NO_END = "“‘（《【"
_SENTENCE_END = "。！？…”；：）)!?"
_TO_FULL = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """One printed line and what it is."""

    text: str
    role: str
    """A article's first line, P paragraph start, B continuation, H headline line, h its continuation, S section head,
    T subtitle behind its article, Y byline line, C caption start, F furniture."""
    owner: int
    """Index of its article; -1 = none."""


def print_paragraphs(
    paragraphs: list[str], rng: random.Random, habits: Habits, *, owner: int, bullets: bool
) -> list[PrintedLine]:
    """The lines of a body, in a column whose width may change on the way."""
    plan = _plan_widths(sum(map(len, paragraphs)), rng, habits)
    lines: list[PrintedLine] = []
    done = 0
    for n, paragraph in enumerate(paragraphs):
        is_head = 0 < n < len(paragraphs) - 1 and len(paragraph) < 26 and paragraph[-1] not in _SENTENCE_END
        mark = rng.choice("●▲■") if bullets and n and not is_head and rng.random() < 0.6 else ""
        text = _space(mark + paragraph, rng, habits)
        pieces = wrap(text, (plan, done), rng, habits, indent="" if is_head else habits.indent)
        for k, piece in enumerate(_break_lines(pieces, rng, habits)):
            role = "B" if k else "S" if is_head else "P" if n else "A"
            lines.append(PrintedLine(text=piece, role=role, owner=owner))
        done += len(paragraph)
    return lines


def _plan_widths(n_chars: int, rng: random.Random, habits: Habits) -> list[tuple[int, int]]:
    """(from which character, width): one width, or another from somewhere on, or narrow lines around a picture."""
    width = rng.randint(*habits.width)
    plan = [(0, width)]
    while rng.random() < habits.width_changes and len(plan) < 9:
        at = rng.randrange(n_chars)
        other = max(7, min(42, int(width * rng.choice((0.4, 0.5, 0.6, 0.75, 1.4, 2))) + rng.randint(-2, 2)))
        plan.append((at, other))
        if rng.random() < 0.6:
            plan.append((at + other * rng.randint(2, 12), width))
    return sorted(plan)


def _break_lines(pieces: list[str], rng: random.Random, habits: Habits) -> list[str]:
    """The lines as an extractor gives them that now and then takes one printed line for two."""
    broken: list[str] = []
    for piece in pieces:
        if rng.random() < habits.indent_noise:
            piece = " " * rng.randint(1, 2) + piece
        if len(piece) > 8 and rng.random() < habits.broken_lines:
            at = rng.randrange(2, len(piece) - 2)
            broken += [piece[:at], piece[at:]]
        else:
            broken.append(piece)
    return broken


def _space(text: str, rng: random.Random, habits: Habits) -> str:
    if habits.digit_spaces:
        text = re.sub(
            r"(?<=[一-鿿])(?=\d)|(?<=\d)(?=[一-鿿])", lambda _: " " if rng.random() < habits.digit_spaces else "", text
        )
    return text.translate(_TO_FULL) if habits.fullwidth_digits else text


def wrap(
    text: str, plan: tuple[list[tuple[int, int]], int], rng: random.Random, habits: Habits, *, indent: str
) -> list[str]:
    """`text` broken by the line-break rules; `plan`: widths by character of the article, and where `text` begins."""
    widths, count = plan
    lines: list[str] = []
    line = indent if indent != "narrow" else ""
    used = 2.0 if indent == "narrow" else sum(_columns(c, habits) for c in line)
    tokens = re.findall(r"[A-Za-z]+|[0-9.%]+|.", text) if habits.keep_numbers else list(text)
    for token in tokens:
        width = [columns for at, columns in widths if at <= count][-1] if len(widths) > 1 else widths[0][1]
        columns = sum(_columns(c, habits) for c in token)
        if used + columns > width and line.strip() and not (token[0] in _NO_START and habits.hang):
            carry = ""
            if (token[0] in _NO_START or line[-1] in _NO_END) and len(line.strip()) > 2:
                carry = line[-1]
                line = line[:-1]
            lines.append(line.rstrip() if rng.random() < 0.9 else line)
            line, used = carry, sum(_columns(c, habits) for c in carry)
        line += token
        used += columns
        count += len(token)
    lines.append(line)
    return lines


def _columns(char: str, habits: Habits) -> float:
    return habits.half_width if char.isascii() else 1.0


def print_headline(
    text: str, rng: random.Random, habits: Habits, *, owner: int, scramble: bool = False
) -> list[PrintedLine]:
    """A headline line, wrapped when it is longer than the page's headline columns; sometimes spaced or scrambled."""
    width = rng.randint(*habits.headline_width)
    if len(text) <= width + 3:
        pieces = [text]
    else:
        n_pieces = -(-len(text) // width)
        even = -(-len(text) // n_pieces)
        step = width if rng.random() < 0.5 else even
        pieces = [text[at : at + step] for at in range(0, len(text), step)]
        if len(pieces[-1]) < 2 and len(pieces) > 1:
            pieces[-2:] = [pieces[-2] + pieces[-1]]
    if rng.random() < habits.head_spaces:
        pieces = [_loosen(piece, rng, scramble=scramble) for piece in pieces]
    pieces = [piece.strip() for piece in pieces]
    return [PrintedLine(text=piece, role="h" if k else "H", owner=owner) for k, piece in enumerate(pieces) if piece]


def _loosen(piece: str, rng: random.Random, *, scramble: bool) -> str:
    kind = rng.random()
    if kind < 0.5 and len(piece) < 12 or not scramble:
        return rng.choice((" ", "　")).join(piece) if len(piece) < 12 else piece
    cuts = sorted(rng.sample(range(1, len(piece)), min(2, len(piece) - 1))) if len(piece) > 3 else []
    parts = [piece[a:b] for a, b in zip([0, *cuts], [*cuts, len(piece)], strict=True)]
    if kind > 0.75:
        rng.shuffle(parts)
    return " ".join(parts)


def blank_lines(lines: list[PrintedLine], rng: random.Random, habits: Habits) -> str:
    """The text of the page: the lines with the blank lines that this page's extractor leaves."""
    out: list[str] = []
    n_blank = rng.choice((1, 1, 1, 1, 2))
    for before, line in zip([None, *lines[:-1]], lines, strict=True):
        if before is not None:
            wanted = {
                "each": True,
                "none": False,
                "paragraph": line.role != "B" and line.role != "h",
                "article": line.owner != before.owner,
                "headline": line.role == "H" or before.role in "Hh",
            }[habits.blank]
            noise = rng.random()
            if noise < habits.blank_noise:
                wanted = not wanted if wanted or noise < habits.blank_noise / 4 else wanted
            out.extend([""] * (n_blank if wanted else 0))
        out.append(line.text)
    return "\n".join(out) + "\n"
