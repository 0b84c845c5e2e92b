"""Files as people send them, read into rows."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from bot.sheets.reading import tables
from bot.sheets.rows import SheetError, address, column_index, column_name

ROWS = [["岗位", "单位", "人数"], ["会计", "示例一公司", 3], ["文员", "示例二公司", 2]]
PLAIN = [("岗位", "单位", "人数"), ("会计", "示例一公司", "3"), ("文员", "示例二公司", "2")]


def read(path: Path, **limits):
    """(number, cells) of every row of the first table."""
    return [(row.number, row.cells) for row in next(tables(path, **limits)).rows()]


def cells(path: Path):
    return [tuple(str(int(c)) if isinstance(c, float) else c for c in found) for _, found in read(path)]


def written(path: Path, content: str | bytes, encoding="utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def test_a_cell_is_named_as_the_spreadsheet_names_it():
    assert address(2, 7) == "C7"
    assert [column_name(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_index(column_name(i)) == i for i in range(2000))


def test_every_format_gives_the_same_rows(xlsx, ods, tmp_path):
    text = "\n".join(",".join(map(str, row)) for row in ROWS)

    for path in (xlsx(ROWS), ods(ROWS), written(tmp_path / "a.csv", text)):
        assert cells(path) == PLAIN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_a_csv_is_read_in_its_encoding_and_with_its_delimiter(tmp_path, encoding, delimiter):
    text = "\r\n".join(delimiter.join(map(str, row)) for row in ROWS)

    assert cells(written(tmp_path / "a.csv", text, encoding)) == PLAIN


def test_a_quoted_csv_cell_may_hold_commas_and_lines(tmp_path):
    path = written(tmp_path / "a.csv", '岗位,职责\n会计,"记账,\n报税"\n文员,"说""好"""\n')

    assert read(path) == [(1, ("岗位", "职责")), (2, ("会计", "记账,\n报税")), (3, ("文员", '说"好"'))]


@pytest.mark.parametrize("filler", [3, 3000])
def test_a_quote_that_is_never_closed_is_told_with_its_row(tmp_path, filler):
    path = written(tmp_path / "a.csv", '岗位,职责\n会计,"记账\n' + "文员,打字\n" * filler)

    with pytest.raises(SheetError, match="第 2 行读不下去（可能少了一个引号）"):
        read(path)


def test_a_lone_quote_within_a_cell_is_no_fault(tmp_path):
    assert read(written(tmp_path / "a.csv", '岗位,尺寸\n质检,15"屏\n'))[1] == (2, ("质检", '15"屏'))


def test_the_name_of_a_file_does_not_matter(xlsx, tmp_path):
    html = "<html><meta charset=gbk><table><tr><th>岗位</th><th>单位</th></tr><tr><td>会计</td><td>一</td></tr></table>"

    assert cells(xlsx(ROWS, name="a.xls")) == PLAIN
    assert cells(written(tmp_path / "b.xls", "\n".join("\t".join(map(str, r)) for r in ROWS), "gb18030")) == PLAIN
    assert cells(written(tmp_path / "c.xls", html, "gb18030")) == [("岗位", "单位"), ("会计", "一")]


def test_cells_that_span_in_a_web_page_fill_what_they_cover(tmp_path):
    html = (
        "<table><tr><td colspan=2>甲</td><td>乙</td></tr>"
        "<tr><td rowspan=2>丙</td><td>丁<br>戊</td><td>&lt;己&gt;</td></tr><tr><td>庚</td><td></td></tr></table>"
    )

    assert read(written(tmp_path / "a.xls", html)) == [
        (1, ("甲", "甲", "乙")),
        (2, ("丙", "丁\n戊", "<己>")),
        (3, ("丙", "庚", None)),
    ]


def test_merged_cells_are_filled_down_and_to_the_right(xlsx, ods):
    rows = [["甲", "乙", "丙"], ["公司", "会计", 1], [None, "文员", None], [None, "司机", 2]]

    def shape(sheet):
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("B3:C3")

    expected = [("甲", "乙", "丙"), ("公司", "会计", "1"), ("公司", "文员", "文员"), ("公司", "司机", "2")]

    assert cells(xlsx(rows, shape)) == expected
    assert cells(ods(rows, merged=[(2, 0, 3, 1), (3, 1, 1, 2)])) == expected


