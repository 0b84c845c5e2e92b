"""`duihua radio …`: what the staff do with questions for the programme, and what was asked most."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.radio.rules import Refusal
    from bot.radio.service import Radio
    from bot.radio.views import QuestionView
    from bot.store import Sessions

radio = typer.Typer(help="给节目的提问：看、选、改、记下播出和答复。", no_args_is_help=True)

_Code = Annotated[str, typer.Argument(help="提问的编号，duihua radio questions 里有。")]
_STATES = {"received": "已收到", "selected": "已入选", "aired": "已播出", "withdrawn": "已撤回", "declined": "没选上"}


def _do(job: Callable[[Radio], Awaitable[None]]) -> None:
    """Run a job with the service; a refusal is said in a sentence."""
    from bot import cli
    from bot.clock import clock_from
    from bot.radio.rules import Refusal
    from bot.radio.service import Radio

    settings = cli._settings()

    async def run() -> None:
        async with cli._database(settings) as sessions:
            await job(Radio(sessions, clock_from(settings.now), open_limit=settings.radio_open))

    try:
        cli._run(run())
    except Refusal as refusal:
        cli._fail(_why(refusal))


def _why(refusal: Refusal) -> str:
    from bot.radio import rules

    match refusal:
        case rules.UnknownQuestion():
            return f"没有编号是 {refusal.code} 的提问。"
        case rules.CannotBecome():
            done = {
                "selected": "选用", "aired": "记播出", "declined": "退回", "edited": "改", "answered": "答复",
            }.get(refusal.wanted, refusal.wanted)  # fmt: skip
            hint = "；先 duihua radio select" if (refusal.state, refusal.wanted) == ("received", "aired") else ""
            return f"{refusal.code} 现在是“{_STATES[refusal.state]}”，不能{done}{hint}。"
        case rules.NotForAir():
            return f"{refusal.code} 的提问人不同意念，只能用 duihua radio answer 答复本人。"
        case rules.NotThatDay():
            return f"播出日期要在 {refusal.first} 到 {refusal.last} 之间。"
        case rules.AlreadyTold():
            return f"{refusal.code} 的答复已经告诉本人了，不能再改。"
        case rules.Unfit():
            why = {
                "empty": "太短",
                "long": f"超过 {rules.LONGEST} 个字",
                "rude": "有骂人的话",
                "cheating": "问的是坑人犯法的事",
            }
            return f"这个不能当提问：{why[refusal.why]}。"
    raise refusal


def _say(text: str) -> None:
    from bot.cli import out

    out.print(text, markup=False, highlight=False, soft_wrap=True)


@radio.command("questions")
def questions(
    state: Annotated[str | None, typer.Option(help="只看一种：" + "、".join(_STATES) + "。")] = None,
) -> None:
    """列出提问，先来的在前。正有人看护着的人提的不列。"""
    from rich.table import Table

    from bot import cli
    from bot.clock import SHANGHAI

    if state is not None and state not in _STATES:
        cli._fail(f"没有 {state} 这种状态，有的是：{'、'.join(_STATES)}。", 2)

    async def job(service: Radio) -> None:
        found = await service.questions(state)
        table = Table("编号", "什么时候", "状态", "称呼", "能念吗", "问题", "答复")
        for one in found:
            at = one.received_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
            on = f" {one.aired_on}" if one.aired_on else ""
            may = "能念" if one.consent == "air" else "不念"
            answer = "" if one.answer is None else "已告诉本人" if one.told_at else "有了"
            table.add_row(one.code, at, _STATES[one.state] + on, one.nickname or "匿名", may, _worded(one), answer)
        cli.out.print(table if found else "没有提问。")

    _do(job)


def _worded(one: QuestionView) -> str:
    return one.text if one.for_air is None else f"{one.for_air}\n（原话：{one.text}）"


@radio.command("select")
def select(code: _Code) -> None:
    """选用一个提问。"""

    async def job(service: Radio) -> None:
        one = await service.select(code)
        _say(f"{one.code} 已入选：{one.spoken}")

    _do(job)


@radio.command("aired")
def aired(
    code: _Code, on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="哪天播的，像 2026-12-03。")]
) -> None:
    """记下哪天播了。播了的以后本人删记录也留着，只是不带人。"""

    async def job(service: Radio) -> None:
        one = await service.aired(code, on.date())
        _say(f"{one.code} 记作 {one.aired_on} 播出。")

    _do(job)


@radio.command("answer")
def answer(
    code: _Code,
    text: Annotated[str, typer.Argument(help="嘉宾怎么说的，会原样告诉提问人。")],
    guest: Annotated[str | None, typer.Option(help="嘉宾的名字。")] = None,
) -> None:
    """记下嘉宾的答复。服务会自己告诉提问人，只说一次。"""
    from bot import cli

    if not text.strip():
        cli._fail("答复是空的。", 2)

    async def job(service: Radio) -> None:
        one = await service.answer(code, text.strip(), guest=guest)
        _say(f"{one.code} 的答复记下了。" + ("会告诉提问人一次。" if one.tells else "提问人不用告诉。"))

    _do(job)


@radio.command("decline")
def decline(code: _Code, reason: Annotated[str, typer.Option(help="原因，提问人在“我的提问”里看得到。")]) -> None:
    """退回一个提问。"""

    async def job(service: Radio) -> None:
        one = await service.decline(code, reason)
        _say(f"{one.code} 退回了。")

    _do(job)


@radio.command("edit")
def edit(code: _Code, text: Annotated[str, typer.Argument(help="播的时候怎么念。")]) -> None:
    """改成适合念的话，原话留着。"""

    async def job(service: Radio) -> None:
        one = await service.edit(code, text.strip())
        _say(f"{one.code} 念作：{one.spoken}\n原话：{one.text}")

    _do(job)


def _do_groups(job: Callable[[Sessions, Clock], Awaitable[None]]) -> None:
    """Run a job with the database."""
    from bot import cli
    from bot.clock import clock_from

    settings = cli._settings()

    async def run() -> None:
        async with cli._database(settings) as sessions:
            await job(sessions, clock_from(settings.now))

    cli._run(run())


@radio.command("top")
def top(
    days: Annotated[int, typer.Option(min=1, max=1000, help="到今天为止的几天。")] = 7,
    form: Annotated[str, typer.Option("--format", help="md、csv 或 json。")] = "md",
    limit: Annotated[int, typer.Option(min=1, max=500, help="最多几组。")] = 20,
) -> None:
    """打印这几天问得最多的，一组一段：几个人问、怎么问的、核对过的答复。按人数排，一个人问几次算一个。"""
    from datetime import timedelta

    from bot import cli
    from bot.clock import clock_from, today
    from bot.figures.rules import Period
    from bot.radio.groups.collecting import Collecting
    from bot.radio.groups.service import Groups
    from bot.radio.groups.top import FORMATS, rendered
    from bot.radio.groups.top import top as asked_most

    if form not in FORMATS:
        cli._fail(f"没有 {form} 这种格式，有的是：{'、'.join(FORMATS)}。", 2)
    last = today(clock_from(cli._settings().now))

    async def job(sessions: Sessions, clock: Clock) -> None:
        await Collecting(sessions, clock).collect()
        found = await asked_most(Groups(sessions, clock), Period(last - timedelta(days=days - 1), last), limit=limit)
        print(rendered(found, form), end="")

    _do_groups(job)


token = typer.Typer(help="给电台自己的工具的读取钥匙：发、看、停用。", no_args_is_help=True)
radio.add_typer(token, name="token")


@token.command("make")
def make_token(name: Annotated[str, typer.Argument(help="给谁用，比如“导播室大屏”。")]) -> None:
    """发一把钥匙，只显示这一次：用它读 /radio/top.json 和 /radio/top.rss。"""
    from bot.radio.pull.rules import NAME_LENGTH, BadName

    async def job(sessions: Sessions, clock: Clock) -> None:
        from bot.radio.pull.tokens import ReadTokens

        print(await ReadTokens(sessions, clock).make(name, by="命令行"))

    try:
        _do_groups(job)
    except BadName:
        from bot import cli

        cli._fail(f"写上给谁用的，{NAME_LENGTH} 字以内。")


@token.command("list")
def list_tokens() -> None:
    """列出发过的钥匙，不含钥匙本身。"""

    async def job(sessions: Sessions, clock: Clock) -> None:
        from bot.clock import SHANGHAI
        from bot.radio.pull.tokens import ReadTokens

        found = await ReadTokens(sessions, clock).all()
        for one in found:
            used = f"{one.used_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 用过" if one.used_at else "还没用过"
            _say(f"{one.id}  {one.name}  {one.made_by} 发的，{'停用了' if one.revoked_at else used}")
        if not found:
            _say("还没有发过钥匙。")

    _do_groups(job)


@token.command("revoke")
def revoke_token(number: Annotated[int, typer.Argument(help="编号，duihua radio token list 里有。")]) -> None:
    """停用一把钥匙。"""
    from bot.radio.pull.rules import UnknownToken

    async def job(sessions: Sessions, clock: Clock) -> None:
        from bot.radio.pull.tokens import ReadTokens

        await ReadTokens(sessions, clock).revoke(number)
        _say(f"{number} 停用了。")

    try:
        _do_groups(job)
    except UnknownToken:
        from bot import cli

        cli._fail(f"没有在用的 {number} 号钥匙。")


@radio.command("regroup")
def regroup(
    whole: Annotated[bool, typer.Option("--whole", help="先把整个对话记录再过一遍，平时只看最近三天。")] = False,
) -> None:
    """把问过的重新分一遍组，平时夜里自己做。手工合并、拆开、改名的都不动。"""

    from bot import cli
    from bot.radio.groups.collecting import Collecting
    from bot.radio.groups.regrouping import Regrouping

    cache = cli._settings().folder / "cache" / "phrasings.npz"

    async def job(sessions: Sessions, clock: Clock) -> None:
        collecting = Collecting(sessions, clock)
        if whole:
            await collecting.collect(whole=True)
        done = await Regrouping(sessions, clock, collecting, cache=cache).regroup()
        _say(
            f"不在政策主题里的问法 {done.texts} 种，分成 {done.groups} 组：新组 {done.new} 个，换了组的问法 {done.moved} 种。"
        )

    _do_groups(job)
