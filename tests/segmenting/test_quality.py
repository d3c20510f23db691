"""A gate on the sample issues: whoever changes a constant of the splitter sees here whether pages got worse.

The floors lie a little under what `python benchmarks/pages.py --examples examples` printed when they were set.
"""

from pathlib import Path

import pytest

from chaoxun.segmenting.articles import split_page
from pages import measure, read_truth, split_naively

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def truth():
    return read_truth(EXAMPLES)


@pytest.fixture(scope="module")
def tally(truth):
    return measure(split_page, truth)


def boundary_f1(tally):
    return 2 * tally.n_matched / (tally.n_true + tally.n_found)


def test_articles_are_found_whole(tally, truth):
    assert boundary_f1(tally) >= 0.88
    assert boundary_f1(tally) > boundary_f1(measure(split_naively, truth)) + 0.3


def test_headlines_are_with_their_articles(tally):
    assert tally.n_headed / tally.n_matched >= 0.66
    assert tally.n_printed_right / tally.n_printed >= 0.64


def test_lines_are_joined_to_the_right_paragraphs(tally):
    assert tally.n_joins >= 400
    assert tally.n_joins_right / tally.n_joins >= 0.975
