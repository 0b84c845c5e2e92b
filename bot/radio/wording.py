"""How questions for the programme are worded: what is asked, shown, refused, and what people are told unasked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from bot.clock import SHANGHAI
from bot.radio import rules
from bot.radio.live.rules import Air
from bot.radio.views import QuestionView
from bot.reply import Card, Choice, Notice, Reply

INTENT = "ask_radio"
_STATES = {
    rules.RECEIVED: "已收到",
    rules.SELECTED: "已入选",
    rules.AIRED: "已播出",
    rules.WITHDRAWN: "已撤回",
    rules.DECLINED: "没选上",
}
_TITLE = 40  # characters of a question that a card shows


def press(do: str, of: str | None = None, key: str | None = None) -> str:
    """The payload of a press."""
    told = {"do": do} | ({"of": of} if of is not None else {}) | ({"key": key} if key else {})
    return f"/{INTENT}" + json.dumps(told, ensure_ascii=False, separators=(",", ":"))


ASK = Choice(label="问嘉宾一个问题", payload=press("ask"))
ASK_MORE = Choice(label="再问一个", payload=press("ask"))
MINE = Choice(label="我的提问", payload=press("mine"))
EDIT = Choice(label="改一下", payload=press("edit"))
STOP = Choice(label="不问了", payload=press("stop"))
ANONYMOUS = Choice(label="匿名", payload=press("anonymous"))


# -- what is asked -----------------------------------------------------------------------------------------------------


def ask_question(lead: str = "") -> Reply:
    """What the question is."""
    return Reply(paragraphs=(f"{lead}想问嘉宾啥？一句话说清就行，比如“大专学历去国企有没有前途”。",), choices=(STOP,))


def ask_question_again() -> Reply:
    """The question once more, after one that was shown is to be changed."""
    return Reply(paragraphs=("行，你重新说一遍，我照新的记。",), choices=(STOP,))


def ask_nickname(text: str, lead: str = "", *, masked: bool = False) -> Reply:
    """The question as it is kept, and what the person is to be called."""
    note = "带〔〕的是我替你隐去的个人信息。" if masked else ""
    return Reply(
        paragraphs=(f"{lead}我记的是：“{text}”{note}", "节目里怎么称呼你？起个化名就行，12 个字以内；不想留就匿名。"),
        choices=(ANONYMOUS, EDIT, STOP),
    )


def ask_nickname_again(why: str) -> Reply:
    """What to be called instead."""
    text = {
        "long": "有点长了，12 个字以内，念着顺口。换一个？",
        "personal": "真名、电话这些别往里放，节目里谁都听得见。起个化名，或者匿名？",
        "rude": "这个念不出口呀，换一个？匿名也行。",
        "unclear": "想让节目里怎么称呼你？说个化名，或者点“匿名”。",
    }[why]
    return Reply(paragraphs=(text,), choices=(ANONYMOUS, EDIT, STOP))


def ask_consent(text: str, nickname: str | None, key: str, lead: str = "", *, masked: bool = False) -> Reply:
    """Whether it may be read out; what a yes and a no mean."""
    who = f"称呼“{nickname}”" if nickname else "匿名"
    note = "带〔〕的是我替你隐去的个人信息。" if masked else ""
    return Reply(
        paragraphs=(
            f"{lead}{who}，问题是：“{text}”{note}",
            "节目里能念出来吗？能念不能念，有了答复我都会在这儿告诉你一次；想撤回随时说。",
        ),
        choices=(
            Choice(label="能念", payload=press("consent", "air", key)),
            Choice(label="不念，只给我答复", payload=press("consent", "reply", key)),
            EDIT,
            STOP,
        ),
    )


def on_air(air: Air | None) -> str:
    """What is said before a question is taken while a programme is on air."""
    if air is None:
        return ""
    return (
        "节目正在直播，现在问，导播马上能看到。"
        if air == "open"
        else "节目正在直播，这一期的提问收齐了，现在问的留给下一期。"
    )


def taken(question: QuestionView, air: Air | None = None) -> Reply:
    """That a question is with the programme: its code, and what comes next; `air` while a programme is on air."""
    text = f"交上去了，编号 {question.code}。"
    if question.consent == "air" and air == "open":
        text += "节目正在直播，导播那边看得到；这期来不及念的，嘉宾有了答复，我在这儿告诉你。"
    elif question.consent == "air" and air == "closed":
        text += "节目正在直播，这一期的提问收齐了，你这个留给下一期；有了答复，我在这儿告诉你。"
    elif question.consent == "air":
        text += "节目组挑中了、播了，“我的提问”里都看得到；嘉宾有了答复，我在这儿告诉你。"
    else:
        text += "不会在节目里念，只请嘉宾看；有了答复，我在这儿告诉你。"
    return Reply(paragraphs=(text,), choices=(MINE, ASK_MORE))


def taken_before(question: QuestionView) -> Reply:
    """That the same question is with the programme already."""
    text = f"这个问题你交过了，编号 {question.code}，现在是“{state_of(question)}”。有了答复我告诉你。"
    return Reply(paragraphs=(text,), choices=(MINE, ASK_MORE))


def with_asking(reply: Reply) -> Reply:
    """An answer about the programme, with the choice to ask a question there."""
    return reply.model_copy(update={"choices": (*reply.choices, ASK)})


# -- what was asked ----------------------------------------------------------------------------------------------------


def state_of(question: QuestionView) -> str:
    """The state as people read it; an answer that came without the air is one too."""
    if question.answered_at and question.state in rules.OPEN:
        return "已答复"
    return _STATES[question.state]


def mine(questions: Sequence[QuestionView], today: date, lead: str = "") -> Reply:
    """What the person has asked, each with its state, and 撤回 while it is not on air."""
    if not questions:
        return Reply(paragraphs=("你还没给节目提过问题。想问嘉宾啥，说一声就行。",), choices=(ASK,))
    head = lead or ("你提的是这个：" if len(questions) == 1 else f"你提过的，最近 {len(questions)} 个：")
    return Reply(paragraphs=(head,), cards=tuple(_card(one, today) for one in questions), choices=(ASK_MORE,))


def _card(question: QuestionView, today: date) -> Card:
    lines = [f"编号 {question.code} · {spoken_day(question.received_at.astimezone(SHANGHAI).date(), today)}提的"]
    if question.aired_on:
        lines.append(f"{spoken_day(question.aired_on, today)}播的")
    if question.reason:
        lines.append(f"原因：{question.reason}")
    if question.consent == "reply":
        lines.append("不念，只给答复")
    if question.answer and question.state != rules.WITHDRAWN:
        lines.append(_answered(question, today))
    choices: tuple[Choice, ...] = ()
    if question.open:
        choices = (Choice(label="撤回", payload=press("withdraw", question.code), said=f"撤回 {question.code}"),)
    elif question.state == rules.AIRED and question.tells and question.told_at is None and question.answer is None:
        choices = (Choice(label="答复不用告诉我", payload=press("quiet", question.code)),)
    return Card(title=_short(question.text), badge=state_of(question), lines=tuple(lines), choices=choices)


def _short(text: str) -> str:
    return text if len(text) <= _TITLE else text[: _TITLE - 1] + "…"


def withdrawn(question: QuestionView) -> Reply:
    """After a question was taken back."""
    return Reply(paragraphs=(f"撤回了：“{_short(question.text)}”，节目里不会念。",), choices=(ASK, MINE))


def quiet(question: QuestionView) -> Reply:
    """After somebody wants to be told nothing more of a question."""
    return Reply(paragraphs=(f"行，“{_short(question.text)}”有了答复也不吵你，想看就点“我的提问”。",), choices=(MINE,))


# -- what is told unasked ----------------------------------------------------------------------------------------------


def answer_told(question: QuestionView, today: date) -> Reply:
    """The answer, to whoever asked."""
    return Reply(
        paragraphs=(f"你想问嘉宾的有答复了：“{_short(question.text)}”", _answered(question, today)),
        choices=(MINE, ASK_MORE),
        notice=Notice(kind="radio", what="问嘉宾的问题有答复了", note="回公众号说一句就能看到", whole=False),
    )


def _answered(question: QuestionView, today: date) -> str:
    guest = f"嘉宾{question.guest or ''}"
    if (day := question.said_on or question.aired_on) is not None:
        return f"{spoken_day(day, today)}节目里{guest}谈到：{question.answer}"
    return f"{guest}看了你的问题，说：{question.answer}"


def spoken_day(day: date, today: date) -> str:
    """6月8日, with the year where it is another one."""
    return ("" if day.year == today.year else f"{day.year}年") + f"{day.month}月{day.day}日"


# -- what stands in the way --------------------------------------------------------------------------------------------


def unfit(why: str) -> Reply:
    """Why a text is not taken as a question."""
    text = {
        "empty": "这还看不出想问啥。一句话说说，比如“大专学历去国企有没有前途”。",
        "long": f"有点长，节目里念不完。挑最想问的说，{rules.LONGEST} 个字以内。",
        "rude": "这话在节目里念不出口，我没记。有气能理解，想问啥换个说法，我照样替你递上去。",
        "cheating": "这个没法拿到节目里问，坑人犯法的事咱不沾。别的想问的尽管说。",
    }[why]
    return Reply(paragraphs=(text,), choices=(STOP,))


def too_many(limit: int) -> Reply:
    """That so many are open already."""
    return Reply(
        paragraphs=(f"你有 {limit} 个问题还在节目组手里，先等等回音。急着换的话，去“我的提问”撤回一个再提。",),
        choices=(MINE,),
    )


STOPPED = Reply(paragraphs=("行，不问了，啥也没留。想问了随时说。",))
UNCLEAR = Reply(paragraphs=("那先放一放，等想好了说一声“问嘉宾”就行。",), choices=(ASK,))
GONE = Reply(paragraphs=("这个提问已经不在了，要不重新提一个？",), choices=(ASK, MINE))
TOO_LATE = Reply(paragraphs=("这个已经有结果了，撤不回来。",), choices=(MINE,))
NOTHING_REFUSED = "刚才那个问题我没找着。"
TO_TAKE_BACK = "要撤哪个，点它下面的“撤回”："
TO_CHANGE = "交上去的改不了字，撤回再提一个就行："
AGAIN = "接着刚才给嘉宾的提问："
CHANGED_SINCE = "我按你最后说的来："
