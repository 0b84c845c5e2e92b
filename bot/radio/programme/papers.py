"""A running sheet to take away: DOCX for the table in the studio, TXT for whatever else reads it."""

from __future__ import annotations

from typing import Any

from docx.shared import Pt

from bot.documents import docx
from bot.documents.docx import HEAD, TITLE
from bot.radio.programme.speech import day_said, minutes_said
from bot.radio.programme.views import ItemView, SheetView

_GONE = "（听众撤回了，不念）"
_NO_SCRIPT = "（没有口播稿，请嘉宾来说）"


def sheet_name(sheet: SheetView) -> str:
    """What a sheet's file is called, without its ending."""
    return f"节目单-{sheet.day or '模板'}-{sheet.title}"


def sheet_docx(sheet: SheetView) -> bytes:
    """The document's bytes."""
    document = docx.new(sheet_name(sheet))
    docx.line(document, f"《{sheet.title}》节目单", font=TITLE, size=22, centred=True, red=True)
    docx.line(document, _facts(sheet), size=14, centred=True)
    if sheet.note:
        docx.line(document, sheet.note, size=12)
    for place, item in enumerate(sheet.items, 1):
        _item(document, place, item)
    docx.line(document, _sum(sheet), size=12)
    return docx.written(document)


def _item(document: Any, place: int, item: ItemView) -> None:
    docx.line(document, f"{place}. {item.heading or _GONE}", font=HEAD, size=16, heading=True)
    if item.gone:
        if item.heading:
            docx.line(document, _GONE, size=14)
        return
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = 1.5
    paragraph.paragraph_format.space_after = Pt(4)
    docx.run(paragraph, _script(item), size=16)
    docx.line(document, _about(item), size=10.5)


def sheet_text(sheet: SheetView) -> str:
    """The same as plain text."""
    lines = [f"《{sheet.title}》节目单", _facts(sheet)]
    if sheet.note:
        lines.append(sheet.note)
    for place, item in enumerate(sheet.items, 1):
        lines += ["", f"{place}. {item.heading or _GONE}"]
        if item.gone:
            lines += [_GONE] if item.heading else []
        else:
            lines += [_script(item), f"［{_about(item)}］"]
    return "\n".join([*lines, "", _sum(sheet)]) + "\n"


def _facts(sheet: SheetView) -> str:
    parts = [day_said(sheet.day) if sheet.day else "模板", f"时长 {sheet.minutes} 分钟"]
    if sheet.guest:
        parts.append(f"嘉宾：{sheet.guest.said}")
    return "　".join(parts)


def _script(item: ItemView) -> str:
    if not item.script:
        return _NO_SCRIPT
    return f"{item.source_line}，{item.script}" if item.source_line else item.script


def _about(item: ItemView) -> str:
    parts = [f"念 {minutes_said(item.seconds)}"]
    if item.caller:
        parts.append(f"提问：{item.caller}")
    if item.answer is not None and item.answer_version is not None:
        parts.append(f"答复第 {item.answer_version} 版，核对于 {item.answer.checked_on}")
        parts += [_cited(one.title, one.number) for one in item.answer.sources[:2]]
    if item.expired:
        parts.append("答复已经到期，不要照念")
    elif item.outdated:
        parts.append(f"答复已经改到第 {item.outdated.has} 版")
    return "；".join(parts)


def _cited(title: str, number: str | None) -> str:
    return f"《{title.strip('《》')}》" + (f"（{number}）" if number else "")


def _sum(sheet: SheetView) -> str:
    left = f"还有 {minutes_said(sheet.left)}" if sheet.left >= 0 else f"超了 {minutes_said(-sheet.left)}"
    return f"共 {len(sheet.items)} 条，念完 {minutes_said(sheet.seconds)}，{left}。"
