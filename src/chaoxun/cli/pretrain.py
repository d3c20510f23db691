"""`chaoxun pretrain`: unlabelled articles to an encoder."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chaoxun.cli.options import ListCommand, example
from chaoxun.language import say

if TYPE_CHECKING:
    from chaoxun.learning.recipes import PretrainRecipe

_HELP = say(
    en="Pretrains a Chinese BERT on unlabelled articles (JSONL, also .zst), from random weights.  Ctrl-C saves the"
    " state; --resume goes on from there.",
    zh="用未标注的文章（JSONL，可为 .zst）从零预训练中文 BERT。按 Ctrl-C 会保存进度，用 --resume 继续。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    corpus: tuple[Path, ...]
    to: Path
    recipe: Path | None
    exclude: tuple[Path, ...]
    seed: int | None
    resume: bool


@click.command(cls=ListCommand, help=_HELP, epilog=example("chaoxun pretrain --corpus news.jsonl.zst --to encoder"))
@click.option(
    "--corpus",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE...",
    help=say(en="Articles, one JSON object with a text a line.", zh="文章文件，每行一个含 text 的 JSON 对象。"),
)
@click.option(
    "--to",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=say(en="Folder for the encoder.", zh="编码器写入的文件夹。"),
)
@click.option(
    "--recipe",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=say(en="Settings: table [pretrain] of a TOML file.", zh="设置：TOML 文件中的 [pretrain] 表。"),
)
@click.option(
    "--exclude",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE...",
    help=say(en="Annotations whose articles are kept out, to be measured on.", zh="标注文件，其中的文章不参与训练。"),
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="N",
    help=say(en="Replaces the recipe's seed.", zh="替换设置中的随机种子。"),
)
@click.option("--resume", is_flag=True,
              help=say(en="Go on with the run whose state lies in DIR.", zh="从 DIR 中保存的进度继续。"))  # fmt: skip
def pretrain(**options: Any) -> None:
    """Runs `learning.pretrain` and prints what it reached."""
    from chaoxun.learning import pretrain as learning
    from chaoxun.learning.annotations import read_annotations
    from chaoxun.learning.corpus import text_digest

    asked = _Asked(**options)
    without = frozenset(text_digest(annotation.text) for annotation in read_annotations(asked.exclude))
    reached = learning.pretrain(asked.corpus, to=asked.to, recipe=_recipe(asked), without=without, resume=asked.resume)
    click.echo(say(
        en=f"{asked.to}: {reached.tokens_seen:,} tokens seen, masked accuracy {reached.masked_accuracy:.3f} on unseen"
        " articles",
        zh=f"{asked.to}：已训练 {reached.tokens_seen:,} 个词元，未见文章的遮盖预测正确率 {reached.masked_accuracy:.3f}",
    ))  # fmt: skip


def _recipe(asked: _Asked) -> "PretrainRecipe":
    from chaoxun.learning.recipes import PretrainRecipe, load_recipe

    recipe = load_recipe(PretrainRecipe, asked.recipe, table="pretrain")
    return recipe if asked.seed is None else dataclasses.replace(recipe, seed=asked.seed)
