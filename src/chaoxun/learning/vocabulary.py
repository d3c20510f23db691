"""A corpus to a tokenizer: WordPiece over single Chinese characters, and over pieces of numbers and Latin words."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chaoxun.cleaning.characters import model_view

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
# BERT's own limit: more positions would not load into the plain layout's usual config.
MAX_POSITIONS = 512


def train_tokenizer(texts: Iterable[str], *, vocabulary_size: int, min_count: int) -> "PreTrainedTokenizerFast":
    """A fast BERT tokenizer whose pieces are the characters met `min_count` times and the commonest digit and Latin runs.

    vocabulary_size: pieces in all, special tokens included; an upper bound.  Lower-cases Latin; ids 0-4 are
    [PAD] [UNK] [CLS] [SEP] [MASK].  Chinese characters are never merged, so one character is one token.
    """
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers import BertTokenizer

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    counts = _count_characters(texts_seen := [model_view(text) for text in texts])
    alphabet = sorted(character for character, n in counts.items() if n >= min_count)
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary_size,
        min_frequency=min_count,
        limit_alphabet=len(alphabet),
        initial_alphabet=alphabet,
        special_tokens=list(SPECIAL_TOKENS),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts_seen, trainer)
    # The trainer numbers its pieces differently each time; sorted, the same corpus always gives the same ids.
    pieces = [*SPECIAL_TOKENS, *sorted(set(tokenizer.get_vocab()) - set(SPECIAL_TOKENS))]
    return BertTokenizer(
        vocab={piece: number for number, piece in enumerate(pieces)}, do_lower_case=True, strip_accents=False,
        model_max_length=MAX_POSITIONS,
    )  # fmt: skip


def _count_characters(texts: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        for character in text.lower():
            if not character.isspace():
                counts[character] = counts.get(character, 0) + 1
    return counts
