import numpy as np
import pytest

from chaoxun.errors import TaggingFailed
from chaoxun.records import Article
from chaoxun.registry import open_tagger
from chaoxun.tagging.keywords import KeywordBackend
from chaoxun.tagging.tagger import Tagger


@pytest.fixture
def tagger():
    return open_tagger(None, backend="keywords")


def make_article(*paragraphs, headline="", article_id="a"):
    return Article(id=article_id, page_number=1, headline=headline, paragraphs=paragraphs)


def test_a_round_up_gets_all_its_labels_each_with_its_own_sentence(tagger):
    article = make_article("全市办了三场招聘会。", "天气转凉。又开了两期技能培训班，一百人结业。")
    (tagged,) = tagger.tag([article])
    quotes = {tag.label_id: [article.text[a:b] for a, b in tag.evidence] for tag in tagged.tags}
    assert quotes == {
        "skills_training": ["又开了两期技能培训班，一百人结业。"],
        "employment_fair": ["全市办了三场招聘会。"],
    }


def test_tags_come_highest_score_first_and_name_the_release(tagger):
    (tagged,) = tagger.tag([make_article("招聘会上有招聘岗位，也有劳模。")])
    assert [tag.label_id for tag in tagged.tags] == ["employment_fair", "model_workers"]
    assert {tag.origin for tag in tagged.tags} == {"model:keywords"}


def test_a_label_found_in_the_headline_alone_still_shows_a_sentence(tagger):
    (tagged,) = tagger.tag([make_article("昨天在车间举行，四十人到场。", headline="技能大赛开赛")])
    assert [tag.evidence for tag in tagged.tags] == [((0, 14),)]


def test_every_label_has_a_score_and_an_article_without_words_has_zeros(tagger):
    (tagged,) = tagger.tag([make_article()])
    assert tagged.tags == ()
    assert set(tagged.scores) == set(KeywordBackend.label_ids)
    assert set(tagged.scores.values()) == {0.0}


def test_articles_come_back_in_the_order_given(tagger):
    articles = [make_article("招聘会。" * n, article_id=f"a{n}") for n in (400, 1, 90)]
    assert [tagged.article.id for tagged in tagger.tag(articles)] == ["a400", "a1", "a90"]


def test_no_articles_give_no_tags(tagger):
    assert tagger.tag([]) == []


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_score_that_is_no_number_names_the_article(tagger, wrong):
    class Broken(KeywordBackend):
        def score(self, windows):
            values = super().score(windows)
            values[-1] = wrong
            return values

    broken = Tagger(Broken(), release="broken", taxonomy=tagger.taxonomy, thresholds=tagger.thresholds)
    with pytest.raises(TaggingFailed) as caught:
        broken.tag([make_article("好。", article_id="good"), make_article("坏。", article_id="bad")])
    assert caught.value.where == "bad"


def test_a_tag_says_whether_a_reader_has_to_look_if_the_release_knows(tagger):
    article = make_article("招聘会上有招聘岗位，也有劳模。")
    (before,) = tagger.tag([article])
    assert {tag.band for tag in before.tags} == {""}
    high, low = (tag.score for tag in before.tags)
    tagger.accept = (high + low) / 2
    (after,) = tagger.tag([article])
    assert [tag.band for tag in after.tags] == ["accept", "review"]
