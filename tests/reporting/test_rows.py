"""The lines that other programs read."""

import json

import pytest

from chaoxun.records import Article, Tag, TaggedArticle
from chaoxun.reporting.rows import json_line, split_row, tagged_row

ARTICLE = Article(
    id="hlgrb-2024-05-06-p02-a01", page_number=2, kicker="河柳区总工会", headline="凉茶送到工地", byline="本报记者 林小满",
    paragraphs=("入夏第一天，区总工会送来凉茶。", "工友们说，心里也凉快了。"), captions=("图为送茶现场。",),
)  # fmt: skip
NAMES = {"holiday_relief": "节日送温暖", "model_workers": "劳模工匠"}
TAGGED = TaggedArticle(
    article=ARTICLE,
    tags=(
        Tag(article_id=ARTICLE.id, label_id="holiday_relief", score=0.912345, evidence=((0, 15),), origin="model:r1"),
    ),
    scores={"holiday_relief": 0.912345, "model_workers": 0.01},
)


def test_a_tagged_article_has_the_fields_of_the_contract_in_their_order():
    row = tagged_row(TAGGED, issue="hlgrb-2024-05-06", source="in/02.txt", release="r1", names=NAMES)
    assert list(row) == [
        "id", "issue", "source", "page", "kicker", "headline", "subtitle", "byline", "text", "captions", "tags", "scores",
        "release",
    ]  # fmt: skip
    assert row["text"] == "入夏第一天，区总工会送来凉茶。\n工友们说，心里也凉快了。"
    assert row["tags"] == [
        {"label": "holiday_relief", "name": "节日送温暖", "score": 0.9123,
         "evidence": [{"start": 0, "stop": 15, "text": "入夏第一天，区总工会送来凉茶。"}], "band": ""}
    ]  # fmt: skip


def test_a_split_record_has_a_kind_and_no_tags():
    row = split_row(ARTICLE, issue="i", source="s")
    assert row["kind"] == "article" and not {"tags", "scores", "release"} & set(row)


@pytest.mark.parametrize("text", ["一\u2028二", "一\u2029二", "一\x85二", "一\n二", "a\x00b", "\udc80"])
def test_a_line_is_one_line_to_every_reader_and_gives_the_text_back(text):
    line = json_line({"text": text})
    assert len(line.splitlines()) == 1
    assert json.loads(line) == {"text": text}
    assert json.loads(line.encode("utf-8", "backslashreplace")) == {"text": text}
