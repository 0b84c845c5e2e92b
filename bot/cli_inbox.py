"""`duihua inbox …`: alerts, people who wait for a person, messages left outside the hours, until the console has them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.tasks import let_go

if TYPE_CHECKING:
    from bot.channels.base import Shown
    from bot.handover.rules import Refusal
    from bot.handover.service import Handovers
    from bot.handover.views import AlertView, HandoverView, Inbox

inbox = typer.Typer(help="收件箱：紧急提醒、等真人的、下班后的留言。不带命令就列出全部。", invoke_without_command=True)

_Code = Annotated[str, typer.Argument(help="这个人的代号，duihua inbox 里有，像 7K3Q-9QF4。")]
_As = Annotated[str, typer.Option("--as", help="你的名字，本人看得见，像“李老师”。")]
_Text = Annotated[str, typer.Argument(help="要说的话。")]
_KINDS = {"self": "本人有危险", "other": "身边人有危险", "harm": "可能伤人或被伤害"}
_STATES = {
    "asking": "还没说问啥",
    "waiting": "在等",
    "taken": "正在接待",
    "message": "留言没回",
    "done": "办完了",
    "expired": "没接上，机器人接着了",
    "left": "不等了",
}
_LOOK_EVERY = 1.0  # seconds between two looks for new messages


def _do(job: Callable[[Handovers], Awaitable[None]]) -> None:
    """Run a job with the queue; a refusal is said in a sentence."""
    from bot import cli
    from bot.clock import clock_from
    from bot.handover.rules import Refusal
    from bot.handover.service import Handovers

    settings = cli._settings()

    async def run() -> None:
        async with cli._database(settings) as sessions:
            await job(Handovers.from_settings(settings, sessions, clock_from(settings.now)))

    try:
        cli._run(run())
    except Refusal as refusal:
        cli._fail(_why(refusal))


def _why(refusal: Refusal) -> str:
    from bot.handover import rules

    match refusal:
        case rules.UnknownPerson():
            return f"没有代号是 {refusal.code} 的人。"
        case rules.AlreadyTaken():
            return f"{refusal.by or '同事'}先接了，这边不用再接。"
        case rules.NotTaken():
            return (
                f"这会儿是{refusal.by}在接待。" if refusal.by else "还没接过来，先 duihua inbox take 代号 --as 名字。"
            )
        case rules.NothingLeft():
            return "没有等着回的留言。"
    return str(refusal)


def _say(text: str, style: str | None = None) -> None:
    from bot import cli

    cli.out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _ago(moment: datetime, now: datetime) -> str:
    minutes = max(0, int((now - moment) / timedelta(minutes=1)))
    if minutes < 60:
        return f"{minutes}分钟"
    return f"{minutes // 60}小时{minutes % 60}分" if minutes < 24 * 60 else f"{minutes // (24 * 60)}天"


@inbox.callback()
def listing(context: typer.Context) -> None:
    """列出等着处理的：紧急提醒在最前，再是等真人的（等了多久），最后是留言。"""
    if context.invoked_subcommand is not None:
        return

    async def job(handovers: Handovers) -> None:
        found = await handovers.inbox()
        for line, style in lines_of(found, handovers.now()):
            _say(line, style)

    _do(job)


def lines_of(found: Inbox, now: datetime) -> Iterable[tuple[str, str | None]]:
    """The inbox in lines, each with its style."""
    if not (found.alerts or found.waiting or found.taken or found.messages):
        yield "没有等着处理的。", None
        return
    if found.alerts:
        yield "紧急（处理完要 duihua inbox release 代号）", "bold red"
        yield from ((_alert_line(alert, now), "red") for alert in found.alerts)
    for title, those in (("等真人", found.waiting), ("正在接待", found.taken), ("留言", found.messages)):
        if those:
            yield title, "bold"
            yield from ((_handover_line(handover, now), None) for handover in those)


def _alert_line(alert: AlertView, now: datetime) -> str:
    seen = f"{alert.acknowledged_by}在看" if alert.acknowledged_by else "还没人看"
    bot = "小同已停" if alert.stops else "只提醒，小同还在答"
    return f"  {alert.code}  {_KINDS[alert.kind]}  {_ago(alert.at, now)}前  “{alert.words}”  {bot}  {seen}"


def _handover_line(handover: HandoverView, now: datetime) -> str:
    by = f"  {handover.taken_by}" if handover.taken_by else ""
    contact = "  有联系方式" if handover.has_contact else ""
    question = (handover.question or "（没说问啥）").replace("\n", " / ")
    return f"  {handover.code}  {_ago(handover.opened_at, now)}{by}{contact}  {question}"


@inbox.command("show")
def show(code: _Code) -> None:
    """看一个人：提醒、问过啥、最近的对话。"""

    async def job(handovers: Handovers) -> None:
        person, now = await handovers.show(code), handovers.now()
        for alert in person.alerts:
            _say(_alert_line(alert, now), "red")
        for handover in person.handovers:
            _say(f"{_handover_line(handover, now)}  〔{_STATES[handover.state]}〕", "bold")
        for message in person.messages:
            _say(line_of(message))

    _do(job)


def line_of(message: Shown) -> str:
    """A message as the staff read it: when, who, what."""
    from bot.clock import SHANGHAI

    by = (
        "本人"
        if message.direction == "in"
        else (message.body.get("by") or ("提示" if message.kind == "staff" else "小同"))
    )
    return f"{message.at.astimezone(SHANGHAI):%m-%d %H:%M} {by}：{message.text}"


@inbox.command("take")
def take(code: _Code, name: _As) -> None:
    """接过来，实时看对话；打字就发给本人。/back 交回并退出，Ctrl-D 只退出（30 分钟不说话会自动交回）。"""

    async def job(handovers: Handovers) -> None:
        await handovers.take(code, name)
        _say("接过来了。直接打字回车就发出去；/back 交回给小同。", "green")
        await converse(handovers, code, name, _read_line, _say)

    _do(job)


async def _read_line() -> str | None:
    """A line that is typed; None at the end of the input."""
    from bot import cli

    try:
        return await asyncio.to_thread(cli.out.input)
    except EOFError:
        return None


async def converse(
    handovers: Handovers,
    code: str,
    name: str,
    read: Callable[[], Awaitable[str | None]],
    say: Callable[[str], None],
    *,
    look_every: float = _LOOK_EVERY,
) -> None:
    """Show what comes and send what is typed, until it is given back or the input ends."""
    seen = 0

    async def show_new() -> None:
        nonlocal seen
        for message in (await handovers.show(code, after=seen)).messages:
            seen = max(seen, message.id)
            if message.body.get("by") != name or message.kind != "staff":
                say(line_of(message))

    async def watch() -> None:
        while True:
            await show_new()
            await asyncio.sleep(look_every)

    await show_new()
    watching = asyncio.create_task(watch())
    try:
        while (line := await read()) is not None:
            text = line.strip()
            if text in ("/back", "/交回"):
                await handovers.back(code)
                say("交回了。")
                return
            if text:
                await handovers.say(code, name, text)
    finally:
        await let_go(watching)


@inbox.command("say")
def say_line(code: _Code, text: _Text, name: _As) -> None:
    """给已经接过来的人发一句。"""

    async def job(handovers: Handovers) -> None:
        await handovers.say(code, name, text)
        _say("发出去了。")

    _do(job)


@inbox.command("back")
def back(code: _Code) -> None:
    """交回给小同。"""

    async def job(handovers: Handovers) -> None:
        stopped = any(alert.stops for alert in (await handovers.show(code)).alerts)
        await handovers.back(code)
        _say("交回了。" + ("紧急提醒还没解除，小同仍然不说话：duihua inbox release 代号" if stopped else ""))

    _do(job)


@inbox.command("release")
def release(
    code: _Code, name: Annotated[str | None, typer.Option("--as", help="你的名字；不写用登录名。")] = None
) -> None:
    """紧急提醒处理完了：解除，小同重新答话。"""
    from getpass import getuser

    async def job(handovers: Handovers) -> None:
        count = await handovers.release(code, name or getuser())
        _say(f"解除了 {count} 条提醒，小同可以接着答了。" if count else "这个人没有要解除的提醒。")

    _do(job)


@inbox.command("answer")
def answer(code: _Code, text: _Text, name: _As) -> None:
    """回下班后的留言，发在本人留言的地方。"""

    async def job(handovers: Handovers) -> None:
        await handovers.answer(code, name, text)
        _say("回过去了，本人打开对话就能看到。")

    _do(job)


@inbox.command("contact")
def contact(code: _Code, name: _As) -> None:
    """看本人留的联系方式。谁看过会记下来。"""

    async def job(handovers: Handovers) -> None:
        _say(await handovers.contact(code, name) or "没留联系方式。")

    _do(job)
