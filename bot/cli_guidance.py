"""`duihua guidance …`: the roster of advisers, brought in and taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.guidance.roster import Roster

guidance = typer.Typer(help="一对一指导：老师名册的导入和撤销，去掉示例。", no_args_is_help=True)


def _do(job: Callable[[Roster], Awaitable[None]]) -> None:
    """Run a job with the roster; what cannot be is said in a sentence."""
    from bot import cli
    from bot.clock import clock_from
    from bot.guidance.roster import Roster
    from bot.guidance.roster_undo import CannotUndo
    from bot.guidance.service import rules_of
    from bot.sheets.rows import SheetError

    settings = cli._settings()

    async def run() -> None:
        async with cli._database(settings) as sessions:
            await job(Roster(sessions, clock_from(settings.now), rules_of(settings)))

    try:
        cli._run(run())
    except (SheetError, CannotUndo) as error:
        cli._fail(str(error))


@guidance.command("import")
def guidance_import(
    file: Annotated[Path, typer.Argument(help="老师名册，XLSX、XLS、ODS 或 CSV。")],
    write: Annotated[bool, typer.Option("--write", help="真的写进库；不加只试读，看看会怎样。")] = False,
    report: Annotated[Path | None, typer.Option(help="把没收下的行连同原因写成 XLSX，交还改好再导。")] = None,
) -> None:
    """把老师名册导进来。先试读一遍，看过报告再加 --write。"""
    from getpass import getuser

    from bot.cli import out
    from bot.sheets.reports import write_report

    async def job(roster: Roster) -> None:
        told = await roster.bring_in(file, by=getuser()) if write else await roster.preview(file)
        for line in told.lines(20):
            out.print(line, markup=False, highlight=False, soft_wrap=True)
        if report:
            write_report(told, report)
            out.print(f"没收下的行写在 {report}", markup=False, highlight=False)
        if not write:
            out.print("这是试读，什么都没写进库。没问题就加 --write 再来一次。")
        else:
            out.print(f"这是第 {told.batch} 批；要撤销：duihua guidance undo {told.batch}")

    _do(job)


@guidance.command("undo")
def guidance_undo(batch: Annotated[int, typer.Argument(help="批号；duihua guidance batches 能看。")]) -> None:
    """撤销一批名册，老师恢复到导入以前的样子。已有预约的新老师留着，只是不再接新的。"""
    from bot.cli import out

    async def job(roster: Roster) -> None:
        undone = await roster.undo(batch)
        out.print(f"第 {batch} 批已撤销：去掉 {undone.removed} 位，恢复 {undone.restored} 位。")
        if undone.kept:
            out.print(f"{'、'.join(undone.kept)}已有预约，留着，不再接新的预约。")

    _do(job)


@guidance.command("batches")
def guidance_batches() -> None:
    """列出最近的名册导入。"""
    from rich.table import Table

    from bot.cli import out
    from bot.clock import SHANGHAI

    async def job(roster: Roster) -> None:
        rows = await roster.batches()
        table = Table("批号", "文件", "谁", "什么时候", "新增", "改动", "未变", "没收下", "状态")
        for row in rows:
            state = "已撤销" if row.undone_at else "已去掉" if row.removed_at else ""
            counts = (row.new, row.changed, row.unchanged, row.refused)
            table.add_row(
                str(row.id), row.file, row.by, f"{row.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", *map(str, counts), state
            )
        out.print(table if rows else "还没有导入过。")

    _do(job)


@guidance.command("remove-sample")
def guidance_remove_sample() -> None:
    """去掉全部示例老师和他们的预约，以后启动也不再载入。"""
    from bot import cli
    from bot.clock import clock_from
    from bot.guidance.sample import remove_sample_advisers

    settings = cli._settings()

    async def run() -> None:
        async with cli._database(settings) as sessions, sessions.begin() as db:
            count = await remove_sample_advisers(db, clock_from(settings.now))
        cli.out.print(f"去掉了 {count} 位示例老师。")

    cli._run(run())
