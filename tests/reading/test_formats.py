import gzip
import io
import random
import zipfile

import pytest

from chaoxun import language
from chaoxun.errors import UnknownFormat
from chaoxun.reading.formats import FORMATS, Extracted, Format, find_format, is_binary, open_reader

PAGE = "青岚工人报\n本报讯 7月18日，青岚市总工会举办职工技能竞赛，236名选手同台比武。\n"


def a_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", PAGE)
    return buffer.getvalue()


SAMPLES: dict[str, list[bytes]] = {
    "PDF": [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"],
    "HTML": [
        b"<!DOCTYPE html><html>", b"\n  <HTML lang=zh>", b"\xef\xbb\xbf<html>", "<html><p>工会".encode("utf-16"),
        "<!doctype html><p>工会".encode("utf-16-le"), b"<div class=a>text</div>",
    ],
    "XML": [b'<?xml version="1.0"?><a/>', b"<!-- x --><svg/>"],
    "RTF": [b"{\\rtf1\\ansi"],
    "Word 97 / Office": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)],
    "ZIP / Office / EPUB": [a_zip()],
    "gzip, bzip2, xz, zstd, 7z or RAR archive": [gzip.compress(PAGE.encode()), b"7z\xbc\xaf\x27\x1c\0\4"],
    "picture": [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe0\0\x10JFIF", b"GIF89a", b"II*\0\x08\0\0\0"],
    "database or program": [b"SQLite format 3\0", b"\x7fELF\x02"],
    "binary file": [bytes(4096), bytes(random.Random(1).choice([0, 0, 0, 7, 200]) for _ in range(4096))],
    "notes, data or source": [],
    "text": [PAGE.encode(encoding) for encoding in ("utf-8", "gbk", "utf-16", "utf-16-le", "utf-16-be")],
}  # fmt: skip


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_every_format_is_read_or_refused_with_advice_in_both_languages(
    row: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    for data in SAMPLES[row.name]:
        assert find_format(data, name="03.txt") is row
    if row.reader:
        assert all(isinstance(open_reader(row)(data, encoding=None), Extracted) for data in SAMPLES[row.name])
        return
    messages = set()
    for chosen in ("en", "zh"):
        monkeypatch.setenv("CHAOXUN_LANG", chosen)
        language.user_language.cache_clear()
        with pytest.raises(UnknownFormat) as caught:
            open_reader(row)
        assert caught.value.advice and caught.value.reason == "UNKNOWN_FORMAT" and "\n" not in str(caught.value)
        messages.add(str(caught.value))
    language.user_language.cache_clear()
    assert len(messages) == 2


def test_content_counts_and_not_the_name() -> None:
    assert find_format(PAGE.encode(), name="03.pdf").name == "text"
    assert find_format(b"%PDF-1.4 ...", name="03.txt").name == "PDF"


def test_text_that_is_no_page_is_known_by_its_name() -> None:
    for name in ("truth.jsonl", "README.md", "a.CSV"):
        assert find_format(PAGE.encode(), name=name).name == "notes, data or source"
    for name in ("03", "第3版.要闻", "03.TXT", "page.ocr"):
        assert find_format(PAGE.encode(), name=name).name == "text"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32"])
def test_nuls_of_wide_encodings_are_no_sign_of_a_binary_file(encoding: str) -> None:
    for text in (PAGE * 50, "2021年1月22日 Page 3\n" * 50, "一最开言需" * 50, "一1"):
        assert not is_binary(text.encode(encoding))


def test_a_chinese_text_that_begins_like_a_picture_is_text() -> None:
    for text in ("BMW（宝马）工会", "II*级", "MM与职工", "GIFT 送温暖", "PK大赛"):
        assert find_format(text.encode("gbk"), name="03.txt").name == "text"
