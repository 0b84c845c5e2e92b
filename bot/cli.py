"""The command line: `duihua`. People of the League use it too, so it speaks Chinese."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import Progress

from bot.cli_events import events
from bot.cli_guidance import guidance
from bot.cli_inbox import inbox
from bot.cli_outbox import outbox
from bot.cli_people import has_accounts, people
from bot.cli_privacy import forget, privacy, retention
from bot.cli_radio import radio
from bot.cli_training import training
from bot.cli_wechat import wechat
from bot.settings import ROOT, Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from bot.store import Sessions

app = typer.Typer(help="对话青春：大同毕业生就业指导机器人。", no_args_is_help=True, add_completion=False)
jobs = typer.Typer(help="岗位：从表格导入、撤销、导出，去掉示例。", no_args_is_help=True)
knowledge = typer.Typer(help="政策知识：载入、导出、检查。", no_args_is_help=True)
db = typer.Typer(help="数据库。", no_args_is_help=True)
app.add_typer(knowledge, name="knowledge")
app.add_typer(db, name="db")
app.add_typer(jobs, name="jobs")
app.add_typer(guidance, name="guidance")
app.add_typer(events, name="events")
app.add_typer(radio, name="radio")
app.add_typer(training, name="training")
app.add_typer(inbox, name="inbox")
app.add_typer(outbox, name="outbox")
app.add_typer(wechat, name="wechat")
app.add_typer(people, name="people")
app.add_typer(privacy, name="privacy")
app.add_typer(retention, name="retention")
app.command("forget")(forget)

out = Console()
err = Console(stderr=True)


def _settings() -> Settings:
    try:
        settings = read_settings()
        settings.folder  # noqa: B018 - made at the first look
    except SettingsError as error:
        _fail(f"设置有误：{error}（每一项的说明见 docs/settings.md）")
    except OSError as error:
        _fail(f"放数据的文件夹用不了：{error.strerror}：{error.filename}，请把 DUIHUA_VAR 设成能写的文件夹。")
    return settings


def _fail(text: str, code: int = 1) -> NoReturn:
    err.print(text, style="bold red", markup=False, highlight=False)
    raise typer.Exit(code)


def _run(job) -> None:
    """Run a job; what is known to go wrong is said in a sentence."""
    from sqlalchemy.exc import DBAPIError

    from bot.knowledge.files import FileError
    from bot.running.checks import CannotStart, is_full
    from bot.running.stack import NotReady
    from bot.running.training import TrainingFailed

    try:
        asyncio.run(job)
    except (CannotStart, NotReady, FileError) as error:
        _fail(str(error))
    except TrainingFailed as error:
        _fail(f"训练没有成功，引擎最后说的是：\n{error}")
    except (OSError, DBAPIError) as error:
        if is_full(error):
            _fail("磁盘满了，没有写完：请清出空间再来一次，或把 DUIHUA_VAR 设成别的磁盘上的文件夹。")
        if isinstance(error, ConnectionError):
            _fail("数据库连不上：请看它起来没有，DUIHUA_DATABASE_URL 写对没有。")
        if isinstance(error, OSError) and error.filename:
            _fail(f"{error.filename} 读不了或写不了：{error.strerror}。")
        raise


@app.command()
def run() -> None:
    """启动全部服务，起好以后打印网址；按 Ctrl-C 全部停下。

    依次：看端口、磁盘、环境，把数据库升到最新，载入政策知识和示例，训练数据变了就训练，起引擎、动作、网关，试问一句。
    哪个进程意外退出会自动再起，日志在 var/logs。端口等设置见 docs/settings.md。
    """
    settings = _settings()
    logging.basicConfig(
        level=settings.log_level, handlers=[RichHandler(console=err, show_path=False)], format="%(message)s"
    )
    _run(_serve(settings))


async def _serve(settings: Settings) -> None:
    from bot.running.platforms import platforms
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
            out.print("\n对话青春 已启动，按 Ctrl-C 停止", style="bold green")
            for name, address in (("网页对话", "/chat"), ("工作台　", "/console")):
                # one line each, however narrow the terminal: an address that is cut opens nothing
                out.print(f"  {name}  {settings.address}{address}", markup=False, highlight=False, soft_wrap=True)
            for name, way in platforms(settings):
                out.print(f"  {name}  {way}", markup=False, highlight=False, soft_wrap=True)
            if not await has_accounts(settings):
                out.print(
                    "  工作台还没有账号，开第一个：duihua people add 你的名字 --role admin",
                    markup=False,
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
    """训练对话模型，不管数据有没有变化。

    run 会在数据变了的时候自己训练，平时用不着它。新模型下次启动时用上。
    """
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
    """问一句，或在终端里聊；服务没起来时会自己起。

    例：duihua ask "毕业后档案放哪里"。不写问题就一问一答：回数字选选项，空行结束。问过的进对话记录，渠道是 terminal。
    """
    from bot.asking import converse, once

    settings = _settings()
    _run(once(settings, question, as_json=as_json, out=out, err=err) if question else converse(settings, out, err))


@app.command()
def evaluate(
    kind: Annotated[str, typer.Argument(help="topics、followups、intents、jobs、times 或 groups。")],
    file: Annotated[Path, typer.Argument(help="JSON-lines 文件，格式见 docs/evaluation.md。")],
    as_json: Annotated[bool, typer.Option("--json", help="标准输出上只打印一个 JSON 对象。")] = False,
    errors: Annotated[Path | None, typer.Option(help="把答错的行写到这个文件。")] = None,
) -> None:
    """按真实对话的路径跑一份评测文件。

    例：duihua evaluate topics tests/evaluation/topics.jsonl --errors 错题.jsonl。每一行都是一个新的人，走收信、引擎、动作
    全程。groups 只看问题的字面，把意思一样的放一起，不起服务。不管得分多少都返回 0；文件读不懂返回 2，说明是哪一行；
    服务起不来返回 1。
    """
    from bot.evaluation.files import BadRow, read_rows
    from bot.evaluation.running import evaluate_rows

    try:
        rows = read_rows(kind, file)
        if errors:
            errors.write_text("", encoding="utf-8")  # said now, not after an hour, where it cannot be written
    except BadRow as error:
        _fail(str(error), 2)
    except OSError as error:
        _fail(f"{errors} 写不了：{error.strerror}。", 2)

    async def job() -> None:
        if kind == "groups":
            from bot.evaluation.groups import groups_summary

            with err.status("正在把问题归到一起……"):
                told(*groups_summary(rows, cache=settings.folder / "cache" / "phrasings.npz"))
            return
        with Progress(console=err, transient=True, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task(f"评测 {kind}", total=len(rows))
            summary, wrong = await evaluate_rows(settings, kind, rows, say=_quiet, done=lambda: progress.advance(task))
        told(summary, wrong)

    def told(summary: dict[str, Any], wrong: list[dict[str, Any]]) -> None:
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


@knowledge.command("check")
def knowledge_check(
    folder: Annotated[Path, typer.Argument(help="主题文件所在的文件夹。")] = ROOT / "data" / "knowledge",
) -> None:
    """检查主题文件：没有出处的数字、缺的方面、太少或重复的问法。有问题返回 1，逐条说哪一行、为什么。"""
    from bot.knowledge.check import check_folder
    from bot.knowledge.files import topic_files

    if not topic_files(folder):
        _fail(f"{folder} 里没有主题文件。")
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


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Sessions]:
    """The database, in the form that this code needs, open for one command."""
    from bot.migrating import upgrade
    from bot.store import Sessions, open_engine

    await upgrade(settings.database)
    database = open_engine(settings.database)
    try:
        yield Sessions(database)
    finally:
        await database.dispose()


@jobs.command("import")
def jobs_import(
    file: Annotated[Path, typer.Argument(help="XLSX、XLS、ODS 或 CSV，列名和顺序随意。")],
    write: Annotated[bool, typer.Option("--write", help="真的写进库；不加只试读，看看会怎样。")] = False,
    source: Annotated[str, typer.Option(help="表里没写来源的岗位记什么来源。")] = "联盟收集",
    report: Annotated[Path | None, typer.Option(help="把没收下的行连同原因写成 XLSX，交还改好再导。")] = None,
) -> None:
    """把一张岗位表导入岗位库。先试读一遍，看过报告再加 --write。"""
    from getpass import getuser

    from bot.clock import clock_from
    from bot.jobs.importing import Importer
    from bot.sheets.reports import write_notes, write_report
    from bot.sheets.rows import SheetError

    async def job() -> None:
        with Progress(console=err, transient=True, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task("导入" if write else "试读", total=None)

            def done(n: int, total: int | None) -> None:
                progress.update(task, completed=n, total=total)

            async with _database(settings) as sessions:
                importer = Importer(sessions, clock_from(settings.now))
                if write:
                    told = await importer.bring_in(file, by=getuser(), source=source, progress=done)
                else:
                    told = await importer.preview(file, source=source, progress=done)
        for line in told.lines(20):
            out.print(line, markup=False, highlight=False, soft_wrap=True)
        if report:
            notes = report.with_name(f"{report.stem}-提醒{report.suffix}")
            write_report(told, report)
            write_notes(told, notes)
            out.print(f"没收下的行写在 {report}，全部提醒和合并写在 {notes}", markup=False, highlight=False)
        if not write:
            out.print("这是试读，什么都没写进库。没问题就加 --write 再来一次。")
        elif told.batch is not None:
            out.print(f"这是第 {told.batch} 批；要撤销：duihua jobs undo {told.batch}")

    settings = _settings()
    try:
        _run(job())
    except SheetError as error:
        _fail(str(error))


@jobs.command("undo")
def jobs_undo(batch: Annotated[int, typer.Argument(help="批号，导入时打印过；duihua jobs batches 也能看。")]) -> None:
    """撤销一批导入，恢复到导入以前的样子。"""
    from bot.clock import clock_from
    from bot.jobs.importing import CannotUndo, Importer

    async def job() -> None:
        async with _database(settings) as sessions:
            undone = await Importer(sessions, clock_from(settings.now)).undo(batch)
        out.print(f"第 {batch} 批已撤销：删去 {undone.removed} 个，恢复 {undone.restored} 个。")

    settings = _settings()
    try:
        _run(job())
    except CannotUndo as error:
        _fail(str(error))


@jobs.command("batches")
def jobs_batches() -> None:
    """列出最近的导入。"""
    from rich.table import Table

    from bot.clock import SHANGHAI, clock_from
    from bot.jobs.importing import Importer

    async def job() -> None:
        async with _database(settings) as sessions:
            rows = await Importer(sessions, clock_from(settings.now)).batches()
        table = Table("批号", "文件", "谁", "什么时候", "新增", "改动", "未变", "并入", "没收下", "状态")
        for row in rows:
            counts = (row.new, row.changed, row.unchanged, row.folded, row.refused)
            at = row.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
            table.add_row(str(row.id), row.file, row.by, at, *map(str, counts), "已撤销" if row.undone_at else "")
        out.print(table if rows else "还没有导入过。")

    settings = _settings()
    _run(job())


@jobs.command("export")
def jobs_export(file: Annotated[Path, typer.Argument(help="写到哪里，.xlsx 或 .csv。")]) -> None:
    """把岗位库写成一张表，改好还能导回来。"""
    from bot.jobs.exporting import export
    from bot.sheets.rows import SheetError

    async def job() -> None:
        async with _database(settings) as sessions:
            count = await export(sessions, file)
        out.print(f"写了 {count} 个岗位到 {file}", markup=False, highlight=False)

    settings = _settings()
    try:
        _run(job())
    except SheetError as error:
        _fail(str(error))


@jobs.command("remove-sample")
def jobs_remove_sample() -> None:
    """去掉全部示例公司、岗位和活动，以后启动也不再载入。"""
    from bot.clock import clock_from
    from bot.events.sample import remove_sample_events
    from bot.jobs.sample import remove_sample_jobs

    async def job() -> None:
        async with _database(settings) as sessions, sessions.begin() as db:
            events = await remove_sample_events(db)
            postings = await remove_sample_jobs(db, clock_from(settings.now))
        out.print(f"去掉了 {postings} 个示例岗位、{events} 场示例活动。")

    settings = _settings()
    _run(job())


if __name__ == "__main__":
    app()
