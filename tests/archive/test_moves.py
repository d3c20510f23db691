"""Files that were renamed, copied and removed between two runs: the store must be as after a fresh run."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from archive.test_pipeline import ids, job_of, no_tagger, run, states
from chaoxun.archive.jobs import Job
from chaoxun.archive.pipeline import tag_inputs
from chaoxun.archive.status import check_equation, read_status
from chaoxun.archive.store import Store
from fakes.killing import dump
from fakes.pages import make_page


@pytest.fixture
def pages(tmp_path) -> Path:
    """`a.txt` and its copy `b.txt`."""
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "a.txt").write_text(make_page(1), encoding="utf-8")
    shutil.copy(folder / "a.txt", folder / "b.txt")
    return folder


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of a store without the numbers of the sources, which tell only in which order they came."""
    tables = dump(path)
    keys = {row[0]: row[1] for row in tables["sources"]}
    sources = [tuple(keys.get(v, v) if n == 12 else v for n, v in enumerate(row[1:], 1)) for row in tables["sources"]]
    articles = [(row[0], keys[row[1]], *row[2:]) for row in tables["articles"]]
    pages = [(keys[row[0]], *row[1:]) for row in tables["pages"]]
    return {"sources": sorted(sources), "articles": articles, "pages": sorted(pages), "tags": tables["tags"]}


def assert_fresh(store: Path, job: Job) -> None:
    """A store must hold what a run into a new one gives, and the next run must have nothing to do."""
    run(store.with_name("fresh.db"), job)
    assert content(store) == content(store.with_name("fresh.db"))
    before = store.read_bytes()
    assert not any(outcome.is_new for outcome in run(store, replace(job, open_tagger=no_tagger)))
    assert store.read_bytes() == before


@pytest.mark.parametrize("fields", [{}, {"release": "next@1"}, {"encoding": "utf-8"}])
def test_a_copy_takes_over_from_an_original_that_is_gone(tmp_path, pages, fields):
    shutil.copy(pages / "a.txt", pages / "c.txt")
    assert states(run(tmp_path / "s.db", job_of(pages)))["b.txt"] == "skipped_duplicate"
    (pages / "a.txt").unlink()
    again = run(tmp_path / "s.db", job_of(pages, **fields), n_files=2)
    assert states(again) == {"b.txt": "done", "c.txt": "skipped_duplicate"}
    assert_fresh(tmp_path / "s.db", job_of(pages, **fields))


def test_a_file_moved_over_another_takes_its_place(tmp_path, pages):
    (pages / "b.txt").write_text(make_page(2), encoding="utf-8")
    shutil.copy(pages / "b.txt", pages / "c.txt")
    run(tmp_path / "s.db", job_of(pages), n_files=3)
    (pages / "a.txt").replace(pages / "b.txt")
    run(tmp_path / "s.db", job_of(pages, release="next@1"), n_files=2)
    assert_fresh(tmp_path / "s.db", job_of(pages, release="next@1"))


def test_a_move_that_is_stopped_after_it_was_noted_is_completed_by_the_next_run(tmp_path, pages):
    run(tmp_path / "s.db", job_of(pages))
    (pages / "a.txt").unlink()
    with Store(tmp_path / "s.db", mode="write") as store:
        with pytest.raises(StopNow):
            next(tag_inputs(job_of(pages, read=stop), store))
        assert check_equation(store) == []
    run(tmp_path / "s.db", job_of(pages), n_files=1)
    assert_fresh(tmp_path / "s.db", job_of(pages))


class StopNow(KeyboardInterrupt):
    """As kill -9 between the plan and the first source."""


def stop(*_: object) -> None:
    raise StopNow


@pytest.fixture
def failing(tmp_path) -> Path:
    """A page, an empty file and one of a format that is not read, in a folder `d/sub`."""
    folder = tmp_path / "d" / "sub"
    folder.mkdir(parents=True)
    (folder / "01.txt").write_text(make_page(1), encoding="utf-8")
    (folder / "empty.txt").touch()
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4)
    (folder / "link.txt").symlink_to("01.txt")
    return folder


