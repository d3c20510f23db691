"""Corpus files as people really have them: from Notepad, in GBK, damaged."""

import json

import pytest
import zstandard

from chaoxun.errors import BadAnnotation, InputError, UndecodableText
from chaoxun.learning.annotations import read_annotations
from chaoxun.learning.corpus import read_corpus

LINE = json.dumps({"text": "工会在车间办起夜校。", "labels": []}, ensure_ascii=False) + "\n"


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path):
    plain, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.zst"
    plain.write_text(LINE, encoding="utf-8-sig")
    packed.write_bytes(zstandard.compress(LINE.encode("utf-8-sig")))
    texts = [article.text for article in read_corpus([plain, packed])]
    assert texts == ["工会在车间办起夜校。"] * 2
    assert len(read_annotations([plain])) == 1


def test_a_packed_file_of_several_frames_is_read_whole(tmp_path):
    path = tmp_path / "two.jsonl.zst"
    # The second frame begins in the middle of a character; a last line needs no line break.
    content = (LINE * 3).encode("utf-8").rstrip()
    path.write_bytes(zstandard.compress(content[:70]) + zstandard.compress(content[70:]))
    assert [article.text for article in read_corpus([path])] == ["工会在车间办起夜校。"] * 3


@pytest.mark.parametrize("read", [lambda paths: list(read_corpus(paths)), read_annotations])
@pytest.mark.parametrize(("name", "content", "kind", "words"), [
    ("gbk.jsonl", LINE.encode("gb18030"), UndecodableText, "not UTF-8 (byte 0xb9)"),
    ("gbk.jsonl.zst", zstandard.compress(LINE.encode("gb18030")), UndecodableText, "not UTF-8"),
    ("plain.jsonl.zst", LINE.encode("utf-8"), InputError, "no zstd file"),
    ("cut.jsonl.zst", zstandard.compress(LINE.encode("utf-8") * 9)[:-4], InputError, "cut short"),
    ("empty.jsonl.zst", b"", InputError, "cut short"),
    ("hurt.jsonl.zst", zstandard.compress(LINE.encode("utf-8") * 9)[:-20] + b"\xff" * 60, InputError, "damaged"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_where_and_what_to_do(tmp_path, read, name, content, kind, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(kind) as refused:
        read([path])
    assert words in refused.value.what and refused.value.where == str(path) and refused.value.advice
    assert refused.value.exit_code == 65 and len(str(refused.value).splitlines()) == 1


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        list(read_corpus([tmp_path]))


def test_a_bad_line_is_named_and_blank_lines_count(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(LINE + "\n{}\n", encoding="utf-8")
    with pytest.raises(BadAnnotation, match="a.jsonl:3: not a JSON object"):
        list(read_corpus([path]))


@pytest.mark.usefixtures("chinese")
def test_messages_come_in_chinese_too(tmp_path):
    with pytest.raises(InputError, match="没有这个文件"):
        list(read_corpus([tmp_path / "none.jsonl"]))
