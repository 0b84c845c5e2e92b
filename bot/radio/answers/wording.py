"""How a guest's words are served: under their name and day, with a source line of their own, never as a policy."""

from __future__ import annotations

import json
from datetime import date

from bot.radio.answers import rules
from bot.radio.answers.views import Told
from bot.reply import Choice, Knowledge, Reply, SourceLine

_ASK = Choice(label="问嘉宾一个问题", payload="/ask_radio" + json.dumps({"do": "ask"}, separators=(",", ":")))


def said(told: Told, today: date) -> str:
    """6月8日节目里嘉宾张强谈到：…"""
    return f"{day_said(told.day, today)}节目里嘉宾{told.guest}谈到：{told.text}"


def source(told: Told, today: date) -> str:
    """The line a guest's words rest on; its end is the version, as the desk has it."""
    return f"《对话青春》{day_said(told.day, today)}，嘉宾{told.guest}（{rules.label(told.id, told.version)}）"


def day_said(day: date, today: date) -> str:
    """6月8日, with the year where it is another one."""
    return ("" if day.year == today.year else f"{day.year}年") + f"{day.month}月{day.day}日"


def beside(reply: Reply, told: Told, today: date) -> Reply:
    """A reply with what a guest said added to it, each with its own source."""
    more = (said(told, today), f"——{source(told, today)}")
    return reply.model_copy(update={"paragraphs": (*reply.paragraphs, *more)})


def instead(told: Told, today: date) -> Reply:
    """What a guest said, where there is no policy to tell."""
    return Reply(
        paragraphs=("这个没有现成的政策条文，不过节目里有人问过。", said(told, today)),
        source=SourceLine(text=source(told, today)),
        choices=(_ASK,),
        knowledge=Knowledge(outcome="served", topics=(rules.topic_of(told.id),), version=told.version),
        rateable=True,
    )
