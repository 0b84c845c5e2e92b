"""Spreadsheets written: nothing in them runs, and they are whole or not there."""

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sheets.reading import tables
from bot.sheets.rows import SheetError
from bot.sheets.spool import Spool
from bot.sheets.writing import inert, without_mark, writing

BAIT = ["=1+1", "+86 352", "-5", "@cmd", "\tx", "\rx"]


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_no_cell_is_a_formula(tmp_path, name):
    with writing(tmp_path / name) as sheet:
        sheet.row(["话"])
        for words in BAIT:
            sheet.row([words])

    rows = [row.cells[0] for row in next(tables(tmp_path / name)).rows()]

    assert all(str(cell).startswith("'") for cell in rows[1:])
    assert len(rows) == 1 + len(BAIT)


def test_an_xlsx_holds_no_formula_for_other_programs_either(tmp_path):
    with writing(tmp_path / "a.xlsx") as sheet:
        sheet.row(["{=1+1}", "=HYPERLINK(1)", "http://x.example", "mailto:a@x.example"])

    cells = openpyxl.load_workbook(tmp_path / "a.xlsx").active[1]

    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.hyperlink for cell in cells} == {None}


def test_a_csv_has_the_mark_that_excel_needs(tmp_path):
    with writing(tmp_path / "a.csv") as sheet:
        sheet.row(["岗位"])

    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_failed_writing_leaves_the_old_file_and_no_draft(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("旧")

    with pytest.raises(ZeroDivisionError), writing(path) as sheet:
        sheet.row([1 // 0])

    assert path.read_text() == "旧"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("name", ["a.pdf", "nowhere/a.csv", "nowhere/a.xlsx"])
def test_what_cannot_be_written_gets_a_sentence(tmp_path, name):
    with pytest.raises(SheetError, match="写"), writing(tmp_path / name) as sheet:
        sheet.row(["x"])


@given(st.text(alphabet="=+-@'\t\rab会", max_size=6))
def test_the_apostrophe_comes_off_again(text):
    assert without_mark(inert(text)) in (text, without_mark(text))
    assert not inert(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_spool_keeps_everything_in_order_and_can_be_read_again():
    spool = Spool()
    for i in range(60_000):
        spool.add([i, "字" * 10])

    assert [i for i, _ in spool] == list(range(60_000))
    assert [i for i, _ in spool.first(3)] == [0, 1, 2]
    spool.add([60_000, ""])
    assert len(list(spool)) == len(spool) == 60_001
