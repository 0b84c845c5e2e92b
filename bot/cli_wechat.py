"""`duihua wechat …`: what is set up once at WeChat."""

from __future__ import annotations

from typing import Annotated, Any

import typer

wechat = typer.Typer(help="微信公众号：看看哪里没设好，把菜单放上去。", no_args_is_help=True)

_MARKS = {True: "✓", False: "✗", None: "·"}


@wechat.command("menu")
def menu(
    show: Annotated[bool, typer.Option("--show", help="只看菜单长什么样，不放上去。")] = False,
    delete: Annotated[bool, typer.Option("--delete", help="把公众号上的菜单撤下来。")] = False,
) -> None:
    """把聊天窗口底下的菜单放到公众号上。"""
    from bot import cli
    from bot.channels.base import Gone, Later, Refused
    from bot.channels.wechat.channel import api_of
    from bot.channels.wechat.menu import buttons
    from bot.conversations.commands import COMMANDS

    settings = cli._settings()
    entries = buttons(COMMANDS, settings.address)
    for entry in entries if not delete else ():
        cli.out.print(entry["name"], markup=False, highlight=False)
        for below in entry["sub_button"]:
            cli.out.print(f"  {below['name']}  {below.get('key') or below['url']}", markup=False, highlight=False)
    if show:
        return
    if settings.wechat_app_id is None or settings.wechat_secret is None:
        cli._fail("要先设好 DUIHUA_WECHAT_APP_ID 和 DUIHUA_WECHAT_SECRET。")
    api = api_of(settings)

    async def job() -> None:
        async with cli._database(settings) as sessions:
            try:
                shelf = _shelf(settings, sessions)
                await (api.no_menu(shelf) if delete else api.menu(shelf, entries))
            except (Later, Gone, Refused) as error:
                cli._fail(f"微信没收下：{error}")
            finally:
                await api.close()
        done = "菜单撤下来了" if delete else "菜单放上去了"
        cli.out.print(f"{done}，手机上要过几分钟才看得见；取消关注再关注能马上看见。")

    cli._run(job())


@wechat.command("check")
def check() -> None:
    """一步一步看公众号哪里通、哪里没设好；不给任何人发消息。"""
    from bot import cli
    from bot.channels.wechat.channel import PATH, api_of
    from bot.channels.wechat.checking import steps
    from bot.clock import clock_from

    settings = cli._settings()
    api, found = api_of(settings), []

    async def job() -> None:
        async with cli._database(settings) as sessions:
            try:
                async for step in steps(settings, api, _shelf(settings, sessions), clock_from(None), PATH):
                    found.append(step)
                    cli.out.print(f"{_MARKS[step.ok]} {step.text}", markup=False, highlight=False, soft_wrap=True)
            finally:
                await api.close()

    cli._run(job())
    if any(step.ok is False for step in found):
        raise typer.Exit(1)


def _shelf(settings: Any, sessions: Any) -> Any:
    """Where this command and the gateways share a token."""
    from bot.clock import clock_from
    from bot.outbox.addresses import Addresses
    from bot.outbox.service import Outbox
    from bot.outbox.tokens import Tokens

    clock = clock_from(settings.now)
    box = Outbox(sessions, clock, Addresses(settings.contact_secret))

    class Shelf(Tokens):
        async def lease(self, name: str, seconds: float) -> bool:
            return await box.lease(name, seconds)

    return Shelf(sessions, clock, settings.contact_secret)
