import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chaoxun.archive.jobs import Job
from chaoxun.archive.outcomes import Outcome, Progress
from chaoxun.archive.pipeline import plan_job, tag_inputs
from chaoxun.archive.status import check_equation, read_status
from chaoxun.archive.store import Store
from chaoxun.errors import InputError, PermissionRefused, ReleaseNotFound, TaggingFailed, UsageError
from chaoxun.records import Article
from chaoxun.registry import open_tagger
from fakes import taggers
from fakes.killing import dump
from fakes.pages import make_page, write_folder


def job_of(*paths: Path, **fields: object) -> Job:
    return Job(
        **{
            "paths": paths,
            "release": "keywords",
            "open_tagger": lambda: open_tagger(None, backend="keywords"),
            **fields,
        }
    )


def run(path: Path, job: Job, *, n_files: int | None = None) -> list[Outcome]:
    """All outcomes of a run with a store, the accounting equation checked after it."""
    with Store(path, mode="write") as store:
        outcomes = list(tag_inputs(job, store))
        assert check_equation(store) == []
        status = read_status(store)
        assert sum(status.states.values()) == status.n_found
        assert n_files is None or status.n_found == n_files
    return outcomes


def states(outcomes: list[Outcome]) -> dict[str, str]:
    return {Path(outcome.source).name: outcome.state for outcome in outcomes}


def no_tagger() -> None:
    raise AssertionError("the model was loaded for nothing")


def ids(path: Path) -> list[str]:
    with Store(path, mode="read") as store:
        return [row.tagged.article.id for row in store.articles()]


@pytest.fixture
def pages(tmp_path) -> Path:
    write_folder(tmp_path / "pages", n_pages=6, n_articles=3)
    return tmp_path / "pages"


def test_a_folder_is_tagged_into_a_store_in_listing_order(tmp_path, pages):
    outcomes = run(tmp_path / "s.db", job_of(pages), n_files=6)
    assert [outcome.source for outcome in outcomes] == [str(path) for path in sorted(pages.rglob("*.txt"))]
    assert {outcome.state for outcome in outcomes} == {"done"}
    with Store(tmp_path / "s.db", mode="read") as store:
        rows = list(store.articles())
    assert len(rows) == sum(outcome.n_articles for outcome in outcomes) >= 6
    assert any(row.tagged.tags for row in rows)
    assert [row.tagged for row in rows] == [article for outcome in outcomes for article in outcome.articles]


def test_every_character_of_a_page_can_be_reached_from_its_records(tmp_path, pages):
    outcomes = run(tmp_path / "s.db", job_of(pages))
    with Store(tmp_path / "s.db", mode="read") as store:
        rows = [row for row in store.articles(["article", "photo", "furniture", "unassigned"])]
        for outcome in outcomes:
            (text,) = store.page_texts(outcome.source)
            spans = [span for row in rows if row.source == outcome.source for span in row.tagged.article.spans]
            left = set(range(len(text))) - {place for start, stop in spans for place in range(start, stop)}
            assert "".join(text[place] for place in left).strip() == ""


def test_without_a_store_the_articles_are_the_same(tmp_path, pages):
    kept = run(tmp_path / "s.db", job_of(pages))
    assert list(tag_inputs(job_of(pages))) == kept


def test_a_second_run_with_nothing_new_writes_nothing_and_loads_no_model(tmp_path, pages):
    (pages / "empty.txt").touch()
    (pages / "copy.txt").write_bytes((pages / "2021-01-01" / "01.txt").read_bytes())
    (pages / "link.txt").symlink_to("copy.txt")
    first = run(tmp_path / "s.db", job_of(pages))
    before = ((tmp_path / "s.db").read_bytes(), (tmp_path / "s.db").stat().st_mtime_ns)
    again = run(tmp_path / "s.db", job_of(pages, open_tagger=no_tagger))
    assert ((tmp_path / "s.db").read_bytes(), (tmp_path / "s.db").stat().st_mtime_ns) == before
    assert states(again) == states(first)
    assert not any(outcome.is_new or outcome.records for outcome in again)
    assert [outcome.n_articles for outcome in again] == [outcome.n_articles for outcome in first]


