"""How what is stored is told, asked about, and taken leave of."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.clock import SHANGHAI
from bot.privacy.kinds import KINDS
from bot.privacy.views import Consent, Kept, OpenThing
from bot.reply import Card, Choice, Link, Reply
from bot.text.times import spoken


def press(do: str, of: str | None = None) -> str:
    """What a choice tells the engine."""
    return "/privacy_request" + json.dumps({"do": do, **({"of": of} if of else {})})


_WHAT = Choice(label="存了我什么", payload=press("what"))
_EXPORT = Choice(label="导出我的记录", payload=press("export"))
_FORGET = Choice(label="删除我的记录", payload=press("forget"))
_WITHDRAW = Choice(label="撤回同意", payload=press("withdraw"))
_STOP = Choice(label="先不删", payload=press("stop"))
_PAGE = Card(
    title="隐私说明", lines=("记什么、谁看得到、留多久，写在这一页。",), link=Link(label="打开", url="/chat/privacy")
)

MENU = Reply(
    paragraphs=(
        "你的东西你说了算。想看存了什么、带走一份、删掉，或者收回同意，点一下就行。",
        "手机号、证件号、银行卡、邮箱、姓名、住址，存之前就遮住了；没有你的真名，只有一个随机代号。",
    ),
    choices=(_WHAT, _EXPORT, _FORGET, _WITHDRAW),
)

LEFT_ALONE = Reply(paragraphs=("好，先不动，都还在。想删的时候再说一声。",))

EXPORT = Reply(
    paragraphs=(
        "给你备好了，两种：一种方便看，一种方便程序读。只有你在这儿打得开。",
        "内容是按存着的样子来的，号码和名字存的时候就遮住了；给预约留的联系方式加密存着，不写进文件，免得借来的手机上被别人看到。",
    ),
    cards=(
        Card(
            title="我的记录（文字）",
            lines=("聊天、预约、报名、收藏都在里面。",),
            link=Link(label="下载", url="/chat/record.txt"),
        ),
        Card(
            title="我的记录（JSON）",
            lines=("同样的内容，程序能读。",),
            link=Link(label="下载", url="/chat/record.json"),
        ),
    ),
    choices=(_FORGET,),
)

WHO = Reply(
    paragraphs=(
        "看得到对话的，只有团市委和联盟里改进回答、接人工的工作人员，他们看到的是代号，不是你的名字。学校、家里、单位、企业都看不到，也不卖不外传。",
        "约了指导的话，老师只看得到时间、话题，和你点头让看的；留的联系方式加密存着，谁看了都记一笔。主持人看不到是谁问的。",
    ),
    cards=(_PAGE,),
    choices=(_WHAT, _FORGET),
)

PARTLY = Reply(
    paragraphs=(
        "手机号、证件号、卡号、住址、姓名，存之前就遮住了，原来的号码我这儿没有。",
        "单删一句现在做不到，可以把全部记录删掉；给预约留的联系方式，说“取消预约”或一起删都行。",
    ),
    choices=(_FORGET, _WHAT),
)

CORRECT = Reply(
    paragraphs=(
        "我这儿不存姓名、学校这些登记信息，所以没有要改的底子。政策体检里说的情况，重新体检一次就换成新的；预约留的电话，再发一次新的就行。",
    ),
    choices=(_WHAT, _FORGET),
)

NO_CONSENT = Reply(paragraphs=("你现在没有同意过什么，不用撤。",), choices=(_WHAT, _FORGET))

FORGETTING = Reply(
    paragraphs=("好，这就删：聊天、预约、报名、收藏、评价，一条不留。几秒后这里从头开始。以后有事随时再来。",)
)
FORGETTING_BUT = Reply(
    paragraphs=("好。已经约好、报好名的先留着，到时间照常提醒你，一结束就自动删。其余的这就删，几秒后这里从头开始。",)
)
WHICH_OF_BOTH = Reply(
    paragraphs=("约好的怎么办？也取消掉，还是留着、只删其余的？",),
    choices=(
        Choice(label="也取消，全部删", payload=press("forget_now")),
        Choice(label="留着，其余删掉", payload=press("forget_keep")),
        _STOP,
    ),
)

_CONSENTS = {
    "history": "让指导老师看你读过的政策和收藏",
    "facts": "把政策体检说的情况用在后面的回答里",
    "air": "在节目里念你的提问",
    "told": "提问有了回答告诉你",
}


def kept(what: Kept) -> Reply:
    """What is stored, by kind with counts, since when and for how long."""
    if not what.counts:
        return Reply(paragraphs=("现在除了一个随机代号，什么都没存。",))
    items = [f"{name} {count}" + _measure(name) for name, count in what.counts.items()]
    first = "存着的有：" + "、".join(items) + "。"
    if what.since:
        since = what.since.astimezone(SHANGHAI)
        first += f"最早一条是{since.month}月{since.day}日的。"
    lines = [first, f"你的代号是 {what.code}，没有名字。号码、姓名、住址存之前就遮住了。{_days(what)}"]
    if what.consents:
        lines.append("你同意过：" + "、".join(_CONSENTS[consent.kind] for consent in what.consents) + "。")
    choices = (_EXPORT, _FORGET, _WITHDRAW) if what.consents else (_EXPORT, _FORGET)
    return Reply(paragraphs=tuple(lines), choices=choices)


def _measure(name: str) -> str:
    return next((kind.measure for kind in KINDS if kind.name == name), "")


def _days(what: Kept) -> str:
    days = f"{what.retention_days}天没来聊就自动删" if what.retention_days else "不会自动删，要删跟我说"
    contact = f"，联系方式在见完面{what.contact_days}天后删" if what.contact_days else ""
    return days + contact + "。"


def how_long(what: Kept) -> Reply:
    """For how long things are kept."""
    return Reply(
        paragraphs=(_days(what) + "还没到的预约、报名，没退的订阅，会留到结束。想早点删，现在就能删。",),
        cards=(_PAGE,),
        choices=(_FORGET, _WHAT),
    )


def never(what: Kept) -> Reply:
    """To who wants nothing stored."""
    return Reply(
        paragraphs=(
            "说实话，聊的时候不记做不到，断线就接不上了。但号码、姓名、住址存之前就遮住，没有你的真名。" + _days(what),
            "聊完说一声“删除我的记录”，我就全删掉。",
        ),
        choices=(_FORGET, _WHAT),
    )


def callable_off(what: Kept) -> tuple[OpenThing, ...]:
    """What is to come and can still be called off."""
    return tuple(thing for thing in what.open if not thing.fixed)


def confirm_forget(what: Kept) -> Reply:
    """What would be deleted, what is booked, and the question."""
    items = "、".join(f"{name} {count}{_measure(name)}" for name, count in what.counts.items())
    lines = [f"要删的是：{items or '你的代号'}。删了找不回来，我也认不出你了。"]
    if free := callable_off(what):
        lines.append("你还有：" + "；".join(map(_thing, free)) + "。要一起取消，还是留到结束再删？")
    if fixed := [thing for thing in what.open if thing.fixed]:
        lines.append("；".join(map(_thing, fixed)) + "，马上要开始，取消不了，结束后自动删。")
    lines.append("另外，谁看过你的联系方式，会留一行查阅登记，里面没有你的任何信息。")
    if free:
        return Reply(paragraphs=tuple(lines), choices=WHICH_OF_BOTH.choices)
    return Reply(paragraphs=tuple(lines), choices=(Choice(label="确定，全部删掉", payload=press("forget_now")), _STOP))


def _thing(thing: OpenThing) -> str:
    when = spoken(thing.starts_at)
    return (
        f"{when} {thing.title}的指导（{thing.number}）" if thing.kind == "booking" else f"{when}“{thing.title}”的报名"
    )


def which_consent(consents: Sequence[Consent]) -> Reply:
    """Which of several consents is to be taken back."""
    lines = ["你同意过的有：" + "；".join(_told(consent) for consent in consents) + "。撤哪个？撤了马上生效。"]
    choices = [Choice(label=_SHORT[consent.kind], payload=press("withdraw_now", consent.kind)) for consent in consents]
    if len(choices) > 1:
        choices.append(Choice(label="全部撤回", payload=press("withdraw_now", "all")))
    return Reply(paragraphs=tuple(lines), choices=(*choices, Choice(label="先不撤", payload=press("stop"))))


_SHORT = {"history": "不给老师看了", "facts": "别用我的情况", "air": "别在节目里念", "told": "别再告诉我"}


def _told(consent: Consent) -> str:
    return _CONSENTS[consent.kind] + (f"（{consent.label}）" if consent.kind == "history" and consent.label else "")


_WITHDRAWN = {
    "history": "老师看不到你读过的政策和收藏了",
    "facts": "体检说的情况不再用在别的回答里",
    "air": "你的提问不会在节目里念",
    "told": "提问有了回答也不再主动找你",
}


def withdrawn(kinds: Sequence[str], *, left: int) -> Reply:
    """That consents were taken back."""
    text = "撤回了：" + "；".join(_WITHDRAWN[kind] for kind in kinds) + "。"
    return Reply(paragraphs=(text,), choices=(_WITHDRAW, _FORGET) if left else (_FORGET,))
