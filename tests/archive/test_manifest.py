import json
from pathlib import Path

import pytest

from chaoxun.archive.manifest import record_manifest
from chaoxun.archive.outcomes import Outcome
from chaoxun.errors import OutputError, OutputFull
from chaoxun.records import Failure

DONE = Outcome(key="/a/1.txt", source="a/1.txt", relative="1.txt", sha256="a" * 64, state="done", n_articles=3)
BAD = Outcome(
    key="/a/2.txt", source="a/2.txt", relative="2.txt", sha256="b" * 64, state="quarantined",
    failure=Failure(source="a/2.txt", sha256="b" * 64, stage="decode", reason="EMPTY", message="空文件"),
)  # fmt: skip


def test_a_manifest_has_one_line_per_input(tmp_path):
    assert list(record_manifest([DONE, BAD], tmp_path / "m.jsonl")) == [DONE, BAD]
    lines = (tmp_path / "m.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"source": "a/1.txt", "sha256": "a" * 64, "state": "done", "stage": "", "reason": "", "message": "", "articles": 3},
        {"source": "a/2.txt", "sha256": "b" * 64, "state": "quarantined", "stage": "decode", "reason": "EMPTY",
         "message": "空文件", "articles": 0},
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
    (tmp_path / "m.jsonl.part").symlink_to("/dev/full")
    with pytest.raises(OutputFull) as caught:
        list(record_manifest([DONE], tmp_path / "m.jsonl"))
    assert caught.value.exit_code == 74
