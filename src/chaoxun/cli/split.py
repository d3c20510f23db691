"""`chaoxun split`: pages to their articles, without a model."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from chaoxun.cli.options import encoding_option, example, json_option, paths_argument
from chaoxun.cli.terminal import printable
from chaoxun.labels import Taxonomy
from chaoxun.language import say
from chaoxun.records import Article, TaggedArticle

if TYPE_CHECKING:
    from chaoxun.archive.outcomes import Outcome

_HELP = say(
    en="Splits newspaper pages into articles and prints them; nothing is tagged.",
    zh="把版面文本切分成文章并输出，不打标签。",
)


@click.command(
    help=_HELP, epilog=example("chaoxun split examples", "chaoxun split pages/ --json --all > records.jsonl")
)
@paths_argument
@json_option
@click.option("--all", "with_rest", is_flag=True, help=say(
    en="Also print what belongs to no article: mastheads, page numbers, unassigned lines.",
    zh="同时输出不属于任何文章的内容：报头、版次、未归属的行。"))  # fmt: skip
@encoding_option
def split(paths: tuple[str, ...], as_json: bool, with_rest: bool, encoding: str | None) -> int:
    """The exit code of the run."""
    from chaoxun.archive.jobs import Job
    from chaoxun.archive.outcomes import TAGGED_KINDS
    from chaoxun.archive.pipeline import tag_inputs
    from chaoxun.archive.stopping import stopping
    from chaoxun.cli.printing import counts_line, print_failures
    from chaoxun.cli.runs import Tally

    tally = Tally()
    with stopping() as stop:
        job = Job(paths=paths, release="", open_tagger=_Untagged, encoding=encoding, is_stopped=stop.is_set)
        for outcome in tag_inputs(job, None):
            tally.count(outcome)
            for record in outcome.records:
                if with_rest or record.tagged.article.kind in TAGGED_KINDS:
                    _print(record.tagged.article, outcome=outcome, as_json=as_json)
    sys.stdout.flush()
    click.echo(counts_line(tally.states) + tally.articles_line(with_tags=False), err=True)
    print_failures(tally.failures)
    return stop.exit_code or tally.exit_code


class _Untagged:
    """Stands where the pipeline wants a tagger, and gives every article back without tags."""

    def __init__(self) -> None:
        self.release, self.taxonomy, self.thresholds = "", Taxonomy(()), dict[str, float]()

    def tag(self, articles: Sequence[Article]) -> list[TaggedArticle]:
        """The articles as they are."""
        return [TaggedArticle(article=article, tags=(), scores={}) for article in articles]


def _print(article: Article, *, outcome: "Outcome", as_json: bool) -> None:
    from chaoxun.reporting.rows import json_line, split_row

    if as_json:
        issue = outcome.issue.id if outcome.issue else ""
        click.echo(json_line(split_row(article, issue=issue, source=outcome.source)))
        return
    head = "  ".join(part for part in (article.id, article.kind, article.title, article.byline) if part)
    click.echo(click.style(printable(head), bold=True))
    for text in (*article.paragraphs, *article.captions):
        click.echo("    " + printable(text))
