"""The engine takes another model while people talk: every message answered once, none lost, and talks go on where they were."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest

from bot.clock import clock_from
from bot.running.opening import open_training
from bot.running.training import fingerprint
from bot.store import Sessions, open_engine
from bot.training import rules
from bot.training.rules import Example, TrainingSet
from bot.training.service import Training
from bot.training.tables import TrainingRun
from tests.dialogue.talking import Page

pytestmark = pytest.mark.stack

TALKERS = 3
QUESTION, TOPIC = "平城区最低工资多少钱", "minimum-wage"


@pytest.fixture
async def training(stack) -> AsyncIterator[Training]:
    """As the gateway of the stack has it, in this process."""
    database = open_engine(stack.database)
    async with aiohttp.ClientSession() as http:
        yield open_training(stack, Sessions(database), clock_from(stack.now), http)
    await database.dispose()


@pytest.fixture
async def ready(training) -> AsyncIterator[tuple[int, str]]:
    """A run that came to a model: the trained one under the name of one that has learnt something besides."""
    shelf = training.shelf
    live = shelf.live().model
    learnt = TrainingSet(examples=frozenset({Example(f"换模型试一试 {time.time()}", "greet")}))
    model = shelf.put(fingerprint(), learnt)
    os.link(shelf.path(live), shelf.path(model))
    async with training._sessions.begin() as db:
        run = TrainingRun(by="王芳", at=training._clock(), changes={"items": []}, model=model, before=live)
        db.add(run)
        await db.flush()
        run.state, run.open = "ready", None
    yield run.id, model
    shelf.path(model).unlink()


async def test_another_model_is_taken_while_people_talk_and_nothing_is_lost_nor_said_twice(stack, training, ready):
    run, model = ready
    before = training.shelf.live().model
    done = asyncio.Event()
    waits: list[float] = []

    async def talk(page: Page) -> int:
        asked = 0
        while not done.is_set() or asked < 5:
            began = time.perf_counter()
            await page.say(QUESTION)
            waits.append(time.perf_counter() - began)
            asked += 1
        return asked

    async with AsyncExitStack() as open_:
        pages = [await open_.enter_async_context(Page(stack)) for _ in range(TALKERS)]
        follower = await open_.enter_async_context(Page(stack))
        await follower.say("求职补贴怎么申请")
        topic = follower.last["topic"]
        talks = [asyncio.create_task(talk(page)) for page in pages]
        await asyncio.sleep(0.2)

        given = await training.activate(run, "王芳")
        back = await training.go_back("王芳")
        done.set()
        asked = await asyncio.gather(*talks)

        for page, said in zip(pages, asked, strict=True):
            turns = page.turns()
            assert [turn["state"] for turn in turns] == ["answered"] * said
            assert [turn["topic"] for turn in turns] == [TOPIC] * said
            replies = [m for m in page.stored() if m["direction"] == "out" and m["turn_id"] and m["kind"] == "reply"]
            assert len(replies) == said, "each message has one answer"
        await follower.say("那要啥材料")
        assert (follower.last["topic"], follower.last["aspect"]) == (topic, "materials")

    assert (given.model, given.before, back.model) == (model, before, before)
    assert training.shelf.live() == type(training.shelf.live())(before, model)
    assert [one.model for one in (await training.overview()).given[:2]] == [before, model]
    assert sum(asked) >= TALKERS * 5
    assert max(waits) < stack.engine_timeout
    print(f"swap {given.milliseconds} and {back.milliseconds} ms; {sum(asked)} turns; longest {max(waits):.3f} s")


async def test_a_model_that_cannot_be_loaded_leaves_the_other_one_answering_and_says_why(stack, training, ready):
    run, model = ready
    path, before = training.shelf.path(model), training.shelf.live()
    whole = path.read_bytes()
    path.unlink()
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(rules.CannotLoad) as refused:
        await training.activate(run, "王芳")

    assert refused.value.reason
    assert training.shelf.live() == before
    async with Page(stack) as page:
        await page.say(QUESTION)
        assert page.last["topic"] == TOPIC
    async with aiohttp.ClientSession() as http:
        for headers, body, status in (
            ({}, {"model": model}, 401),
            ({"Authorization": f"Bearer {stack.engine_secret}"}, {"model": "../secrets/engine-token"}, 422),
            ({"Authorization": f"Bearer {stack.engine_secret}"}, {}, 422),
        ):  # fmt: skip
            async with http.post(f"{stack.engine_url}/model", json=body, headers=headers) as answer:
                assert answer.status == status