def test_every_input_ends_in_a_named_state(tmp_path, pages):
    shutil.rmtree(pages / "2021-01-02")
    (pages / "copy.txt").write_bytes((pages / "2021-01-01" / "03.txt").read_bytes())
    (pages / "damaged.txt").write_bytes(make_page(50).encode("gbk")[:-1] + b"\xff\xff")
    (pages / "empty.txt").touch()
    (pages / "link.txt").symlink_to("copy.txt")
    (pages / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4)
    os.mkfifo(pages / "pipe")
    outcomes = run(tmp_path / "s.db", job_of(pages), n_files=10)
    assert states(outcomes) == {
        "01.txt": "done", "02.txt": "done", "03.txt": "done", "04.txt": "done", "copy.txt": "skipped_duplicate",
        "damaged.txt": "partial", "empty.txt": "quarantined", "link.txt": "unsupported", "picture.jpg": "unsupported",
        "pipe": "unsupported",
    }  # fmt: skip
    reasons = {Path(o.source).name: o.failure.reason for o in outcomes if o.failure}
    assert reasons == {
        "copy.txt": "DUPLICATE", "damaged.txt": "CORRUPT", "empty.txt": "EMPTY", "link.txt": "LINK",
        "picture.jpg": "UNKNOWN_FORMAT", "pipe": "SPECIAL",
    }  # fmt: skip
    with Store(tmp_path / "s.db", mode="read") as store:
        status = read_status(store)
    assert all(failure.advice and failure.message for failure in status.failures)
    assert len(status.failures) == 5


def test_text_without_an_article_is_partial_and_never_done(tmp_path, pages):
    def rest_only(page, issue_id):
        return [Article(id=f"{issue_id}-u01", page_number=1, kind="unassigned", paragraphs=(page.text,))]

    outcomes = run(tmp_path / "s.db", job_of(pages / "2021-01-01" / "01.txt", split=rest_only))
    assert [(outcome.state, outcome.failure.reason) for outcome in outcomes] == [("partial", "NO_ARTICLE")]


def test_a_changed_file_is_done_again_and_nothing_else(tmp_path, pages):
    run(tmp_path / "s.db", job_of(pages))
    changed = pages / "2021-01-01" / "02.txt"
    changed.write_text(make_page(77, n_articles=2), encoding="utf-8")
    outcomes = run(tmp_path / "s.db", job_of(pages), n_files=6)
    assert [outcome.source for outcome in outcomes if outcome.is_new] == [str(changed)]
    run(tmp_path / "fresh.db", job_of(pages))
    assert dump(tmp_path / "s.db") == dump(tmp_path / "fresh.db")


def test_a_file_that_is_gone_keeps_its_articles(tmp_path, pages):
    run(tmp_path / "s.db", job_of(pages))
    before = ids(tmp_path / "s.db")
    (pages / "2021-01-01" / "02.txt").unlink()
    run(tmp_path / "s.db", job_of(pages, open_tagger=no_tagger), n_files=6)
    assert ids(tmp_path / "s.db") == before


def test_a_renamed_file_is_not_taken_for_a_second_one(tmp_path, pages):
    run(tmp_path / "s.db", job_of(pages))
    (pages / "2021-01-02").rename(pages / "2021-03-09")
    run(tmp_path / "s.db", job_of(pages), n_files=6)
    run(tmp_path / "fresh.db", job_of(pages), n_files=6)
    assert ids(tmp_path / "s.db") == ids(tmp_path / "fresh.db")
    assert run(tmp_path / "s.db", job_of(pages, open_tagger=no_tagger))


