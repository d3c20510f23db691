"""`chaoxun split`: pages into articles."""

import json

CONTRACT = ["id", "issue", "source", "page", "kicker", "headline", "subtitle", "byline", "text", "captions", "kind"]


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


def test_json_has_a_line_an_article_without_tags(chaoxun, pages):
    ended = chaoxun("split", pages, "--json")
    rows = lines_of(ended.out)
    assert ended.code == 0 and all(list(row) == CONTRACT for row in rows)
    assert [row["byline"] for row in rows] == ["林小满", "周白", "本报记者 陈晚秋"]
    assert rows[0]["headline"] == "区总工会送温暖进工地"
    assert {row["kind"] for row in rows} == {"article"}


def test_all_adds_the_rest_of_the_page(chaoxun, pages):
    rows = lines_of(chaoxun("split", pages, "--json", "--all").out)
    rest = [row for row in rows if row["kind"] not in ("article", "photo")]
    assert any("河柳工人报" in row["text"] for row in rest)


def test_a_person_sees_id_headline_and_text(chaoxun, pages):
    ended = chaoxun("split", pages)
    assert "区总工会送温暖进工地" in ended.out and "48家企业的320名选手" in ended.out
    assert "2 files = 2 done; 3 articles" in ended.err


def test_bad_inputs_end_as_with_tag(chaoxun, pages, tmp_path):
    (tmp_path / "none").mkdir()
    (pages / "empty.txt").write_bytes(b"")
    assert chaoxun("split", pages, "--json").code == 1
    assert chaoxun("split", tmp_path / "none").code == 65
    assert chaoxun("split", tmp_path / "missing").code == 65


def test_the_source_begins_with_the_path_as_it_was_typed(chaoxun, pages, monkeypatch):
    monkeypatch.chdir(pages.parent)
    for typed in (f"./{pages.name}", pages.name, f"../{pages.parent.name}/{pages.name}"):
        rows = lines_of(chaoxun("split", typed, "--json").out)
        assert rows and all(row["source"].startswith(f"{typed}/") for row in rows)
