"""A corpus of unlabelled articles to what pretraining reads: a tokenizer and blocks of token ids, kept between runs.

Both lie in the encoder's folder beside a digest of what they were made from, so another corpus never trains under the
vocabulary and the blocks of the one before.
"""

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from chaoxun.cleaning.characters import model_view
from chaoxun.errors import InputError, OutputError
from chaoxun.language import say
from chaoxun.learning.corpus import CorpusArticle, check_readable, read_corpus
from chaoxun.learning.masking import BLOCK_TOKENS
from chaoxun.learning.recipes import PretrainRecipe
from chaoxun.learning.vocabulary import train_tokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

STATE = "state"
"""The folder inside the encoder's own in which a run keeps what it goes on from."""
_BLOCKS, _DIGEST, _STEP = "corpus.npz", "corpus.sha256", "state.json"
_ENCODE_AT_ONCE = 512
# What else than the articles decides over vocabulary and blocks; budgets and rates may change from run to run.
_RECIPE_KEYS = ("vocabulary_size", "whole_words", "min_character_count", "hold_back_one_in", "source_shares")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedCorpus:
    """What a pretraining run reads."""

    tokenizer: "PreTrainedTokenizerFast"
    train: NDArray[np.uint16]
    """(n_blocks, 510) token ids of the training articles."""
    unseen: NDArray[np.uint16]
    """The same of the articles held back to measure on."""


def pack_corpus(
    corpus: Sequence[Path], *, to: Path, recipe: PretrainRecipe, without: frozenset[str], resume: bool
) -> PackedCorpus:
    """The packed corpus that folder `to` holds if it was made from this one, else a new one, then kept there.

    Raises InputError if the corpus is too small for one batch, or if a run to resume had another corpus, and
    OutputError if `to` cannot be made.
    """
    _make_folders(to)
    kept, is_complete = _kept_digest(to), (to / "tokenizer.json").is_file() and (to / STATE / _BLOCKS).is_file()
    # A run that began before digests were kept is taken at its word.
    is_older = resume and not kept and (to / STATE / _STEP).is_file()
    if not (is_older and is_complete):
        made_from = _digest(corpus, without=without, recipe=recipe)
        if resume and kept and kept != made_from:
            raise _other_corpus(to)
        if kept != made_from or not is_complete:
            _rebuild(corpus, to=to, recipe=recipe, without=without, resume=resume)
            (to / STATE / _DIGEST).write_text(made_from + "\n", encoding="utf-8")
    with np.load(to / STATE / _BLOCKS, allow_pickle=False) as arrays:
        return PackedCorpus(tokenizer=_load_tokenizer(to), train=arrays["train"], unseen=arrays["unseen"])


def _make_folders(to: Path) -> None:
    try:
        (to / STATE).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            what=say(en=f"the folder cannot be made ({error.strerror})", zh=f"无法创建文件夹（{error.strerror}）"),
            where=str(to), advice=say(en="give another place with --to", zh="请用 --to 指定另一个位置"),
        ) from error  # fmt: skip


def _kept_digest(to: Path) -> str:
    """The digest that the packed corpus in `to` was made from; "" = none is kept."""
    kept = to / STATE / _DIGEST
    return kept.read_text(encoding="utf-8").strip() if kept.is_file() else ""


def _digest(corpus: Sequence[Path], *, without: frozenset[str], recipe: PretrainRecipe) -> str:
    """A SHA-256 over all that vocabulary and blocks depend on; the names of the files do not count."""
    files = []
    for path in corpus:
        check_readable(path)
        with path.open("rb") as stream:
            files.append(file_digest(stream, "sha256").hexdigest())
    settings = {key: getattr(recipe, key) for key in _RECIPE_KEYS}
    parts = {"files": files, "without": sorted(without), "recipe": settings}
    return sha256(json.dumps(parts, sort_keys=True).encode("utf-8")).hexdigest()


def _other_corpus(to: Path) -> InputError:
    keys = ", ".join(_RECIPE_KEYS)
    return InputError(
        what=say(
            en=f"the run to resume had another corpus, other excluded articles or another recipe ({keys})",
            zh=f"要继续的训练用的是另一份语料、另一批排除的文章或另一套设置（{keys}）",
        ),
        where=str(to),
        advice=say(
            en="give what it began with, or another folder with --to; without --resume the run begins anew",
            zh="请给出当初的语料和设置，或用 --to 指定另一个文件夹；不加 --resume 则从头开始",
        ),
    )


