"""The annotated articles under training/ are sound, and as many as their README promises."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from chaoxun.labels import load_taxonomy
from chaoxun.learning.checking import check_annotations

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "training" / "articles").glob("*.jsonl"))
LABELS = load_taxonomy(ROOT / "training" / "labels.toml").ids
ROWS = [json.loads(line) for path in FILES for line in path.read_text(encoding="utf-8").splitlines()]
SECOND = [json.loads(line) for line in (ROOT / "training" / "second-reading.jsonl").read_text("utf-8").splitlines()]


def squeeze(text):
    return re.sub(r"\s", "", text)


def test_the_check_finds_nothing():
    n_read, findings = check_annotations(FILES, known=LABELS, needs_evidence=True)
    assert (n_read, findings) == (len(ROWS), [])


def test_there_are_enough_articles_of_every_label_of_none_and_of_pairs_told_apart():
    counts = Counter(label for row in ROWS for label in row["labels"])
    assert len(ROWS) >= 1500
    assert {label: n for label, n in counts.items() if n < 150} == {} and set(counts) == set(LABELS)
    assert sum(not row["labels"] for row in ROWS) >= 500
    assert sum(bool(row.get("told_apart")) for row in ROWS) >= 250


def test_lengths_and_quotes_are_within_bounds():
    assert all(75 <= len(squeeze(row["text"])) <= 2100 for row in ROWS)
    assert all(8 <= len(quote) <= 60 for row in ROWS for quote in row["evidence"].values())


def test_one_in_five_was_read_twice_and_what_both_are_sure_of_agrees():
    by_id = {row["id"]: row for row in ROWS}
    assert len(SECOND) >= len(ROWS) / 5
    for second in SECOND:
        first = by_id[second["id"]]
        open_labels = {*first["unsure"], *second["unsure"]}
        assert set(first["labels"]) - open_labels == set(second["labels"]) - open_labels, second["id"]


@pytest.mark.parametrize("name", ["diversity", "agreement", "copied", "quality"])
def test_the_commands_of_the_readme_exist(name):
    readme = (ROOT / "training" / "README.md").read_text(encoding="utf-8")
    assert f"python benchmarks/{name}.py" in readme
    ended = subprocess.run([sys.executable, ROOT / "benchmarks" / f"{name}.py", "--help"], capture_output=True)
    assert ended.returncode == 0