def test_an_archive_that_moved_as_a_whole_is_not_tagged_again(tmp_path, pages):
    run(tmp_path / "s.db", job_of(pages))
    before = ids(tmp_path / "s.db")
    pages.rename(tmp_path / "elsewhere")
    outcomes = run(tmp_path / "s.db", job_of(tmp_path / "elsewhere", open_tagger=no_tagger), n_files=6)
    assert ids(tmp_path / "s.db") == before
    assert all(str(tmp_path / "elsewhere") in outcome.source for outcome in outcomes)
    with Store(tmp_path / "s.db", mode="read") as store:
        assert {row.source for row in store.articles()} == {outcome.source for outcome in outcomes}


def test_a_copy_stands_for_itself_once_its_original_has_changed(tmp_path, pages):
    original, copy = pages / "2021-01-01" / "01.txt", pages / "2021-01-01" / "05.txt"
    shutil.copy(original, copy)
    run(tmp_path / "s.db", job_of(pages))
    original.write_text(make_page(99), encoding="utf-8")
    again = run(tmp_path / "s.db", job_of(pages), n_files=7)
    assert states([outcome for outcome in again if outcome.is_new]) == {"01.txt": "done", "05.txt": "done"}


def test_two_files_of_one_page_keep_both_their_articles_under_stable_ids(tmp_path, pages):
    one, two = pages / "a" / "2021-02-01" / "03.txt", pages / "b" / "2021-02-01" / "03.txt"
    for seed, path in ((81, one), (89, two)):
        path.parent.mkdir(parents=True)
        path.write_text(make_page(seed), encoding="utf-8")
    read_same = job_of(one.parents[1], two.parents[1])
    read_same = replace(read_same, read=lambda listed, _: replace(job_of().read(listed, None), id="x-2021-02-01"))
    run(tmp_path / "s.db", read_same)
    first = ids(tmp_path / "s.db")
    assert len(first) == len(set(first))
    renamed = [article_id for article_id in first if "-x" in article_id]
    assert 0 < len(renamed) < len(first)
    run(tmp_path / "s.db", replace(read_same, release="other"))
    assert ids(tmp_path / "s.db") == first
    without_store = [a.article.id for outcome in tag_inputs(read_same) for a in outcome.articles]
    assert sorted(without_store) == sorted(first)


def test_a_file_with_the_same_page_twice_has_articles_of_both(tmp_path):
    (tmp_path / "two.txt").write_text(make_page(1) + "\f" + make_page(1), encoding="utf-8")
    (outcome,) = run(tmp_path / "s.db", job_of(tmp_path / "two.txt"))
    found = [article.article.id for article in outcome.articles]
    assert len(found) == len(set(found)) == outcome.n_articles
    with Store(tmp_path / "s.db", mode="read") as store:
        links = [row.duplicate_of for row in store.articles()]
    assert links.count("") == len(links) / 2  # kept, and linked to the first


def test_another_release_or_encoding_does_everything_again(tmp_path, pages):
    run(tmp_path / "s.db", job_of(pages))
    assert all(outcome.is_new for outcome in run(tmp_path / "s.db", job_of(pages, release="next@1"), n_files=6))
    asked = job_of(pages, release="next@1", encoding="utf-8")
    assert all(outcome.is_new for outcome in run(tmp_path / "s.db", asked, n_files=6))
    assert not any(outcome.is_new for outcome in run(tmp_path / "s.db", job_of(pages, release="next@1"), n_files=6))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (taggers.give_nan, "TAG_FAILED"),
        (taggers.mix_up, "TAG_FAILED"),
        (taggers.raise_error, "INTERNAL"),
        (taggers.forget_one, "TAG_FAILED"),
        (taggers.panic, "INTERNAL"),
        (taggers.run_out_of_memory, "OOM"),
    ],
)
def test_an_article_the_model_fails_on_costs_its_source_only(tmp_path, pages, fault, reason):
    bad = pages / "2021-01-01" / "02.txt"
    text = bad.read_text(encoding="utf-8").replace("下一步还将", taggers.MARK, 1)
    assert taggers.MARK in text
    bad.write_text(text, encoding="utf-8")
    job = job_of(pages, open_tagger=lambda: taggers.FaultyTagger(fault))
    outcomes = run(tmp_path / "s.db", job, n_files=6)
    assert [(outcome.source, outcome.failure.reason) for outcome in outcomes if outcome.failure] == [(str(bad), reason)]
    assert [outcome.state for outcome in outcomes].count("done") == 5
    assert states(run(tmp_path / "s.db", job_of(pages)))["02.txt"] == "done"  # tried again with a better model


