"""labels.toml at the door."""

import pytest

from chaoxun.errors import DuplicateLabel, LabelError
from chaoxun.labels import load_taxonomy


def load(tmp_path, text, *, encoding="utf-8"):
    path = tmp_path / "labels.toml"
    path.write_text(text, encoding=encoding)
    return load_taxonomy(path)


def test_a_file_saved_by_notepad_is_read(tmp_path):
    assert load(tmp_path, '[[label]]\nid = "a"\nname = "甲"\n', encoding="utf-8-sig")["a"].name == "甲"


@pytest.mark.parametrize(("text", "words"), [
    ("[[label", "not TOML"),
    ("", "no [[label]] entry"),
    ('label = ["a"]', "'a' is no [[label]] entry"),
    ('[[label]]\nid = "A"', "id 'A' is not lower-case ASCII"),
    ('[[label]]\nid = 3', "id must be a str"),
    ('[[label]]\nid = "a"\ncolour = "red"', "unknown key 'colour'"),
])  # fmt: skip
def test_a_wrong_list_names_file_and_entry(tmp_path, text, words):
    with pytest.raises(LabelError) as refused:
        load(tmp_path, text)
    assert words in refused.value.what and "labels.toml" in refused.value.where and refused.value.advice


def test_an_id_stands_once(tmp_path):
    with pytest.raises(DuplicateLabel):
        load(tmp_path, '[[label]]\nid = "a"\n' * 2)


@pytest.mark.usefixtures("chinese")
def test_messages_come_in_chinese_too(tmp_path):
    with pytest.raises(LabelError, match="没有 .*label.* 条目"):
        load(tmp_path, "")
