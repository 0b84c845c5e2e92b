"""How a policy answer is worded around the editors' texts: the lead, the caveat, the source line, the choices."""

from __future__ import annotations

import json
import re
from datetime import date

from bot.knowledge.files import ASPECTS, GENERAL
from bot.knowledge.rules import standing
from bot.knowledge.tables import SourceRow
from bot.knowledge.views import TopicView
from bot.reply import Choice, Knowledge, Reply, SourceLine

CAVEAT = "以当地最新公布为准"
ASPECT_CHOICES = 6
RELATED_CHOICES = 2

_LABELS = {
    "who": "谁可以",
    "amount": "多少钱",
    "materials": "要啥材料",
    "process": "怎么办",
    "where": "去哪办",
    "when": "啥时候",
    "contact": "找谁问",
    "notes": "要注意啥",
}
_GROUP_LABELS = {
    "补贴": {"who": "谁能领"},
    "劳动权益": {"who": "适用谁", "amount": "标准是多少", "materials": "留啥证据", "process": "怎么维权"},
    "求职能力": {"who": "适合谁", "amount": "有啥数", "materials": "准备什么", "process": "怎么做", "where": "去哪找"},
    "联盟服务": {
        "who": "谁能参加",
        "amount": "收费和规模",
        "materials": "要带啥",
        "process": "怎么参加",
        "where": "在哪儿",
    },
    "毕业手续": {"who": "哪些人要办", "amount": "费用和时限"},
    "基层与考录": {"who": "谁能报", "amount": "待遇", "process": "怎么报"},
}
_TOPIC_LABELS = {
    "hotlines": {
        "who": "谁能打",
        "amount": "收费不",
        "materials": "打之前备啥",
        "process": "怎么打",
        "where": "窗口在哪",
        "when": "几点有人接",
    },
    "radio-show": {"who": "谁能听", "amount": "收费不", "process": "节目怎么做", "where": "在哪听", "when": "几点播"},
    "alliance": {"who": "谁办的，管谁", "amount": "收费不", "process": "平时做啥"},
    "ambassador": {"who": "谁能当", "amount": "有补贴不", "process": "怎么当"},
    "job-fair": {"process": "怎么去"},
    "guidance-session": {"who": "谁能约", "amount": "收费不", "process": "怎么约", "contact": "找谁约"},
    "unemployment-registration": {"who": "谁能登", "amount": "收费不", "process": "怎么登"},
    "graduate-aid": {"who": "帮哪些人", "amount": "收费不", "process": "怎么找上"},
    "traineeship": {"who": "谁能去", "process": "怎么报"},
    "public-welfare-post": {"who": "谁能上"},
    "housing-fund": {"materials": "要啥材料", "process": "怎么办"},
    "income-tax": {"amount": "扣多少", "materials": "要啥材料", "process": "怎么办"},
    "social-insurance": {"amount": "缴多少"},
    "work-injury": {"amount": "赔多少", "materials": "要啥材料", "process": "怎么认定"},
    "resignation": {"amount": "有补偿不", "materials": "留啥手续", "process": "怎么走"},
    "internship-rights": {"process": "出事咋办"},
    "job-scam": {"who": "谁要当心", "amount": "怎么罚", "process": "怎么防"},
    "employment-discrimination": {"amount": "怎么罚"},
    "gig-work-rights": {"amount": "怎么缴"},
    "minimum-wage": {"process": "给少了咋办"},
    "labor-contract": {"process": "不签咋办"},
    "labor-dispute": {"who": "谁能告", "amount": "收费不"},
    "further-study": {"amount": "分数和费用"},
    "grassroots-benefits": {"who": "谁能享受", "amount": "有啥照顾", "process": "怎么办"},
    "tuition-compensation": {"who": "谁能领", "amount": "补多少", "process": "怎么申请"},
    "student-loan-repayment": {"who": "谁要还", "amount": "还多少"},
    "agreement-breach": {"who": "管哪些人", "amount": "违约金多少"},
    "fresh-graduate-status": {"who": "哪些人算", "amount": "算几年"},
}
"""Where a topic does not ask what the rest of its group asks."""


