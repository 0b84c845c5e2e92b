"""A DOCX file in the form of an official Chinese document: 仿宋 body, 黑体 headings, A4."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from bot.text.xml import xml_text

BODY, HEAD, TITLE = "仿宋", "黑体", "小标宋体"
AUTHOR = "大同市青年就业创业联盟"


def new(title: str) -> Any:
    """An empty A4 document with a title among its properties."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = BODY, Pt(14)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    document.core_properties.title = xml_text(title)
    document.core_properties.author = AUTHOR
    return document


def written(document: Any) -> bytes:
    """The document's bytes."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def run(paragraph: Any, text: str, *, font: str | None = None, size: float | None = None) -> Any:
    """A piece of text at the end of a paragraph."""
    made = paragraph.add_run(xml_text(text))
    if font:
        made.font.name = font
        made._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if size:
        made.font.size = Pt(size)
    return made


def line(
    document: Any,
    text: str,
    *,
    font: str | None = None,
    size: float,
    centred: bool = False,
    heading: bool = False,
    red: bool = False,
) -> Any:
    """A paragraph of one piece; a heading is one for Word's outline too."""
    paragraph = document.add_heading(level=1) if heading else document.add_paragraph()
    made = run(paragraph, text, font=font or BODY, size=size)
    made.font.color.rgb = RGBColor(0xC0, 0x10, 0x10) if red else RGBColor(0, 0, 0)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def table(document: Any, caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, size: float = 11) -> None:
    """A table with its caption above it, if it has one."""
    if caption:
        above = document.add_paragraph()
        run(above, caption, font=HEAD, size=12)
        above.alignment = WD_ALIGN_PARAGRAPH.CENTER
        above.paragraph_format.keep_with_next = True
    grid = document.add_table(rows=0, cols=len(head), style="Table Grid")
    for n, cells in enumerate((head, *rows)):
        row = grid.add_row()
        for cell, text in zip(row.cells, cells, strict=True):
            made = run(cell.paragraphs[0], text, font=HEAD if n == 0 else BODY, size=size)
            made.bold = n == 0
    document.add_paragraph()
