"""`duihua people …`: accounts of the staff, the first of them too."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from getpass import getuser
from typing import TYPE_CHECKING, Annotated

import typer

from bot.people.rules import Role

if TYPE_CHECKING:
    from bot.people.accounts import Accounts
    from bot.people.auditing import AuditLog
    from bot.settings import Settings

people = typer.Typer(help="工作台的账号：开账号、改角色、重置密码、停用。", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="账号的名字，登录时用。")]
Roles = Annotated[list[Role], typer.Option("--role", help="角色，可以写几次。")]
WHO = {"reviewer": "审阅", "editor": "编辑", "adviser": "指导老师", "host": "主持人", "admin": "管理员"}


async def has_accounts(settings: Settings) -> bool:
    """Whether anybody can sign in to the console."""
    from bot.clock import clock_from
    from bot.people.accounts import Accounts
    from bot.store import Sessions, open_engine

    database = open_engine(settings.database)
    try:
        return await Accounts(Sessions(database), clock_from(settings.now)).any()
    finally:
        await database.dispose()


def _refused(error: Exception) -> str:
    from bot.people import rules

    said: dict[type[Exception], str] = {
        rules.BadName: f"名字要 1 到 {rules.NAME_LIMIT} 个字，不带标点。",
        rules.NameTaken: "这个名字已经有账号了。",
        rules.NoRole: "至少要给一个角色：--role admin。",
        rules.AdviserUnknown: "没有这位指导老师，名字要和名册上一样。",
        rules.AdviserTaken: "这位指导老师已经有账号了。",
        rules.LastAdmin: "这是最后一个管理员，先给别人管理员角色。",
        rules.Unknown: "没有这个账号。duihua people list 看有哪些。",
    }
    if isinstance(error, rules.UnfitPassword):
        return f"密码不行：至少 {rules.PASSWORD_LEAST} 个字符，不带名字，不能太好猜。"
    return said.get(type(error), str(error))


def _job(work: Callable[[Accounts, AuditLog], Awaitable[None]]) -> None:
    """Run some work on accounts; what cannot be is said in a sentence."""
    from bot import cli
    from bot.clock import clock_from
    from bot.people.accounts import Accounts
    from bot.people.auditing import AuditLog
    from bot.people.rules import Refusal

    settings = cli._settings()

    async def job() -> None:
        clock = clock_from(settings.now)
        async with cli._database(settings) as sessions:
            await work(Accounts(sessions, clock), AuditLog(sessions, clock))

    try:
        cli._run(job())
    except Refusal as error:
        cli._fail(_refused(error))


def _by() -> str:
    return f"命令行 {getuser()}"


def _say(text: str) -> None:
    from bot import cli

    cli.out.print(text, markup=False, highlight=False, soft_wrap=True)


@people.command("add")
def add(
    name: Name,
    role: Roles,
    adviser: Annotated[str | None, typer.Option(help="是哪位指导老师（名册上的称呼）。")] = None,
    password: Annotated[bool, typer.Option("--password", help="自己输密码；不加就生成一个，首次登录时要改。")] = False,
) -> None:
    """开一个账号。例：duihua people add 王芳 --role admin"""
    typed = _typed_password() if password else None

    async def work(accounts: Accounts, log: AuditLog) -> None:
        from bot.people import rules

        tied = next((number for number, said in await accounts.advisers() if said == adviser), None)
        if adviser is not None and tied is None:
            raise rules.AdviserUnknown
        account, made = await accounts.add(name, role, by=_by(), password=typed, adviser_id=tied)
        await log.write("account.add", account.name, who=_by(), details={"roles": sorted(role)})
        _say(f"开好了：{account.name}（{'、'.join(WHO[one] for one in account.roles)}）")
        if made:
            _say(f"密码：{made}\n只显示这一回，首次登录时要换成自己的。")

    _job(work)


def _typed_password() -> str:
    if sys.stdin.isatty():
        return typer.prompt("密码", hide_input=True, confirmation_prompt="再输一遍")
    return sys.stdin.readline().rstrip("\n")


@people.command("list")
def show() -> None:
    """列出账号。"""

    async def work(accounts: Accounts, _log: AuditLog) -> None:
        from rich.table import Table

        from bot import cli
        from bot.clock import SHANGHAI

        found = await accounts.all()
        table = Table("名字", "角色", "两步验证", "最近登录", "状态")
        for one in found:
            at = f"{one.signed_in_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if one.signed_in_at else "还没登录过"
            state = "已停用" if one.disabled_at else "要改密码" if one.must_change else ""
            table.add_row(one.name, "、".join(WHO[r] for r in one.roles), "开" if one.has_totp else "", at, state)
        cli.out.print(table if found else "还没有账号。开第一个：duihua people add 名字 --role admin")

    _job(work)


@people.command("roles")
def roles(
    name: Name,
    role: Roles,
    adviser: Annotated[str | None, typer.Option(help="是哪位指导老师；不写就不对应谁。")] = None,
) -> None:
    """换一套角色；登录着的地方都会退出。"""

    async def work(accounts: Accounts, log: AuditLog) -> None:
        from bot.people import rules

        tied = next((number for number, said in await accounts.advisers() if said == adviser), None)
        if adviser is not None and tied is None:
            raise rules.AdviserUnknown
        found = await accounts.named(name)
        account = await accounts.set_roles(found.id, role, by=None, adviser_id=tied)
        await log.write("account.roles", account.name, who=_by(), details={"roles": sorted(role)})
        _say(f"{account.name} 现在是：{'、'.join(WHO[one] for one in account.roles)}")

    _job(work)


@people.command("reset-password")
def reset_password(
    name: Name,
    totp: Annotated[bool, typer.Option("--totp", help="两步验证也去掉（手机丢了）。")] = False,
) -> None:
    """生成一个新密码，登录着的地方都会退出。"""

    async def work(accounts: Accounts, log: AuditLog) -> None:
        found = await accounts.named(name)
        made = await accounts.reset_password(found.id, totp=totp)
        await log.write("account.reset", found.name, who=_by(), details={"totp": totp})
        _say(f"{found.name} 的新密码：{made}\n只显示这一回，下次登录时要换成自己的。")

    _job(work)


@people.command("disable")
def disable(name: Name) -> None:
    """停用一个账号，登录着的地方都会退出。"""

    async def work(accounts: Accounts, log: AuditLog) -> None:
        account = await accounts.disable((await accounts.named(name)).id, by=None)
        await log.write("account.disable", account.name, who=_by())
        _say(f"{account.name} 已停用。恢复：duihua people enable {account.name}")

    _job(work)


@people.command("enable")
def enable(name: Name) -> None:
    """恢复一个停用的账号。"""

    async def work(accounts: Accounts, log: AuditLog) -> None:
        account = await accounts.enable((await accounts.named(name)).id)
        await log.write("account.enable", account.name, who=_by())
        _say(f"{account.name} 又能登录了。")

    _job(work)


@people.command("sessions")
def sessions(name: Name, end: Annotated[bool, typer.Option("--end", help="全部退出。")] = False) -> None:
    """看一个账号在哪儿登录着；加 --end 全部退出。"""

    async def work(accounts: Accounts, log: AuditLog) -> None:
        from bot.clock import SHANGHAI

        found = await accounts.named(name)
        for one in await accounts.sessions(found.id):
            _say(f"{one.used_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} {one.device} {one.address}")
        if end:
            ended = await accounts.end_sessions(found.id)
            await log.write("session.end-all", found.name, who=_by(), details={"ended": ended})
            _say(f"退出了 {ended} 处。")

    _job(work)


@people.command("check-audit")
def check_audit() -> None:
    """核对操作记录：有没有被改过、少过。"""

    async def work(_accounts: Accounts, log: AuditLog) -> None:
        from bot import cli

        if (broken := await log.broken_at()) is not None:
            cli._fail(f"操作记录从第 {broken} 条起对不上：有人在库里改过或删过。")
        _say("操作记录完整。")

    _job(work)
