from itertools import pairwise

import pytest
from transformers import AutoTokenizer

from chaoxun.learning.vocabulary import SPECIAL_TOKENS, train_tokenizer

# Words of two characters that occur together in every order, so that none of them can be taken for half of a longer one.
WORDS = ("工会", "举办", "技能", "竞赛", "招聘", "慰问", "职工", "书屋", "岗位", "培训")
TEXTS = [
    f"{a}{b}的{c}，{b}{a}。2021年GDP增长{n}%" for n, a in enumerate(WORDS) for b in WORDS for c in WORDS if a != b != c
]


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """A tokenizer of words, saved and loaded as a user gets it."""
    folder = tmp_path_factory.mktemp("words")
    train_tokenizer(TEXTS, vocabulary_size=120, min_count=2).save_pretrained(folder)
    return AutoTokenizer.from_pretrained(folder, local_files_only=True)


@pytest.fixture(scope="module")
def characters(tmp_path_factory):
    """A tokenizer of single characters, saved and loaded as a user gets it."""
    folder = tmp_path_factory.mktemp("characters")
    train_tokenizer(TEXTS, vocabulary_size=120, min_count=2, whole_words=False).save_pretrained(folder)
    return AutoTokenizer.from_pretrained(folder, local_files_only=True)


@pytest.fixture(params=["words", "characters"])
def tokenizer(request):
    """Each of the two."""
    return request.getfixturevalue(request.param)


def test_common_words_are_one_piece(words):
    assert words.tokenize("技能竞赛") == ["技能", "竞赛"]


def test_without_words_every_chinese_character_is_a_piece(characters):
    assert characters.tokenize("技能竞赛") == ["技", "能", "竞", "赛"]


def test_it_is_fast_and_puts_its_special_tokens_around_a_text(tokenizer):
    assert tokenizer.is_fast
    assert tokenizer.convert_tokens_to_ids(list(SPECIAL_TOKENS)) == [0, 1, 2, 3, 4]
    ids = tokenizer("工会")["input_ids"]
    assert (ids[0], ids[-1]) == (tokenizer.cls_token_id, tokenizer.sep_token_id)


@pytest.mark.parametrize("spaced", ["技 能 竞 赛", "技能\n竞赛", "技\u3000能竞赛"])
def test_spaces_and_line_breaks_between_chinese_characters_change_no_token(tokenizer, spaced):
    assert tokenizer.tokenize(spaced) == tokenizer.tokenize("技能竞赛")


def test_latin_letters_are_read_in_either_case(tokenizer):
    assert tokenizer.tokenize("gdp2021年") == tokenizer.tokenize("GDP2021年")
    assert tokenizer.unk_token_id not in tokenizer("GDP2021年，9%")["input_ids"]


def test_offsets_point_into_the_text_as_it_was_given(tokenizer):
    text = "职 工，举\n办GDP的 岗位"
    found = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    assert all(start < stop <= len(text) for start, stop in found)
    assert all(first[1] <= second[0] for first, second in pairwise(found))
    assert (
        "".join(text[start:stop] for start, stop in found).replace(" ", "").replace("\n", "") == "职工，举办GDP的岗位"
    )


def test_an_unknown_character_is_one_unknown_token_and_nothing_is_lost(tokenizer):
    ids = tokenizer("工会龘工会", add_special_tokens=False)["input_ids"]
    assert ids.count(tokenizer.unk_token_id) == 1
    assert tokenizer.decode(ids).replace(" ", "") == "工会[UNK]工会"


def test_there_are_no_more_pieces_than_were_asked_for(tokenizer):
    assert len(tokenizer) <= 120
