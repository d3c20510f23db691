"""Tagged pages as a person reads them: headline, writer, tags with score and the sentence that carries each."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import click

from chaoxun.archive.outcomes import BAD_STATES, STATES, Outcome, State, is_tagged_kind, state_of
from chaoxun.archive.status import with_advice
from chaoxun.cli.options import command_name
from chaoxun.cli.terminal import is_terminal, printable, shell_word, shorten
from chaoxun.language import say, sentence
from chaoxun.records import Article, Failure, Page, TaggedArticle

# A pipe has no width; a line longer than this is hard to read anywhere.
_PIPE_COLUMNS = 160
_MIN_COLUMNS = 40
_OPENING_CHARACTERS = 24
# After so many failures of one kind nobody reads on, if all of them stand somewhere else.
_SHOWN_OF_A_REASON = 3

STATE_NAMES: dict[State, tuple[str, str]] = {
    "done": ("done", "完成"),
    "partial": ("partial", "部分完成"),
    "quarantined": ("quarantined", "隔离"),
    "needs_ocr": ("needs OCR", "需要 OCR"),
    "unsupported": ("unsupported", "不支持"),
    "skipped_duplicate": ("duplicate", "重复"),
    "pending": ("pending", "待处理"),
}
"""English and Chinese."""


def state_name(state: State) -> str:
    """A state in the user's language."""
    en, zh = STATE_NAMES[state]
    return say(en=en, zh=zh)


def print_pages(outcome: Outcome, *, names: Mapping[str, str]) -> None:
    """Prints the articles of one source, page by page, on standard output."""
    if outcome.issue is None:
        return
    page = None
    for record in outcome.records:
        if not is_tagged_kind(record.tagged.article):
            continue
        if record.page_position != page:
            page = record.page_position
            click.echo("\n" + click.style(_page_title(outcome, outcome.issue.pages[page]), bold=True))
        for line in article_lines(record.tagged, names=names):
            click.echo(line)


def article_lines(tagged: TaggedArticle, *, names: Mapping[str, str]) -> Iterator[str]:
    """The lines on one article, the headline first, then a line a tag."""
    article = tagged.article
    byline = click.style(f"  （{printable(article.byline)}）", fg="bright_black") if article.byline else ""
    picture = click.style(say(en=" [picture]", zh=" [图片]"), fg="bright_black") if article.kind == "photo" else ""
    yield f"  {_headline(article)}{byline}{picture}"
    if not tagged.tags:
        yield click.style(say(en="      no label", zh="      无标签"), fg="bright_black")
    for tag in tagged.tags:
        name = click.style(names.get(tag.label_id, tag.label_id), fg="green")
        start, stop = tag.evidence[0] if tag.evidence else (0, 0)
        quote = shorten(printable(article.text[start:stop].replace("\n", "")), columns=_columns() - 24)
        doubt = click.style(say(en=" check", zh=" 待核"), fg="yellow") if tag.band == "review" else ""
        yield f"      {name} {tag.score:.2f}{doubt}  {quote}"


def failure_line(failure: Failure) -> str:
    """What, where and what to do, on one line.

    Example: "in/a.txt: EMPTY, the file holds no text.  Remove it."
    """
    failure = with_advice(failure)
    stop = sentence(failure.message)[len(failure.message) :]
    return printable(
        f"{failure.source}: {failure.reason}, {failure.message}{stop}  {sentence(failure.advice)}".rstrip()
    )


def print_failures(failures: Iterable[Failure], *, whole_list: str = "") -> None:
    """Prints a line a failure on standard error; of many with one reason the first ones and how many more there are.

    whole_list: where all of them stand.  Without it every input that makes a run end with 1 gets its line.
    """
    n_of, n_left_out = Counter[str](), Counter[str]()
    for failure in failures:
        n_of[failure.reason] += 1
        has_to_be_named = not whole_list and state_of(failure) in BAD_STATES
        if has_to_be_named or n_of[failure.reason] <= _SHOWN_OF_A_REASON:
            click.echo(failure_line(failure), err=True)
        else:
            n_left_out[failure.reason] += 1
    whole_list = whole_list or say(en="tag with --manifest FILE", zh="tag 加 --manifest FILE")
    place = say(en=f" (all of them: {whole_list})", zh=f"（全部见：{whole_list}）")
    for reason, n in n_left_out.items():
        line = say(en=f"... and {n} more with reason {reason}", zh=f"……另有 {n} 个，原因同为 {reason}")
        click.echo(line + place, err=True)


def counts_line(states: Mapping[State, int]) -> str:
    """The accounting equation in words.

    Example: {"done": 10, "unsupported": 1} -> "11 files = 10 done + 1 unsupported"
    """
    parts = [f"{states[state]} {state_name(state)}" for state in STATES if states.get(state)]
    n_files = sum(states.values())
    total = say(en=f"{n_files} file" if n_files == 1 else f"{n_files} files", zh=f"{n_files} 个文件")
    return f"{total} = {' + '.join(parts)}" if parts else total


def has_bad_inputs(states: Mapping[State, int]) -> bool:
    """True when the run has to end with exit code 1."""
    return any(states.get(state) for state in BAD_STATES)


def hint(*words: str) -> str:
    """A command to try next, as the user has to type it."""
    return click.style(printable(" ".join([command_name(), *map(shell_word, words)])), fg="cyan")


def _page_title(outcome: Outcome, page: Page) -> str:
    number = "" if page.number is None else say(en=f"page {page.number}", zh=f"第{page.number}版")
    issue = outcome.issue
    known = (issue.newspaper, issue.date) if issue else ()
    return printable("  ".join(part for part in (*known, number, outcome.source) if part))


def _headline(article: Article) -> str:
    """The printed headline; where it is lost, the first words in brackets and grey."""
    if article.title:
        return click.style(printable(article.title), bold=True)
    text = article.text or " ".join(article.captions)
    opening = text[:_OPENING_CHARACTERS].replace("\n", " ")
    return click.style(f"[{printable(opening)}…]", fg="bright_black")


def _columns() -> int:
    if not is_terminal(sys.stdout):
        return _PIPE_COLUMNS
    return max(_MIN_COLUMNS, shutil.get_terminal_size().columns)
