"""`chaoxun tag`, the main job, with the keyword backend: what is printed, kept, noted, and the exit code."""

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

CONTRACT = [
    "id", "issue", "source", "page", "kicker", "headline", "subtitle", "byline", "text", "captions", "tags", "scores",
    "release",
]  # fmt: skip
KEYWORDS = ("--backend", "keywords")


BAD_INPUTS = [
    ("empty.txt", b"", "EMPTY"),
    ("blank.txt", "  \n\u3000\n".encode(), "EMPTY"),
    ("noise.txt", random.Random(5).randbytes(4000), "REJECT"),
    ("archive.rar", b"Rar!\x1a\x07\x00" + bytes(200), "UNKNOWN_FORMAT"),
    ("page.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", "UNKNOWN_FORMAT"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(300), "UNKNOWN_FORMAT"),
]


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


def test_json_has_a_line_an_article_with_the_fields_of_the_contract(chaoxun, pages):
    ended = chaoxun("tag", pages, "--json", *KEYWORDS)
    rows = lines_of(ended.out)
    assert ended.code == 0 and len(rows) == 3
    assert all(list(row) == CONTRACT for row in rows)
    assert [row["page"] for row in rows] == [1, 1, 2]
    assert rows[0]["source"] == str(pages / "河柳工人报" / "2024-05-06" / "01.txt")
    assert {"holiday_relief"} <= {tag["label"] for tag in rows[0]["tags"]}


def test_evidence_is_a_piece_of_the_text(chaoxun, pages):
    for row in lines_of(chaoxun("tag", pages, "--json", *KEYWORDS).out):
        for tag in row["tags"]:
            assert tag["evidence"], f"{row['headline']}: {tag['label']} has no evidence"
            assert all(row["text"][part["start"] : part["stop"]] == part["text"] for part in tag["evidence"])
            assert tag["score"] == row["scores"][tag["label"]]


def test_a_person_sees_headline_writer_tag_and_evidence_and_what_to_try_next(chaoxun, pages):
    ended = chaoxun("tag", pages, *KEYWORDS)
    assert ended.code == 0
    assert "区总工会送温暖进工地" in ended.out and "（林小满）" in ended.out
    assert "送上慰问金和慰问品" in ended.out
    assert "2 files = 2 done" in ended.err and "--store archive.db" in ended.err


def test_a_store_is_filled_once_and_a_second_run_writes_nothing(chaoxun, pages, tmp_path):
    store = tmp_path / "a.db"
    first = chaoxun("tag", pages, "--store", store, *KEYWORDS)
    before = store.read_bytes()
    second = chaoxun("tag", pages, "--store", store, *KEYWORDS)
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out == ""
    assert store.read_bytes() == before
    assert "export" in first.err and "2 files known from before" in second.err


def test_a_dry_run_says_what_would_be_done_and_does_nothing(chaoxun, pages, tmp_path):
    store = tmp_path / "a.db"
    ended = chaoxun("tag", pages, "--store", store, "--dry-run", *KEYWORDS)
    assert ended.code == 0 and not store.exists()
    assert [line.split("  ")[0] for line in ended.out.splitlines()] == ["new", "new"]
    chaoxun("tag", pages, "--store", store, *KEYWORDS)
    next(pages.rglob("02.txt")).write_text("本报讯 另一篇报道写的是职工书屋开放。(甲)", encoding="utf-8")
    ended = chaoxun("tag", pages, "--store", store, "--dry-run", *KEYWORDS)
    assert [line.split("  ")[0] for line in ended.out.splitlines()] == ["known", "changed"]


def test_a_manifest_accounts_for_every_input(chaoxun, pages, tmp_path):
    (pages / "empty.txt").write_bytes(b"")
    manifest = tmp_path / "manifest.jsonl"
    ended = chaoxun("tag", pages, "--manifest", manifest, *KEYWORDS)
    rows = lines_of(manifest.read_text(encoding="utf-8"))
    assert ended.code == 1
    assert sorted(row["state"] for row in rows) == ["done", "done", "quarantined"]
    (bad,) = [row for row in rows if row["state"] == "quarantined"]
    assert bad["reason"] == "EMPTY" and bad["source"].endswith("empty.txt") and bad["message"]


