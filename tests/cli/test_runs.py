"""What a run says of itself at its end."""

from chaoxun.archive.outcomes import Outcome
from chaoxun.cli.runs import Tally


def outcome(state, *, is_new, n_articles=0):
    return Outcome(
        key=f"/{state}", source=state, relative=state, sha256="", state=state, is_new=is_new, n_articles=n_articles
    )


def articles_line(*outcomes):
    tally = Tally()
    for one in outcomes:
        tally.count(one)
    return tally.articles_line()


def test_what_a_stop_left_over_is_not_known_from_before():
    line = articles_line(outcome("done", is_new=True, n_articles=2), outcome("pending", is_new=False))
    assert line == "; 2 articles, 0 of them tagged"


def test_what_an_earlier_run_did_is_known_from_before():
    line = articles_line(
        outcome("done", is_new=False, n_articles=2), outcome("unsupported", is_new=False), outcome("done", is_new=True)
    )
    assert line == "; 2 articles; 2 files known from before"
