"""Tagged pages as a person reads them."""

import pytest

from chaoxun.archive.outcomes import STATES
from chaoxun.cli.printing import STATE_NAMES, article_lines, counts_line, failure_line, print_failures
from chaoxun.records import Article, Failure, Tag, TaggedArticle

NAMES = {"holiday_relief": "节日送温暖"}
TEXT = "区总工会走访慰问一线职工。大家说，心里很暖。"


def tagged(*tags, **article):
    return TaggedArticle(
        article=Article(**({"id": "a", "page_number": 1, "paragraphs": (TEXT,)} | article)), tags=tags, scores={}
    )


def plain(lines):
    import click

    return [click.unstyle(line) for line in lines]


def test_a_tag_shows_its_name_its_score_and_the_strongest_sentence():
    tag = Tag(article_id="a", label_id="holiday_relief", score=0.876, evidence=((0, 13), (13, 22)), origin="model:r")
    lines = plain(article_lines(tagged(tag, kicker="河柳区", headline="凉茶送到工地", byline="林小满"), names=NAMES))
    assert lines == ["  河柳区 凉茶送到工地  （林小满）", "      节日送温暖 0.88  区总工会走访慰问一线职工。"]


def test_a_lost_headline_shows_the_first_words_in_brackets():
    assert plain(article_lines(tagged(), names=NAMES)) == [f"  [{TEXT}…]", "      no label"]


def test_a_picture_is_called_one():
    assert plain(article_lines(tagged(kind="photo"), names=NAMES))[0].endswith("[picture]")


def test_a_failure_is_one_line_with_reason_and_advice():
    failure = Failure(source="in/\x1b[1m.txt", sha256="", stage="decode", reason="EMPTY", message="holds no text")
    line = failure_line(failure)
    assert line.startswith("in/\ufffd[1m.txt: EMPTY, holds no text.  ") and line.endswith(".")


def test_many_failures_of_one_kind_do_not_bury_another(capsys):
    many = [Failure(source=f"{n}.md", sha256="", stage="read", reason="UNKNOWN_FORMAT", message="?") for n in range(50)]
    other = Failure(source="z.txt", sha256="", stage="decode", reason="EMPTY", message="holds no text")
    print_failures([*many, other])
    err = capsys.readouterr().err
    assert "z.txt: EMPTY" in err and "47 more with reason UNKNOWN_FORMAT" in err and len(err.splitlines()) == 5


@pytest.mark.parametrize(("states", "line"), [
    ({"done": 10, "unsupported": 1}, "11 files = 10 done + 1 unsupported"),
    ({"done": 1}, "1 file = 1 done"),
    ({}, "0 files"),
])  # fmt: skip
def test_the_counts_are_an_equation(states, line):
    assert counts_line(states) == line


def test_every_state_has_a_name():
    assert set(STATE_NAMES) == set(STATES)
