"""What a file really is, told by its first bytes: its name says little (an .xls is often a web page or a CSV)."""

from __future__ import annotations

import re
import zipfile
from enum import Enum
from pathlib import Path

from bot.sheets.rows import SheetError

MAX_BYTES = 150_000_000
MAX_UNPACKED = 1_500_000_000
MAX_RATIO = 200
"""Unpacked to packed size from which on a file of more than SMALL bytes is no table: a million formatted empty rows reach
60, a bomb made to fill the memory 1,000."""
SMALL = 50_000_000

_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|meta|table|style)\b", re.IGNORECASE)
_STRANGERS = (  # (first bytes, what it is)
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "GZ 压缩包"),
    (b"{\\rtf", "RTF 文档"),
    (b"SQLite format 3", "数据库文件"),
)


class Kind(Enum):
    """How a file is to be read."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    HTML = "html"
    TEXT = "csv"


def kind_of(path: Path, *, max_bytes: int = MAX_BYTES, max_unpacked: int = MAX_UNPACKED) -> Kind:
    """The real format. Raises SheetError for what is no spreadsheet, broken, encrypted, empty or too big."""
    if not path.exists():
        raise SheetError(f"没有找到文件“{path.name}”，请检查路径和文件名。")
    if not path.is_file():
        raise SheetError(f"“{path.name}”不是一个文件，请给出表格文件本身的路径。")
    size = path.stat().st_size
    if size == 0:
        raise SheetError(f"“{path.name}”是空文件（0 字节），请重新导出或重新发送一份。")
    if size > max_bytes:
        raise SheetError(
            f"“{path.name}”有 {size / 1e6:.0f} MB，超过了 {max_bytes / 1e6:.0f} MB 的上限，"
            "请删去图片和多余的工作表，或拆成几个文件再导入。"
        )
    with path.open("rb") as file:
        head = file.read(8192)
    if head.startswith(b"PK"):
        return _kind_of_archive(path, max_unpacked)
    if head.startswith(_OLE2):
        return _kind_of_ole2(path)
    for first, name in _STRANGERS:
        if head.startswith(first):
            raise SheetError(f"“{path.name}”是{name}，不是表格，请另存为 .xlsx 或 .csv 再导入。")
    if head.startswith(b"\x09\x08"):  # a BIFF stream without its container, as old report tools write it
        raise SheetError(f"“{path.name}”是很旧的 Excel 格式，请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Kind.TEXT
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise SheetError(f"“{path.name}”是“XML 表格 2003”格式，请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。")
    if text.startswith(b"<") and _MARKUP.search(text):
        return Kind.HTML
    if b"\0" in head:
        raise SheetError(f"“{path.name}”不是能识别的表格，可能已损坏，请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。")
    return Kind.TEXT


def _kind_of_archive(path: Path, max_unpacked: int) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise broken(path) from error
    unpacked = sum(member.file_size for member in members)
    if unpacked > max_unpacked or (unpacked > SMALL and unpacked > MAX_RATIO * path.stat().st_size):
        raise SheetError(
            f"“{path.name}”解压后有 {unpacked / 1e6:.0f} MB，太大了，"
            "不像正常的表格，请把要导入的内容复制到一个新表格里再试。"
        )
    if any(member.flag_bits & 1 for member in members):
        raise encrypted(path)
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if "xl/workbook.bin" in names:
        return Kind.XLSB
    if b"opendocument.spreadsheet" in mimetype:
        return Kind.ODS
    if "word/document.xml" in names or b"opendocument.text" in mimetype:
        raise SheetError(f"“{path.name}”是文字文档，不是表格，请把里面的表格复制到 Excel 里，存成 .xlsx 再导入。")
    if any(name.startswith("Index/") for name in names):
        raise SheetError(f"“{path.name}”是苹果 Numbers 表格，请在 Numbers 里导出成 Excel（.xlsx）再导入。")
    if "[Content_Types].xml" in names:
        raise broken(path)
    raise SheetError(f"“{path.name}”是压缩包，不是表格，请先解压，再导入里面的表格。")


def _kind_of_ole2(path: Path) -> Kind:
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            if _ENCRYPTED in tail + chunk:
                raise encrypted(path)
            if "WordDocument".encode("utf-16-le") in tail + chunk:
                raise SheetError(
                    f"“{path.name}”是 Word 文档，不是表格，请把里面的表格复制到 Excel 里，存成 .xlsx 再导入。"
                )
            tail = chunk[-64:]
    return Kind.XLS


def broken(path: Path) -> SheetError:
    """The refusal of a file that does not hold together."""
    return SheetError(f"“{path.name}”已损坏或没有传完整，请用 Excel 或 WPS 打开，另存为新的 .xlsx 再导入。")


def encrypted(path: Path) -> SheetError:
    """The refusal of a file with a password."""
    return SheetError(f"“{path.name}”设了打开密码，请用 Excel 或 WPS 打开，去掉密码后另存，再导入。")