def aspect_label(topic: TopicView, aspect: str) -> str:
    """What an aspect is called on a choice and above an answer: as the topic has it, else its group, else all."""
    own, group = _TOPIC_LABELS.get(topic.id, {}), _GROUP_LABELS.get(topic.group, {})
    return own.get(aspect) or group.get(aspect) or _LABELS[aspect]


def topic_choice(topic: str, title: str, aspect: str = GENERAL) -> Choice:
    """A choice that leads to a topic, to one aspect of it where that is what was asked."""
    told = {"topic": topic} if aspect == GENERAL else {"topic": topic, "aspect": aspect}
    return Choice(label=title, payload="/policy" + json.dumps(told, separators=(",", ":")))


ASK_PERSON = Choice(label="找人问问", payload="/human")
ASK_PROGRAMME = Choice(label="请节目嘉宾回答", payload='/ask_radio{"do":"take"}')


def source_line(source: SourceRow) -> SourceLine:
    """“来源：” with document number or title, issuer and date."""
    is_document = bool(source.number or source.issuer or source.date or source.url)
    title = source.title if not is_document or source.title.startswith(("《", "“")) else f"《{source.title}》"
    parts = [title + (source.number if source.number and source.number not in title else "")]
    parts += [part for part in (source.issuer, _day(source.date)) if part]
    return SourceLine(text="来源：" + "，".join(parts), url=source.url)


def _day(iso: str | None) -> str | None:
    """2025-07-24 as 2025年7月24日; a bare year or month as far as it goes."""
    if not iso:
        return None
    return "".join(f"{int(part)}{unit}" for part, unit in zip(iso.split("-"), "年月日", strict=False))


