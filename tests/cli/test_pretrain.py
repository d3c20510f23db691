"""`chaoxun pretrain` as a user calls it wrongly; what it makes is tested in tests/learning."""

import json

import pytest


@pytest.fixture
def corpus(tmp_path):
    """A corpus of one article."""
    path = tmp_path / "news.jsonl"
    path.write_text(json.dumps({"text": "今天多云转晴。"}, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def refused(chaoxun, *words):
    ended = chaoxun("pretrain", *words)
    assert ended.out == "" and "internal" not in ended.err
    return ended.code, ended.err.splitlines()[-1]


def test_a_corpus_in_gbk_is_an_input_error(chaoxun, tmp_path, corpus):
    corpus.write_text(corpus.read_text(encoding="utf-8"), encoding="gb18030")
    code, line = refused(chaoxun, "--corpus", corpus, "--to", tmp_path / "to")
    assert code == 65 and "news.jsonl: not UTF-8" in line


def test_a_folder_as_recipe_is_a_recipe_error(chaoxun, tmp_path, corpus):
    code, line = refused(chaoxun, "--corpus", corpus, "--to", tmp_path / "to", "--recipe", tmp_path)
    assert code == 78 and "cannot be read" in line


def test_a_place_where_nothing_can_be_made_is_an_output_error(chaoxun, tmp_path, corpus):
    code, line = refused(chaoxun, "--corpus", corpus, "--to", corpus / "to")
    assert code == 73 and "cannot be made" in line
