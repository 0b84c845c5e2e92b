"""The work brief (简报) of a period as the League writes it: what stands in it, each figure with where it comes from.

Plain data out of plain data; `docx.py` makes a document of it, the console a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.clock import SHANGHAI
from bot.figures.views import Overview, Value
from bot.knowledge.queries import Attention

KINDS = {"job_fair": "招聘会", "experience_day": "就业体验日", "training": "技能培训"}
CHANNELS = {"web": "网页", "wechat": "微信公众号", "telegram": "Telegram"}
TOP = 10
TO_BE_WRITTEN = "（这一段由撰写人填写）"


@dataclass(frozen=True)
class Cited:
    """A figure within a sentence: as it is written, and its number among the sources at the end."""

    text: str
    n: int


Piece = str | Cited
Paragraph = tuple[Piece, ...]


@dataclass(frozen=True)
class Table:
    """A table with its caption."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """One numbered part."""

    title: str
    parts: tuple[Paragraph | Table, ...]


@dataclass(frozen=True)
class Source:
    """Where a figure comes from: what it is called, its value, what it counts, by which name it is looked up."""

    n: int
    name: str
    title: str
    value: str
    meaning: str


@dataclass
class Brief:
    """The whole brief."""

    title: str
    period: str
    made: str
    sections: list[Section]
    sources: list[Source] = field(default_factory=list)


class _Citing:
    """Numbers the figures in the order in which they first stand in the text."""

    def __init__(self, overview: Overview) -> None:
        self._overview = overview
        self._numbers: dict[str, int] = {}
        self.sources: list[Source] = []

    def __call__(self, name: str) -> Cited:
        value = self._overview.values[name]
        return self.cited(name, value.figure.title, f"{value.now}", value.figure.unit, value.figure.meaning)

    def cited(self, name: str, title: str, value: str, unit: str, meaning: str) -> Cited:
        n = self._numbers.setdefault(name, len(self._numbers) + 1)
        if n > len(self.sources):
            self.sources.append(Source(n, name, title, f"{value} {unit}", meaning))
        return Cited(f"{value}{unit}" if unit in ("人", "人次", "次", "条", "场", "个") else f"{value} {unit}", n)


def compose(overview: Overview, events: Sequence[Any], attention: Attention) -> Brief:
    """The brief of a period. `events` as `queries.events_listed` has them."""
    cite = _Citing(overview)
    sections = [
        _service(overview, cite),
        _questions(overview, cite),
        _jobs_and_events(overview, events, cite),
        _guidance(overview, cite),
        _radio(overview, cite),
        _obstacles(overview, attention, cite),
        Section("下一步打算", ((TO_BE_WRITTEN,),)),
    ]
    made = overview.at.astimezone(SHANGHAI)
    return Brief(
        title="大同市青年就业创业联盟工作简报",
        period=overview.period.spoken(),
        made=f"{made.year}年{made.month}月{made.day}日",
        sections=sections,
        sources=cite.sources,
    )


def _compared(value: Value) -> str:
    """“，比上期多 20%” and the like."""
    said = value.change
    if not said or said == "上期为 0":
        return ""
    return "，与上期持平" if said == "持平" else f"，比上期{'多' if said[0] == '+' else '少'} {said[1:]}"


def _service(overview: Overview, cite: _Citing) -> Section:
    values = overview.values
    first: Paragraph = (
        "本期“对话青春”小同共服务 ", cite("people"), _compared(values["people"]), "，其中新来的 ", cite("new_people"),
        "；收到来信 ", cite("turns"), _compared(values["turns"]), "。",
    )  # fmt: skip
    second: Paragraph = (
        "政策问题直接答上 ", cite("served"), "，给出选项 ", cite("offered"), "，没答上 ", cite("refused"),
        "。收到好评 ", cite("up"), "、差评 ", cite("down"), "。转真人 ", cite("handovers"), "，工作人员接过 ", cite("handovers_taken"), "。",
    )  # fmt: skip
    safety: Paragraph = (
        "发现危险信号 ", cite("alerts"), "，均已提醒工作人员；识别招聘骗局苗头 ", cite("scams"), "，已当场提醒。",
    )  # fmt: skip
    channels = Table(
        "各渠道服务情况",
        ("渠道", "人数", "来信"),
        tuple((CHANNELS.get(name, name), f"{people}", f"{turns}") for name, people, turns in overview.channels),
    )
    parts: tuple[Paragraph | Table, ...] = (first, second, safety)
    return Section("总体情况", (*parts, channels) if overview.channels else parts)


def _questions(overview: Overview, cite: _Citing) -> Section:
    if not overview.topics:
        return Section("大家最关心的政策", (("本期没有人问政策。",),))
    top = overview.topics[:TOP]
    lead = cite.cited(
        "topics",
        "政策问答最多的主题",
        f"{len(overview.topics)}",
        "项",
        "直接答上的来信按政策主题计数，命令行试问的不算。",
    )
    rising = "、".join(f"{overview.titles.get(m.topic, m.topic)}（{m.before}→{m.now}）" for m in overview.rising)
    parts: list[Paragraph | Table] = [
        ("本期共问到政策 ", lead, f"，问得最多的是{'、'.join(f'“{topic.title}”' for topic in top[:3])}。"),
        Table(
            f"问得最多的 {len(top)} 项政策",
            ("政策", "答了几次", "多少人问", "差评"),
            tuple((topic.title, f"{topic.n}", f"{topic.people}", f"{topic.down}") for topic in top),
        ),
    ]
    if rising:
        parts.append((f"比上期问得明显多了的：{rising}。",))
    return Section("大家最关心的政策", tuple(parts))


def _jobs_and_events(overview: Overview, events: Sequence[Any], cite: _Citing) -> Section:
    parts: list[Paragraph | Table] = [
        ("岗位库新增岗位 ", cite("postings_new"), "，找岗位的来信 ", cite("job_searches"), "。举办活动 ", cite("events"),
         "，报名 ", cite("registrations"), "，签到 ", cite("came"), "。"),
    ]  # fmt: skip
    if events:
        rows = tuple(
            (
                f"{row[2].astimezone(SHANGHAI).month}月{row[2].astimezone(SHANGHAI).day}日",
                row[0],
                KINDS.get(row[1], row[1]),
                *("未报" if value is None else f"{value}" for value in row[4:8]),
                f"{row[8]}",
                f"{row[9]}",
            )
            for row in events
        )
        head = ("日期", "活动", "类型", "企业", "岗位", "到场", "意向", "系统报名", "系统签到")
        parts.append(Table("活动情况（企业、岗位、到场、意向为主办方上报数）", head, rows))
    return Section("岗位与招聘活动", tuple(parts))


def _guidance(overview: Overview, cite: _Citing) -> Section:
    return Section(
        "一对一指导",
        (
            (
                "约成 ", cite("booked"), "；本期安排的辅导完成 ", cite("sessions_held"), "，没来 ", cite("sessions_missed"),
                "，取消 ", cite("sessions_cancelled"), "。",
            ),
        ),
    )  # fmt: skip


def _radio(overview: Overview, cite: _Citing) -> Section:
    return Section(
        "FM96.1“对话青春”", (("收到听众提问 ", cite("questions_received"), "，播出 ", cite("questions_aired"), "。"),)
    )


def _obstacles(overview: Overview, attention: Attention, cite: _Citing) -> Section:
    parts: list[Paragraph | Table] = [("没答上的来信 ", cite("refused"), "，需要补充内容或请相关单位明确。")]
    disliked = sorted((topic for topic in overview.topics if topic.down), key=lambda topic: (-topic.down, topic.title))
    if disliked:
        said = "、".join(f"{topic.title}（{topic.down} 个）" for topic in disliked[:5])
        parts.append((f"差评较多的政策：{said}。",))
    if attention.ended:
        parts.append((f"已过期、等新文件的政策：{'、'.join(title for _, title, _ in attention.ended)}。",))
    if attention.gaps:
        rows = tuple((title, gap) for _, title, gap in attention.gaps[:TOP])
        more = f"（共 {len(attention.gaps)} 处，列前 {TOP} 处）" if len(attention.gaps) > TOP else ""
        parts.append(Table(f"还没有权威说法的内容{more}", ("政策", "缺什么"), rows))
    parts.append((TO_BE_WRITTEN,))
    return Section("难点堵点", tuple(parts))
