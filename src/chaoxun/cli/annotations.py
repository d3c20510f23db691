"""`chaoxun annotations ...`: what can be done with annotation files without a model."""

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chaoxun.cli.options import example, json_option
from chaoxun.language import say

if TYPE_CHECKING:
    from chaoxun.learning.checking import Finding

_BAD_ANNOTATIONS = 78


@click.group(help=say(en="Checks annotation files.", zh="检查标注文件。"))
def annotations() -> None:
    """The group that the commands on annotation files hang on."""


@annotations.command(
    help=say(
        en="Lists what is wrong with annotation files: malformed lines, unknown labels, quotes that are not in the text,"
        " articles that stand twice, and near twins with other labels.  Exit code 78 if there is anything.",
        zh="列出标注文件中的问题：格式错误、未知标签、不在正文中的引文、重复的文章、几乎相同却标签不同的文章。有问题时退出码为 78。",
    ),
    epilog=example("chaoxun annotations check articles.jsonl --labels training/labels.toml"),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=say(en="The labels there are, TOML.", zh="标签表，TOML。"),
)
@click.option(
    "--evidence", is_flag=True, help=say(en="Every label needs a quote.", zh="每个标签都必须有引文。")
)  # fmt: skip
@json_option
def check(files: tuple[Path, ...], labels: Path | None, evidence: bool, as_json: bool) -> int:
    """0 if nothing is wrong, else 78."""
    from chaoxun.labels import load_taxonomy
    from chaoxun.learning.checking import check_annotations

    known = load_taxonomy(labels).ids if labels else ()
    n_read, findings = check_annotations(files, known=known, needs_evidence=evidence)
    for finding in findings:
        click.echo(_line(finding, as_json=as_json))
    click.echo(say(
        en=f"{n_read} annotations, {len(findings)} findings", zh=f"标注 {n_read} 条，问题 {len(findings)} 处"
    ), err=True)  # fmt: skip
    return _BAD_ANNOTATIONS if findings else 0


def _line(finding: "Finding", *, as_json: bool) -> str:
    if as_json:
        return json.dumps(dataclasses.asdict(finding), ensure_ascii=False)
    return f"{finding.where}: {finding.code}, {finding.message}"