def spoken_day(day: date) -> str:
    """2025年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def answer(topic: TopicView, aspect: str, *, today: date) -> Reply:
    """The reply that serves a topic: one aspect where one was asked and there is one, the short answer otherwise."""
    text = topic.texts.get(aspect) if aspect != GENERAL else None
    served = aspect if text else GENERAL
    text = text or topic.texts["answer"]
    label = "" if served == GENERAL else aspect_label(topic, served)
    lead = f"【{topic.title}】" + (f"{label}：" if label else "")
    paragraphs = [f"{lead}\n{text.text}"]

    stands = standing(topic.valid_until, topic.state, today=today)
    if stands == "ended":
        until = f"到{spoken_day(topic.valid_until)}为止，" if topic.valid_until else ""
        paragraphs[0] = f"先说明：这项政策{until}已经到期，下面是当时的规定，别当成现在还有。\n" + paragraphs[0]
        if after := topic.texts.get("after_expiry"):
            paragraphs.append(f"现在怎么办：{after.text}")
    caveat = None if topic.check_status == "verified" and stands == "current" else CAVEAT
    if stands == "unconfirmed":
        caveat = f"这是查得到的最近一份公开说法，现在还办不办没有查到，{CAVEAT}。"

    cited = [topic.sources[n] for n in text.sources if n in topic.sources] or list(topic.sources.values())[:1]
    return Reply(
        paragraphs=tuple(paragraphs),
        choices=tuple(_choices(topic, served)),
        source=source_line(cited[0]) if cited else None,
        caveat=caveat,
        checked=topic.checked_on,
        knowledge=Knowledge(outcome="served", topics=(topic.id,), aspect=served, version=topic.version),
        rateable=True,
    )


def _choices(topic: TopicView, served: str) -> list[Choice]:
    """The aspects there are, the one just served left out, then related topics."""
    known = [a for a in ASPECTS if a != served and (t := topic.texts.get(a)) and t.applies and not t.gap]
    known += [a for a in ASPECTS if a != served and (t := topic.texts.get(a)) and t.applies and t.gap]
    shown = sorted(known[:ASPECT_CHOICES], key=ASPECTS.index)
    choices = [topic_choice(topic.id, aspect_label(topic, a), a) for a in shown]
    return choices + [topic_choice(other, f"看看：{title}") for other, title in topic.related[:RELATED_CHOICES]]


_TO_LISTENERS = re.compile(r"^(?:各位|亲爱的)?(?:听众|收音机前的)?(?:年轻)?朋友(?:们)?(?:你们?好)?[，,！!：:。]")


def plainly(topic: TopicView, *, today: date) -> Reply:
    """The topic as it is said on air, to one person: the short spoken form in place of the written answer."""
    written = answer(topic, GENERAL, today=today)
    if standing(topic.valid_until, topic.state, today=today) == "ended":
        return written
    said = _TO_LISTENERS.sub("", topic.texts["s30"].text)
    return written.model_copy(update={"paragraphs": (f"说简单点：{said}",)})


def meaning(topic: TopicView, term: str, text: str) -> Reply:
    """What a term means, and where it belongs."""
    return Reply(
        paragraphs=(f"【{term}】{text}",),
        choices=(topic_choice(topic.id, f"看看：{topic.title}"),),
        knowledge=Knowledge(outcome="served", topics=(topic.id,), aspect=GENERAL, version=topic.version),
        checked=topic.checked_on,
        rateable=True,
    )


_OFFERS = (
    "我不太拿得准，你想问的是不是下面哪一个？点一下就行。",
    "可能是这几件事里的一件，你点一下最像的。",
    "这几个都沾边，你看是哪个？都不是的话换个说法再问我。",
)
_REFUSALS = (
    "这个我不知道，没有查过的不敢乱说。社保、补贴、劳动的事打12333问最准；找不到该问谁，打12345。",
    "这件事我这里没有可靠的资料。你可以换个说法再问一次，或者打12345，让他们转到管这事的部门。",
    "还是没找到能负责任告诉你的答案。急的话直接打12333或12345，也可以找人问问，或把问题留给节目。",
)
_ABLE = (
    "我会的是这些：补贴、档案、合同这类政策，找岗位，报活动，约老师聊。",
    "就业创业的事随便问我：政策、岗位、活动、约老师，都行。",
)
_WHICH = (
    "你问的是哪件事呢？说个名字或点一个，我接着答。",
    "我还不知道你说的是哪项，先告诉我是什么事，比如“创业贷款”“失业金”。",
)


def offer(topics: list[tuple[str, str]], aspect: str, *, turn: int) -> Reply:
    """Two or three likely topics, (id, title), as choices; what was asked for stays with the choice."""
    choices = [topic_choice(topic, title, aspect) for topic, title in topics]
    return Reply(
        paragraphs=(_OFFERS[turn % len(_OFFERS)],),
        choices=(*choices, Choice(label="都不是", payload="/deny")),
        knowledge=Knowledge(outcome="offered", topics=tuple(t for t, _ in topics), aspect=aspect),
    )


def refusal(*, turn: int, outside: bool = False) -> Reply:
    """That we do not know, whom to ask, and the offer of a person or the programme; what we can do where it is `outside`."""
    able = (_ABLE[turn % len(_ABLE)],) if outside else ()
    return Reply(
        paragraphs=(_REFUSALS[turn % len(_REFUSALS)], *able),
        choices=(ASK_PERSON, ASK_PROGRAMME),
        knowledge=Knowledge(outcome="refused"),
    )


def which(popular: list[tuple[str, str]], *, turn: int) -> Reply:
    """A follow-up with nothing before it: asks what it is about, with some topics (id, title) to press."""
    return Reply(
        paragraphs=(_WHICH[turn % len(_WHICH)],),
        choices=tuple(topic_choice(topic, title) for topic, title in popular),
        knowledge=Knowledge(outcome="offered", topics=tuple(t for t, _ in popular)),
    )
