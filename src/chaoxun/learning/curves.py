"""The course of a training to a picture: loss and development F1 over the steps, as an SVG that any browser opens."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from chaoxun.learning.fitting import CurvePoint

_WIDTH, _HEIGHT, _MARGIN = 640, 320, 48
_LOSS, _F1, _INK = "#b4532a", "#1f6f78", "#444"


def draw_curve(points: Sequence[CurvePoint], *, title: str) -> str:
    """An SVG document with the loss (left axis, from 0) and macro-F1 (right axis, 0 to 1) over training steps.

    Without points, a picture with empty axes.
    """
    last = max((point.step for point in points), default=1) or 1
    highest = max((point.loss for point in points), default=1.0) or 1.0
    losses = [(point.step / last, point.loss / highest) for point in points if point.macro_f1 is None]
    f1s = [(point.step / last, point.macro_f1) for point in points if point.macro_f1 is not None]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        _text(_WIDTH / 2, 20, title, anchor="middle"),
        f'<path d="M{_MARGIN} {_MARGIN}V{_HEIGHT - _MARGIN}H{_WIDTH - _MARGIN}V{_MARGIN}" fill="none" stroke="{_INK}"/>',
        _line(losses, colour=_LOSS),
        _line(f1s, colour=_F1),
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_F1}"/>' for x, y in map(_place, f1s)),
        _text(_MARGIN - 6, _MARGIN + 4, f"{highest:.2f}", anchor="end", colour=_LOSS),
        _text(_MARGIN - 6, _HEIGHT - _MARGIN, "0", anchor="end", colour=_LOSS),
        _text(_WIDTH - _MARGIN + 6, _MARGIN + 4, "1", colour=_F1),
        _text(_WIDTH - _MARGIN + 6, _HEIGHT - _MARGIN, "0", colour=_F1),
        _text(_MARGIN, _HEIGHT - 16, "loss 损失", colour=_LOSS),
        _text(_WIDTH - _MARGIN, _HEIGHT - 16, "macro-F1, development 开发集", anchor="end", colour=_F1),
        _text(_WIDTH / 2, _HEIGHT - 16, f"{last} steps 步", anchor="middle"),
        "</svg>", "",
    ])  # fmt: skip


def _place(point: tuple[float, float]) -> tuple[float, float]:
    """Pixels of a point given in shares of the axes."""
    x, y = point
    return _MARGIN + x * (_WIDTH - 2 * _MARGIN), _HEIGHT - _MARGIN - y * (_HEIGHT - 2 * _MARGIN)


def _line(points: Sequence[tuple[float, float]], *, colour: str) -> str:
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(_place, points))
    return f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = _INK) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
