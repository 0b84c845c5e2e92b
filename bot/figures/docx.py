"""A brief as a DOCX file: official form (bot/documents/docx.py), sources at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docx.shared import Pt

from bot.documents import docx
from bot.documents.docx import HEAD, TITLE
from bot.figures.brief import Brief, Cited, Paragraph, Source, Table

Address = Callable[[Source], str]
"""Where a figure can be looked up."""

_NUMERALS = "一二三四五六七八九十"


def brief_docx(brief: Brief, address: Address) -> bytes:
    """The document's bytes."""
    document = docx.new(f"{brief.title}（{brief.period}）")
    docx.line(document, brief.title, font=TITLE, size=22, centred=True, red=True)
    docx.line(document, brief.period, size=16, centred=True)
    docx.line(document, f"编制日期：{brief.made}", size=12, centred=True)
    for numeral, part in zip(_NUMERALS, brief.sections, strict=False):
        docx.line(document, f"{numeral}、{part.title}", font=HEAD, size=16, heading=True)
        for item in part.parts:
            if isinstance(item, Table):
                docx.table(document, item.caption, item.head, item.rows)
            else:
                _paragraph(document, item)
    docx.line(document, "附：数字出处", font=HEAD, size=16, heading=True)
    rows = [(f"{s.n}", s.title, s.value, s.meaning, address(s)) for s in brief.sources]
    docx.table(document, "", ("序号", "数字", "值", "怎么算的", "查看语句"), rows, size=9)
    return docx.written(document)


def _paragraph(document: Any, pieces: Paragraph) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(28)
    paragraph.paragraph_format.line_spacing = 1.5
    for piece in pieces:
        if isinstance(piece, Cited):
            docx.run(paragraph, piece.text).bold = True
            docx.run(paragraph, f"[{piece.n}]").font.superscript = True
        else:
            docx.run(paragraph, piece)
