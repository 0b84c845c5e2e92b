"""`duihua wechat …`: what is set up once at WeChat."""

from __future__ import annotations

from typing import Annotated, Any

import typer

wechat = typer.Typer(help="微信公众号：把菜单放上去。", no_args_is_help=True)


@wechat.command("menu")
def menu(show: Annotated[bool, typer.Option("--show", help="只看菜单长什么样，不放上去。")] = False) -> None:
    """把聊天窗口底下的菜单放到公众号上。"""
    from bot import cli
    from bot.channels.base import Gone, Later, Refused
    from bot.channels.wechat.channel import api_of
    from bot.channels.wechat.menu import buttons
    from bot.conversations.commands import COMMANDS

    settings = cli._settings()
    entries = buttons(COMMANDS, settings.address)
    for entry in entries:
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
                await api.menu(_shelf(settings, sessions), entries)
            except (Later, Gone, Refused) as error:
                cli._fail(f"微信没收下：{error}")
            finally:
                await api.close()
        cli.out.print("菜单放上去了，手机上要过几分钟才看得见；取消关注再关注能马上看见。")

    cli._run(job())


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