@pytest.mark.parametrize("name", ["empty.txt", "picture.jpg", "link.txt"])
def test_a_source_without_articles_that_was_removed_is_forgotten(tmp_path, failing, name):
    run(tmp_path / "s.db", job_of(failing.parent), n_files=4)
    (failing / name).unlink()
    run(tmp_path / "s.db", job_of(failing.parent, open_tagger=no_tagger), n_files=3)
    assert_fresh(tmp_path / "s.db", job_of(failing.parent))


@pytest.mark.parametrize("name", ["empty.txt", "picture.jpg", "link.txt"])
def test_a_source_without_articles_that_was_renamed_stands_once(tmp_path, failing, name):
    run(tmp_path / "s.db", job_of(failing.parent), n_files=4)
    (failing / name).rename(failing / f"new-{name}")
    run(tmp_path / "s.db", job_of(failing.parent, open_tagger=no_tagger), n_files=4)
    assert_fresh(tmp_path / "s.db", job_of(failing.parent))


def test_a_failure_is_followed_to_a_place_outside_the_folder_of_the_first_run(tmp_path, failing):
    run(tmp_path / "s.db", job_of(failing), n_files=4)
    (tmp_path / "e").mkdir()
    (failing / "picture.jpg").rename(tmp_path / "e" / "other.jpg")
    run(tmp_path / "s.db", job_of(tmp_path / "e"), n_files=4)
    with Store(tmp_path / "s.db", mode="read") as store:
        assert str(tmp_path / "e" / "other.jpg") in {failure.source for failure in read_status(store).failures}


def test_what_was_not_looked_at_is_not_forgotten(tmp_path, failing):
    run(tmp_path / "s.db", job_of(failing.parent), n_files=4)
    before = (tmp_path / "s.db").read_bytes()
    (failing / "empty.txt").unlink()
    (tmp_path / "d" / "sub2").mkdir()
    run(tmp_path / "s.db", job_of(tmp_path / "d" / "sub2", failing / "01.txt"), n_files=4)
    assert (tmp_path / "s.db").read_bytes() == before


def test_a_copy_that_was_removed_is_forgotten_and_its_original_kept(tmp_path, pages):
    run(tmp_path / "s.db", job_of(pages), n_files=2)
    before = ids(tmp_path / "s.db")
    (pages / "b.txt").unlink()
    run(tmp_path / "s.db", job_of(pages, open_tagger=no_tagger), n_files=1)
    assert ids(tmp_path / "s.db") == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_be_read_again_is_no_failure_any_more(tmp_path, failing):
    failing.chmod(0)
    assert states(run(tmp_path / "s.db", job_of(failing.parent), n_files=1)) == {"sub": "quarantined"}
    failing.chmod(0o755)
    run(tmp_path / "s.db", job_of(failing.parent), n_files=4)
    assert_fresh(tmp_path / "s.db", job_of(failing.parent))


def test_a_failing_file_in_whose_place_a_folder_lies_now_is_forgotten(tmp_path, failing):
    run(tmp_path / "s.db", job_of(failing.parent), n_files=4)
    (failing / "empty.txt").unlink()
    (failing / "empty.txt").mkdir()
    run(tmp_path / "s.db", job_of(failing.parent, open_tagger=no_tagger), n_files=3)
    assert_fresh(tmp_path / "s.db", job_of(failing.parent))


def test_two_names_that_are_spelled_alike_give_two_issues(tmp_path):
    for seed, name in enumerate(["工会.txt", "公会.txt"]):
        (tmp_path / "d").mkdir(exist_ok=True)
        (tmp_path / "d" / name).write_text(make_page(seed), encoding="utf-8")
    job = job_of(tmp_path / "d")
    kept = run(tmp_path / "s.db", job)
    assert len({outcome.issue.id for outcome in kept}) == 2
    assert list(tag_inputs(job)) == kept
    assert [o.issue.id for o in run(tmp_path / "s.db", replace(job, release="next@1"))] == [o.issue.id for o in kept]
    with Store(tmp_path / "s.db", mode="read") as store:
        assert {row.issue_id for row in store.articles()} == {outcome.issue.id for outcome in kept}
