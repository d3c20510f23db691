"""The spreadsheet that archivists read."""

import pytest
from openpyxl import load_workbook

from chaoxun.reporting import xlsx
from chaoxun.reporting.xlsx import safe_text, write_xlsx

NAMES = {"holiday_relief": "节日送温暖", "model_workers": "劳模工匠"}


def make_row(**changes):
    return {
        "id": "hlgrb-2024-05-06-p02-a01", "issue": "hlgrb-2024-05-06", "source": "in/02.txt", "page": 2, "kicker": "",
        "headline": "凉茶送到工地", "subtitle": "", "byline": "林小满", "text": "入夏第一天。\n工友们笑了。",
        "captions": ["图为现场。"], "release": "r1", "newspaper": "河柳工人报", "date": "2024-05-06", "kind": "article",
        "tags": [{"label": "holiday_relief", "name": "节日送温暖", "score": 0.91,
                  "evidence": [{"start": 0, "stop": 6, "text": "入夏第一天。"}], "band": "review"}],
        "scores": {"holiday_relief": 0.91, "model_workers": 0.02},
    } | changes  # fmt: skip


def read_back(path):
    book = load_workbook(path)
    sheet = book[xlsx.SHEET]
    header = [cell.value for cell in sheet[1]]
    return sheet, [dict(zip(header, row, strict=True)) for row in sheet.iter_rows(min_row=2)]


def test_a_row_has_the_article_its_tags_and_their_evidence(tmp_path):
    assert write_xlsx([make_row()], to=tmp_path / "a.xlsx", label_names=NAMES) == 1
    _, (row,) = read_back(tmp_path / "a.xlsx")
    values = {name: cell.value for name, cell in row.items()}
    assert values["标题"] == "凉茶送到工地" and values["版次"] == "2" and values["报纸"] == "河柳工人报"
    assert values["标签"] == "节日送温暖" and values["依据"] == "节日送温暖：入夏第一天。"
    assert values["待核"] == "节日送温暖"
    assert values["节日送温暖"] == 0.91 and values["劳模工匠"] == 0.02
    assert values["正文"] == "入夏第一天。\n工友们笑了。"


def test_the_sheet_is_ready_to_read(tmp_path):
    write_xlsx([make_row(), make_row(id="b")], to=tmp_path / "a.xlsx", label_names=NAMES)
    sheet, _ = read_back(tmp_path / "a.xlsx")
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:R3"
    assert sheet.column_dimensions["G"].width == 36
    assert sheet["G2"].alignment.wrap_text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_looks_like_a_formula_stays_text(tmp_path, start):
    headline = f'{start}1+HYPERLINK("x")'
    write_xlsx([make_row(headline=headline)], to=tmp_path / "a.xlsx", label_names=NAMES)
    _, (row,) = read_back(tmp_path / "a.xlsx")
    assert row["标题"].data_type == "s" and row["标题"].quotePrefix
    # A spreadsheet file is XML, where a carriage return is read as a line break.
    assert row["标题"].value.replace("\n", "\r") == headline.replace("\n", "\r")


def test_characters_that_no_spreadsheet_holds_are_marked(tmp_path):
    odd = "".join(map(chr, [*range(32), 0xD800, 0xDC80, 0xFFFE, 0xFFFF])) + "末"
    write_xlsx([make_row(text=odd, source=odd, byline=odd)], to=tmp_path / "a.xlsx", label_names=NAMES)
    _, (row,) = read_back(tmp_path / "a.xlsx")
    assert row["正文"].value.endswith("末") and "\ufffd" in row["正文"].value


def test_a_text_longer_than_a_cell_says_where_the_rest_is():
    text = safe_text("长" * 40_000)
    assert len(text) == 32_767 and text.endswith("（全文请导出为 .jsonl）")
    assert safe_text("短") == "短"


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "_MAX_ROWS", 3)
    assert write_xlsx([make_row(id=str(n)) for n in range(5)], to=tmp_path / "a.xlsx", label_names=NAMES) == 5
    book = load_workbook(tmp_path / "a.xlsx")
    assert [sheet.max_row for sheet in book] == [3, 3, 2]


def test_no_articles_give_an_empty_table(tmp_path):
    assert write_xlsx([], to=tmp_path / "a.xlsx", label_names={}) == 0
    sheet, rows = read_back(tmp_path / "a.xlsx")
    assert rows == [] and sheet.max_row == 1
