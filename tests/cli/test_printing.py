"""Tagged pages as a person reads them."""

import dataclasses

import pytest

from chaoxun.archive.outcomes import STATES
from chaoxun.cli.printing import STATE_NAMES, article_lines, counts_line, failure_line, hint, print_failures
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


def test_a_tag_that_a_reader_should_look_at_says_so():
    tag = Tag(article_id="a", label_id="holiday_relief", score=0.5, evidence=(), origin="model:r", band="review")
    assert plain(article_lines(tagged(tag), names=NAMES))[1].startswith("      节日送温暖 0.50 check")
    accepted = dataclasses.replace(tag, band="accept")
    assert "check" not in plain(article_lines(tagged(accepted), names=NAMES))[1]


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


def test_a_bad_input_that_stands_nowhere_else_is_never_left_out(capsys):
    bad = [Failure(source=f"{n}.txt", sha256="", stage="split", reason="NO_ARTICLE", message="?") for n in range(9)]
    print_failures(bad)
    assert len(capsys.readouterr().err.splitlines()) == 9
    print_failures(bad, whole_list="chaoxun status a.db")
    *shown, rest = capsys.readouterr().err.splitlines()
    assert len(shown) == 3 and rest == "... and 6 more with reason NO_ARTICLE (all of them: chaoxun status a.db)"


def test_a_hint_is_quoted_for_the_shell_and_steers_no_terminal():
    assert plain([hint("tag", "a.txt", "a b", "\x1b[1m")])[0].endswith("tag a.txt 'a b' '\ufffd[1m'")


@pytest.mark.parametrize(("states", "line"), [
    ({"done": 10, "unsupported": 1}, "11 files = 10 done + 1 unsupported"),
    ({"done": 1}, "1 file = 1 done"),
    ({}, "0 files"),
])  # fmt: skip
def test_the_counts_are_an_equation(states, line):
    assert counts_line(states) == line


def test_every_state_has_a_name():
    assert set(STATE_NAMES) == set(STATES)
