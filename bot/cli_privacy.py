"""`duihua forget`, `duihua privacy …` and `duihua retention …`: what is stored of a person, and for how long."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.privacy.retention import Purged

privacy = typer.Typer(help="一个人存着的东西：看有多少，导出一份。", no_args_is_help=True)
retention = typer.Typer(help="到期的记录：先看会清掉什么，再清。", no_args_is_help=True)

_Code = Annotated[str, typer.Argument(help="本人报来的代号，像 7K3Q-9QF4。")]


def forget(code: _Code) -> None:
    """删除一个人的全部记录：对话、预约、报名、收藏、评价，引擎里的对话状态也删。删了找不回来。"""
    from aiohttp import ClientSession

    from bot import cli
    from bot.clock import clock_from
    from bot.conversations.engine import Engine
    from bot.privacy.opening import open_privacy
    from bot.privacy.service import UnknownPerson, forget_dialogues_here

    settings = cli._settings()
    typer.confirm(f"确定删除 {code} 的全部记录？", abort=True)

    async def job() -> None:
        async with cli._database(settings) as sessions, ClientSession() as http:
            gone = await open_privacy(settings, sessions, clock_from(settings.now)).forget_by_code(code)
            engine = Engine.of(settings, http)
            await forget_dialogues_here(engine, settings.folder / "dialogue.db", gone.talks)
        cli.out.print(f"已删除 {code} 的 {len(gone.talks)} 段对话，和别的一切。")

    try:
        cli._run(job())
    except UnknownPerson:
        cli._fail(f"没有代号是 {code} 的人。")


@privacy.command("show")
def privacy_show(code: _Code) -> None:
    """看一个人存着些什么，每种有多少。"""
    from bot import cli
    from bot.clock import clock_from
    from bot.privacy.opening import open_privacy
    from bot.privacy.service import UnknownPerson

    settings = cli._settings()

    async def job() -> None:
        async with cli._database(settings) as sessions:
            kept = await open_privacy(settings, sessions, clock_from(settings.now)).kept_by_code(code)
        for name, count in kept.counts.items():
            cli.out.print(f"{name} {count}", markup=False, highlight=False)

    try:
        cli._run(job())
    except UnknownPerson:
        cli._fail(f"没有代号是 {code} 的人。")


@privacy.command("export")
def privacy_export(
    code: _Code, file: Annotated[Path, typer.Argument(help="写到哪里：.json 给程序，别的是文字。")]
) -> None:
    """把一个人的记录按存着的样子写成文件，交给本人。号码是遮住的，联系方式不写。"""
    from bot import cli
    from bot.clock import clock_from
    from bot.privacy import record
    from bot.privacy.opening import open_privacy
    from bot.privacy.service import UnknownPerson

    settings = cli._settings()

    async def job() -> None:
        clock = clock_from(settings.now)
        async with cli._database(settings) as sessions:
            rows = await open_privacy(settings, sessions, clock).record_by_code(code)
        form = record.as_json if file.suffix == ".json" else record.as_text
        file.write_text(form(rows, code=code, now=clock()), encoding="utf-8")
        cli.out.print(f"写在 {file}", markup=False, highlight=False)

    try:
        cli._run(job())
    except UnknownPerson:
        cli._fail(f"没有代号是 {code} 的人。")


@retention.command("run")
def retention_run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会清掉什么，什么都不动。")] = False,
) -> None:
    """清掉过了保留期的记录（DUIHUA_RETENTION_DAYS、DUIHUA_CONTACT_DAYS）。服务开着时每天夜里自己清一次。"""
    from aiohttp import ClientSession

    from bot import cli
    from bot.clock import clock_from
    from bot.conversations.engine import Engine
    from bot.privacy.opening import open_privacy, open_retention
    from bot.privacy.service import forget_dialogues_here

    settings = cli._settings()

    async def job() -> None:
        clock = clock_from(settings.now)
        async with cli._database(settings) as sessions:
            purge = open_retention(settings, sessions, clock)
            if dry_run:
                _tell("会清掉", await purge.preview())
                return
            _tell("清掉了", await purge.run())
            async with ClientSession() as http:
                engine = Engine.of(settings, http)
                codes = await open_privacy(settings, sessions, clock).dialogues()
                await forget_dialogues_here(engine, settings.folder / "dialogue.db", codes)

    cli._run(job())


def _tell(lead: str, purged: Purged) -> None:
    from bot import cli

    kinds = "，".join(f"{name} {count}" for name, count in purged.kinds.items())
    cli.out.print(f"{lead}：{kinds or '没有到期的'}。", markup=False, highlight=False)


@retention.command("history")
def retention_history() -> None:
    """最近清过几次，每次清掉了什么。"""
    from bot import cli
    from bot.clock import SHANGHAI, clock_from
    from bot.privacy.opening import open_retention

    settings = cli._settings()

    async def job() -> None:
        async with cli._database(settings) as sessions:
            runs = await open_retention(settings, sessions, clock_from(settings.now)).runs()
        for run in runs:
            kinds = "，".join(f"{name} {count}" for name, count in run.removed.items()) or "没有到期的"
            at = run.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
            cli.out.print(f"{at} {kinds if run.finished_at else '没做完'}", markup=False, highlight=False)
        if not runs:
            cli.out.print("还没有清过。")

    cli._run(job())