def test_a_model_that_fails_on_everything_stops_the_run(tmp_path, pages):
    for path in write_folder(pages, n_pages=20, n_articles=2):
        path.write_text(path.read_text(encoding="utf-8").replace("下一步还将", taggers.MARK), encoding="utf-8")
    job = job_of(pages, open_tagger=lambda: taggers.FaultyTagger(taggers.give_nan))
    with pytest.raises(TaggingFailed, match="inputs") as caught:
        run(tmp_path / "s.db", job)
    assert caught.value.exit_code == 70
    assert set(states(run(tmp_path / "s.db", job_of(pages), n_files=20)).values()) == {"done"}


def raising(error: BaseException) -> Callable[..., object]:
    def fail(*_: object) -> object:
        raise error

    return fail


@pytest.mark.parametrize("stage", ["read", "split"])
@pytest.mark.parametrize("error", [RuntimeError("surprise"), RecursionError(), MemoryError(), OSError(5, "EIO")])
def test_an_error_nobody_foresaw_is_a_failure_of_its_input(tmp_path, pages, stage, error):
    outcomes = run(tmp_path / "s.db", job_of(pages, **{stage: raising(error)}), n_files=6)
    assert {(o.state, o.failure.stage) for o in outcomes} == {("quarantined", stage)}
    assert {o.failure.reason for o in outcomes} == {"OOM" if isinstance(error, MemoryError) else "INTERNAL"}


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), UsageError(what="no encoding 'x'")])
def test_what_is_no_fault_of_an_input_is_not_held_against_it(tmp_path, pages, error):
    with pytest.raises(type(error)):
        run(tmp_path / "s.db", job_of(pages, read=raising(error)))
    with Store(tmp_path / "s.db", mode="read") as store:
        assert read_status(store).states == {"pending": 6}
        assert check_equation(store) == []


def test_a_release_that_cannot_be_opened_ends_the_run_before_anything_is_done(tmp_path, pages):
    with pytest.raises(ReleaseNotFound):
        run(tmp_path / "s.db", job_of(pages, open_tagger=raising(ReleaseNotFound(what="no release"))))
    assert set(states(run(tmp_path / "s.db", job_of(pages), n_files=6)).values()) == {"done"}


def test_a_source_that_cannot_be_read_any_more_keeps_its_articles(tmp_path, pages):
    run(tmp_path / "s.db", job_of(pages))
    before = ids(tmp_path / "s.db")
    path = pages / "2021-01-01" / "02.txt"
    path.unlink()
    path.mkdir()
    path.rmdir()
    path.symlink_to("01.txt")
    outcomes = run(tmp_path / "s.db", job_of(pages, open_tagger=no_tagger), n_files=6)
    assert [outcome.state for outcome in outcomes if outcome.source == str(path)] == ["unsupported"]
    assert ids(tmp_path / "s.db") == before


def test_a_refused_file_is_tried_again_in_every_run_and_written_once(tmp_path, pages):
    path = pages / "2021-01-01" / "02.txt"
    refused = replace(job_of(path), read=raising(PermissionRefused(what="permission refused", where=str(path))))
    run(tmp_path / "s.db", refused)
    before = (tmp_path / "s.db").read_bytes()
    (again,) = run(tmp_path / "s.db", refused)
    assert again.failure.reason == "PERMISSION"
    assert (tmp_path / "s.db").read_bytes() == before


