"""`chaoxun tag`, the main job, with the keyword backend: what is printed, kept, noted, and the exit code."""

import json
import os
import random
import shlex
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


def test_a_file_that_may_not_be_read_is_77(chaoxun, tmp_path, as_common_user):
    (tmp_path / "a.txt").write_text("本报讯 内容。", encoding="utf-8")
    chaoxun("tag", "a.txt", *KEYWORDS)
    (tmp_path / "a.txt").chmod(0)
    with as_common_user():
        ended = chaoxun("tag", "a.txt", *KEYWORDS)
    assert ended.code == 77 and "a.txt: PERMISSION" in ended.err and "Usage" not in ended.err


def test_a_given_file_that_may_not_be_read_does_not_stop_the_others(chaoxun, pages, tmp_path, as_common_user):
    (tmp_path / "a.txt").write_text("本报讯 内容。", encoding="utf-8")
    chaoxun("tag", "pages", *KEYWORDS)
    (tmp_path / "a.txt").chmod(0)
    with as_common_user():
        ended = chaoxun("tag", "a.txt", "pages", "--json", *KEYWORDS)
    assert ended.code == 1 and len(lines_of(ended.out)) == 3 and "a.txt: PERMISSION" in ended.err


@pytest.mark.parametrize("words", [["tag", ""], ["tag", "pages", "--store", ""], ["split", ""], ["status", ""]])
def test_an_empty_path_is_a_usage_error_and_not_the_current_folder(chaoxun, pages, monkeypatch, words):
    monkeypatch.chdir(pages)
    ended = chaoxun(*words)
    assert ended.code == 2 and ended.out == "" and "an empty path" in ended.err and len(ended.err.splitlines()) == 1


def hinted(err, title):
    """The words of the command that a run shows under `title`, as a shell reads them."""
    (line,) = [line for line in err.splitlines() if line.startswith(title)]
    words = shlex.split(line.removeprefix(title))
    return words[words.index("tag") :]


@pytest.mark.skipif(os.name == "nt", reason="POSIX quoting")
def test_the_next_command_is_the_one_given_with_all_its_options_and_a_store(chaoxun, pages, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pages.rename("$(id) o'brien; x")
    given = [
        "tag", "$(id) o'brien; x", "--release", "keywords", "--backend", "keywords", "--device", "cpu",
        "--encoding", "utf-8", "--manifest", "m n.jsonl",
    ]  # fmt: skip
    ended = chaoxun(*given)
    again = hinted(ended.err, "Next: ")
    assert ended.code == 0 and sorted(again) == sorted([*given, "--store", "archive.db"])
    assert chaoxun(*again).code == 0 and Path("archive.db").exists()


@pytest.mark.skipif(os.name == "nt", reason="POSIX quoting")
def test_a_name_that_begins_with_a_dash_stays_a_name_in_the_next_command(chaoxun, pages, monkeypatch):
    page = next(pages.rglob("01.txt"))
    monkeypatch.chdir(page.parent)
    page.rename(page.with_name("-1.txt"))
    again = hinted(chaoxun("tag", *KEYWORDS, "--", "-1.txt").err, "Next: ")
    assert chaoxun(*again).code == 0 and Path("archive.db").exists()


def test_without_a_store_or_manifest_every_bad_input_is_named(chaoxun, pages, tmp_path):
    for n in range(7):
        (pages / f"empty-{n}.txt").write_bytes(b"")
        (pages / f"notes-{n}.md").write_text("notes", encoding="utf-8")
    alone = chaoxun("tag", pages, *KEYWORDS)
    assert alone.code == 1 and alone.err.count(": EMPTY") == 7 and alone.err.count(": UNKNOWN_FORMAT") == 3
    kept = chaoxun("tag", pages, "--store", tmp_path / "a.db", *KEYWORDS)
    assert kept.code == 1 and kept.err.count(": EMPTY") == 3
    assert "4 more with reason EMPTY" in kept.err and f"chaoxun status {tmp_path / 'a.db'}" in kept.err
    noted = chaoxun("tag", pages, "--manifest", tmp_path / "m.jsonl", *KEYWORDS)
    assert noted.err.count(": EMPTY") == 3 and f"all of them: {tmp_path / 'm.jsonl'}" in noted.err


@pytest.mark.skipif(os.name == "nt", reason="names without control codes")
def test_control_codes_in_a_name_do_not_reach_the_terminal(chaoxun, pages, tmp_path):
    next(pages.rglob("02.txt")).rename(pages / "\x1b[31m\n\x07.txt")
    for words in (["--dry-run"], [], ["--store", tmp_path / "a\x1b.db"]):
        ended = chaoxun("tag", pages, *words, *KEYWORDS)
        assert ended.code == 0 and "\x1b" not in ended.out + ended.err and "\x07" not in ended.out + ended.err
    ended = chaoxun("tag", "none\x1b[31m\nx", *KEYWORDS)
    assert ended.code == 65 and "\x1b" not in ended.err and len(ended.err.splitlines()) == 1


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


@pytest.mark.parametrize("words", [
    ["other.txt"], ["--store", "a.db"], ["--manifest", "m.jsonl"], ["--dry-run"],
])  # fmt: skip
def test_standard_input_goes_with_nothing_that_would_be_left_undone(chaoxun, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    ended = chaoxun("tag", "-", *words, *KEYWORDS, stdin="区总工会走访慰问一线职工。".encode())
    assert ended.code == 2 and ended.out == "" and len(ended.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("data", "words"), [
    (b" \n", "no text"),
    ("……——！\n".encode(), "no text"),
    (b"%PDF-1.4 hello", "PDF"),
    (b"PK\x03\x04" + bytes(100), "ZIP"),
    (random.Random(5).randbytes(4000), "not text"),
    ("工".encode() * 5_000_001, "at most 5,000,000"),
], ids=["blank", "no word", "PDF", "ZIP", "noise", "too large"])  # fmt: skip
def test_standard_input_is_refused_as_a_file_would_be_and_called_by_its_name(chaoxun, data, words):
    ended = chaoxun("tag", "-", *KEYWORDS, stdin=data)
    assert ended.code == 65 and ended.out == "" and len(ended.err.splitlines()) == 1
    assert words in ended.err and ended.err.startswith("chaoxun: standard input: ")


def test_damaged_text_on_standard_input_is_tagged_with_a_warning_and_ends_with_1(chaoxun):
    text = "区总工会走访慰问一线职工，送上慰问金和慰问品，把节日的祝福带到工地。"
    ended = chaoxun("tag", "-", "--json", *KEYWORDS, stdin=text.encode()[:-9] + b"\xff" + text.encode()[-9:])
    (row,) = lines_of(ended.out)
    assert ended.code == 1 and "\ufffd" in row["text"] and row["tags"][0]["label"] == "holiday_relief"
    assert ended.err.startswith("standard input: CORRUPT") and len(ended.err.splitlines()) == 1


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
    assert b"known from before" not in err and hinted(err.decode(), "To go on: ")[-2:] == list(KEYWORDS)
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