def test_a_manifest_that_cannot_be_created_stops_the_run_before_it_begins(chaoxun, pages, tmp_path):
    ended = chaoxun("tag", pages, "--manifest", tmp_path / "none" / "m.jsonl", *KEYWORDS)
    assert ended.code == 73 and ended.out == ""


@pytest.mark.parametrize(("name", "data", "reason"), BAD_INPUTS, ids=[case[0] for case in BAD_INPUTS])
def test_a_lone_bad_input_is_named_with_reason_and_advice_on_one_line(chaoxun, tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    ended = chaoxun("tag", tmp_path / name, "--json", *KEYWORDS)
    assert ended.code == 65 and ended.out == ""
    (line,) = [line for line in ended.err.splitlines() if name in line]
    assert reason in line and line.rstrip().endswith((".", "。"))
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(("name", "data", "reason"), BAD_INPUTS, ids=[case[0] for case in BAD_INPUTS])
def test_a_bad_input_never_stops_the_good_ones(chaoxun, pages, name, data, reason):
    (pages / name).write_bytes(data)
    ended = chaoxun("tag", pages, "--json", *KEYWORDS)
    assert len(lines_of(ended.out)) == 3
    assert ended.code == (0 if reason == "UNKNOWN_FORMAT" else 1)
    assert name in ended.err


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-8-sig"])
def test_a_page_in_another_encoding_gives_the_same_articles(chaoxun, pages, encoding):
    source = next(pages.rglob("02.txt"))
    text = source.read_text(encoding="utf-8")
    if encoding == "big5":
        text = "本報訊 五月三日晚，工會的職工夜校開課，首期技能培訓班有六十名女工報名學習設備保養。\n公司工會主席說，培訓班每週兩次。(陳晚秋)\n"
        source.write_text(text, encoding="utf-8")
    wanted = lines_of(chaoxun("tag", source, "--json", *KEYWORDS).out)
    source.write_bytes(text.encode(encoding))
    found = lines_of(chaoxun("tag", source, "--json", *KEYWORDS).out)
    assert wanted and found == wanted


def test_no_such_path_is_65(chaoxun, tmp_path):
    ended = chaoxun("tag", tmp_path / "nothing", *KEYWORDS)
    assert ended.code == 65 and "nothing" in ended.err and len(ended.err.splitlines()) == 1


def test_a_folder_without_issues_is_65(chaoxun, tmp_path):
    (tmp_path / "empty").mkdir()
    assert chaoxun("tag", tmp_path / "empty", *KEYWORDS).code == 65


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_77(chaoxun, tmp_path):
    (tmp_path / "a.txt").write_text("本报讯 内容。", encoding="utf-8")
    (tmp_path / "a.txt").chmod(0)
    assert chaoxun("tag", tmp_path / "a.txt", *KEYWORDS).code == 77


@pytest.mark.parametrize(("words", "code"), [
    (["--release", "no-such-release"], 78),
    (["--backend", "no-such-backend"], 2),
    (["--encoding", "no-such-encoding", *KEYWORDS], 2),
    (["--device", "tpu"], 2),
])  # fmt: skip
def test_a_wrong_value_is_refused_before_any_work(chaoxun, pages, words, code):
    ended = chaoxun("tag", pages, *words)
    assert ended.code == code and ended.out == "" and "Traceback" not in ended.err


def test_a_file_that_is_no_store_is_refused_and_left_alone(chaoxun, pages, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("my notes, " * 500, encoding="utf-8")
    ended = chaoxun("tag", pages, "--store", other, *KEYWORDS)
    assert ended.code == 74 and other.read_text(encoding="utf-8").startswith("my notes")


def test_standard_input_is_one_article(chaoxun):
    text = "区总工会走访慰问一线职工，送上慰问金。\n\n大家说，心里很暖。\n".encode()
    ended = chaoxun("tag", "-", "--title", "送温暖", "--json", *KEYWORDS, stdin=text)
    (row,) = lines_of(ended.out)
    assert ended.code == 0 and list(row) == CONTRACT
    assert row["id"] == "stdin-a01" and row["headline"] == "送温暖"
    assert row["text"] == "区总工会走访慰问一线职工，送上慰问金。\n大家说，心里很暖。"
    assert row["tags"][0]["label"] == "holiday_relief"


def test_standard_input_is_read_in_any_encoding(chaoxun):
    text = "区总工会走访慰问一线职工，送上慰问金和慰问品，把节日的祝福带到工地。"
    ended = chaoxun("tag", "-", "--json", *KEYWORDS, stdin=text.encode("gb18030"))
    assert lines_of(ended.out)[0]["text"] == text


@pytest.mark.parametrize(("words", "code"), [(["-"], 65), (["-", "other.txt"], 2), (["-", "--store", "a.db"], 2)])
def test_standard_input_without_a_use_is_refused(chaoxun, words, code):
    ended = chaoxun("tag", *words, *KEYWORDS, stdin=b" \n")
    assert ended.code == code and len(ended.err.splitlines()) == 1


def test_control_codes_in_a_page_do_not_reach_the_terminal(chaoxun, pages):
    source = next(pages.rglob("02.txt"))
    source.write_text(source.read_text(encoding="utf-8").replace("夜校", "\x1b[31m夜校\x07"), encoding="utf-8")
    ended = chaoxun("tag", pages, *KEYWORDS)
    assert "\x1b" not in ended.out and "\x07" not in ended.out


def many_pages(folder, n_pages):
    folder.mkdir()
    for n in range(n_pages):
        body = f"本报讯 第{n}次走访慰问在河柳区举行，区总工会送上慰问金{n}元，职工们说心里很暖。" * 40
        (folder / f"{n:04}.txt").write_text(body + "(周白)\n", encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_says_so_in_time_and_goes_on_where_it_was(start, chaoxun, tmp_path, number, code):
    many_pages(tmp_path / "in", 400)
    store = tmp_path / "a.db"
    process = start("tag", tmp_path / "in", "--store", store, *KEYWORDS)
    while not store.exists() or store.stat().st_size < 200_000:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    asked_at = time.monotonic()
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert time.monotonic() - asked_at < 10
    assert process.returncode == code and b"Traceback" not in err
    half = json.loads(chaoxun("status", store, "--json").out)
    assert half["found"] == 400 and half["states"]["pending"] > 0
    assert chaoxun("tag", tmp_path / "in", "--store", store, *KEYWORDS).code == 0
    whole = json.loads(chaoxun("status", store, "--json").out)
    assert whole["states"] == {"done": 400}


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
def test_a_reader_that_leaves_early_hears_no_complaint(start, tmp_path):
    many_pages(tmp_path / "in", 100)
    process = start("tag", tmp_path / "in", "--json", *KEYWORDS)
    with process.stdout as out, process.stderr as errors:
        out.readline()
        out.close()
        err = errors.read()
    assert process.wait(timeout=60) == 74
    assert b"Traceback" not in err and b"Broken" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_standard_output_is_named(start, pages):
    with Path("/dev/full").open("wb") as full:
        process = start("tag", pages, "--json", *KEYWORDS, stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 74 and b"No space left" in err and b"Traceback" not in err


def test_two_runs_on_one_store_do_not_meet(start, chaoxun, pages, tmp_path):
    many_pages(tmp_path / "in", 300)
    store = tmp_path / "a.db"
    process: subprocess.Popen = start("tag", tmp_path / "in", "--store", store, *KEYWORDS)
    while not store.exists():
        time.sleep(0.01)
    ended = chaoxun("tag", pages, "--store", store, *KEYWORDS)
    process.communicate(timeout=60)
    assert ended.code == 75 and str(process.pid) in ended.err