def _rebuild(
    corpus: Sequence[Path], *, to: Path, recipe: PretrainRecipe, without: frozenset[str], resume: bool
) -> None:
    """Makes vocabulary and blocks anew; what was there stays until both are ready, then goes with its run's state."""

    def articles() -> Iterator[CorpusArticle]:
        return _read(corpus, without=without, recipe=recipe)

    _say(
        say(en=f"vocabulary of {recipe.vocabulary_size} pieces ...", zh=f"建立 {recipe.vocabulary_size} 个词元的词表……")
    )
    texts = (article.title + "\n" + article.text for article in articles())
    made = train_tokenizer(
        texts, vocabulary_size=recipe.vocabulary_size, min_count=recipe.min_character_count,
        whole_words=recipe.whole_words,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        # Saved and loaded, so that the articles are encoded by exactly what a resumed run and a user get.
        made.save_pretrained(folder)
        tokenizer = _load_tokenizer(Path(folder))
    _say(say(en="tokenizing the corpus ...", zh="切分语料……"))
    streams: tuple[list[NDArray[np.uint16]], list[NDArray[np.uint16]]] = ([], [])
    for article_id, token_ids in _encode(articles(), tokenizer):
        streams[int(article_id[:8], 16) % recipe.hold_back_one_in == 0].append(token_ids)
    train, unseen = (_blocks(stream) for stream in streams)
    if len(train) < recipe.blocks_per_step or not len(unseen):
        raise InputError(
            what=say(en=f"{len(train)} blocks of {BLOCK_TOKENS} tokens: too few to pretrain on",
                     zh=f"只有 {len(train)} 块（每块 {BLOCK_TOKENS} 个词元），不足以预训练"),
            where=", ".join(map(str, corpus)),
            advice=say(en="give a larger corpus or a smaller batch in the recipe",
                       zh="请提供更大的语料，或在设置中减小 blocks_per_step"),
        )  # fmt: skip
    # The weights of the run before belong to its vocabulary: a kill from here on must not leave them to --resume.
    for name in (_DIGEST, _BLOCKS) if resume else (_STEP, _DIGEST, _BLOCKS):
        (to / STATE / name).unlink(missing_ok=True)
    made.save_pretrained(to)
    np.savez(to / STATE / _BLOCKS, train=train, unseen=unseen)


def _load_tokenizer(folder: Path) -> "PreTrainedTokenizerFast":
    from transformers import AutoTokenizer

    loaded: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    return loaded  # type: ignore[no-any-return]


def _read(corpus: Iterable[Path], *, without: frozenset[str], recipe: PretrainRecipe) -> Iterator[CorpusArticle]:
    """The corpus with sources thinned as the recipe says, chosen by id, so the same articles every time."""
    for article in read_corpus(corpus, without=without):
        if int(article.id[:8], 16) / 2**32 < recipe.source_shares.get(article.source, 1.0):
            yield article


def _encode(
    articles: Iterable[CorpusArticle], tokenizer: "PreTrainedTokenizerFast"
) -> Iterator[tuple[str, NDArray[np.uint16]]]:
    """(id, token ids with a [SEP] after headline and body) of each article."""
    sep = tokenizer.convert_tokens_to_ids("[SEP]")
    batch: list[CorpusArticle] = []

    def flush() -> Iterator[tuple[str, NDArray[np.uint16]]]:
        texts = [model_view(part) for article in batch for part in (article.title, article.text)]
        encoded = tokenizer(texts, add_special_tokens=False, verbose=False)["input_ids"]
        for i, article in enumerate(batch):
            parts = [[*part, sep] for part in encoded[2 * i : 2 * i + 2] if part]
            yield article.id, np.array([token for part in parts for token in part], dtype=np.uint16)
        batch.clear()

    for article in articles:
        batch.append(article)
        if len(batch) == _ENCODE_AT_ONCE:
            yield from flush()
    yield from flush()


def _blocks(stream: list[NDArray[np.uint16]]) -> NDArray[np.uint16]:
    joined = np.concatenate(stream) if stream else np.zeros(0, dtype=np.uint16)
    return joined[: len(joined) // BLOCK_TOKENS * BLOCK_TOKENS].reshape(-1, BLOCK_TOKENS)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
