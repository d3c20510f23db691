from hypothesis import given, settings
from hypothesis import strategies as st

from chaoxun.records import Article
from chaoxun.tagging.keywords import KeywordBackend
from chaoxun.tagging.windows import cut_sentences, cut_windows


def make_article(*paragraphs, headline="", article_id="a"):
    return Article(id=article_id, page_number=1, headline=headline, paragraphs=paragraphs)


class Narrow(KeywordBackend):
    """The keyword backend with windows of forty characters."""

    max_tokens = 40


def read(window):
    return "".join(map(chr, window.token_ids))


def test_a_short_article_is_one_window_with_its_title_in_front():
    (window,) = cut_windows([make_article("二十人开班。", headline="电工班")], KeywordBackend())
    assert read(window) == "电工班\0二十人开班。\0"
    assert (window.start, window.stop) == (0, 6)


def test_the_title_stands_in_front_of_every_window():
    windows = cut_windows([make_article("二十人来开班。" * 20, headline="电工班")], Narrow())
    assert len(windows) > 1
    assert all(read(window).startswith("电工班\0") for window in windows)


def test_a_headline_as_long_as_a_text_leaves_room_for_the_text():
    windows = cut_windows([make_article("二十人来开班。" * 9, headline="长" * 500)], Narrow())
    assert all(len(window.token_ids) <= 40 for window in windows)
    assert sum(window.stop - window.start for window in windows) == 63


def test_windows_are_about_equally_long():
    windows = cut_windows([make_article("一二三四五六七八九。" * 100)], KeywordBackend())
    lengths = [window.stop - window.start for window in windows]
    assert min(lengths) >= 0.8 * max(lengths)


def test_an_article_of_a_title_alone_gets_one_window_and_an_empty_one_none():
    windows = cut_windows([make_article(headline="图片新闻"), make_article(article_id="b")], KeywordBackend())
    assert [(w.article_id, w.start, w.stop) for w in windows] == [("a", 0, 0)]


def test_sentences_are_cut_without_the_title():
    windows = cut_sentences([make_article("开班了。结业了。", headline="电工班")], KeywordBackend())
    assert [read(window) for window in windows] == ["开班了。\0", "结业了。\0"]


def test_traditional_and_full_width_characters_are_read_in_the_uniform_view():
    (window,) = cut_windows([make_article("職工２０人")], KeywordBackend())
    assert read(window) == "职工20人\0"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="工会送温暖。！，\n 字ab1\U0001f600", max_size=300), st.sampled_from(["", "标题", "长" * 90]))
def test_windows_fit_the_model_and_cover_the_text(text, headline):
    article = make_article(*text.split("\n"), headline=headline)
    windows = cut_windows([article], Narrow())
    assert all(len(window.token_ids) <= 40 for window in windows)
    covered = set().union(*(range(window.start, window.stop) for window in windows)) if windows else set()
    assert all(n in covered for n, character in enumerate(article.text) if not character.isspace())
