"""A person's record as a file to take away: for machines (JSON) and to be read (text).

It is as stored: numbers masked, and contacts not in clear. The file is given to whoever holds the browser's cookie,
which on a borrowed telephone need not be the person; and they know their own number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.clock import SHANGHAI
from bot.privacy.kinds import KINDS, kind_of

SEALED = "（加密存着，这里不显示）"
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
_WHO = {"in": "我", "out": "小同"}
_STATES = {
    "booked": "已约", "held": "占着没确认", "expired": "占的时间过了", "cancelled": "已取消", "done": "已完成",
    "no_show": "没到", "registered": "已报名", "waiting": "候补", "came": "已签到", "offered": "有空位待定", "over": "已结束",
    "received": "已收到", "selected": "已入选", "aired": "已播出", "withdrawn": "已撤回", "declined": "没入选",
    "taken": "工作人员在答", "message": "留言待回", "left": "没等", "asking": "还没说完",
}  # fmt: skip


def as_json(rows: Rows, *, code: str, now: datetime) -> str:
    """All rows by table, under the kinds that people know."""
    kinds: dict[str, dict[str, Any]] = {}
    for table, found in rows.items():
        kind = kind_of(table)
        kinds.setdefault(kind.name if kind else table, {})[table] = [
            {name: _plain(value) for name, value in row.items()} for row in found
        ]
    whole = {"代号": code, "导出时间": _local(now), "说明": _NOTE, "记录": kinds}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def as_text(rows: Rows, *, code: str, now: datetime) -> str:
    """What was said, and what else is stored, in lines to be read."""
    lines = ["对话青春 · 我的记录", f"代号 {code}，导出于 {_local(now)}", _NOTE]
    lines += ["", "【聊天记录】"]
    for message in rows.get("message", ()):
        lines.append(f"{_local(message['at'])} {_WHO[message['direction']]}：{message['text']}")
    for kind in KINDS[1:]:
        for table in kind.tables:
            if rows.get(table):
                lines += ["", f"【{kind.name}】", *(_line(row) for row in rows[table])]
    unknown = [table for table in rows if kind_of(table) is None]
    for table in unknown:
        lines += ["", f"【{table}】", *(_line(row) for row in rows[table])]
    return "\n".join(lines) + "\n"


_NOTE = "这里是按存着的样子导出的：手机号、证件号、姓名、住址存的时候就遮住了；给预约留的联系方式是加密的，不写进文件。"


def _line(row: Mapping[str, Any]) -> str:
    parts = []
    for name, value in row.items():
        plain = _plain(value)
        if plain in (None, "", [], {}) or name == "id" or name.endswith("_id"):
            continue
        shown = _STATES.get(plain, plain) if name == "state" else plain
        parts.append(
            f"{_NAMES.get(name, name)} {shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)}"
        )
    return "· " + "，".join(parts)


_NAMES = {
    "number": "预约号", "starts_at": "开始", "ends_at": "结束", "mode": "方式", "topic": "话题", "asked": "当时说的", "state": "状态",
    "at": "时间", "sealed": "内容", "contact": "联系方式", "stars": "打分", "comment": "补充", "verdict": "评价", "reasons": "原因",
    "day": "日期", "joined_at": "排队时间", "ticket": "签到码", "registered_at": "报名时间", "checked_in_at": "签到时间",
    "wishes": "条件", "since": "从", "active": "还有效", "facts": "说的情况", "question": "问题", "opened_at": "提出时间",
    "closed_at": "结束时间", "text": "内容", "nickname": "昵称", "received_at": "收到时间", "answer": "回答", "words": "提到",
    "done_what": "做了什么", "advice": "建议", "follow_up": "接下来", "by": "谁写的", "created_at": "建立时间",
    "cancelled_at": "取消时间", "shares_history": "老师可看", "consent": "同意", "code": "编号", "kind": "类型", "used_at": "用掉时间",
    "withdrawn_at": "撤回时间", "outcome": "送到没有",
}  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return SEALED
    if isinstance(value, datetime):
        return _local(value)
    return value.isoformat() if isinstance(value, date) else value


def _local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
