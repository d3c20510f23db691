from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from chaoxun.learning.curves import draw_curve
from chaoxun.learning.fitting import CurvePoint

SVG = "{http://www.w3.org/2000/svg}"
POINTS = [
    CurvePoint(step=20, epoch=1, loss=0.6, macro_f1=None),
    CurvePoint(step=40, epoch=1, loss=0.3, macro_f1=None),
    CurvePoint(step=40, epoch=1, loss=0.45, macro_f1=0.5),
    CurvePoint(step=80, epoch=2, loss=0.1, macro_f1=0.9),
]


def coordinates(line):
    return [tuple(map(float, point.split(","))) for point in line.get("points").split()]


def test_the_loss_falls_and_the_f1_rises_as_in_the_figures():
    loss, f1 = ElementTree.fromstring(draw_curve(POINTS, title="r & d")).iter(f"{SVG}polyline")
    (_, first), (_, second) = coordinates(loss)
    assert second > first  # y grows downwards
    (_, first), (_, second) = coordinates(f1)
    assert second < first
    assert len(list(ElementTree.fromstring(draw_curve(POINTS, title="")).iter(f"{SVG}circle"))) == 2


@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(0, 1e6), st.none() | st.floats(0, 1)), max_size=20))
def test_whatever_happened_the_picture_stays_within_its_frame(raw):
    points = [CurvePoint(step=step, epoch=1, loss=loss, macro_f1=f1) for step, loss, f1 in raw]
    root = ElementTree.fromstring(draw_curve(points, title="<&>"))
    for line in root.iter(f"{SVG}polyline"):
        assert all(0 <= x <= 640 and 0 <= y <= 320 for x, y in (coordinates(line) if line.get("points") else []))
