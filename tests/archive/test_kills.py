"""What no test in one process can show: kill -9, signals, and two runs at once."""

import os
import signal
import time
from pathlib import Path

import pytest

from chaoxun.archive.status import check_equation, read_status
from chaoxun.archive.store import Store
from fakes.killing import Batches, finish, run_with_kills, start_batch
from fakes.pages import write_folder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither these signals nor fork")


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("kills") / "pages"
    write_folder(folder, n_pages=20, n_articles=2)
    return folder


@pytest.fixture(scope="module")
def many_pages(tmp_path_factory) -> Path:
    """More than the pipeline takes at once, so that a signal finds work that is not begun."""
    folder = tmp_path_factory.mktemp("signals") / "pages"
    write_folder(folder, n_pages=100, n_articles=2)
    return folder


def test_fifty_kills_lose_nothing_and_double_nothing(tmp_path, pages):
    with Batches(pages) as batches:
        report = run_with_kills(batches, tmp_path, n_kills=50, seed=1)
    assert report.problems == ()
    assert report.n_kills == 50
    assert report.n_articles >= 20


def test_the_kills_find_out_a_store_that_marks_in_a_second_transaction(tmp_path, pages):
    with Batches(pages, "naive") as batches:
        for seed in range(5):  # five times ten kills, because one is enough
            (tmp_path / str(seed)).mkdir()
            report = run_with_kills(batches, tmp_path / str(seed), n_kills=10, seed=seed)
            if report.problems:
                return
    pytest.fail("fifty kills found nothing wrong with a store that is")


def test_of_two_runs_at_once_one_is_told_about_the_other(tmp_path, pages):
    with start_batch(pages, tmp_path / "s.db", "slow") as first:
        while not (tmp_path / "s.db").exists():
            time.sleep(0.01)
        with start_batch(pages, tmp_path / "s.db") as second:
            started = time.monotonic()
            message = finish(second)
            assert time.monotonic() - started < 2
        assert message.startswith("exit 75: ")
        assert f"process {first.pid}, since 20" in message
        assert finish(first) == "exit 0: "
    with Store(tmp_path / "s.db", mode="read") as store:
        assert read_status(store).states == {"done": 20}


@pytest.mark.parametrize(("number", "fault", "code"), [(signal.SIGINT, "slow", 130), (signal.SIGTERM, "hang", 143)])
def test_a_signal_ends_a_run_soon_and_the_next_one_completes_it(tmp_path, many_pages, number, fault, code):
    with start_batch(many_pages, tmp_path / "s.db", fault) as child:
        wait_for_work(tmp_path / "s.db")
        child.send_signal(number)
        started = time.monotonic()
        assert finish(child).startswith(f"exit {code}")
        assert time.monotonic() - started < 10
    with Store(tmp_path / "s.db", mode="write") as store:
        assert read_status(store).n_found == 100
        assert read_status(store).states.get("pending", 0) > 0
        assert check_equation(store) == []
    with start_batch(many_pages, tmp_path / "s.db") as child:
        assert finish(child) == "exit 0: "
    with Store(tmp_path / "s.db", mode="read") as store:
        assert read_status(store).states == {"done": 100}


def test_a_second_signal_ends_a_run_at_once(tmp_path, pages):
    with start_batch(pages, tmp_path / "s.db", "hang", "patient") as child:
        wait_for_work(tmp_path / "s.db")
        child.send_signal(signal.SIGINT)
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        started = time.monotonic()
        assert finish(child).startswith("exit 130")
        assert time.monotonic() - started < 2


def wait_for_work(path: Path) -> None:
    """Until the first source is done."""
    while not path.exists() or not path.stat().st_size:
        time.sleep(0.02)
    while True:
        with Store(path, mode="read") as store:
            if read_status(store).states.get("done"):
                return
        time.sleep(0.02)
