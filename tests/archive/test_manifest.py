import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chaoxun.archive.jobs import Job
from chaoxun.archive.manifest import check_manifest, manifest_line, record_manifest, unfinished_path
from chaoxun.archive.outcomes import Outcome
from chaoxun.archive.pipeline import tag_inputs
from chaoxun.archive.status import advice_for
from chaoxun.archive.store import Store
from chaoxun.errors import OutputError, OutputFull
from chaoxun.records import Failure
from chaoxun.registry import open_tagger
from fakes.pages import make_page

DONE = Outcome(key="/a/1.txt", source="a/1.txt", relative="1.txt", sha256="a" * 64, state="done", n_articles=3)
BAD = Outcome(
    key="/a/2.txt", source="a/2.txt", relative="2.txt", sha256="b" * 64, state="quarantined",
    failure=Failure(source="a/2.txt", sha256="b" * 64, stage="decode", reason="EMPTY", message="空文件"),
)  # fmt: skip


def test_a_manifest_has_one_line_per_input(tmp_path):
    assert list(record_manifest([DONE, BAD], tmp_path / "m.jsonl")) == [DONE, BAD]
    lines = (tmp_path / "m.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"source": "a/1.txt", "sha256": "a" * 64, "state": "done", "stage": "", "reason": "", "message": "", "advice": "",
         "articles": 3},
        {"source": "a/2.txt", "sha256": "b" * 64, "state": "quarantined", "stage": "decode", "reason": "EMPTY",
         "message": "空文件", "advice": advice_for("EMPTY"), "articles": 0},
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["m.jsonl"]


def test_a_run_that_fails_leaves_the_old_manifest(tmp_path):
    (tmp_path / "m.jsonl").write_text("old", encoding="utf-8")

    def failing():
        yield DONE
        raise RuntimeError

    with pytest.raises(RuntimeError):
        list(record_manifest(failing(), tmp_path / "m.jsonl"))
    assert (tmp_path / "m.jsonl").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["m.jsonl"]


def test_a_manifest_that_cannot_be_created_stops_before_the_first_input(tmp_path):
    asked = []
    with pytest.raises(OutputError) as caught:
        list(record_manifest(map(asked.append, [DONE]), tmp_path / "no" / "m.jsonl"))
    assert (caught.value.exit_code, asked) == (73, [])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
def test_a_full_disk_is_named(tmp_path):
    unfinished_path(tmp_path / "m.jsonl").symlink_to("/dev/full")
    with pytest.raises(OutputFull) as caught:
        list(record_manifest([DONE], tmp_path / "m.jsonl"))
    assert caught.value.exit_code == 74


@pytest.fixture
def archive(tmp_path, monkeypatch) -> Path:
    """A store `a.db` and a folder `pages` with one page, in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "01.txt").write_text(make_page(1), encoding="utf-8")
    (tmp_path / "link.db").symlink_to("a.db")
    (tmp_path / "link.txt").symlink_to("pages/01.txt")
    with Store(tmp_path / "a.db", mode="write"):
        return tmp_path


@pytest.mark.parametrize(
    "path",
    [
        "a.db", "./a.db", "pages/../a.db", "link.db", "a.db.lock", "a.db-journal",
        "pages", "pages/01.txt", "pages/../pages/01.txt", "link.txt",
    ],
)  # fmt: skip
def test_a_manifest_never_takes_the_place_of_the_store_or_of_an_input(archive, path):
    for given in ([Path("pages")], [Path("pages/01.txt"), "./pages"]):
        with pytest.raises(OutputError, match="--manifest") as caught:
            check_manifest(Path(path), store=Path("a.db"), inputs=given)
        assert (caught.value.exit_code, caught.value.where) == (73, str(Path(path)))


@pytest.mark.parametrize("path", ["folder", "/dev/null"])
def test_a_manifest_is_no_folder_and_no_device(tmp_path, path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="not a file"):
        check_manifest(tmp_path / path, store=None, inputs=[])


@pytest.mark.parametrize("old", ["", manifest_line(DONE) + "\n"])
def test_an_old_manifest_among_the_inputs_may_be_replaced(archive, old):
    check_manifest(Path("pages/m.jsonl"), store=Path("a.db"), inputs=[Path("pages")])
    Path("pages/m.jsonl").write_text(old, encoding="utf-8")
    check_manifest(Path("pages/m.jsonl"), store=Path("a.db"), inputs=[Path("pages")])
    check_manifest(None, store=Path("a.db"), inputs=[Path("pages")])


def test_a_manifest_is_no_input_of_the_run_that_writes_it(archive):
    manifest = archive / "pages" / "m.jsonl"
    job = Job(
        paths=(archive / "pages",), release="keywords", manifest=manifest,
        open_tagger=lambda: open_tagger(None, backend="keywords"),
    )  # fmt: skip
    for _ in range(2):
        with Store(archive / "a.db", mode="write") as store:
            outcomes = list(record_manifest(tag_inputs(job, store), manifest))
        assert [Path(outcome.source).name for outcome in outcomes] == ["01.txt"]
        assert len(manifest.read_text(encoding="utf-8").splitlines()) == 1
        assert sorted(path.name for path in manifest.parent.iterdir()) == ["01.txt", "m.jsonl"]


def test_a_folder_made_in_the_place_of_the_manifest_is_an_output_error(tmp_path):
    lines = record_manifest([DONE, BAD], tmp_path / "m.jsonl")
    next(lines)
    (tmp_path / "m.jsonl").mkdir()
    with pytest.raises(OutputError) as caught:
        list(lines)
    assert caught.value.exit_code == 73
    assert [path.name for path in tmp_path.iterdir()] == ["m.jsonl"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_run_cut_off_by_a_signal_leaves_no_unfinished_manifest(tmp_path):
    code = (
        "import pathlib, sys, time\n"
        "from archive.test_manifest import DONE\n"
        "from chaoxun.archive.manifest import record_manifest\n"
        "lines = record_manifest([DONE] * 2, pathlib.Path(sys.argv[1]))\n"
        "next(lines); sys.modules['kept'] = lines; print('ready', flush=True); time.sleep(60)"
    )
    paths = os.pathsep.join([str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "src")])
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "m.jsonl"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
    ) as child:  # fmt: skip
        assert child.stdout.readline() == b"ready\n"
        assert [path.name for path in tmp_path.iterdir()] == [unfinished_path(tmp_path / "m.jsonl").name]
        child.send_signal(signal.SIGINT)
    assert list(tmp_path.iterdir()) == []
