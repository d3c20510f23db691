from hypothesis import given
from hypothesis import strategies as st

from chaoxun.learning.annotations import Annotation
from chaoxun.learning.quotes import quoted_sentences

TEXT = (
    "上午九点，大厅里挤满了人。\n八十家企业带来两千个岗位，三百人当场签约。随后，焊工们在隔壁比试手艺！下午天气转晴。"
)


def make(**more):
    return Annotation(**({"id": "a", "title": "", "text": TEXT, "labels": ("fair", "contest")} | more))


def rows_of(annotation):
    return quoted_sentences([annotation], seed=1)


def test_a_quoted_sentence_has_the_label_it_is_quoted_for_and_the_others_are_unknown():
    rows = rows_of(make(evidence={"fair": "三百人当场签约", "contest": "比试手艺"}))
    fair = next(row for row in rows if "fair" in row.labels)
    assert fair.text == "八十家企业带来两千个岗位，三百人当场签约。"
    assert (fair.labels, fair.unknown) == (("fair",), ("contest",))


def test_one_other_sentence_knows_only_what_the_whole_article_has_not():
    rows = rows_of(make(evidence={"fair": "三百人当场签约", "contest": "比试手艺"}, unsure=("aid",)))
    others = [row for row in rows if not row.labels]
    assert len(others) == 1
    assert set(others[0].unknown) == {"fair", "contest", "aid"}


def test_a_quote_that_runs_across_two_sentences_keeps_them_together():
    rows = rows_of(make(evidence={"fair": "三百人当场签约。随后，焊工们"}))
    assert [row.text for row in rows if row.labels] == [
        "八十家企业带来两千个岗位，三百人当场签约。随后，焊工们在隔壁比试手艺！"
    ]


def test_a_quote_that_is_not_in_the_text_teaches_nothing():
    assert all(not row.labels for row in rows_of(make(evidence={"fair": "不在文中的话"})))


def test_an_article_without_labels_gives_a_sentence_that_has_none():
    (row,) = rows_of(make(labels=()))
    assert (row.labels, row.unknown) == ((), ())


@given(st.text(alphabet="工会招聘，。！\n 第", max_size=60), st.integers(0, 40), st.integers(1, 20))
def test_every_row_is_a_piece_of_its_article_with_an_id_of_its_own(text, start, length):
    quote = text[start : start + length]
    annotation = make(text=text, evidence={"fair": quote} if quote else {})
    rows = rows_of(annotation)
    assert all(row.text in annotation.article.text for row in rows)
    assert len({row.id for row in rows}) == len(rows)
    assert all(not set(row.labels) & set(row.unknown) for row in rows)
