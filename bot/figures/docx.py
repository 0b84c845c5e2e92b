"""A brief as a DOCX file, in the form of an official Chinese document: 仿宋 body, 黑体 headings, sources at the end."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from bot.figures.brief import Brief, Cited, Paragraph, Source, Table
from bot.text.xml import xml_text

Address = Callable[[Source], str]
"""Where a figure can be looked up."""

_BODY, _HEAD, _TITLE = "仿宋", "黑体", "小标宋体"
_NUMERALS = "一二三四五六七八九十"


def brief_docx(brief: Brief, address: Address) -> bytes:
    """The document's bytes."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    _style(document.styles["Normal"], _BODY, 14)
    document.core_properties.title = f"{brief.title}（{brief.period}）"
    document.core_properties.author = "大同市青年就业创业联盟"

    _line(document, brief.title, font=_TITLE, size=22, centred=True, red=True)
    _line(document, brief.period, size=16, centred=True)
    _line(document, f"编制日期：{brief.made}", size=12, centred=True)
    for numeral, part in zip(_NUMERALS, brief.sections, strict=False):
        _line(document, f"{numeral}、{part.title}", font=_HEAD, size=16, heading=True)
        for item in part.parts:
            if isinstance(item, Table):
                _table(document, item)
            else:
                _paragraph(document, item)
    _line(document, "附：数字出处", font=_HEAD, size=16, heading=True)
    rows = tuple((f"{s.n}", s.title, s.value, s.meaning, address(s)) for s in brief.sources)
    _table(document, Table("", ("序号", "数字", "值", "怎么算的", "查看语句"), rows), size=9)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _style(style: Any, font: str, size: float) -> None:
    style.font.name, style.font.size = font, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _run(paragraph: Any, text: str, *, font: str | None = None, size: float | None = None) -> Any:
    run = paragraph.add_run(xml_text(text))
    if font:
        run.font.name = font
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if size:
        run.font.size = Pt(size)
    return run


def _line(
    document: Any,
    text: str,
    *,
    font: str | None = None,
    size: float,
    centred: bool = False,
    heading: bool = False,
    red: bool = False,
) -> None:
    paragraph = document.add_heading(level=1) if heading else document.add_paragraph()
    run = _run(paragraph, text, font=font or _BODY, size=size)
    run.font.color.rgb = RGBColor(0xC0, 0x10, 0x10) if red else RGBColor(0, 0, 0)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _paragraph(document: Any, pieces: Paragraph) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(28)
    paragraph.paragraph_format.line_spacing = 1.5
    for piece in pieces:
        if isinstance(piece, Cited):
            _run(paragraph, piece.text).bold = True
            _run(paragraph, f"[{piece.n}]").font.superscript = True
        else:
            _run(paragraph, piece)


def _table(document: Any, table: Table, *, size: float = 11) -> None:
    if table.caption:
        caption = document.add_paragraph()
        _run(caption, table.caption, font=_HEAD, size=12)
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.keep_with_next = True
    grid = document.add_table(rows=0, cols=len(table.head), style="Table Grid")
    for n, cells in enumerate((table.head, *table.rows)):
        row = grid.add_row()
        for cell, text in zip(row.cells, cells, strict=True):
            run = _run(cell.paragraphs[0], text, font=_HEAD if n == 0 else _BODY, size=size)
            run.bold = n == 0
    document.add_paragraph()
