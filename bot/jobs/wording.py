"""How postings and searches are worded: cards, filters, relaxations, and the few sentences around them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.jobs.rules import pay_wish
from bot.jobs.search import Found, Page, Relaxation
from bot.jobs.tables import Posting
from bot.reply import Card, Choice, Knowledge, Link, Notice, Reply
from bot.text.wishes import Wishes

INTENT = "job_detail_or_more"
SAMPLE = "示例"
RELAXED = 5  # conditions offered to be dropped, at most
CHANNELS = Choice(label="哪些求职渠道靠谱", payload='/policy{"topic":"job-channels"}')
SAMPLE_NOTE = "带“示例”的是演示用的岗位，公司是编的，不能投。"


def press(do: str, of: str | int | None = None) -> str:
    """The payload of a press: what to do, and with what."""
    told = {"do": do} if of is None else {"do": do, "of": str(of)}
    return f"/{INTENT}" + json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def pay(posting: Posting) -> str:
    """4000–6000元/月·13薪, 面议, or what the employer wrote where it says more."""
    if posting.pay_min is None or posting.pay_max is None:
        return posting.pay_note or "薪资面议"
    if posting.job_type == "兼职" and posting.pay_note:
        return posting.pay_note  # by the hour or the day: a month's pay would promise hours that nobody offers
    amount = f"{posting.pay_min}–{posting.pay_max}" if posting.pay_min != posting.pay_max else f"{posting.pay_min}"
    more = f"·{posting.pay_months}薪" if posting.pay_months != 12 else ""
    if posting.pay_note and str(posting.pay_min) in posting.pay_note:
        return posting.pay_note  # says the amounts itself, and more
    note = f"（{posting.pay_note}）" if posting.pay_note else ""
    return f"{amount}元/月{more}{note}"


def _education(posting: Posting) -> str:
    return "学历不限" if posting.education == "不限" else f"{posting.education}及以上"


def _where(posting: Posting) -> str:
    place, address = posting.district or posting.company.district or "大同", posting.address or ""
    return address if address.removeprefix("大同市").startswith(place) else f"{place} {address}".rstrip()


def _closes(posting: Posting) -> str:
    return f"截止 {posting.closes_on.month}月{posting.closes_on.day}日" if posting.closes_on else "长期招聘"


def card(found: Found, *, kept: bool = False) -> Card:
    """One posting in a list."""
    posting = found.posting
    place = posting.district or posting.company.district or "大同"
    kind = "" if posting.job_type == "全职" else f" · {posting.job_type}"
    lines = [f"{posting.company.name} · {place}", f"{pay(posting)}{kind} · {_education(posting)} · {_closes(posting)}"]
    if found.why:
        lines.append("符合：" + "、".join(found.why))
    title = posting.title
    keep = (
        Choice(label="取消收藏", payload=press("unkeep", posting.id), said=f"取消收藏：{title}")
        if kept
        else Choice(label="收藏", payload=press("keep", posting.id), said=f"收藏：{title}")
    )
    return Card(
        title=title,
        badge=SAMPLE if posting.sample else None,
        lines=tuple(lines),
        choices=(Choice(label="详情", payload=press("details", posting.id), said=f"看看：{title}"), keep),
    )


def filters(wishes: Wishes, *, negotiable: bool = False) -> tuple[Choice, ...]:
    """What was understood of a search, each part to be taken off by a press."""
    parts: list[tuple[str, str]] = []
    for name in ("keyword", "industry", "district", "education", "major", "job_type", "company"):
        if value := getattr(wishes, name):
            parts.append(
                (name, {"education": f"学历{value}", "major": f"{value}专业"}.get(name, value).replace(" ", "或"))
            )
    if wishes.salary_min is not None or wishes.salary_max is not None:
        parts.append(("salary", pay_wish(wishes.salary_min, wishes.salary_max, approx=wishes.approx)))
    if negotiable:
        parts.append(("negotiable", "含面议"))
    parts += [(f"benefits:{name}", name) for name in wishes.benefits]
    parts += [(f"exclude:{name}", f"不要{name}") for name in wishes.exclude]
    return tuple(Choice(label=label, payload=press("off", part), said=f"去掉“{label}”") for part, label in parts)


def without(wishes: Wishes, part: str) -> Wishes:
    """The wishes without one part, named as `filters` names it."""
    name, _, value = part.partition(":")
    if name == "salary":
        return replace(wishes, salary_min=None, salary_max=None, approx=False)
    if name in ("benefits", "exclude"):
        return replace(wishes, **{name: tuple(v for v in getattr(wishes, name) if v != value)})
    return replace(wishes, **{name: None}) if name in vars(wishes) else wishes


def listed(wishes: Wishes, page: Page, *, negotiable: bool, before: int = 0) -> Reply:
    """A page of postings; so many were shown before it."""
    shown, first = len(page.postings), before == 0
    asked = said(wishes)
    lead = f"{asked}：有 {page.total} 个岗位" + (f"，先看这 {shown} 个。" if first and page.more else "。")
    if not first:
        where = f"第 {before + 1}–{before + shown} 个" if shown > 1 else f"第 {before + 1} 个"
        lead = f"再看{where}。" if page.more else f"{where}，都在这儿了。"
    if not wishes and first:
        lead = f"岗位库里现在有 {page.total} 个岗位，最新的先给你看。告诉我想干啥、在哪个区、要多少工资，我再细找。"
    paragraphs = [lead]
    if any(found.posting.sample for found in page.postings):
        paragraphs.append(SAMPLE_NOTE)
    choices = [Choice(label="换一批", payload=press("more"))] if page.more else []
    if wishes:
        choices.append(Choice(label="有新的告诉我", payload=press("subscribe")))
        choices.append(Choice(label="重新找", payload=press("restart")))
    else:
        choices.append(CHANNELS)
    return Reply(
        paragraphs=tuple(paragraphs),
        filters=filters(wishes, negotiable=negotiable),
        cards=tuple(card(found) for found in page.postings),
        list="jobs",
        choices=tuple(choices),
        knowledge=None if wishes else Knowledge(outcome="offered", topics=("job-channels",)),
    )


def nothing(wishes: Wishes, relaxations: Sequence[Relaxation], *, negotiable: bool) -> Reply:
    """That nothing fits, and what to drop."""
    if relaxations:
        text = "没有全都符合的。放宽一条就有："
        choices = [
            Choice(label=f"{r.label}：还有 {r.count} 个", payload=press("relax", r.label), said=r.label)
            for r in relaxations[:RELAXED]
        ]
    else:
        text = "现在没有符合的，放宽一条也没有。可以少说几个条件重新找，或者让我有新的就告诉你。"
        choices = []
    choices += [
        Choice(label="有新的告诉我", payload=press("subscribe")),
        Choice(label="重新找", payload=press("restart")),
    ]
    return Reply(paragraphs=(text,), filters=filters(wishes, negotiable=negotiable), choices=tuple(choices))


def no_more(wishes: Wishes, *, negotiable: bool) -> Reply:
    """That all postings were shown."""
    return Reply(
        paragraphs=("符合的都给你看完了。换个条件再找找？比如说“工资低点也行”“别的区也看看”。",),
        filters=filters(wishes, negotiable=negotiable),
        choices=(Choice(label="从头再看", payload=press("again")), Choice(label="重新找", payload=press("restart"))),
    )


def details(posting: Posting, *, offered: bool, kept: bool, today: date) -> Reply:
    """One posting whole, with how to apply."""
    company = posting.company
    about = [company.trade, company.size, "联盟成员单位" if company.alliance_member else None]
    head = [
        f"【{posting.title}】",
        f"{company.name}" + (f"（{'，'.join(filter(None, about))}）" if any(about) else ""),
        f"· 待遇：{pay(posting)}",
        f"· 地点：{_where(posting)}",
        f"· 要求：{_education(posting)}" + (f"，{'、'.join(posting.majors)}专业" if posting.majors else "，专业不限"),
    ]
    if posting.experience_years:
        head.append(f"· 经验：{posting.experience_years}年以上")
    if posting.headcount:
        head.append(f"· 招 {posting.headcount} 人")
    if posting.benefits:
        head.append("· 福利：" + "、".join(posting.benefits))
    paragraphs = ["\n".join(head)]
    if posting.duties:
        paragraphs.append(f"做什么：{posting.duties}")
    if posting.requirements:
        paragraphs.append(f"要什么样的人：{posting.requirements}")
    if not offered:
        paragraphs.append("这个岗位已经截止或下架，不用再投了。")
    else:
        how = [part for part in (posting.apply_how, posting.contact) if part]
        paragraphs.append(f"怎么投：{'；'.join(how) or '通过联盟投递'}。{_closes(posting)}。")
    paragraphs.append(f"来源：{posting.source}，核对于{posting.checked_on.month}月{posting.checked_on.day}日。")
    if posting.sample:
        paragraphs.append(SAMPLE_NOTE)
    else:
        paragraphs.append("凡是先收钱、扣证件、让贷款培训的，都别信，拿不准先来问我。")
    keep = (
        Choice(label="取消收藏", payload=press("unkeep", posting.id), said=f"取消收藏：{posting.title}")
        if kept
        else Choice(label="收藏", payload=press("keep", posting.id), said=f"收藏：{posting.title}")
    )
    return Reply(
        paragraphs=tuple(paragraphs),
        choices=(keep, Choice(label="回到列表", payload=press("list")), Choice(label="换一批", payload=press("more"))),
        page=Link(label=posting.title, url=f"/chat/jobs/{posting.id}"),
    )


def kept(postings: Sequence[tuple[Found, bool]]) -> Reply:
    """What the person has kept; the second of each pair tells whether it can still be applied for."""
    if not postings:
        return Reply(
            paragraphs=("还没有收藏。看到合适的岗位，点“收藏”或者说“收藏第二个”，就能在这儿找到。",),
            choices=(Choice(label="找岗位", payload="/job_search"),),
        )
    cards = []
    for found, offered in postings:
        one = card(found, kept=True)
        cards.append(one if offered else one.model_copy(update={"badge": "已截止"}))
    return Reply(paragraphs=(f"你收藏了 {len(cards)} 个岗位。",), cards=tuple(cards))


def subscribed(label: str) -> Reply:
    """That a search is saved."""
    return Reply(
        paragraphs=(f"记下了：{label}。有新的符合的岗位，我在这儿告诉你，一天最多一次。不想收了说“退订”。",),
        choices=(Choice(label="退订", payload=press("unsubscribe")),),
    )


def subscribed_with(label: str, found: Reply) -> Reply:
    """That a search is saved, above what it finds now."""
    saved = subscribed(label)
    choices = (*saved.choices, *(choice for choice in found.choices if choice.payload != press("subscribe")))
    return found.model_copy(update={"paragraphs": (*saved.paragraphs, *found.paragraphs), "choices": choices})


def unsubscribed(count: int) -> Reply:
    """That saved searches are over."""
    text = "退订好了，不再发新岗位给你。" if count else "你还没有订阅过。找完岗位说一声“有新的告诉我”就行。"
    return Reply(paragraphs=(text,))


def news(label: str, page: Page) -> Reply:
    """New matches of a saved search, told unasked."""
    more = f"，先看 {len(page.postings)} 个" if page.more else ""
    paragraphs = [f"你订阅的“{label}”有 {page.total} 个新岗位{more}。"]
    if any(found.posting.sample for found in page.postings):
        paragraphs.append(SAMPLE_NOTE)
    return Reply(
        paragraphs=tuple(paragraphs),
        cards=tuple(card(found) for found in page.postings),
        choices=(Choice(label="退订", payload=press("unsubscribe")),),
        notice=Notice(kind="jobs", what=label, note=f"有 {page.total} 个新岗位", url="/chat/mine", whole=False),
    )


def said(wishes: Wishes) -> str:
    """A search in a few words: 平城区、文员、4千以上."""
    return "、".join(choice.label for choice in filters(wishes)) or "全部岗位"


WHICH = Reply(paragraphs=("你说的是哪一个？说“第一个”“第二个”，或者点卡片上的“详情”。",))
ONLY_ONE = Reply(paragraphs=("这儿就列了一个，说“第一个”，或者点卡片上的“详情”。",))
NONE_SHOWN = Reply(
    paragraphs=("还没有给你列岗位呢。说说想找啥样的，比如“平城区 文员 三千五以上”。",),
    choices=(Choice(label="看看最新的岗位", payload="/job_search"),),
)
RESTARTED = "好，条件都清掉了。"
GONE = Reply(paragraphs=("这个岗位已经不在库里了。",), choices=(Choice(label="看看最新的岗位", payload="/job_search"),))


def which(listed: int) -> Reply:
    """Asks which of the postings listed is meant."""
    return ONLY_ONE if listed == 1 else WHICH


def keeping(title: str, *, new: bool) -> Reply:
    """That a posting is kept."""
    return Reply(
        paragraphs=(f"收藏好了：{title}。" if new else f"“{title}”之前就收藏过了。",),
        choices=(Choice(label="我的收藏", payload=press("kept")), Choice(label="回到列表", payload=press("list"))),
    )


def unkept(title: str) -> Reply:
    """That a posting is kept no more."""
    return Reply(paragraphs=(f"取消收藏了：{title}。",), choices=(Choice(label="我的收藏", payload=press("kept")),))
