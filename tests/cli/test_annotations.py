"""`chaoxun annotations check` as a user calls it."""

import json

GOOD = {"text": "工会在车间办起夜校，教四十名学徒识图。", "labels": ["skills_training"]}


def write(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_good_files_end_with_zero(chaoxun, tmp_path):
    ended = chaoxun("annotations", "check", write(tmp_path / "a.jsonl", GOOD))
    assert (ended.code, ended.out) == (0, "")
    assert "1 annotations, 0 findings" in ended.err


def test_findings_are_a_line_each_and_the_exit_code_78(chaoxun, tmp_path):
    path = write(tmp_path / "a.jsonl", GOOD, GOOD | {"text": "别的稿件。", "evidence": {"skills_training": "夜校"}})
    ended = chaoxun("annotations", "check", path)
    assert ended.code == 78
    assert ended.out.splitlines() == [f"{path}:2: EVIDENCE, the quote for skills_training is not in the text"]


def test_json_prints_an_object_a_finding(chaoxun, tmp_path):
    ended = chaoxun("annotations", "check", write(tmp_path / "a.jsonl", GOOD, GOOD), "--json")
    assert [json.loads(line)["code"] for line in ended.out.splitlines()] == ["DUPLICATE"]


def test_a_missing_file_is_an_input_error(chaoxun, tmp_path):
    ended = chaoxun("annotations", "check", tmp_path / "none.jsonl")
    assert ended.code == 65 and "none.jsonl" in ended.err


def test_a_file_in_gbk_is_an_input_error_of_one_line(chaoxun, tmp_path):
    path = tmp_path / "gbk.jsonl"
    path.write_text(json.dumps(GOOD, ensure_ascii=False), encoding="gb18030")
    ended = chaoxun("annotations", "check", path)
    assert ended.code == 65 and len(ended.err.splitlines()) == 1
    assert f"{path}: not UTF-8" in ended.err and "iconv" in ended.err


def test_a_list_of_labels_that_is_none_is_a_label_error(chaoxun, tmp_path):
    labels = tmp_path / "labels.toml"
    labels.write_text('label = ["a"]\n', encoding="utf-8")
    ended = chaoxun("annotations", "check", write(tmp_path / "a.jsonl", GOOD), "--labels", labels)
    assert ended.code == 78 and "labels.toml" in ended.err
