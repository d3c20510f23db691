"""`chaoxun status` and `chaoxun export`."""

import json
import os

import pytest
from openpyxl import load_workbook

KEYWORDS = ("--backend", "keywords")


@pytest.fixture
def store(chaoxun, pages, tmp_path):
    """A store with two good inputs, an empty one and one of an unknown format."""
    (pages / "empty.txt").write_bytes(b"")
    (pages / "archive.rar").write_bytes(b"Rar!\x1a\x07\x00" + bytes(200))
    path = tmp_path / "a.db"
    assert chaoxun("tag", pages, "--store", path, *KEYWORDS).code == 1
    return path


def test_status_accounts_for_every_input(chaoxun, store):
    ended = chaoxun("status", store, "--json")
    found = json.loads(ended.out)
    assert ended.code == 0 and ended.err == "" and len(ended.out.splitlines()) == 1
    assert list(found) == ["found", "states", "articles", "release", "failures"]
    assert found["found"] == 4 == sum(found["states"].values())
    assert found["states"] == {"done": 2, "quarantined": 1, "unsupported": 1}
    assert found["articles"] == 3 and found["release"] == "keywords"
    for failure in found["failures"]:
        assert list(failure) == ["source", "sha256", "stage", "reason", "message", "advice"]
        assert failure["reason"] in ("EMPTY", "UNKNOWN_FORMAT") and failure["advice"] and failure["message"]


def test_status_for_people_lists_failures_with_what_to_do(chaoxun, store):
    ended = chaoxun("status", store)
    assert ended.out.startswith("4 files = 2 done + 1 quarantined + 1 unsupported\n")
    assert "empty.txt: EMPTY" in ended.out


def test_a_run_that_finds_bad_inputs_again_ends_with_1_again(chaoxun, store, pages):
    assert chaoxun("tag", pages, "--store", store, *KEYWORDS).code == 1


@pytest.mark.parametrize("content", [None, b"", b"no store at all, " * 300, b"SQLite format 3\x00" + bytes(5000)])
@pytest.mark.parametrize("command", [["status"], ["export", "--to", "out.jsonl"]])
def test_a_file_that_is_no_store_is_74(chaoxun, tmp_path, monkeypatch, content, command):
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / "a.db").write_bytes(content)
    ended = chaoxun(command[0], "a.db", *command[1:])
    assert ended.code == 74 and len(ended.err.splitlines()) == 1 and not (tmp_path / "out.jsonl").exists()


def test_an_export_for_programs_is_what_tag_prints(chaoxun, store, pages, tmp_path):
    ended = chaoxun("export", store, "--to", tmp_path / "a.jsonl")
    printed = chaoxun("tag", pages, "--json", *KEYWORDS).out
    assert ended.code == 0 and ended.out == ""
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(rows, key=lambda row: row["id"]) == sorted(
        (json.loads(line) for line in printed.splitlines()), key=lambda row: row["id"]
    )


@pytest.mark.skipif(os.name == "nt", reason="names without control codes")
def test_control_codes_in_the_name_of_an_export_do_not_reach_the_terminal(chaoxun, store, tmp_path):
    ended = chaoxun("export", store, "--to", tmp_path / "a\x1b[31m.jsonl")
    assert ended.code == 0 and "a\ufffd[31m.jsonl: 3 articles" in ended.err


@pytest.mark.parametrize("words", [["status"], ["export", "--to", "a.jsonl"]])
def test_a_store_that_may_not_be_read_is_refused_in_our_words(chaoxun, store, as_common_user, words):
    chaoxun(words[0], "a.db", *words[1:])
    store.chmod(0)
    with as_common_user():
        ended = chaoxun(words[0], "a.db", *words[1:])
    assert ended.code in (74, 77) and "Usage" not in ended.err and len(ended.err.splitlines()) == 1


def test_an_export_for_people_is_a_spreadsheet(chaoxun, store, tmp_path):
    assert chaoxun("export", store, "--to", tmp_path / "a.xlsx").code == 0
    sheet = load_workbook(tmp_path / "a.xlsx")["文章"]
    header, *rows = sheet.iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["作者"] for row in found] == ["林小满", "周白", "本报记者 陈晚秋"]
    assert found[0]["标题"] == "区总工会送温暖进工地"
    assert {row["日期"] for row in found} == {"2024-05-06"} and found[0]["依据"]


@pytest.mark.parametrize(("name", "code"), [("a.odt", 2), ("a", 2), ("missing/a.xlsx", 73), ("a.db/x.jsonl", 73)])
def test_an_export_that_cannot_be_made_says_why(chaoxun, store, tmp_path, name, code):
    ended = chaoxun("export", store, "--to", tmp_path / name)
    assert ended.code == code and len(ended.err.splitlines()) == 1


def test_messages_are_chinese_when_asked(chaoxun, store, chinese):
    ended = chaoxun("status", store)
    assert ended.out.startswith("4 个文件 = 2 完成 + 1 隔离 + 1 不支持\n")
