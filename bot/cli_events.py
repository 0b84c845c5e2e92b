"""`duihua events …`: what the staff do with fairs, experience days and trainings, until the console does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.store import Sessions

events = typer.Typer(help="活动：从表格录入、看名单、签到、取消、记数字。", no_args_is_help=True)

_Id = Annotated[int, typer.Argument(help="活动编号，duihua events list 里有。")]
_FORM = (
    ("活动名称", "冬季青年人才招聘会"), ("类型", "招聘会"), ("形式", "线下"), ("日期", "2026-12-19"), ("时间", "9:00-12:00"),
    ("区县", "平城区"), ("地点", "联盟中心一楼"), ("详细地址", ""), ("链接", ""), ("名额", "300"), ("参会企业", "企业一、企业二"),
    ("岗位", "不写就带上这些企业在招的全部岗位"), ("简介", "带两份简历，凭签到码进场。"),
)  # fmt: skip


def _do(job: Callable[[Sessions], Awaitable[None]]) -> None:
    """Run a job with the database; a refusal is said in a sentence."""
    from bot import cli
    from bot.events import rules
    from bot.sheets.rows import SheetError

    settings = cli._settings()

    async def run() -> None:
        async with cli._database(settings) as sessions:
            await job(sessions)

    try:
        cli._run(run())
    except SheetError as error:
        cli._fail(str(error))
    except (
        rules.UnknownEvent, rules.EventOver, rules.EventCancelled, rules.UnknownTicket, rules.AlreadyCheckedIn,
        rules.NotAdmitted, rules.WrongDay,
    ) as refusal:  # fmt: skip
        cli._fail(_why(refusal))


def _clock():
    from bot import cli
    from bot.clock import clock_from

    return clock_from(cli._settings().now)


def _why(refusal: Exception) -> str:
    from bot.events import rules
    from bot.text.times import spoken

    match refusal:
        case rules.UnknownEvent():
            return f"没有编号是 {refusal.event_id} 的活动。"
        case rules.EventOver():
            return f"已经晚了，{spoken(refusal.since)}就结束了。"
        case rules.EventCancelled():
            return f"第 {refusal.event_id} 场已经取消了。"
        case rules.UnknownTicket():
            return f"没有这张签到码：{refusal.ticket}"
        case rules.AlreadyCheckedIn():
            return f"这张码已经用过了，{spoken(refusal.at)}由{refusal.by}放进来的。"
        case rules.NotAdmitted():
            return "这张码还在候补，没有名额。" if refusal.state == "waiting" else "这张码的报名已经取消了。"
        case rules.WrongDay():
            return f"不是今天的活动，是{spoken(refusal.starts_at)}的。"
    raise refusal


def _say(text: str) -> None:
    from bot.cli import out

    out.print(text, markup=False, highlight=False, soft_wrap=True)


@events.command("form")
def form(file: Annotated[Path, typer.Argument(help="写到哪里，.xlsx 或 .csv。")]) -> None:
    """写一张空表，第二行是填法的样子，填好用 import 导入。"""
    from bot import cli
    from bot.sheets.rows import SheetError
    from bot.sheets.writing import writing

    try:
        with writing(file, name="活动", widths=[16] * len(_FORM)) as sheet:
            sheet.row([name for name, _ in _FORM])
            sheet.row([example for _, example in _FORM])
    except SheetError as error:
        cli._fail(str(error))
    _say(f"空表写在 {file}，第二行是样子，填之前删掉。")


@events.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="活动表，XLSX、XLS、ODS 或 CSV，列名和顺序随意。")],
    write: Annotated[bool, typer.Option("--write", help="真的写进库；不加只试读，看看会怎样。")] = False,
    source: Annotated[str, typer.Option(help="记什么来源，毕业生看得到。")] = "团市委",
    report: Annotated[Path | None, typer.Option(help="把没收下的行连同原因写成 XLSX，交还改好再导。")] = None,
) -> None:
    """把一张活动表录进来。先试读一遍，看过报告再加 --write。同一张表导两遍，第二遍什么都不变。"""
    from bot.events.entering import Entering
    from bot.sheets.reports import write_report

    async def job(sessions: Sessions) -> None:
        entering = Entering(sessions, _clock())
        told = await entering.bring_in(file, source=source) if write else await entering.preview(file)
        for line in told.lines(20):
            _say(line)
        if report:
            write_report(told, report)
            _say(f"没收下的行写在 {report}")
        if not write:
            _say("这是试读，什么都没写进库。没问题就加 --write 再来一次。")

    _do(job)


@events.command("list")
def list_(past: Annotated[bool, typer.Option("--past", help="看办完的。")] = False) -> None:
    """列出活动和编号，先办的在前；取消了的也列。"""
    from rich.table import Table

    from bot.cli import out
    from bot.events.entering import Entering
    from bot.events.wording import KINDS
    from bot.text.times import spoken

    async def job(sessions: Sessions) -> None:
        rows = await Entering(sessions, _clock()).listed(past=past)
        table = Table("编号", "活动", "类型", "时间", "地点", "已报", "名额", "状态")
        for row in rows:
            state = "已取消" if row.status == "cancelled" else "示例" if row.sample else ""
            room = "不限" if row.capacity is None else str(row.capacity)
            where = row.place or row.district or "线上"
            table.add_row(
                str(row.id), row.title, KINDS[row.kind], spoken(row.starts_at), where, str(row.taken), room, state
            )
        out.print(table if rows else "没有。")

    _do(job)


@events.command("check-in")
def check_in(
    ticket: Annotated[str, typer.Argument(help="签到码，扫出来的或手输的都行。")],
    by: Annotated[str | None, typer.Option(help="谁放进来的；不写记登录名。")] = None,
) -> None:
    """给来的人签到，一张码一次。"""
    from getpass import getuser

    from bot.events.service import Events

    async def job(sessions: Sessions) -> None:
        came = await Events(sessions, _clock()).check_in(ticket, by or getuser())
        _say(f"签到好了：{came.ticket}，{came.event.title}")

    _do(job)


@events.command("cancel")
def cancel(event: _Id, yes: Annotated[bool, typer.Option("--yes", help="不再问一遍。")] = False) -> None:
    """取消一场活动，报名和候补的人都会收到通知。取消了不能恢复。"""
    from bot.events.service import Events

    async def job(sessions: Sessions) -> None:
        service = Events(sessions, _clock())
        title = (await service.details(event)).event.title
        if not yes:
            typer.confirm(f"确定取消“{title}”？报名的人都会收到通知", abort=True)
        told = await service.cancel_event(event)
        _say(f"“{title}”取消了，会通知 {len(told)} 个人。")

    _do(job)


@events.command("figures")
def figures(
    event: _Id,
    companies: Annotated[int | None, typer.Option(help="上报：企业数。", min=0)] = None,
    posts: Annotated[int | None, typer.Option(help="上报：岗位数。", min=0)] = None,
    registered: Annotated[int | None, typer.Option(help="上报：报名人数。", min=0)] = None,
    came: Annotated[int | None, typer.Option(help="上报：到场人数。", min=0)] = None,
    intents: Annotated[int | None, typer.Option(help="上报：初步达成意向的人数。", min=0)] = None,
) -> None:
    """看一场活动的数字：系统里数出来的，和上报的。写了哪几样就记哪几样，没写的不动。"""
    from dataclasses import asdict

    from rich.table import Table

    from bot.cli import out
    from bot.events.service import Events
    from bot.events.views import Reported

    given = {
        name: value
        for name, value in (
            ("companies", companies), ("posts", posts), ("registered", registered), ("came", came), ("intents", intents),
        )
        if value is not None
    }  # fmt: skip

    async def job(sessions: Sessions) -> None:
        service = Events(sessions, _clock())
        now = await service.figures(event)
        if given:
            await service.report_figures(event, Reported(**{**asdict(now.reported), **given}))
            now = await service.figures(event)
        table = Table("", "系统数的", "上报的")
        names = {"companies": "企业", "posts": "岗位", "registered": "报名", "came": "到场", "intents": "初步意向"}
        for name, label in names.items():
            counted = getattr(now, name, None)
            reported = getattr(now.reported, name)
            table.add_row(label, "" if counted is None else str(counted), "" if reported is None else str(reported))
        out.print(table)
        _say(f"另有候补 {now.waiting} 人，取消 {now.cancelled} 人。")

    _do(job)
