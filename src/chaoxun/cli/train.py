"""`chaoxun train` and `chaoxun evaluate`: annotated articles to a release, and a release to its figures."""

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chaoxun.cli.options import ListCommand, backend_options, example, json_option
from chaoxun.language import say

if TYPE_CHECKING:
    from chaoxun.learning.evaluate import Evaluation
    from chaoxun.tagging.tagger import Tagger

_FILES = click.Path(path_type=Path)


@click.command(
    cls=ListCommand,
    help=say(
        en="Fine-tunes an encoder, or any BERT in a folder, on annotated articles and writes a new release.",
        zh="用标注文章微调编码器（或文件夹中的任一 BERT），生成新的模型版本。",
    ),
    epilog=example(
        "chaoxun train --annotations articles.jsonl --labels labels.toml --base models/encoder --to my-release"
    ),
)
@click.option(
    "--annotations",
    multiple=True,
    required=True,
    type=_FILES,
    metavar="FILE...",
    help=say(en="Annotated articles, JSONL.", zh="标注文章，JSONL。"),
)
@click.option(
    "--labels", required=True, type=_FILES, metavar="FILE", help=say(en="The labels, TOML.", zh="标签表，TOML。")
)
@click.option(
    "--base",
    required=True,
    type=_FILES,
    metavar="DIR",
    help=say(
        en="Folder, or name on a model hub, of the encoder to start from.",
        zh="作为起点的编码器：文件夹或模型库中的名称。",
    ),
)
@click.option(
    "--to",
    required=True,
    type=_FILES,
    metavar="DIR",
    help=say(en="Folder for the release; must not exist.", zh="新版本写入的文件夹，须不存在。"),
)
@click.option(
    "--recipe",
    type=_FILES,
    metavar="FILE",
    help=say(en="Settings: table [train] of a TOML file.", zh="设置：TOML 文件中的 [train] 表。"),
)
@click.option(
    "--unlabelled",
    multiple=True,
    type=_FILES,
    metavar="FILE...",
    help=say(
        en="Articles without labels, for a first lesson by a TF-IDF teacher.",
        zh="未标注文章，先由 TF-IDF 教师带学一遍。",
    ),
)
@click.option("--exclude", multiple=True, type=_FILES, metavar="FILE...",
              help=say(en="Annotations whose articles must stay unseen.", zh="标注文件，其中的文章不得参与训练。"))  # fmt: skip
def train(recipe: Path | None, **options: Any) -> None:
    """Runs `learning.finetune.train` and prints what it reached."""
    from chaoxun.learning.finetune import TrainPlan
    from chaoxun.learning.finetune import train as run
    from chaoxun.learning.recipes import TrainRecipe, load_recipe

    reached = run(TrainPlan(**options), recipe=load_recipe(TrainRecipe, recipe, table="train"))
    f1 = reached.figures.macro_f1
    click.echo(say(
        en=f"{reached.folder}: macro-F1 {f1:.3f} on {reached.n_development} development articles (epoch {reached.epoch})",
        zh=f"{reached.folder}：在 {reached.n_development} 篇开发集文章上宏平均 F1 {f1:.3f}（第 {reached.epoch} 轮）",
    ))  # fmt: skip


@click.command(
    cls=ListCommand,
    help=say(
        en="Measures a release on annotated articles that it was not trained on.",
        zh="在未参与训练的标注文章上评估一个模型版本。",
    ),
    epilog=example("chaoxun evaluate --annotations held-out.jsonl --json"),
)
@backend_options
@click.option(
    "--annotations",
    multiple=True,
    required=True,
    type=_FILES,
    metavar="FILE...",
    help=say(en="Annotated articles, JSONL.", zh="标注文章，JSONL。"),
)
@click.option(
    "--labels",
    type=_FILES,
    metavar="FILE",
    help=say(en="The labels that the annotators knew, TOML.", zh="标注者所用的标签表，TOML。"),
)
@click.option("--predictions", type=_FILES, metavar="FILE",
              help=say(en="Write scores and labels, a line an article.", zh="逐篇写出分数与标签。"))  # fmt: skip
@json_option
def evaluate(annotations: tuple[Path, ...], labels: Path | None, predictions: Path | None, as_json: bool,
             **model: Any) -> None:  # fmt: skip
    """Runs `learning.evaluate.evaluate` and prints the figures."""
    from chaoxun.labels import load_taxonomy
    from chaoxun.learning.annotations import read_annotations
    from chaoxun.learning.evaluate import evaluate as run
    from chaoxun.registry import open_tagger

    rows = read_annotations(annotations)
    known = load_taxonomy(labels).ids if labels else ()
    tagger = open_tagger(model["release"], backend=model["backend"], device=model["device"])
    found = run(tagger, rows, also_known=known)
    if found.left_out:
        click.echo(say(
            en=f"warning: labels only one side knows are left out: {', '.join(found.left_out)}",
            zh=f"注意：只有一方认识的标签不参与评估：{'、'.join(found.left_out)}",
        ), err=True)  # fmt: skip
    if predictions:
        _write_predictions(found, predictions)
    click.echo(json.dumps(_contract(found, tagger), ensure_ascii=False) if as_json else _table(found, tagger))


def _write_predictions(found: "Evaluation", path: Path) -> None:
    from chaoxun.errors import OutputError

    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in found.predictions]
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise OutputError(
            what=say(en=f"cannot be written ({error.strerror})", zh=f"无法写入（{error.strerror}）"), where=str(path),
            advice=say(en="give another place", zh="请换一个位置"),
        ) from error  # fmt: skip


def _contract(found: "Evaluation", tagger: "Tagger") -> dict[str, object]:
    figures = dataclasses.asdict(found.figures)
    return {**figures, "release": tagger.release}


def _table(found: "Evaluation", tagger: "Tagger") -> str:
    figures = found.figures
    rows = [f"{'':20} {'P':>6} {'R':>6} {'F1':>6} {'AP':>6} {'n':>5}"]
    rows += [
        f"{label:20} {f.precision:6.3f} {f.recall:6.3f} {f.f1:6.3f} {f.average_precision:6.3f} {f.support:5d}"
        for label, f in figures.labels.items()
    ]
    rows += [
        f"{'micro':20} {figures.micro['precision']:6.3f} {figures.micro['recall']:6.3f} {figures.micro['f1']:6.3f}",
        f"{'macro-F1':34} {figures.macro_f1:6.3f}",
        say(en=f"{figures.n} articles, release {tagger.release}, calibration error {figures.calibration_error:.3f}",
            zh=f"{figures.n} 篇文章，模型版本 {tagger.release}，校准误差 {figures.calibration_error:.3f}"),
    ]  # fmt: skip
    return "\n".join(rows)
