"""Training from the console: what is new, a run to its end, both models side by side, the change and the way back.

The trainer is a real child process of ours in the place of the engine's own, which takes a minute.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from bot.people.tables import AuditEntry
from bot.running.training import fingerprint, shelf_of
from bot.training.rules import TrainingSet, WorkFailed
from bot.web.training import TRAINING
from tests.console.conftest import BROWSER
from tests.training.training_setup import (
    SAID,
    FakeEngine,
    FakeWorkshop,
    correct,
    correct_intent,
    difference,
    keep_case,
    load_topics,
)

PICTURES = os.environ.get("DUIHUA_PICTURES")
HOSTILE = "<img src=x onerror=alert(1)>"
TRAINER = """#!{python}
import pathlib, sys, time
told = dict(zip(sys.argv, sys.argv[1:]))
for name in ("LinearIntentClassifier", "RulePolicy"):
    print(f"2026-11-24 10:00:00 INFO rasa.engine.training.hooks - Starting to train component '{{name}}'.", flush=True)
for _ in range(3000):
    if pathlib.Path({go!r}).exists():
        break
    time.sleep(0.01)
else:
    sys.exit("nobody let it go on")
if pathlib.Path({go!r}).read_text() == "broken":
    sys.exit("The rule contradicts a story.")
