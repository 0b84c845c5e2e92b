"""How events are worded: cards, details, tickets, and what people are told unasked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from bot.clock import SHANGHAI
from bot.events.views import EventDetails, EventPage, EventView, MySignUp, SignedUp
from bot.reply import Card, Choice, Knowledge, Link, Notice, Promise, Reply
from bot.text.districts import DISTRICTS
from bot.text.event_wishes import Filter
from bot.text.times import spoken, spoken_day

INTENT = "job_fair_or_event"
KINDS = {"job_fair": "招聘会", "experience_day": "就业体验日", "training": "技能培训"}
TOPICS = {"job_fair": "job-fair", "experience_day": "experience-day", "training": "skills-training"}
MODES = {"offline": "线下", "online": "线上"}
SAMPLE_NOTE = "带“示例”的是演示用的场次，不是真的，别跑空。"
_COMPANIES = 8  # companies named in an event's details
_POSTINGS = 3  # postings named of each


def press(do: str, of: int | str | None = None, key: str | None = None) -> str:
    """The payload of a press."""
    told = {"do": do} | ({"of": str(of)} if of is not None else {}) | ({"key": key} if key else {})
    return f"/{INTENT}" + json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def when(event: EventView) -> str:
    """11月28日 周六 09:30–12:00."""
    ends = event.ends_at.astimezone(SHANGHAI)
    same = ends.date() == event.starts_at.astimezone(SHANGHAI).date()
    return f"{spoken(event.starts_at)}–{ends:%H:%M}" if same else f"{spoken(event.starts_at)} 到 {spoken(ends)}"


def where(event: EventView) -> str:
    """Its place, or that it is held online."""
    if event.mode == "online":
        return f"线上 {event.url}" if event.url else "线上"
    return " ".join(filter(None, (event.district, event.place, event.address)))


def places(event: EventView) -> str:
    """How many places there are left."""
    if event.capacity is None:
        return "不限人数"
    if event.free:
        return f"还有 {event.free} 个名额"
    return f"名额满了，{event.waiting} 人在候补" if event.waiting else "名额满了，可以候补"


def card(event: EventView) -> Card:
    """One event in a list."""
    companies = f"{event.companies} 家企业 · " if event.companies else ""
    return Card(
        title=event.title,
        badge="示例" if event.sample else None,
        lines=(f"{KINDS[event.kind]} · {when(event)}", where(event), f"{companies}{places(event)}"),
        choices=(
            Choice(label="详情", payload=press("details", event.id), said=f"看看：{event.title}"),
            Choice(label="报名", payload=press("sign_up", event.id), said=f"报名：{event.title}"),
        ),
    )


def _days(wanted: Filter) -> str:
    if not (wanted.first and wanted.last):
        return ""
    return spoken_day(wanted.first) + (f"到{spoken_day(wanted.last)}" if wanted.last != wanted.first else "")


def _asked(wanted: Filter) -> str:
    which = "、".join(filter(None, (_days(wanted), wanted.district)))
    return f"{which}{'的' if which else ''}{MODES.get(wanted.mode or '', '')}{KINDS.get(wanted.kind or '', '活动')}"


def listed(page: EventPage, wanted: Filter, *, offset: int, topic: str) -> Reply:
    """Some of the events that are on."""
    rest = page.total - offset - len(page.events)
    lead = f"{_asked(wanted)}有 {page.total} 场" + (
        f"，先看最近的 {len(page.events)} 场。" if rest and not offset else "。"
    )
    if offset:
        lead = (
            f"再看第 {offset + 1}–{offset + len(page.events)} 场。"
            if len(page.events) > 1
            else f"再看第 {offset + 1} 场。"
        )
    paragraphs = (lead, SAMPLE_NOTE) if any(event.sample for event in page.events) else (lead,)
    choices = [Choice(label="还有哪些", payload=press("more"))] if rest > 0 else []
    choices.append(Choice(label="我报的活动", payload=press("mine")))
    choices.append(_about(topic))
    return Reply(
        paragraphs=paragraphs,
        filters=filters(wanted),
        cards=tuple(card(event) for event in page.events),
        list="events",
        choices=tuple(choices),
        knowledge=Knowledge(outcome="offered", topics=(topic,)),
    )


def filters(wanted: Filter) -> tuple[Choice, ...]:
    """What was understood, each part to be taken off."""
    parts = [("kind", KINDS.get(wanted.kind or "")), ("mode", MODES.get(wanted.mode or ""))]
    parts += [("district", wanted.district), ("days", _days(wanted))]
    return tuple(
        Choice(label=label, payload=press("off", name), said=f"去掉“{label}”") for name, label in parts if label
    )


def _about(topic: str) -> Choice:
    labels = {"job-fair": "招聘会怎么参加", "experience-day": "体验日怎么参加", "skills-training": "培训怎么报、要钱吗"}
    return Choice(label=labels[topic], payload='/policy{"topic":"' + topic + '"}')


def none(wanted: Filter, total: int, *, topic: str) -> Reply:
    """That nothing of that kind is on."""
    choices = [Choice(label=f"看全部活动（{total} 场）", payload=press("all"))] if total else []
    text = f"{_asked(wanted)}现在没有排。" + (
        "别的时间和地方还有：" if total else "新的场次定了会放进来，过几天再问我。"
    )
    return Reply(
        paragraphs=(text,),
        filters=filters(wanted),
        choices=(*choices, _about(topic)),
        knowledge=Knowledge(outcome="offered", topics=(topic,)),
    )


def which_district() -> Reply:
    """To “near me”: we do not know where that is."""
    choices = tuple(Choice(label=name, payload=press("district", name)) for name in DISTRICTS)
    return Reply(paragraphs=("你在哪个区县？我看看那儿有啥活动。",), choices=choices)


def details(found: EventDetails) -> Reply:
    """One event whole."""
    event = found.event
    head = [f"【{event.title}】", f"· 时间：{when(event)}", f"· 地点：{where(event)}", f"· 名额：{places(event)}"]
    paragraphs = ["\n".join(head), event.about]
    if found.companies:
        lines = []
        for company in found.companies[:_COMPANIES]:
            jobs = "、".join(posting.title for posting in company.postings[:_POSTINGS])
            lines.append(f"· {company.name}" + (f"：{jobs}" if jobs else ""))
        more = len(found.companies) - _COMPANIES
        paragraphs.append(
            f"来的企业（{len(found.companies)} 家）：\n" + "\n".join(lines) + (f"\n还有 {more} 家" if more > 0 else "")
        )
    paragraphs.append(f"来源：{event.source}。")
    if event.sample:
        paragraphs.append(SAMPLE_NOTE)
    if found.mine and found.mine.state in ("registered", "waiting"):
        choice = Choice(label="取消报名", payload=press("cancel", event.id), said=f"取消报名：{event.title}")
    else:
        choice = Choice(label="报名", payload=press("sign_up", event.id), said=f"报名：{event.title}")
    return Reply(
        paragraphs=tuple(paragraphs),
        choices=(choice, Choice(label="看别的活动", payload=press("all"))),
        page=Link(label=event.title, url=f"/chat/events/{event.id}"),
    )


def confirm_sign_up(event: EventView, key: str) -> Reply:
    """Asks before signing up."""
    full = "现在没名额了，先排候补，有人退出就按顺序补上，我会告诉你。" if event.free == 0 else ""
    return Reply(
        paragraphs=(f"给你报“{event.title}”，{when(event)}，{where(event)}。{full}确定吗？",),
        choices=(
            Choice(label="确定报名", payload=press("confirm", event.id, key)),
            Choice(label="先不报", payload=press("leave")),
        ),
    )


def confirm_cancel(event: EventView) -> Reply:
    """Asks before a sign-up is taken back."""
    return Reply(
        paragraphs=(f"要取消“{event.title}”（{when(event)}）的报名吗？名额会让给后面的人。",),
        choices=(
            Choice(label="确定取消", payload=press("cancel_now", event.id)),
            Choice(label="不取消", payload=press("leave")),
        ),
    )


def ticket(event: EventView, mine: SignedUp) -> Card:
    """A sign-up: the ticket, or the place in the queue."""
    cancel = Choice(label="取消报名", payload=press("cancel", event.id), said=f"取消报名：{event.title}")
    badge = "示例" if event.sample else None
    lines = [when(event), where(event)]
    if event.status == "cancelled":
        return Card(title=event.title, badge="已取消", lines=(*lines, "主办方取消了这场活动。"))
    if mine.state == "waiting":
        return Card(title=event.title, badge=badge, lines=(*lines, f"候补第 {mine.position} 位"), choices=(cancel,))
    if mine.state == "came":
        return Card(title=event.title, badge=badge, lines=(*lines, "已签到"))
    return Card(
        title=event.title,
        badge=badge,
        lines=(*lines, f"签到码 {mine.ticket}，到了给工作人员扫一下。"),
        image=Link(label=f"签到码 {mine.ticket}", url=f"/chat/ticket/{mine.ticket}.svg"),
        choices=(cancel,),
    )


def signed_up(event: EventView, mine: SignedUp, *, already: bool = False) -> Reply:
    """After a sign-up."""
    if mine.state == "waiting":
        text = f"{'你已经在候补了' if already else '排上候补了'}，前面还有 {(mine.position or 1) - 1} 人。轮到你我马上告诉你。"
    else:
        text = "你已经报过这场了，签到码在这儿。" if already else "报上了。前一天晚上我提醒你。"
    return Reply(
        paragraphs=(text,),
        cards=(ticket(event, mine),),
        choices=(Choice(label="我报的活动", payload=press("mine")),),
        promise=None if already else Promise(kind="event", of=event.starts_at),
    )


def mine(rows: Sequence[MySignUp]) -> Reply:
    """What somebody has signed up for."""
    if not rows:
        return Reply(
            paragraphs=("你还没有报名的活动。",), choices=(Choice(label="最近有啥活动", payload=press("all")),)
        )
    return Reply(paragraphs=(f"你报了 {len(rows)} 场：",), cards=tuple(ticket(row.event, row.mine) for row in rows))


def cancelled(title: str) -> Reply:
    """After a sign-up was taken back."""
    return Reply(
        paragraphs=(f"取消好了：{title}。想去了随时再报。",),
        choices=(Choice(label="看别的活动", payload=press("all")),),
    )


def over(since: datetime) -> Reply:
    """That it is too late."""
    return Reply(
        paragraphs=(f"这场的报名已经在{spoken(since)}截止了。",),
        choices=(Choice(label="看别的活动", payload=press("all")),),
    )


NO_MORE = Reply(
    paragraphs=("就这些了，后面还没排。新的场次定了会放进来。",),
    choices=(Choice(label="看全部活动", payload=press("all")), Choice(label="我报的活动", payload=press("mine"))),
)
LEFT = Reply(paragraphs=("行，先不动。还想看别的活动就说一声。",))
NOTED = Reply(
    paragraphs=("好。想去哪一场，点卡片上的“报名”，或者说“报名第一个”。",),
    choices=(Choice(label="我报的活动", payload=press("mine")),),
)
WHICH = Reply(
    paragraphs=("你说的是哪一场？点卡片上的按钮，或者说“第一个”“报名第二个”。",),
    choices=(Choice(label="最近有啥活动", payload=press("all")),),
)
CALLED_OFF = Reply(paragraphs=("这场活动主办方取消了。",), choices=(Choice(label="看别的活动", payload=press("all")),))
NOT_SIGNED_UP = Reply(
    paragraphs=("你没有报这一场，不用取消。",), choices=(Choice(label="我报的活动", payload=press("mine")),)
)
GONE = Reply(paragraphs=("这场活动已经不在了。",), choices=(Choice(label="最近有啥活动", payload=press("all")),))


def came_already(at: datetime) -> Reply:
    """That somebody who has come cannot step back."""
    return Reply(paragraphs=(f"你在{spoken(at)}已经签到了，取消不了。",))


def unasked(kind: str, event: EventView, code: str) -> Reply:
    """What the holder of a ticket is told: day_before, moved_up, changed or cancelled; without a ticket, who waits."""
    text = {
        "day_before": f"提醒你：明天有活动。“{event.title}”，{when(event)}，{where(event)}。",
        "moved_up": f"候补轮到你了：“{event.title}”，{when(event)}，名额给你留好了。去不了请取消，让给后面的人。",
        "changed": f"通知：“{event.title}”的时间地点有变，现在是{when(event)}，{where(event)}。去不了请取消，让给后面的人。",
        "cancelled": f"通知：“{event.title}”（{when(event)}）主办方取消了，不用去了。",
    }[kind]
    if not code:
        return Reply(paragraphs=(text,), choices=(Choice(label="我报的活动", payload=press("mine")),))
    notice = Notice(
        kind="event",
        what=event.title,
        note={
            "day_before": "明天有活动",
            "moved_up": "候补轮到你了",
            "changed": "时间地点有变",
            "cancelled": "活动取消，不用去了",
        }[kind],
        when=event.starts_at,
        where=event.place or MODES[event.mode],
        url=f"/chat/events/{event.id}",
    )
    return Reply(paragraphs=(text,), cards=(ticket(event, SignedUp(0, "registered", code, None)),), notice=notice)
