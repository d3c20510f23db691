"""What `tag` and `split` count and note about a run: states, failures, the manifest, the exit code."""

import sys
from collections import Counter
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
from chaoxun.cli.terminal import printable
from chaoxun.errors import InputError, NoText, PermissionRefused
from chaoxun.language import say
from chaoxun.reading.formats import Extracted, find_format, open_reader
from chaoxun.reading.issues import MAX_BYTES
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
        self._n_known += not outcome.is_new and outcome.state != "pending"
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
        click.echo(f"{_words(entry)}  {printable(entry.source)}")
    return len(entries)


def _words(entry: Entry) -> str:
    return entry.listed.problem or {
        "new": say(en="new", zh="新增"), "changed": say(en="changed", zh="已改动"),
        "again": say(en="again", zh="重做"), "moved": say(en="moved", zh="已移动"),
        "known": say(en="known", zh="已处理"),
    }[entry.action]  # fmt: skip


def article_on_stdin(*, encoding: str | None, title: str) -> tuple[Article, Failure | None]:
    """The text on standard input as an article, a paragraph a line, and what is wrong with it if it is damaged.

    Raises InputError as reading a file does: UnknownFormat, UndecodableText, NoText, TooLarge.
    """
    name = say(en="standard input", zh="标准输入")
    try:
        extracted = _extract(sys.stdin.buffer.read(MAX_BYTES + 1), encoding=encoding)
    except InputError as error:
        raise type(error)(what=error.what, where=name, advice=error.advice) from error
    lines = [line.strip() for page in extracted.pages for line in page.text.splitlines()]
    article = Article(id="stdin-a01", page_number=None, headline=title, paragraphs=tuple(filter(None, lines)))
    if not extracted.is_damaged:
        return article, None
    unread = say(en="some characters could not be read and are now U+FFFD", zh="部分字符无法读取，已代以 U+FFFD")
    return article, Failure(source=name, sha256="", stage="decode", reason="CORRUPT", message=unread)


def _extract(data: bytes, *, encoding: str | None) -> Extracted:
    """What the reader of this format gets out of `data`.  Raises NoText when there is not a word in it."""
    extracted = open_reader(find_format(data, name=""))(data, encoding=encoding) if data.strip() else None
    if extracted is None or not any(character.isalnum() for page in extracted.pages for character in page.text):
        raise NoText(
            what=say(en="no text", zh="没有文本"),
            advice=say(en="pipe the text of an article in", zh="请通过管道输入一篇文章的文本"),
        )
    return extracted
