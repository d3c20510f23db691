"""A store to a file that others open: the table of exports, by the ending of the file's name."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from chaoxun.archive.rows import ArticleRow as StoredArticle
from chaoxun.archive.store import Store
from chaoxun.errors import UsageError
from chaoxun.language import say
from chaoxun.reporting.files import replaced_file
from chaoxun.reporting.rows import CONTRACT_FIELDS, ExportRow, json_line, tagged_row
from chaoxun.reporting.xlsx import write_xlsx

CONTENTS = ("articles",)
"""What `--as` takes."""


def write_jsonl(rows: Iterable[ExportRow], *, to: Path, label_names: Mapping[str, str]) -> int:
    """The number of lines written to `to`, each as `tag --json` prints it."""
    n_written = 0
    with to.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        for row in rows:
            stream.write(json_line({field: value for field, value in row.items() if field in CONTRACT_FIELDS}) + "\n")
            n_written += 1
    return n_written


EXPORTS: dict[str, Callable[..., int]] = {".jsonl": write_jsonl, ".xlsx": write_xlsx}
"""Ending of the file's name -> what writes it."""


def export_articles(store: Store, to: Path) -> int:
    """The number of articles of `store` written to `to`, which is replaced whole or not at all.

    Raises UsageError for an ending that is not in the table, OutputError or OutputFull if the file cannot be written.
    """
    write = EXPORTS.get(to.suffix.lower())
    if write is None:
        known = ", ".join(EXPORTS)
        raise UsageError(
            what=say(en=f"no export for names that end in {to.suffix!r}", zh=f"不支持以 {to.suffix!r} 结尾的导出文件"),
            where=str(to),
            advice=say(en=f"use one of {known}", zh=f"可用的有 {known}"),
        )
    names = store.label_names()
    with replaced_file(to) as new:
        return write(_rows(store.articles(), names=names), to=new, label_names=names)


def _rows(articles: Iterable[StoredArticle], *, names: Mapping[str, str]) -> Iterator[ExportRow]:
    for stored in articles:
        row = tagged_row(
            stored.tagged, issue=stored.issue_id, source=stored.source, release=stored.release, names=names
        )
        yield ExportRow(**row, newspaper=stored.newspaper, date=stored.date, kind=stored.tagged.article.kind)
