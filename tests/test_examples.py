"""The sample issues and their true articles say the same: what other tests measure against them can be trusted."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from chaoxun.labels import load_taxonomy

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
ENCODINGS = {"澄川工人报": "utf-8", "北岭职工报": "utf-8-sig", "栖川劳动报": "gb18030", "海埠工聲報": "big5"}
KEYS = {
    "page_file", "kind", "kicker", "headline", "subtitle", "byline", "text", "captions", "labels", "unsure", "evidence",
}  # fmt: skip
PAGE_FILES = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.txt"))
ITEMS = [
    json.loads(line)
    for path in sorted((EXAMPLES / "truth").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


def squeeze(text):
    return re.sub(r"\s+", "", text)


def page_text(page_file):
    encoding = next(encoding for name, encoding in ENCODINGS.items() if page_file.startswith(name))
    return squeeze((EXAMPLES / page_file).read_bytes().decode(encoding))


def name_of(item):
    return f"{item['page_file']}-{item['text'][:10]}"


each_item = pytest.mark.parametrize("item", ITEMS, ids=name_of)


def test_every_page_has_true_articles_and_every_true_article_a_page():
    assert {item["page_file"] for item in ITEMS} == set(PAGE_FILES)
    assert len(PAGE_FILES) >= 9
    assert len(ITEMS) >= 45


@each_item
def test_an_item_has_the_documented_keys_and_kinds(item):
    assert set(item) == KEYS
    assert item["kind"] in {"article", "photo"}
    assert all(paragraph and paragraph == paragraph.strip() for paragraph in item["text"].split("\n"))


@each_item
def test_the_body_stands_on_its_page_in_one_piece(item):
    assert page_text(item["page_file"]).count(squeeze(item["text"])) == 1


@each_item
def test_headlines_byline_and_captions_are_printed_on_the_page_outside_the_body(item):
    rest = page_text(item["page_file"]).replace(squeeze(item["text"]), "|")
    for part in (item["kicker"], item["headline"], item["subtitle"], item["byline"], *item["captions"]):
        assert squeeze(part) in rest


@pytest.mark.parametrize("page_file", PAGE_FILES)
def test_the_items_of_a_page_follow_each_other_without_overlap(page_file):
    text, end = page_text(page_file), 0
    for item in ITEMS:
        if item["page_file"] == page_file:
            start = text.index(squeeze(item["text"]))
            assert start >= end
            end = start + len(squeeze(item["text"]))


@each_item
def test_labels_are_known_and_each_has_evidence_from_the_text(item):
    known = set(load_taxonomy(ROOT / "training" / "labels.toml").ids)
    assert set(item["labels"]) | set(item["unsure"]) <= known
    assert not set(item["labels"]) & set(item["unsure"])
    assert set(item["evidence"]) == set(item["labels"])
    for quote in item["evidence"].values():
        assert 8 <= len(quote) <= 60
        assert quote in item["text"]


@each_item
def test_no_false_space_is_left_between_chinese_and_digits(item):
    for text in (item["text"], *item["captions"]):
        # The space after a dateline is printed on purpose: "本报讯 1月26日".
        assert not re.search(r"[一-鿿] [0-9]|[0-9] [一-鿿]", text.replace("本报讯 ", ""))


def test_every_label_of_the_release_is_met_three_times_and_some_items_have_none():
    counts = Counter(label for item in ITEMS for label in item["labels"])
    for label in load_taxonomy(ROOT / "training" / "labels.toml").ids:
        assert counts[label] >= 3, label
    assert sum(not item["labels"] and not item["unsure"] for item in ITEMS) >= 8
