"""`chaoxun status` and `chaoxun export`: what a store holds, and files made from it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from chaoxun.cli.options import PATH, example, json_option
from chaoxun.cli.terminal import printable
from chaoxun.language import say

if TYPE_CHECKING:
    from chaoxun.archive.status import Status

_STORE = click.argument("store", metavar="STORE", type=PATH)


@click.command(
    help=say(
        en="Shows what became of every input of a store, and what to do about those that failed.",
        zh="显示结果库中每个输入文件的处理状态，以及失败文件的原因和处理办法。",
    ),
    epilog=example("chaoxun status archive.db"),
)
@_STORE
@json_option
def status(store: Path, as_json: bool) -> int:
    """0 whenever the store can be read."""
    from chaoxun.archive.status import read_status
    from chaoxun.archive.store import Store
    from chaoxun.reporting.rows import json_line

    with Store(store, mode="read") as opened:
        found = read_status(opened)
    if as_json:
        click.echo(json_line(found.to_json()))
    else:
        _print(found)
    return 0


@click.command(
    help=say(
        en="Writes the articles of a store, with tags and evidence, into a file: .xlsx to read, .jsonl for programs.",
        zh="把结果库中的文章连同标签和依据导出为文件：.xlsx 供阅读，.jsonl 供程序使用。",
    ),
    epilog=example("chaoxun export archive.db --to articles.xlsx"),
)
@_STORE
@click.option(
    "--to",
    required=True,
    type=PATH,
    metavar="FILE",
    help=say(en="File to write; its ending says which kind.", zh="导出文件，格式由扩展名决定。"),
)
@click.option("--as", "contents", type=click.Choice(["articles"]), default="articles", show_default=True, help=say(
    en="What to export.", zh="导出内容。"))  # fmt: skip
def export(store: Path, to: Path, contents: str) -> int:
    """0 when the file was written."""
    from chaoxun.archive.store import Store
    from chaoxun.reporting.exports import export_articles

    with Store(store, mode="read") as opened:
        n_written = export_articles(opened, to)
    name = printable(str(to))
    click.echo(say(en=f"{name}: {n_written} articles", zh=f"{name}：{n_written} 篇文章"), err=True)
    return 0


def _print(found: "Status") -> None:
    from chaoxun.archive.outcomes import STATES
    from chaoxun.cli.printing import counts_line, failure_line

    click.echo(counts_line({state: found.states.get(state, 0) for state in STATES}))
    n, release = found.n_articles, printable(found.release) or "-"
    click.echo(say(en=f"{n} articles, release {release}", zh=f"文章 {n} 篇，模型版本 {release}"))
    for failure in found.failures:
        click.echo("  " + failure_line(failure))
