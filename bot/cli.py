"""The command line: `duihua`. People of the League use it too, so it speaks Chinese."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.panel import Panel
from rich.progress import Progress

from bot.settings import ROOT, Settings, SettingsError, read_settings

app = typer.Typer(help="对话青春：大同毕业生就业指导机器人。", no_args_is_help=True, add_completion=False)
knowledge = typer.Typer(help="政策知识：载入、导出、检查。", no_args_is_help=True)
db = typer.Typer(help="数据库。", no_args_is_help=True)
app.add_typer(knowledge, name="knowledge")
app.add_typer(db, name="db")

out = Console()
err = Console(stderr=True)


def _settings() -> Settings:
    try:
        return read_settings()
    except SettingsError as error:
        _fail(f"设置有误：{error}（每一项的说明见 docs/settings.md）")


def _fail(text: str, code: int = 1) -> NoReturn:
    err.print(text, style="bold red", markup=False, highlight=False)
    raise typer.Exit(code)


def _run(job) -> None:
    """Run a job; what is known to go wrong is said in a sentence."""
    from bot.knowledge.files import FileError
    from bot.running.checks import CannotStart
    from bot.running.stack import NotReady
    from bot.running.training import TrainingFailed

    try:
        asyncio.run(job)
    except (CannotStart, NotReady, FileError) as error:
        _fail(str(error))
    except TrainingFailed as error:
        _fail(f"训练没有成功，引擎最后说的是：\n{error}")


@app.command()
def run() -> None:
    """启动全部服务：准备数据库、知识和模型，起好以后打印网址。按 Ctrl-C 全部停下。"""
    settings = _settings()
    logging.basicConfig(
        level=settings.log_level, handlers=[RichHandler(console=err, show_path=False)], format="%(message)s"
    )
    _run(_serve(settings))


async def _serve(settings: Settings) -> None:
    from bot.running.stack import running

    stop = asyncio.Event()
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    up = False

    def end() -> None:
        stop.set()
        if not up and task:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    try:
        async with running(settings, lambda text: out.print(text, markup=False, highlight=False), gateway=True):
            up = True
            out.print(
                Panel(
                    f"网页对话   {settings.address}/chat\n控制台     {settings.address}/console?key={settings.console_secret}\n"
                    "按 Ctrl-C 停止",
                    title="对话青春 已启动",
                    expand=False,
                ),
                soft_wrap=True,
            )
            await stop.wait()
            out.print("正在停止……")
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
    out.print("已停止。")


@app.command()
def train() -> None:
    """训练对话模型（不管数据有没有变化）。"""
    from bot.running.training import train as train_model

    async def job() -> None:
        with err.status("正在训练……") as status:
            path = await train_model(settings, progress=lambda step: status.update(f"正在训练 {step}……"))
        out.print(f"训练完成：{path.name}")

    settings = _settings()
    _run(job())


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="要问的话；不写就在终端里一问一答。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="打印一个 JSON 对象：答了什么、怎么理解的。")] = False,
) -> None:
    """问一句，或在终端里聊。服务没起来时会自己起。"""
    from bot.asking import converse, once

    settings = _settings()
    _run(once(settings, question, as_json=as_json, out=out, err=err) if question else converse(settings, out, err))


@app.command()
def evaluate(
    kind: Annotated[str, typer.Argument(help="topics、followups 或 intents。")],
    file: Annotated[Path, typer.Argument(help="JSON-lines 文件，格式见 docs/evaluation.md。")],
    as_json: Annotated[bool, typer.Option("--json", help="标准输出上只打印一个 JSON 对象。")] = False,
    errors: Annotated[Path | None, typer.Option(help="把答错的行写到这个文件。")] = None,
) -> None:
    """按真实对话的路径跑一份评测文件。不管得分多少都返回 0；文件读不懂返回 2。"""
    from bot.evaluation.files import BadRow, read_rows
    from bot.evaluation.running import evaluate_rows

    try:
        rows = read_rows(kind, file)
    except BadRow as error:
        _fail(str(error), 2)

    async def job() -> None:
        with Progress(console=err, transient=True, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task(f"评测 {kind}", total=len(rows))
            summary, wrong = await evaluate_rows(settings, kind, rows, say=_quiet, done=lambda: progress.advance(task))
        if errors:
            lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in wrong)
            errors.write_text("".join(lines), encoding="utf-8")
        if as_json:
            print(json.dumps(summary, ensure_ascii=False))
        else:
            from bot.evaluation.showing import show

            show(out, kind, summary)

    settings = _settings()
    _run(job())


def _quiet(text: str) -> None:
    err.print(text, style="dim", markup=False, highlight=False)


@app.command()
def forget(code: Annotated[str, typer.Argument(help="本人报来的代号，像 7K3Q-9QF4。")]) -> None:
    """删除一个人的全部记录：说过的话、答复、评价，引擎里的对话状态也删。删了找不回来。"""
    from bot.conversations.forgetting import UnknownPerson
    from bot.conversations.forgetting import forget as forget_person
    from bot.store import Sessions, open_engine

    settings = _settings()
    typer.confirm(f"确定删除 {code} 的全部记录？", abort=True)

    async def job() -> None:
        database = open_engine(settings.database)
        try:
            talks = await forget_person(Sessions(database), settings.folder / "dialogue.db", code)
        except UnknownPerson:
            _fail(f"没有代号是 {code} 的人。")
        finally:
            await database.dispose()
        out.print(f"已删除 {code} 的 {talks} 段对话。")

    _run(job())


@knowledge.command("check")
def knowledge_check(
    folder: Annotated[Path, typer.Argument(help="主题文件所在的文件夹。")] = ROOT / "data" / "knowledge",
) -> None:
    """检查主题文件：没有出处的数字、缺的方面、太少或重复的问法。有问题返回 1，逐条说哪一行、为什么。"""
    from bot.knowledge.check import check_folder
    from bot.knowledge.files import topic_files

    faults = check_folder(folder)
    for fault in faults:
        out.print(str(fault), markup=False, highlight=False, soft_wrap=True)
    if faults:
        _fail(f"{len(faults)} 处要改。")
    out.print(f"{len(topic_files(folder))} 个主题文件，没有问题。")


@knowledge.command("load")
def knowledge_load(
    folder: Annotated[Path, typer.Argument(help="主题文件所在的文件夹。")] = ROOT / "data" / "knowledge",
    overwrite: Annotated[bool, typer.Option(help="库里改过的主题也用文件盖掉。")] = False,
) -> None:
    """把主题文件载入数据库。库里改过的主题默认不动。"""
    from bot.clock import clock_from
    from bot.knowledge import loading
    from bot.migrating import upgrade
    from bot.store import Sessions, open_engine

    async def job() -> None:
        await upgrade(settings.database)
        database = open_engine(settings.database)
        try:
            done = await loading.load(Sessions(database), folder, clock_from(settings.now), overwrite=overwrite)
        finally:
            await database.dispose()
        out.print(
            f"新增 {len(done.new)}，更新 {len(done.changed)}，未变 {len(done.same)}，库里改过没动 {len(done.edited)}"
        )
        for topic in done.edited:
            out.print(f"  没动：{topic}（要用文件盖掉，加 --overwrite）")

    settings = _settings()
    _run(job())


@knowledge.command("export")
def knowledge_export(folder: Annotated[Path, typer.Argument(help="写到哪个文件夹。")]) -> None:
    """把数据库里的主题写成文件，载回来内容不变。"""
    from bot.knowledge import loading
    from bot.store import Sessions, open_engine

    async def job() -> None:
        database = open_engine(settings.database)
        try:
            paths = await loading.export(Sessions(database), folder)
        finally:
            await database.dispose()
        out.print(f"写了 {len(paths)} 个文件到 {folder}")

    settings = _settings()
    _run(job())


@db.command("upgrade")
def db_upgrade() -> None:
    """把数据库升到这版程序要的样子。"""
    from bot.migrating import upgrade

    settings = _settings()
    _run(upgrade(settings.database))
    out.print("数据库已是最新。")


if __name__ == "__main__":
    app()
