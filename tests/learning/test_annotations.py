import json

import pytest

from chaoxun.errors import BadAnnotation, InputError
from chaoxun.learning.annotations import known_labels, parse_annotation, read_annotations


def write(path, *rows):
    path.write_text(
        "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8"
    )
    return path


def test_only_text_and_labels_are_required(tmp_path):
    (row,) = read_annotations([write(tmp_path / "a.jsonl", {"text": "开班。", "labels": ["skills_training"]})])
    assert (row.title, row.unsure, row.unknown, row.labels) == ("", (), (), ("skills_training",))
    assert len(row.id) == 16


def test_the_id_of_a_text_does_not_depend_on_its_white_space(tmp_path):
    a = write(tmp_path / "a.jsonl", {"text": "开班。 完", "labels": []})
    b = write(tmp_path / "b.jsonl", {"text": "开班。\n完", "labels": []})
    assert read_annotations([a])[0].id == read_annotations([b])[0].id


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        {"text": "x"},
        {"labels": []},
        {"text": 5, "labels": []},
        {"text": "x", "labels": "holiday_relief"},
        {"text": "x", "labels": [1]},
        {"text": "x", "labels": ["a"], "unsure": ["a"]},
        {"text": "x", "labels": [], "evidence": ["quote"]},
    ],
)
def test_a_wrong_line_is_named_by_file_and_number(tmp_path, line):
    path = write(tmp_path / "a.jsonl", {"text": "好。", "labels": []}, line)
    with pytest.raises(BadAnnotation) as caught:
        read_annotations([path])
    assert caught.value.where == f"{path}:2"


def test_two_rows_that_contradict_each_other_are_refused(tmp_path):
    path = write(tmp_path / "a.jsonl", {"text": "好。", "labels": ["a"]}, {"text": "好。", "labels": []})
    with pytest.raises(BadAnnotation):
        read_annotations([path])


def test_the_same_row_twice_is_one_annotation(tmp_path):
    path = write(tmp_path / "a.jsonl", {"text": "好。", "labels": ["a"]}, {"text": "好。", "labels": ["a"]})
    assert len(read_annotations([path])) == 1


def test_a_missing_file_is_an_input_error(tmp_path):
    with pytest.raises(InputError):
        read_annotations([tmp_path / "none.jsonl"])


def test_a_compressed_file_reads_like_a_plain_one(tmp_path):
    import zstandard

    line = json.dumps({"text": "好。", "labels": ["a"]}).encode()
    (tmp_path / "a.jsonl.zst").write_bytes(zstandard.compress(line))
    assert read_annotations([tmp_path / "a.jsonl.zst"])[0].labels == ("a",)


def test_a_label_is_known_when_it_stands_in_any_list(tmp_path):
    path = write(tmp_path / "a.jsonl", {"text": "好。", "labels": ["a"], "unsure": ["b"], "unknown": ["c"]})
    assert known_labels(read_annotations([path])) == {"a", "b", "c"}


@pytest.mark.parametrize(
    "wrong",
    [{"labels": None}, {"title": {"a": 1}}, {"date": 2021}, {"source": []}, {"evidence": []}, {"evidence": {"a": None}},
     {"id": ["x"]}],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_refused_and_never_turned_into_text(wrong):
    row = {"text": "今天多云。None", "labels": ["a"]} | wrong
    with pytest.raises(BadAnnotation, match="rows:1"):
        parse_annotation(json.dumps(row), where="rows:1")


def test_a_number_can_be_an_id():
    assert parse_annotation('{"id": 7, "text": "x", "labels": []}', where="rows:1").id == "7"
