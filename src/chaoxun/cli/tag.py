"""`chaoxun tag`: files and folders to tagged articles, on standard output or into a store."""

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chaoxun.cli.options import PATH, backend_options, encoding_option, example, json_option, paths_argument
from chaoxun.errors import UsageError
from chaoxun.language import say

if TYPE_CHECKING:
    from chaoxun.archive.jobs import Job
    from chaoxun.archive.outcomes import Outcome
    from chaoxun.cli.runs import Tally
    from chaoxun.tagging.tagger import Tagger

_STDIN = "-"
_HELP = say(
    en="Finds the articles of newspaper pages and tags them by the activities they report.  PATH: text files and"
    " folders; - reads one article's text from standard input.",
    zh="从报纸版面文本中找出每篇文章，并按所报道的活动打标签。PATH 可以是文本文件或文件夹；"
    "- 表示从标准输入读取一篇文章。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The command line of one call."""

    paths: tuple[str, ...]
    store: Path | None
    release: str | None
    as_json: bool
    manifest: Path | None
    encoding: str | None
    dry_run: bool
    title: str
    backend: str
    device: str

    def open_tagger(self) -> "Tagger":
        """The tagger asked for; takes seconds."""
        from chaoxun.registry import open_tagger

        return open_tagger(self.release, backend=self.backend, device=self.device)

    def again(self) -> list[str]:
        """The words of the command that goes on with the same job, in a store."""
        # A name that begins with a dash would be read as an option.
        paths = [f"./{path}" if path.startswith("-") else path for path in self.paths]
        options = {
            "--store": str(self.store or "archive.db"),
            "--release": self.release,
            "--backend": self.backend if self.backend != "auto" else None,
            "--device": self.device if self.device != "auto" else None,
            "--encoding": self.encoding,
            "--manifest": self.manifest and str(self.manifest),
        }
        given = [word for name, value in options.items() if value for word in (name, value)]
        return ["tag", *paths, *given, *(["--json"] if self.as_json else [])]


@click.command(
    help=_HELP,
    epilog=example(
        "chaoxun tag examples",
        "chaoxun tag pages/ --store archive.db",
        "chaoxun tag pages/ --json > articles.jsonl",
    ),
)
@paths_argument
@click.option(
    "--store",
    type=PATH,
    metavar="FILE",
    help=say(
        en="Keep the results in this store; a second run does only what is new or changed.",
        zh="结果存入此结果库；再次运行只处理新增或改动的文件。",
    ),
)
@backend_options
@json_option
@click.option(
    "--manifest",
    type=PATH,
    metavar="FILE",
    help=say(
        en="Write what became of each input, a JSON object a line.", zh="逐行（JSON）写出每个输入文件的处理结果。"
    ),
)
@encoding_option
@click.option(
    "--dry-run", is_flag=True, help=say(en="Only list what would be done.", zh="只列出将要处理的文件，不实际处理。")
)
@click.option("--title", default="", metavar="TEXT", help=say(
    en="Headline of the article on standard input.", zh="标准输入文章的标题。"))  # fmt: skip
def tag(**options: Any) -> int:
    """The exit code of the run."""
    asked = _Asked(**options)
    if _STDIN in asked.paths:
        return _tag_stdin(asked)
    return _dry_run(asked) if asked.dry_run else _tag_files(asked)


def _tag_files(asked: _Asked) -> int:
    """Runs the pipeline; prints or keeps each outcome as it comes."""
    from chaoxun.archive.manifest import check_manifest, record_manifest
    from chaoxun.archive.pipeline import tag_inputs
    from chaoxun.archive.stopping import stopping
    from chaoxun.archive.store import Store
    from chaoxun.cli.progress import ProgressLine
    from chaoxun.cli.runs import Tally

    check_manifest(asked.manifest, store=asked.store, inputs=asked.paths)
    open_tagger, tally, line = cache(asked.open_tagger), Tally(), ProgressLine()
    with ExitStack() as opened:
        stop = opened.enter_context(stopping())
        store = opened.enter_context(Store(asked.store, mode="write")) if asked.store else None
        job = replace(_job(asked, open_tagger=open_tagger), is_stopped=stop.is_set, on_progress=line.show)
        outcomes = tag_inputs(job, store)
        for outcome in record_manifest(outcomes, asked.manifest) if asked.manifest else outcomes:
            tally.count(outcome)
            if outcome.articles and (asked.as_json or store is None):
                line.clear()
                _print_outcome(outcome, tagger=open_tagger(), as_json=asked.as_json)
    line.clear()
    _print_end(tally, asked, exit_code=stop.exit_code)
    return stop.exit_code or tally.exit_code


def _job(asked: _Asked, *, open_tagger: "Callable[[], Tagger]") -> "Job":
    from chaoxun.archive.jobs import Job
    from chaoxun.registry import release_key

    key = release_key(asked.release, backend=asked.backend)
    return Job(
        paths=asked.paths, release=key, open_tagger=open_tagger, encoding=asked.encoding, manifest=asked.manifest
    )


def _print_outcome(outcome: "Outcome", *, tagger: "Tagger", as_json: bool) -> None:
    from chaoxun.cli.printing import print_pages
    from chaoxun.reporting.rows import json_line, tagged_row

    names = label_names(tagger)
    if not as_json:
        print_pages(outcome, names=names)
        return
    for tagged in outcome.articles:
        issue = outcome.issue.id if outcome.issue else ""
        row = tagged_row(tagged, issue=issue, source=outcome.source, release=tagger.release, names=names)
        click.echo(json_line(row))


def label_names(tagger: "Tagger") -> Mapping[str, str]:
    """Label id to name, of the tagger's release."""
    return {label.id: label.name for label in tagger.taxonomy}


def _print_end(tally: "Tally", asked: _Asked, *, exit_code: int) -> None:
    """The summary, the failures and what to try next, on standard error."""
    from chaoxun.cli.printing import counts_line, hint, print_failures
    from chaoxun.cli.terminal import printable

    sys.stdout.flush()
    click.echo(("" if asked.as_json else "\n") + counts_line(tally.states) + tally.articles_line(), err=True)
    in_manifest = printable(str(asked.manifest)) if asked.manifest else ""
    print_failures(tally.failures, whole_list=hint("status", str(asked.store)) if asked.store else in_manifest)
    if exit_code:
        click.echo(say(en="To go on: ", zh="继续运行：") + hint(*asked.again()), err=True)
    elif tally.n_articles and not asked.as_json:
        export = ["export", str(asked.store), "--to", "articles.xlsx"]
        click.echo(say(en="Next: ", zh="下一步：") + hint(*(export if asked.store else asked.again())), err=True)


def _dry_run(asked: _Asked) -> int:
    """Lists every input with what there is to do about it; reads no article and loads no model."""
    from chaoxun.cli.exits import NO_INPUT
    from chaoxun.cli.runs import print_plan

    n_inputs = print_plan(_job(asked, open_tagger=asked.open_tagger), store=asked.store)
    sys.stdout.flush()
    click.echo(say(en=f"{n_inputs} files; nothing was done", zh=f"{n_inputs} 个文件；未做任何处理"), err=True)
    return 0 if n_inputs else NO_INPUT


def _tag_stdin(asked: _Asked) -> int:
    """Tags the text on standard input as one article, `stdin-a01`; 1 when the text is damaged."""
    from chaoxun.cli.exits import BAD_INPUTS
    from chaoxun.cli.printing import article_lines, print_failures
    from chaoxun.cli.runs import article_on_stdin
    from chaoxun.reporting.rows import json_line, tagged_row

    _require_alone(asked)
    article, damage = article_on_stdin(encoding=asked.encoding, title=asked.title)
    tagger = asked.open_tagger()
    (tagged,) = tagger.tag([article])
    if asked.as_json:
        row = tagged_row(tagged, issue="stdin", source="-", release=tagger.release, names=label_names(tagger))
        click.echo(json_line(row))
    else:
        for line in article_lines(tagged, names=label_names(tagger)):
            click.echo(line)
    if damage is None:
        return 0
    sys.stdout.flush()
    print_failures([damage])
    return BAD_INPUTS


def _require_alone(asked: _Asked) -> None:
    """Raises UsageError for what `-` cannot be given with, which would be left undone without a word."""
    if len(asked.paths) > 1 or asked.store or asked.manifest or asked.dry_run:
        raise UsageError(
            what=say(en="- stands for one article and goes with no other path, --store, --manifest or --dry-run",
                     zh="- 只表示一篇文章，不能与其他路径、--store、--manifest、--dry-run 同用"),
            advice=say(en="put the text into a file", zh="请把文本存为文件"),
        )  # fmt: skip
