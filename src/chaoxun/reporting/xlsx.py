"""Articles to an .xlsx that people read and sort: sheet 文章, a row an article, a column a label.

Rows are streamed, so a hundred thousand articles need no more memory than ten.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from chaoxun.reporting.rows import ExportRow

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "文章"
# Excel's own limits.
_MAX_ROWS = 1_048_576
_MAX_CELL_CHARACTERS = 32_767
_CUT = "……（全文请导出为 .jsonl）"
# Not allowed in XML 1.0, surrogates included.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A text that begins so would be run as a formula by a spreadsheet that reads it back from CSV or by hand.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_KINDS = {"article": "文章", "photo": "图片"}
_BEFORE: dict[str, int] = {
    "编号": 26, "报纸": 16, "日期": 11, "版次": 6, "类型": 6, "肩题": 18, "标题": 36, "副题": 24, "作者": 16,
    "标签": 18, "待核": 14, "依据": 60,
}  # fmt: skip
_LABEL_WIDTH = 10
_AFTER: dict[str, int] = {"正文": 80, "图片说明": 30, "来源": 40, "模型版本": 16}
"""Column names and widths in characters, before and after the columns of the labels."""


def write_xlsx(rows: Iterable[ExportRow], *, to: Path, label_names: Mapping[str, str]) -> int:
    """The number of articles written to `to`; `label_names` gives each label's column its heading."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    remaining, n_written = iter(rows), 0
    for number in range(1, 1000):
        sheet = _new_sheet(book, number=number, label_names=label_names)
        n_here = 0
        for row in islice(remaining, _MAX_ROWS - 1):
            sheet.append(list(_cells(sheet, row, label_ids=tuple(label_names))))
            n_here += 1
        n_written += n_here
        n_columns = len(_BEFORE) + len(label_names) + len(_AFTER)
        sheet.auto_filter.ref = f"A1:{_letter(n_columns)}{n_here + 1}"
        if n_here < _MAX_ROWS - 1:
            break
    book.save(to)
    return n_written


def safe_text(text: str) -> str:
    r"""`text` as a cell can hold it: characters illegal in XML as U+FFFD, at most 32,767 characters.

    Example: "a\x00b" -> "a\ufffdb"
    """
    clean = _ILLEGAL.sub("\ufffd", text)
    return clean if len(clean) <= _MAX_CELL_CHARACTERS else clean[: _MAX_CELL_CHARACTERS - len(_CUT)] + _CUT


def _new_sheet(book: "Workbook", *, number: int, label_names: Mapping[str, str]) -> "Worksheet":
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet: Worksheet = book.create_sheet(SHEET if number == 1 else f"{SHEET}{number}")
    widths = [*_BEFORE.values(), *(_LABEL_WIDTH for _ in label_names), *_AFTER.values()]
    for column, characters in enumerate(widths, 1):
        sheet.column_dimensions[_letter(column)].width = characters
    # The header and, to the left, everything up to the article's number stay in view.
    sheet.freeze_panes = "B2"
    header = [_text(sheet, name) for name in (*_BEFORE, *label_names.values(), *_AFTER)]
    for cell in header:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
    sheet.append(header)
    return sheet


def _cells(sheet: "Worksheet", row: ExportRow, *, label_ids: Sequence[str]) -> "Iterator[Cell]":
    from openpyxl.cell import WriteOnlyCell

    page = "" if row["page"] is None else str(row["page"])
    tags = "；".join(tag["name"] for tag in row["tags"])
    doubtful = "；".join(tag["name"] for tag in row["tags"] if tag["band"] == "review")
    for value in (
        row["id"], row["newspaper"], row["date"], page, _KINDS.get(row["kind"], row["kind"]), row["kicker"],
        row["headline"], row["subtitle"], row["byline"], tags, doubtful, _evidence(row),
    ):  # fmt: skip
        yield _text(sheet, value)
    for label_id in label_ids:
        cell = WriteOnlyCell(sheet, value=row["scores"].get(label_id))
        cell.number_format = "0.00"
        yield cell
    for value in (row["text"], "\n".join(row["captions"]), row["source"], row["release"]):
        yield _text(sheet, value)


def _evidence(row: ExportRow) -> str:
    """A line for each tag: its name and the sentences that carry it."""
    return "\n".join(
        f"{tag['name']}：" + " … ".join(part["text"].strip() for part in tag["evidence"])
        for tag in row["tags"]
        if tag["evidence"]
    )


def _text(sheet: "Worksheet", value: str) -> "Cell":
    """A cell that is text whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    text = safe_text(value)
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)
