"""The whole product brought up: environment checked, database and knowledge in place, model trained, processes ready."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.clock import clock_from
from bot.conversations.engine import Engine, EngineFailed, EngineUnavailable, TurnResult
from bot.events.sample import load_sample_events
from bot.guidance.sample import load_sample_advisers
from bot.jobs.sample import load_sample_jobs
from bot.knowledge import loading
from bot.migrating import upgrade
from bot.running import checks
from bot.running.processes import Supervisor, programs
from bot.running.training import make_live, model_path, train
from bot.settings import ANYWHERE, ROOT, Settings
from bot.store import Sessions, open_engine

READY_WITHIN = 120.0  # seconds
KNOWLEDGE = ROOT / "data" / "knowledge"
SAMPLE = ROOT / "data" / "sample"
FIRST_QUESTION = "毕业后档案放哪里"

Say = Callable[[str], None]


class NotReady(Exception):
    """A process that did not come up; says which and where its log is."""


async def prepare_data(settings: Settings, say: Say) -> None:
    """Database and knowledge, each only as far as it is needed. `say` hears what was done, with seconds."""
    began = time.perf_counter()
    await upgrade(settings.database)
    say(f"数据库已就绪（{time.perf_counter() - began:.1f} 秒）")

    began = time.perf_counter()
    database = open_engine(settings.database)
    try:
        sessions, clock = Sessions(database), clock_from(settings.now)
        loaded = await loading.load(sessions, KNOWLEDGE, clock)
        async with sessions.begin() as db:
            sample = await load_sample_jobs(db, clock, SAMPLE)
            if not sample.removed_before:
                await load_sample_events(db, clock, SAMPLE / "events.yml")
            await load_sample_advisers(db, clock, SAMPLE / "advisers.yml")
    finally:
        await database.dispose()
    say(
        f"政策知识已就绪：新增 {len(loaded.new)}，更新 {len(loaded.changed)}，未变 {len(loaded.same)}"
        + (f"，库里改过、保留不动 {len(loaded.edited)}" if loaded.edited else "")
        + f"（{time.perf_counter() - began:.1f} 秒）"
    )
    if sample.new:
        say(
            f"载入示例岗位 {sample.new} 个、示例活动和示例老师，都标着“示例”；去掉用 duihua jobs remove-sample 和 duihua guidance remove-sample"
        )


async def prepare_model(settings: Settings, say: Say) -> None:
    """A model for the training data as it is now. `say` hears each step, with seconds. Raises TrainingFailed."""
    began = time.perf_counter()
    say("训练数据有变化，正在训练对话模型，大约一分钟……")
    await train(settings, progress=lambda step: say(f"  训练 {step}（已用 {time.perf_counter() - began:.0f} 秒）"))
    say(f"模型训练完成（{time.perf_counter() - began:.1f} 秒）")


@asynccontextmanager
async def running(settings: Settings, say: Say, *, gateway: bool) -> AsyncIterator[Supervisor]:
    """The processes up and answering, until the block ends. Raises CannotStart, TrainingFailed or NotReady."""
    if gateway and await is_up(settings) and await _serves(settings):
        raise checks.CannotStart(
            f"对话青春已经在运行，网址是 {settings.address}/chat；要重新启动，请先到启动它的窗口按 Ctrl-C。"
        )
    checks.check(settings, gateway=gateway)
    supervisor = Supervisor(settings.folder / "logs")
    began = time.perf_counter()
    try:
        trained = model_path(settings).exists()
        if trained:  # the engine takes longest, and needs neither database nor knowledge to start
            make_live(settings)
            supervisor.start(programs(settings)["engine"])
        await prepare_data(settings, say)
        if not trained:
            await prepare_model(settings, say)
            make_live(settings)
            supervisor.start(programs(settings)["engine"])
        for name in ("actions", "gateway") if gateway else ("actions",):
            supervisor.start(programs(settings)[name])
        waiting = time.perf_counter()
        await _answers(settings, supervisor, waiting)
        say(f"对话引擎和动作服务已就绪，试问一句也答上来了（从启动算起 {time.perf_counter() - began:.1f} 秒）")
        if gateway:
            await _wait_for(_gateway_health(settings), "gateway", supervisor, waiting)
        yield supervisor
    finally:
        await supervisor.close()


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ANYWHERE else host


async def _answers(settings: Settings, supervisor: Supervisor, began: float) -> None:
    """Wait until engine and actions answer a real question."""
    base = f"http://127.0.0.1:{settings.actions_port}"
    await _wait_for(f"{base}/health", "actions", supervisor, began)
    await _wait_for(f"{settings.engine_url}/health", "engine", supervisor, began)
    try:
        await ask_engine(settings, FIRST_QUESTION)
    except (EngineUnavailable, EngineFailed) as error:
        raise NotReady(
            f"试问没有答上来：{error}。日志在 {supervisor.log_of('engine')} 和 {supervisor.log_of('actions')}"
        ) from error


async def ask_engine(settings: Settings, text: str) -> TurnResult:
    """One question of nobody to the engine; leaves nothing in the record. Raises EngineUnavailable or EngineFailed."""
    async with ClientSession() as session:
        engine = Engine.of(settings, session)
        return await engine.turn(
            sender="start-check", message_id=uuid.uuid4().hex, at=clock_from(settings.now)(), text=text, payload=None
        )


async def is_up(settings: Settings) -> bool:
    """Whether an engine of this product answers at the port of the settings."""
    return await _is_healthy(f"{settings.engine_url}/health")


async def _serves(settings: Settings) -> bool:
    return await _is_healthy(_gateway_health(settings))


def _gateway_health(settings: Settings) -> str:
    return f"http://{_reachable(settings.host)}:{settings.port}/health"


async def _is_healthy(url: str) -> bool:
    try:
        async with ClientSession(timeout=ClientTimeout(total=2)) as session, session.get(url) as response:
            return response.status == 200
    except (ClientError, TimeoutError, OSError):
        return False


async def _wait_for(url: str, name: str, supervisor: Supervisor, began: float) -> None:
    while time.perf_counter() - began < READY_WITHIN:
        if await _is_healthy(url):
            return
        await asyncio.sleep(0.1)
    raise NotReady(f"{name} 在 {READY_WITHIN:.0f} 秒内没有起来，原因看日志：{supervisor.log_of(name)}")
