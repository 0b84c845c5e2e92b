"""`duihua training …`: what is new beside the live model, a training, its model for the engine, and the way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from getpass import getuser
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.training.service import Training

training = typer.Typer(help="训练：看有什么新内容、开始训练、启用、退回；服务要在运行。", no_args_is_help=True)


def _do(job: Callable[[Training], Awaitable[None]]) -> None:
    """Run a job with the service; a refusal is said in a sentence."""
    from aiohttp import ClientSession

    from bot import cli
    from bot.clock import clock_from
    from bot.running.opening import open_training
    from bot.training.rules import Refusal
    from bot.training.wording import why

    settings = cli._settings()

    async def run() -> None:
        async with cli._database(settings) as sessions, ClientSession() as http:
            await job(open_training(settings, sessions, clock_from(settings.now), http))

    try:
        cli._run(run())
    except Refusal as refusal:
        cli._fail(why(refusal))


@training.command("status")
def status() -> None:
    """现在用哪个模型、有几条没学的、训练做到哪了、做好的比较怎么样。"""
    from bot.clock import SHANGHAI
    from bot.training.wording import STATES, step_said

    async def job(service: Training) -> None:
        seen = await service.overview()
        typer.echo(f"现在的模型：{seen.live or '还没有'}；上一个：{seen.former or '没有'}")
        typer.echo(f"还没学的：{len(seen.changes)} 条")
        for run in seen.runs[:5]:
            told = step_said(run.state, run.step) if run.open else f"变好 {run.better}，变差 {run.worse}"
            told = f"：{told}" if run.open or run.state == "ready" else ""
            at = run.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
            typer.echo(f"第 {run.id} 次（{run.by}，{at}）{'在用' if run.live else STATES[run.state]}{told}")

    _do(job)


@training.command("start")
def start() -> None:
    """请正在运行的服务训练一次；做到哪了看 status。"""

    async def job(service: Training) -> None:
        typer.echo(f"第 {await service.begin(getuser())} 次训练排上了。")

    _do(job)


@training.command("stop")
def stop(run: Annotated[int, typer.Argument(help="第几次训练，status 里有。")]) -> None:
    """停下一次没做完的训练；还是用原来的模型。"""

    async def job(service: Training) -> None:
        await service.stop(run, getuser())
        typer.echo(f"第 {run} 次训练停下了，还是用原来的模型。")

    _do(job)


@training.command("activate")
def activate(run: Annotated[int, typer.Argument(help="第几次训练，status 里有。")]) -> None:
    """启用一次训练做好的模型；照常答话，不丢一句。"""

    async def job(service: Training) -> None:
        given = await service.activate(run, getuser())
        typer.echo(f"启用了 {given.model}，用了 {given.milliseconds / 1000:.1f} 秒；退回用 duihua training rollback")

    _do(job)


@training.command("rollback")
def rollback() -> None:
    """退回上一个模型。"""

    async def job(service: Training) -> None:
        given = await service.go_back(getuser())
        typer.echo(f"退回了 {given.model}，用了 {given.milliseconds / 1000:.1f} 秒。")

    _do(job)
