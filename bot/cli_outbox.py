"""`duihua outbox …`: what is on its way to people on platforms, and what did not arrive."""

from __future__ import annotations

from typing import Annotated

import typer

outbox = typer.Typer(help="发往 Telegram 等平台的消息：发到哪一步了，哪些没发出去。", no_args_is_help=True)

_STATES = {"waiting": "等着发", "sending": "正在发", "sent": "发出去了", "dead": "没发出去"}


@outbox.command("show")
def show() -> None:
    """每个平台各有多少条，没发出去的是为什么。"""
    from bot import cli
    from bot.clock import clock_from
    from bot.outbox.addresses import Addresses
    from bot.outbox.service import Outbox

    settings = cli._settings()

    async def job() -> None:
        async with cli._database(settings) as sessions:
            box = Outbox(sessions, clock_from(settings.now), Addresses(settings.contact_secret))
            counts = await box.counts()
        if not counts:
            cli.out.print("还没有往平台上发过消息。")
        for (channel, state, reason), count in sorted(counts.items(), key=str):
            why = f"（{reason}）" if reason else ""
            cli.out.print(f"{channel} {_STATES[state]}{why} {count}", markup=False, highlight=False)

    cli._run(job())


@outbox.command("dead")
def dead(limit: Annotated[int, typer.Option(help="最多列多少条。")] = 50) -> None:
    """最近没发出去的：什么时候，给谁（代号），为什么。"""
    from bot import cli
    from bot.clock import SHANGHAI, clock_from
    from bot.outbox.addresses import Addresses
    from bot.outbox.service import Outbox

    settings = cli._settings()

    async def job() -> None:
        async with cli._database(settings) as sessions:
            box = Outbox(sessions, clock_from(settings.now), Addresses(settings.contact_secret))
            letters = await box.dead(limit)
        if not letters:
            cli.out.print("都发出去了。")
        for letter in letters:
            when = letter.at.astimezone(SHANGHAI)
            cli.out.print(
                f"{when:%m-%d %H:%M} {letter.person} {letter.channel} {letter.reason}", markup=False, highlight=False
            )

    cli._run(job())
