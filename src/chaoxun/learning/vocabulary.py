"""A corpus to a tokenizer: common words as one piece each, or single characters; a fast one that AutoTokenizer loads.

Words make sequences two fifths shorter, so everything runs that much faster, and a small network meets the cues that
give a label away (招聘, 竞赛, 困难群众) as units from its first step instead of having to learn to spell them.
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chaoxun.cleaning.characters import model_view

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
# BERT's own limit: more positions would not load into the plain layout's usual config.
MAX_POSITIONS = 512
# Words are found in a sample: the trainer takes a minute for a million characters on one core, and the commonest ten
# thousand words of a language are no others in fifty million characters than in five.
_SAMPLE_CHARACTERS = 5_000_000
_MAX_WORD_CHARACTERS = 6
# The substrings that the trainer starts from; its default of a million takes three times as long for the same words.
_SEED_SUBSTRINGS = 300_000
# White space in Chinese print is typesetting, never a word's end (cf. "送 温 暖" in a headline).  Plain strings and no
# regular expression: those of a tokenizer from elsewhere could be made to hang, so releases with any are refused.
_SPACES = (" ", "\n", "\t", "\r", "\u3000")


def train_tokenizer(
    texts: Iterable[str], *, vocabulary_size: int, min_count: int, whole_words: bool = True
) -> "PreTrainedTokenizerFast":
    """A fast tokenizer of at most `vocabulary_size` pieces, special tokens included, learned from `texts`.

    Every character met `min_count` times is a piece.  With `whole_words` the rest are the words, up to 6 characters,
    that a unigram language model finds most worth having (Kudo 2018, arXiv:1804.10959); without, Chinese characters are
    never merged (WordPiece), and the rest are runs of digits and Latin letters.  Lower-cases Latin; ids 0-4 are
    [PAD] [UNK] [CLS] [SEP] [MASK].  Characters get the same ids every time; among words of nearly equal worth the trainer,
    which sums in a different order each time, may decide differently.
    """
    counts: Counter[str] = Counter()
    sample = _Sample()
    for text in map(model_view, texts):
        counts.update(text.lower())
        sample.add(text)
    alphabet = sorted(character for character, n in counts.items() if n >= min_count and not character.isspace())
    if whole_words:
        return _wrapped(_find_words(sample.texts(), alphabet=alphabet, vocabulary_size=vocabulary_size))
    # Runs of digits and letters are counted in the sample alone, so a quarter of the count has to do.
    return _character_pieces(
        sample.texts(), alphabet=alphabet, vocabulary_size=vocabulary_size, min_count=max(1, min_count // 4)
    )


class _Sample:
    """About `_SAMPLE_CHARACTERS` of the texts that go by, chosen by their own digest: the same every time, spread evenly."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}
        self._limit = 16**8
        self._n_characters = 0

    def add(self, text: str) -> None:
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        if int(digest[:8], 16) >= self._limit or digest in self._kept:
            return
        self._kept[digest] = text
        self._n_characters += len(text)
        while self._n_characters > _SAMPLE_CHARACTERS and len(self._kept) > 1:
            self._limit = self._limit * 9 // 10
            self._kept = {key: kept for key, kept in self._kept.items() if int(key[:8], 16) < self._limit}
            self._n_characters = sum(map(len, self._kept.values()))

    def texts(self) -> list[str]:
        """The chosen texts, in an order that their content alone decides."""
        return [self._kept[digest] for digest in sorted(self._kept)]


def _find_words(texts: list[str], *, alphabet: list[str], vocabulary_size: int) -> "Tokenizer":
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            *(normalizers.Replace(space, "") for space in _SPACES),
            normalizers.BertNormalizer(lowercase=True, strip_accents=False, handle_chinese_chars=False),
        ]
    )
    # 的 is glued to half the nouns of the language by its frequency alone; apart, its places go to real words.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Punctuation(),
            pre_tokenizers.Digits(),
            pre_tokenizers.Split("的", behavior="isolated"),
        ]
    )
    trainer = trainers.UnigramTrainer(  # type: ignore[call-arg]  # its stub does not know seed_size
        vocab_size=vocabulary_size,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=alphabet,
        unk_token="[UNK]",
        max_piece_length=_MAX_WORD_CHARACTERS,
        seed_size=_SEED_SUBSTRINGS,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def _wrapped(tokenizer: "Tokenizer") -> "PreTrainedTokenizerFast":
    """`tokenizer` with [CLS] and [SEP] put around a text, as transformers keeps it."""
    from tokenizers import processors
    from transformers import PreTrainedTokenizerFast

    cls, sep = (tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", cls), ("[SEP]", sep)]
    )
    named: dict[str, Any] = {f"{token.strip('[]').lower()}_token": token for token in SPECIAL_TOKENS}
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, model_max_length=MAX_POSITIONS, **named
    )


def _character_pieces(
    texts: list[str], *, alphabet: list[str], vocabulary_size: int, min_count: int
) -> "PreTrainedTokenizerFast":
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers import BertTokenizer

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary_size,
        min_frequency=min_count,
        limit_alphabet=len(alphabet),
        initial_alphabet=alphabet,
        special_tokens=list(SPECIAL_TOKENS),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    # The trainer numbers its pieces differently each time; sorted, the same corpus always gives the same ids.
    pieces = [*SPECIAL_TOKENS, *sorted(set(tokenizer.get_vocab()) - set(SPECIAL_TOKENS))]
    return BertTokenizer(
        vocab={piece: number for number, piece in enumerate(pieces)}, do_lower_case=True, strip_accents=False,
        model_max_length=MAX_POSITIONS,
    )  # fmt: skip