def test_hidden_rows_are_marked(xlsx, ods, tmp_path):
    def hide(sheet):
        sheet.row_dimensions[2].hidden = True

    for path in (xlsx(ROWS, hide), ods(ROWS, hidden=[2])):
        table = next(tables(path))
        assert table.tells_hidden
        assert [row.number for row in table.rows() if row.hidden] == [2]


def test_content_that_does_not_begin_in_a1_keeps_its_cells_names(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active["C3"], book.active["E5"] = "岗位", date(2026, 12, 31)
    book.save(tmp_path / "a.xlsx")

    found = dict(read(tmp_path / "a.xlsx"))

    assert found[3][2] == "岗位"
    assert found[5][4] == date(2026, 12, 31)
    assert set(found) == {1, 2, 3, 4, 5}


def test_hidden_sheets_and_empty_ones_are_left_out(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["看得见"])
    book.create_sheet("空表")
    secret = book.create_sheet("藏起来")
    secret.append(["看不见"])
    secret.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    assert [table.name for table in tables(tmp_path / "a.xlsx")] == ["Sheet"]


OLE2 = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空文件"),
        (OLE2 + "EncryptedPackage".encode("utf-16-le") + bytes(500), "设了打开密码"),
        (OLE2, "已损坏"),
        (OLE2 + "WordDocument".encode("utf-16-le"), "Word 文档"),
        (b"PK\x03\x04 and then nothing", "已损坏"),
        (b"%PDF-1.7", "PDF 文件"),
        (b"\x89PNG\r\n", "图片"),
        (b"\x00\x01\x02\x03" * 50, "不是能识别的表格"),
        ("\ufffe岗".encode("utf-16-le")[:1] + b"\x81\xff\xff\xff", "编码认不出来"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML 表格 2003"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(tmp_path, content, said):
    path = written(tmp_path / "来稿.xlsx", content)

    with pytest.raises(SheetError, match=said) as refusal:
        read(path)

    assert str(refusal.value).startswith("“来稿.xlsx”")
    assert str(refusal.value).endswith("。")


def test_a_missing_file_and_a_folder_get_a_sentence(tmp_path):
    with pytest.raises(SheetError, match=r"没有找到文件“无\.xlsx”"):
        read(tmp_path / "无.xlsx")
    with pytest.raises(SheetError, match="不是一个文件"):
        read(tmp_path)


def test_a_file_cut_short_is_broken(xlsx):
    path = xlsx(ROWS)
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(SheetError, match="已损坏或没有传完整"):
        read(path)


def test_a_part_that_was_tampered_with_is_broken(xlsx, tmp_path):
    source, target = xlsx(ROWS), tmp_path / "b.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    content = target.read_bytes()
    assert b"<c " in content
    target.write_bytes(content.replace(b"<c ", b"<d ", 1))

    with pytest.raises(SheetError, match="已损坏"):
        read(target)


def test_a_file_over_the_limit_is_refused_before_it_is_opened(tmp_path):
    path = tmp_path / "大.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)

    with pytest.raises(SheetError, match="有 200 MB，超过了 150 MB 的上限"):
        read(path)


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)

    with pytest.raises(SheetError, match="解压后有 20 MB，太大了"):
        read(path, max_unpacked=10_000_000)


def test_one_stray_cell_in_the_last_corner_does_not_eat_the_memory(xlsx):
    def stray(sheet):
        sheet["XFD1048576"] = "x"

    with pytest.raises(SheetError, match="撑得太大"):
        read(xlsx(ROWS, stray))


def test_an_archive_of_something_else_is_named(tmp_path):
    for name, said in (("a.txt", "压缩包"), ("word/document.xml", "文字文档"), ("Index/Document.iwa", "Numbers")):
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
            archive.writestr(name, "x")
        with pytest.raises(SheetError, match=said):
            read(tmp_path / "a.xlsx")


def test_an_encrypted_ods_is_told_as_such(ods, tmp_path):
    source, target = ods(ROWS), tmp_path / "b.ods"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "META-INF/manifest.xml":
                content = content.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")
            new.writestr(name, content)

    with pytest.raises(SheetError, match="设了打开密码"):
        read(target)
