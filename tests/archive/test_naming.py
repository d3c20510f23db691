from dataclasses import replace

import pytest

from chaoxun.archive.naming import make_ids_unique, page_issue_ids
from chaoxun.archive.outcomes import Outcome, PlacedRecord
from chaoxun.records import Article, Issue, Page, Source, Tag, TaggedArticle


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1, 2), ("i", "i")),
        ((None,), ("i",)),
        ((None, None, 3), ("i", "i-n02", "i")),
        ((3, 3, 4, 3), ("i", "i-n02", "i", "i-n04")),
    ],
)
def test_pages_that_share_a_number_are_told_apart_by_their_place_in_the_file(numbers, expected):
    issue = Issue(
        id="i", newspaper="", date="", source=Source(path="a", sha256=""), encoding="utf-8", is_damaged=False,
        pages=tuple(Page(number=number, text="", lines=()) for number in numbers),
    )  # fmt: skip
    assert page_issue_ids(issue) == expected


def outcome(*article_ids: str) -> Outcome:
    records = [
        TaggedArticle(
            article=Article(id=article_id, page_number=1), scores={},
            tags=(Tag(article_id=article_id, label_id="a", score=1.0, evidence=(), origin="model:x"),),
        )
        for article_id in article_ids
    ]  # fmt: skip
    return Outcome(
        key="/a/03-copy.txt", source="a/03-copy.txt", relative="03-copy.txt", sha256="", state="done",
        records=tuple(PlacedRecord(page_position=0, tagged=record) for record in records), issue=issue_of("grb-2021", "2021"),
    )  # fmt: skip


def issue_of(issue_id: str, date: str) -> Issue:
    return Issue(
        id=issue_id, newspaper="工人报", date=date, source=Source(path="a", sha256=""), encoding="utf-8", is_damaged=False,
        pages=(),
    )  # fmt: skip


def named(taken: set[str], suffix: str = "") -> list[str]:
    unique = make_ids_unique(
        outcome("p1-a01", "p1-a02"), suffix=suffix, is_taken=taken.__contains__, is_foreign=set().__contains__
    )
    assert unique.issue.id == "grb-2021"  # the same issue, whoever else brings its pages
    assert all(tag.article_id == r.tagged.article.id for r in unique.records for tag in r.tagged.tags)
    assert all(r.tagged.article.id.endswith(unique.id_suffix) for r in unique.records)
    return [record.tagged.article.id for record in unique.records]


def test_ids_stay_plain_where_nobody_has_them():
    assert named({"p1-a03"}) == ["p1-a01", "p1-a02"]


def test_all_ids_of_a_source_get_one_suffix_when_one_is_taken():
    (first, second) = named({"p1-a02"})
    assert (first[:8], first[6:]) == ("p1-a01-x", second[6:])
    assert named({"p1-a02"}) == [first, second]  # the same every time


def test_a_suffix_once_given_is_kept():
    assert named(set(), suffix="-xabcdef") == ["p1-a01-xabcdef", "p1-a02-xabcdef"]


def test_a_suffix_that_is_taken_too_gives_way_to_another():
    (first, _) = named({"p1-a01"})
    (other, _) = named({"p1-a01", first})
    assert len({first, other, "p1-a01"}) == 3


def issue_id_of(issue: Issue, *foreign: str, suffix: str = "") -> tuple[str, str]:
    """Ids of the issue and of its only article."""
    unique = make_ids_unique(
        replace(outcome("a01"), issue=issue),
        suffix=suffix,
        is_taken=set().__contains__,
        is_foreign=foreign.__contains__,
    )
    return unique.issue.id, unique.records[0].tagged.article.id


def test_an_issue_whose_id_another_issue_has_carries_the_suffix_of_its_articles():
    issue_id, article_id = issue_id_of(issue_of("gonghui", ""), "gonghui")
    assert issue_id.startswith("gonghui-x")
    assert article_id == "a01" + issue_id.removeprefix("gonghui")
    assert issue_id_of(issue_of("gonghui", ""), "gonghui", issue_id)[0] not in ("gonghui", issue_id)
    assert issue_id_of(issue_of("gonghui", ""), suffix="-xabcdef") == ("gonghui-xabcdef", "a01-xabcdef")


def test_all_sources_of_a_dated_issue_get_one_suffix_for_it():
    first, _ = issue_id_of(issue_of("grb-2021", "2021"), "grb-2021")
    second = make_ids_unique(
        replace(outcome("p2"), issue=issue_of("grb-2021", "2021"), relative="p2.txt"),
        suffix="", is_taken=set().__contains__, is_foreign={"grb-2021"}.__contains__,
    )  # fmt: skip
    assert second.issue.id == first != "grb-2021"
