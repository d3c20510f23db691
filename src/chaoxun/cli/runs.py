"""What `tag` and `split` count and note about a run: states, failures, the manifest, the exit code."""

import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from chaoxun.archive.jobs import Job
from chaoxun.archive.outcomes import Outcome, State
from chaoxun.archive.pipeline import plan_job
from chaoxun.archive.planning import Entry
from chaoxun.archive.store import Store
from chaoxun.cli.exits import BAD_INPUTS, NO_INPUT
from chaoxun.cli.printing import has_bad_inputs
from chaoxun.errors import NoText, PermissionRefused, UsageError
from chaoxun.language import say
from chaoxun.records import Article, Failure

_INPUT_STAGES = ("list", "read", "decode")


class Tally:
    """Outcomes counted: what the summary and the exit code are made from."""

    def __init__(self) -> None:
        self.states: Counter[State] = Counter()
        self.failures: list[Failure] = []
        self.n_articles = self._n_tagged = self._n_known = 0

    def count(self, outcome: Outcome) -> None:
        """Takes in one outcome."""
        self.states[outcome.state] += 1
        self.n_articles += outcome.n_articles
        self._n_tagged += sum(bool(tagged.tags) for tagged in outcome.articles)
        self._n_known += not outcome.is_new
        if outcome.failure and outcome.state != "skipped_duplicate":
            self.failures.append(outcome.failure)

    @property
    def exit_code(self) -> int:
        """By the contract: 65 (or 77) when no input was usable, 1 when some were bad, else 0."""
        usable = sum(self.states[state] for state in ("done", "partial", "skipped_duplicate", "pending"))
        if not usable and all(failure.stage in _INPUT_STAGES for failure in self.failures):
            reasons = {failure.reason for failure in self.failures}
            return PermissionRefused.exit_code if reasons == {PermissionRefused.reason} else NO_INPUT
        return BAD_INPUTS if has_bad_inputs(self.states) else 0

    def articles_line(self, *, with_tags: bool = True) -> str:
        """The articles in words, to follow the counts of files."""
        line = say(en=f"; {self.n_articles} articles", zh=f"；文章 {self.n_articles} 篇")
        if self._n_known:
            return line + say(en=f"; {self._n_known} files known from before", zh=f"；{self._n_known} 个文件此前已处理")
        return line + (
            say(en=f", {self._n_tagged} of them tagged", zh=f"，其中 {self._n_tagged} 篇有标签") if with_tags else ""
        )


def print_plan(job: Job, *, store: Path | None) -> int:
    """How many inputs there are; prints each with what there is to do about it."""
    with ExitStack() as opened:
        known = opened.enter_context(Store(store, mode="read")) if store is not None and store.exists() else None
        entries = plan_job(job, known)
    for entry in entries:
        click.echo(f"{_words(entry)}  {entry.source}")
    return len(entries)


def _words(entry: Entry) -> str:
    return entry.listed.problem or {
        "new": say(en="new", zh="新增"), "changed": say(en="changed", zh="已改动"),
        "again": say(en="again", zh="重做"), "moved": say(en="moved", zh="已移动"),
        "known": say(en="known", zh="已处理"),
    }[entry.action]  # fmt: skip


def article_on_stdin(paths: Sequence[Path], *, store: Path | None, encoding: str | None, title: str) -> Article:
    """The text on standard input as an article, a paragraph a line.

    Raises UsageError beside other paths or a store, NoText or UndecodableText.
    """
    from chaoxun.reading.decoding import decode

    if len(paths) > 1 or store is not None:
        raise UsageError(
            what=say(en="- stands for one article and goes with no other path and no store",
                     zh="- 只表示一篇文章，不能与其他路径或 --store 同用"),
            advice=say(en="put the text into a file", zh="请把文本存为文件"),
        )  # fmt: skip
    decoded = decode(sys.stdin.buffer.read(), encoding=encoding)
    paragraphs = tuple(line.strip() for line in decoded.text.splitlines() if line.strip())
    if not paragraphs:
        raise NoText(
            what=say(en="no text", zh="没有文本"), where=say(en="standard input", zh="标准输入"),
            advice=say(en="pipe the text of an article in", zh="请通过管道输入一篇文章的文本"),
        )  # fmt: skip
    return Article(id="stdin-a01", page_number=None, headline=title, paragraphs=paragraphs)
