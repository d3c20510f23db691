"""`recipe.toml` to settings: the `[pretrain]` and `[train]` tables, checked at the door."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from chaoxun.errors import RecipeError
from chaoxun.language import say


@dataclass(frozen=True, slots=True, kw_only=True)
class PretrainRecipe:
    """How an encoder is pretrained."""

    tokens: int = 40_000_000
    """Tokens to see in all; the schedule ends there."""
    n_layers: int = 4
    hidden_size: int = 256
    n_heads: int = 4
    vocabulary_size: int = 16384
    """Pieces of the tokenizer, an upper bound."""
    whole_words: bool = True
    """Common words are one piece each; false: every Chinese character is one piece."""
    min_character_count: int = 20
    """A character met less often in the corpus becomes [UNK]."""
    blocks_per_step: int = 8
    """Blocks of 510 tokens in a step."""
    long_share: float = 0.1
    """Share of the steps with sequences of 512 tokens instead of 128: enough to train every position."""
    mask_share: float = 0.2
    start_from_company: bool = True
    """Start the token embeddings from counts of which tokens occur together instead of at random."""
    gist_weight: float = 1.0
    """Weight of foretelling what a block is about from [CLS], beside the masked tokens; 0: masked tokens alone."""
    learning_rate: float = 1e-3
    warmup_steps: int = 300
    decay_share: float = 0.25
    """Share of the steps, at the end, over which the rate falls to a tenth."""
    weight_decay: float = 0.01
    max_gradient_norm: float = 1.0
    log_every_steps: int = 250
    save_every_steps: int = 250
    measure_blocks: int = 64
    """Blocks of unseen articles on which masked accuracy is measured."""
    hold_back_one_in: int = 500
    """One article in this many is kept out of training, to measure masked-token accuracy on texts never seen."""
    source_shares: dict[str, float] = field(default_factory=dict)
    """Share of the articles kept of a source, by its name in the corpus; 1 where nothing is said."""
    seed: int = 20261101


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRecipe:
    """How an encoder is fine-tuned into a release."""

    epochs: int = 5
    articles_per_step: int = 16
    learning_rate: float = 3e-4
    warmup_share: float = 0.06
    """Share of the steps over which the rate rises; it falls to zero over the rest."""
    weight_decay: float = 0.01
    max_gradient_norm: float = 1.0
    max_tokens: int = 256
    """Tokens of a window, special ones included."""
    max_windows_per_article: int = 4
    """In training: windows with the annotator's evidence first, the rest drawn anew each epoch."""
    dropout: float = 0.0
    max_positive_weight: float = 3.0
    """A yes of a rare label weighs sqrt(noes / yeses), at most this."""
    untitled_share: float = 0.3
    """Share of articles that are read without their title in an epoch: on real pages titles get lost."""
    learn_from_quotes: bool = True
    """Train on the annotators' quotes alone as well, and on one other sentence of each article."""
    lesson_articles: int = 8000
    """Unlabelled articles that a TF-IDF teacher scores and the network learns from before the real labels."""
    lesson_candidates: int = 24000
    """Unlabelled articles the lesson is chosen from, drawn at random."""
    lesson_learning_rate: float = 5e-4
    lesson_max_windows: int = 1
    """Windows of an article read in the lesson: most articles say in their first what they report."""
    development_share: float = 0.12
    """Share of the annotations, whole events, kept for choosing the epoch and the thresholds."""
    seed: int = 20261101


_Recipe = TypeVar("_Recipe")


def load_recipe(kind: type[_Recipe], path: Path | None, *, table: str) -> _Recipe:
    """A `kind` made from the table of that name in a TOML file; the defaults without a file or a table.

    Raises RecipeError, naming the key, for an unknown key or a value of the wrong type, and for TOML that does not parse.
    """
    if path is None:
        return kind()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RecipeError(
            what=say(en=f"cannot be read ({error.strerror})", zh=f"无法读取（{error.strerror}）"), where=str(path),
            advice=say(en="give a TOML file with --recipe", zh="请用 --recipe 指定一个 TOML 文件"),
        ) from error  # fmt: skip
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(en=f"not TOML ({error})", zh=f"不是 TOML（{error}）", where=str(path)) from error
    given = document.get(table, {})
    if not isinstance(given, dict):
        raise _wrong(en=f"{table} is no table", zh=f"{table} 不是表", where=str(path))
    return _checked(kind, given, where=f"{path} [{table}]")


def _checked(kind: type[_Recipe], given: dict[str, Any], *, where: str) -> _Recipe:
    defaults = {f.name: getattr(kind(), f.name) for f in fields(kind)}  # type: ignore[arg-type]
    for key, value in given.items():
        if key not in defaults:
            raise RecipeError(
                what=say(en=f"unknown key {key!r}", zh=f"未知的键 {key!r}"), where=where,
                advice=say(en=f"known are {', '.join(defaults)}", zh=f"可用的有 {'、'.join(defaults)}"),
            )  # fmt: skip
        wanted = type(defaults[key])
        if not _is_a(value, wanted):
            name = wanted.__name__
            raise _wrong(en=f"{key} = {value!r} is no {name}", zh=f"{key} = {value!r} 不是 {name}", where=where)
        for number in value.values() if isinstance(value, dict) else [value]:
            if wanted is dict and not _is_a(number, float):
                raise _wrong(en=f"{key}: {number!r} is no number", zh=f"{key}：{number!r} 不是数", where=where)
            if isinstance(number, int | float) and number < 0:
                raise _wrong(en=f"{key} = {value!r} is negative", zh=f"{key} = {value!r} 为负", where=where)
    return kind(**(defaults | given))


def _is_a(value: object, wanted: type) -> bool:
    """Whether a value of a TOML file can stand where a `wanted` is: whole numbers do for floats, truths for no number."""
    is_bool = isinstance(value, bool) == (wanted is bool)
    return is_bool and isinstance(value, (int, float) if wanted is float else wanted)


def _wrong(*, en: str, zh: str, where: str) -> RecipeError:
    return RecipeError(what=say(en=en, zh=zh), where=where, advice=say(en="mend the file", zh="请改正该文件"))