@pytest.mark.parametrize("n_asked", [0, 1, 3, 9, 14])
def test_a_stopped_run_is_completed_by_the_next_one(tmp_path, pages, n_asked):
    calls = iter(range(1000))
    stopped = run(tmp_path / "s.db", job_of(pages, is_stopped=lambda: next(calls) >= n_asked))
    assert len(stopped) == 6
    assert "pending" in states(stopped).values()
    run(tmp_path / "s.db", job_of(pages), n_files=6)
    run(tmp_path / "fresh.db", job_of(pages))
    assert dump(tmp_path / "s.db") == dump(tmp_path / "fresh.db")


def test_progress_counts_to_the_end(tmp_path, pages):
    (pages / "2021-01-01" / "02.txt").rename(tmp_path / "kept.txt")
    run(tmp_path / "s.db", job_of(pages))
    (tmp_path / "kept.txt").rename(pages / "2021-01-01" / "02.txt")
    seen: list[Progress] = []
    run(tmp_path / "s.db", job_of(pages, on_progress=seen.append))
    assert [(p.n_found, p.n_known) for p in seen] == [(6, 5)] * 6
    assert [p.n_done for p in seen] == [0, 1, 1, 1, 1, 1]
    assert (seen[0].seconds_left, seen[-1].seconds_left) == (None, 0)


def test_the_store_is_no_input_of_its_own_run(tmp_path, pages):
    outcomes = run(pages / "s.db", job_of(pages), n_files=6)
    assert len(outcomes) == 6
    assert len(run(pages / "s.db", job_of(pages), n_files=6)) == 6


def test_an_input_given_twice_counts_once(tmp_path, pages):
    page = pages / "2021-01-01" / "01.txt"
    assert len(run(tmp_path / "s.db", job_of(pages, page, pages / "2021-01-01" / ".." / "2021-01-01"), n_files=6)) == 6


def test_a_path_that_does_not_exist_is_refused_before_anything_is_written(tmp_path, pages):
    with pytest.raises(InputError) as caught:
        run(tmp_path / "s.db", job_of(pages, tmp_path / "nowhere"))
    assert caught.value.exit_code == 65
    with Store(tmp_path / "s.db", mode="read") as store:
        assert list(store.known()) == []


def test_a_file_name_that_is_no_utf8_is_kept_escaped(tmp_path):
    raw = os.fsencode(tmp_path) + b"/\xb0\xe6.txt"
    Path(os.fsdecode(raw)).write_text(make_page(1), encoding="utf-8")
    (outcome,) = run(tmp_path / "s.db", job_of(Path(os.fsdecode(raw))))
    assert outcome.source == rf"{tmp_path}/\udcb0\udce6.txt"
    assert outcome.state == "done"


def test_a_plan_tells_what_a_run_would_do_and_does_nothing(tmp_path, pages):
    assert {entry.action for entry in plan_job(job_of(pages))} == {"new"}
    run(tmp_path / "s.db", job_of(pages))
    (pages / "2021-01-01" / "01.txt").write_text(make_page(70), encoding="utf-8")
    (pages / "2021-01-02" / "01.txt").rename(pages / "2021-01-02" / "09.txt")
    (pages / "new.txt").write_text(make_page(71), encoding="utf-8")
    before = (tmp_path / "s.db").read_bytes()
    with Store(tmp_path / "s.db", mode="read") as store:
        plan = {Path(entry.source).name: entry.action for entry in plan_job(job_of(pages), store)}
    assert plan == {
        "01.txt": "changed", "02.txt": "known", "03.txt": "known", "04.txt": "known", "09.txt": "moved", "new.txt": "new",
    }  # fmt: skip
    assert (tmp_path / "s.db").read_bytes() == before
