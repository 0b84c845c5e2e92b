"""What calamine does not tell of a workbook: hidden rows (XLSX, ODS), merged cells (ODS), and whether it is a trap.

The parts are read as streams of bytes with patterns, not as XML trees: flat memory, no entities to expand.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from bot.sheets.kinds import broken, encrypted
from bot.sheets.rows import SheetError, column_index

MAX_CELLS = 30_000_000
"""Used area of one sheet: calamine makes room for every cell of it, also those without content."""

_CHUNK = 1 << 20
_OVERLAP = 4096  # no tag that is looked for is longer
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER = re.compile(rb"\br=\"(\d+)\"")
_HIDDEN = re.compile(rb"\bhidden=\"(?:1|true|on)\"")
_FAR_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{2,3})\d+\"(?:[^>]*[^/])?>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ODS_TAG = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table(?!-))\b([^>]*)>")


@dataclass
class Hints:
    """What one sheet's own XML says beside its values; rows and columns counted from 0."""

    hidden: set[int] = field(default_factory=set)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


def _attributes(tag: bytes) -> dict[str, str]:
    found = _ATTRIBUTE.findall(tag)
    return {name.decode(): unescape((double or single).decode("utf-8", "replace")) for name, double, single in found}


def _stream(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part in pieces that end where a tag ends."""
    with archive.open(name) as part:
        rest = b""
        while chunk := part.read(_CHUNK):
            piece = rest + chunk
            cut = max(piece.rfind(b">") + 1, len(piece) - _OVERLAP)
            yield piece[:cut]
            rest = piece[cut:]
        if rest:
            yield rest


def xlsx_hints(path: Path) -> dict[str, Hints]:
    """Hidden rows by sheet name. Raises SheetError for a broken file and for one whose used area is absurd."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = _parts(archive)
            hints = {sheet: _xlsx_sheet(archive, part, path) for sheet, part in parts.items()}
            _read_through(archive, set(parts.values()))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, ValueError) as error:
        raise broken(path) from error
    return hints


def _read_through(archive: zipfile.ZipFile, read: set[str]) -> None:
    """Unpack the rest once: a part that is longer than it says, or damaged, fails its check sum here."""
    for member in archive.infolist():
        if member.filename.endswith((".xml", ".rels")) and member.filename not in read:
            with archive.open(member) as part:
                while part.read(_CHUNK):
                    pass


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each worksheet, by the sheet's name."""
    targets = {}
    for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        relation = _attributes(tag)
        if relation.get("Type", "").endswith("/worksheet"):
            target = relation["Target"]
            targets[relation["Id"]] = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            )
    found = {}
    for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
        sheet = _attributes(tag)
        part = targets.get(next((value for name, value in sheet.items() if name.endswith(":id")), ""))
        if part:
            found[sheet["name"]] = part
    return found


def _xlsx_sheet(archive: zipfile.ZipFile, part: str, path: Path) -> Hints:
    hints = Hints()
    row, last_column = 0, 26
    for piece in _stream(archive, part):
        for tag in _ROW.finditer(piece):
            number = _NUMBER.search(tag[1])
            row = int(number[1]) if number else row + 1
            if _HIDDEN.search(tag[1]):
                hints.hidden.add(row - 1)
        for cell in _FAR_CELL.finditer(piece):
            last_column = max(last_column, column_index(cell[1].decode()) + 1)
        if last_column > 200 and row * last_column > MAX_CELLS:
            raise _too_wide(path)
    if row * last_column > MAX_CELLS and last_column > 26:
        raise _too_wide(path)
    return hints


def _too_wide(path: Path) -> SheetError:
    return SheetError(f"“{path.name}”最右边、最下边有零散的内容，撑得太大，请把要导入的几列复制到新表格里再导入。")


def ods_hints(path: Path) -> dict[str, Hints]:
    """Hidden rows and merged cells by sheet name. Raises SheetError for a broken or encrypted file."""
    try:
        with zipfile.ZipFile(path) as archive:
            if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
                "META-INF/manifest.xml"
            ):
                raise encrypted(path)
            return _ods_sheets(archive, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, ValueError) as error:
        raise broken(path) from error


def _ods_sheets(archive: zipfile.ZipFile, path: Path) -> dict[str, Hints]:
    found: dict[str, Hints] = {}
    hints, row, column, repeat, cells = Hints(), 0, 0, 1, 0
    for piece in _stream(archive, "content.xml"):
        for end, kind, tag in _ODS_TAG.findall(piece):
            if kind == b"table" and not end:
                hints, row = Hints(), 0
                found[_attributes(tag).get("table:name", "")] = hints
            elif kind == b"table-row" and not end:
                attributes = _attributes(tag)
                repeat, column = int(attributes.get("table:number-rows-repeated", 1)), 0
                if attributes.get("table:visibility", "visible") != "visible" and repeat < 100_000:
                    hints.hidden.update(range(row, row + repeat))
                if tag.endswith(b"/"):
                    row += repeat
            elif kind == b"table-row":
                row += repeat
            elif not end:
                column, cells = _ods_cell(tag, hints, row, column, repeat, cells)
                if cells > MAX_CELLS:
                    raise _too_wide(path)
    return found


def _ods_cell(tag: bytes, hints: Hints, row: int, column: int, repeat: int, cells: int) -> tuple[int, int]:
    attributes = _attributes(tag)
    times = int(attributes.get("table:number-columns-repeated", 1))
    down, right = (int(attributes.get(f"table:number-{way}-spanned", 1)) for way in ("rows", "columns"))
    if down > 1 or right > 1:
        hints.merged.append(((row, column), (row + down - 1, column + right - 1)))
    if "office:value-type" in attributes:
        cells += times * repeat
    return column + times, cells