pathlib.Path(told["--out"], told["--fixed-model-name"] + ".tar.gz").write_bytes(b"model")
"""


class Trainer:
    """Goes on when it is told to."""

    def __init__(self, folder: Path) -> None:
        self.script, self._go = folder / "trainer", folder / "go"
        self.script.write_text(TRAINER.format(python=sys.executable, go=str(self._go)))
        self.script.chmod(0o755)

    def go_on(self, how: str = "well") -> None:
        self._go.write_text(how)


@pytest.fixture(autouse=True)
def trainer(tmp_path, monkeypatch) -> Trainer:
    made = Trainer(tmp_path)
    monkeypatch.setattr("bot.running.training.ENGINE_PYTHON", made.script)
    monkeypatch.setattr("bot.training.working.RENEW", 0.05)
    return made


@pytest.fixture
async def shop(console, clock, tmp_path, monkeypatch) -> FakeWorkshop:
    """A live model of the files, two topics, an engine of ours; what a comparison finds is set by the test."""
    shelf = shelf_of(console.settings)
    console.settings.models.mkdir()
    base = shelf.put(fingerprint(), TrainingSet())
    shelf.path(base).write_bytes(b"model")
    shelf.make_live(base)
    console.app[TRAINING]._engine = FakeEngine(shelf)
    await load_topics(console.sessions, clock, tmp_path / "knowledge")
    workshop = FakeWorkshop(shelf, figures={
        "sample": {"case": [1, 1], "topics": [185, 369]},
        "before": {"case": {"n": 1, "right": 0}, "topics": {"n": 185, "right": 144, "top1": 0.962, "served_wrong": 0.005}},
        "after": {"case": {"n": 1, "right": 1}, "topics": {"n": 185, "right": 143, "top1": 0.957, "served_wrong": 0.005}},
    })  # fmt: skip

    async def compare(_settings, before, after, cases, progress):
        return await workshop.compare(before, after, cases, progress)

    monkeypatch.setattr("bot.web.training.compare", compare)
    return workshop


async def until(true, seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 - it happens in the gateway's own task
            await asyncio.sleep(0.02)


async def ended(console, run: int) -> None:
    async def is_over() -> bool:
        return not (await console.app[TRAINING].progress(run)).open

    await until(is_over)


async def actions(console) -> list[tuple[str, str]]:
    async with console.sessions() as db:
        rows = await db.scalars(select(AuditEntry).where(AuditEntry.action.like("training.%")).order_by(AuditEntry.id))
        return [(row.action, row.target) for row in rows]


async def test_an_editor_trains_looks_at_what_changed_and_gives_the_model_and_takes_it_back(
    console, shop, signed_in, clock, trainer
):
    editor = await signed_in("editor", name="王芳")
    page = await (await editor.get("/console/training")).text()
    assert "没有新内容，不用训练" in page
    assert "开始训练" not in page
    refused = await editor.post("/console/training")
    assert (refused.status, "没有新的问法和纠正" in await refused.text()) == (409, True)

    await correct(console.sessions, clock)
    await correct_intent(console.sessions, clock, HOSTILE, "job_search")
    await keep_case(console.sessions, clock)
    page = await (await editor.get("/console/training")).text()
    assert SAID in page
    assert "开始训练" in page
    assert HOSTILE not in page
    assert "李雷" in page
    begun = await editor.post("/console/training")
    assert (begun.status, begun.headers["Location"]) == (303, "/console/training/1")
    assert (await editor.post("/console/training")).status == 409
    progress = "/console/training/1/progress"

    async def is_training() -> bool:
        told = await (await editor.get(progress)).json()
        return told["open"] and told["step"] == "训练 RulePolicy"

    await until(is_training)
    page = await (await editor.get("/console/training/1")).text()
    assert "<progress" in page
    assert 'http-equiv="refresh"' in page
    shop.differences = [
        difference("补贴咋领", before=False, after=True), difference(HOSTILE, before=True, after=False),
        difference("都错", before=False, after=False, other=False),
    ]  # fmt: skip
    trainer.go_on()
    await ended(console, 1)

    home = await (await editor.get("/console")).text()
    assert "训练好、等着启用的模型" in home
    page = await (await editor.get("/console/training/1")).text()
    assert "启用新模型" in page
    assert "变差的 1" in page and "变好的 1" in page and "两个都不对的 1" in page
    assert "onerror" in page, "the worse come first"
    assert HOSTILE not in page
    assert "补贴咋领" not in page
    assert "95.7%" in page
    better = await (await editor.get("/console/training/1?show=better")).text()
    assert "补贴咋领" in better and "创业" in better

    given = await editor.post("/console/training/1/activate")
    assert given.headers["Location"] == "/console/training?notice=training-given"
    page = await (await editor.get("/console/training?notice=training-given")).text()
    assert "第 1 次训练" in page and "1.2 秒" in page and "退回上一个" in page
    assert "训练好、等着启用的模型" not in await (await editor.get("/console")).text()
    again = await editor.post("/console/training/1/activate")
    assert (again.status, "已经在用这个模型了" in await again.text()) == (409, True)

    back = await editor.post("/console/training/back")
    assert back.headers["Location"] == "/console/training?notice=training-back"
    assert SAID in await (await editor.get("/console/training")).text()
    assert await actions(console) == [
        ("training.begin", "training 1"), ("training.activate", "training 1"), ("training.activate", "training 1"),
        ("training.back", "model"),
    ]  # fmt: skip


async def test_what_cannot_be_trained_or_loaded_is_said_in_words_and_the_engine_keeps_its_model(
    console, shop, signed_in, clock, trainer
):
    editor = await signed_in("editor", name="王芳")
    await correct(console.sessions, clock)
    trainer.go_on("broken")
    await editor.post("/console/training")
    await ended(console, 1)
    page = await (await editor.get("/console/training/1")).text()
    assert "没做成，还是用原来的模型" in page
    assert "The rule contradicts a story." in page
    assert (await editor.post("/console/training/1/activate")).status == 409

    trainer.go_on()
    shop.fails_comparing = WorkFailed("engine away")
    await editor.post("/console/training")
    await ended(console, 2)
    assert "engine away" in await (await editor.get("/console/training/2")).text()

    shop.fails_comparing = None
    await editor.post("/console/training")
    await ended(console, 3)
    console.app[TRAINING]._engine.refuses = "pickle data was truncated"
    refused = await editor.post("/console/training/3/activate")
    assert refused.status == 409
    assert "新模型装不上，还是用原来的。引擎说：pickle data was truncated" in await refused.text()
    for path in ("/console/training/9", "/console/training/9/progress"):
        assert (await editor.get(path)).status == 404
    assert (await editor.post("/console/training/9/activate")).status == 404


async def test_a_training_is_stopped_on_its_page_and_another_may_begin(console, shop, signed_in, clock, trainer):
    editor = await signed_in("editor", name="王芳")
    await correct(console.sessions, clock)
    await editor.post("/console/training")
    assert "停下这一次" in await (await editor.get("/console/training/1")).text()

    stopped = await editor.post("/console/training/1/stop")

    assert stopped.headers["Location"] == "/console/training?notice=training-stopped"
    page = await (await editor.get("/console/training/1")).text()
    assert "王芳停下了这一次" in page and "停下这一次" not in page
    again = await editor.post("/console/training/1/stop")
    assert (again.status, "已经结束了" in await again.text()) == (409, True)
    assert (await editor.post("/console/training/9/stop")).status == 404
    assert await actions(console) == [("training.begin", "training 1"), ("training.stop", "training 1")]
    assert (await editor.post("/console/training")).status == 303


@BROWSER[0]
@BROWSER[1]
async def test_the_page_follows_a_training_by_itself_and_two_models_stand_side_by_side(
    console, shop, browser_as, clock, trainer
):
    await correct(console.sessions, clock)
    await keep_case(console.sessions, clock)
    shop.differences = [
        difference("平城区个人贷款找谁办", before=False, after=True),
        difference("贷款能贷多少", before=True, after=False),
    ]
    page = await browser_as("editor", name="王芳")
    await page.goto("/console/training")
    await page.get_by_role("button", name="开始训练").click()
    await expect(page.locator("[data-step]")).to_have_text("训练 RulePolicy")
    assert await page.locator("progress").get_attribute("value") is not None

    trainer.go_on()

    await expect(page.get_by_role("button", name="启用新模型")).to_be_visible()
    await page.get_by_role("link", name="变好的 1").click()
    sides = page.locator(".sides > section")
    await expect(sides).to_have_count(2)
    first, second = [await sides.nth(n).bounding_box() for n in (0, 1)]
    assert first["y"] == second["y"], "side by side"
    await page.locator("summary", has_text="回复的话").first.click()
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/staff-training.png", full_page=True)
    await page.set_viewport_size({"width": 390, "height": 844})
    first, second = [await sides.nth(n).bounding_box() for n in (0, 1)]
    assert second["y"] >= first["y"] + first["height"], "below one another on a phone"
    assert await page.evaluate("document.documentElement.scrollWidth <= 390")
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/staff-training-390.png", full_page=True)
    await page.get_by_role("button", name="启用新模型").click()
    await expect(page.get_by_role("status").first).to_contain_text("新模型启用了")
    assert await page.evaluate("document.documentElement.scrollWidth <= 390")
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/staff-training-list-390.png", full_page=True)
        await page.set_viewport_size({"width": 1280, "height": 844})
        await page.screenshot(path=f"{PICTURES}/staff-training-list.png", full_page=True)

    await page.locator("summary", has_text="退回上一个").click()
    await page.get_by_role("button", name="退回", exact=True).click()
    await expect(page.get_by_role("status").first).to_contain_text("退回了")
    await expect(page.locator("main")).to_contain_text(SAID)
    assert page.broken == []
