"""A training from the wish to the model that the engine has, on both databases."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.knowledge.tables import PhrasingRow, TopicRow, TopicVersion
from bot.review.tables import Correction
from bot.training import rules
from bot.training.rules import Example, WorkFailed
from bot.training.tables import TrainingRun
from bot.training.working import Worker
from tests.training.training_setup import (
    BASE,
    SAID,
    TOPICS,
    correct,
    correct_intent,
    difference,
    keep_case,
    training_of,
)


async def states(sessions) -> list[str]:
    async with sessions() as db:
        return list(await db.scalars(select(TrainingRun.state).order_by(TrainingRun.id)))


async def test_what_staff_corrected_is_new_beside_the_live_model_with_who_and_when(training, sessions, clock):
    assert (await training.overview()).changes == []
    with pytest.raises(rules.NothingNew):
        await training.begin("王芳")

    await correct(sessions, clock)
    clock.pass_(hours=1)
    await correct_intent(sessions, clock, "我要找活干", "job_search")

    told = [(one.text, one.intent, one.topic, one.by, one.at) for one in (await training.overview()).changes]
    assert told == [
        ("我要找活干", "job_search", None, "李雷", clock()),
        (SAID, "policy", TOPICS[0], "王芳", clock.now.replace(hour=2)),
    ]


async def test_a_topic_that_says_something_else_than_its_file_is_learnt_as_it_is_and_another_date_teaches_nothing(
    training, sessions, clock, shelf
):
    async with sessions.begin() as db:
        await db.execute(update(TopicRow).where(TopicRow.id == TOPICS[1]).values(version=2, title="小额创业贷"))

    (change,) = (await training.overview()).changes
    assert (change.what, change.topic, change.text, change.gone) == ("topic", TOPICS[1], "小额创业贷", False)

    run, model, before = await _taken(training, "王芳")
    learnt = shelf.learnt_by(model)
    assert before == BASE != model
    assert learnt.topics[TOPICS[1]]["title"] == "小额创业贷"
    assert set(learnt.topics[TOPICS[1]]) == {
        "id", "title", "aliases", "scope", "figures", "answer", "aspects", "terms", "phrasings",
    }  # fmt: skip
    async with sessions.begin() as db:
        await db.execute(update(TopicRow).where(TopicRow.id == TOPICS[1]).values(version=3, region="全国"))
    await training.give_up(run, "holder", "interrupted")
    assert (await _taken(training, "王芳"))[1] == model


async def test_a_phrasing_that_was_written_in_the_editor_is_that_of_who_wrote_its_version(training, sessions, clock):
    async with sessions.begin() as db:
        topic = await db.get(TopicRow, TOPICS[1])
        first = await db.get(TopicVersion, (TOPICS[1], topic.version))
        asked = first.content["phrasings"]
        db.add(PhrasingRow(topic_id=TOPICS[1], aspect="amount", text="最多能贷多少呀", origin="review"))
        for number, more, author in ((1, [], "李雷"), (2, ["最多能贷多少呀"], "王芳"), (3, ["最多能贷多少呀"], "赵敏")):
            phrasings = asked | {"amount": [*asked.get("amount", []), *more]}
            db.add(
                TopicVersion(
                    topic_id=TOPICS[1], version=topic.version + number, content=first.content | {"phrasings": phrasings},
                    author=author, at=clock() + timedelta(hours=number),
                )
            )  # fmt: skip

    (change,) = (await training.overview()).changes

    assert (change.text, change.by, change.at) == ("最多能贷多少呀", "王芳", clock() + timedelta(hours=2))


async def _taken(training, by: str):
    await training.begin(by)
    taken = await training.take("holder")
    assert taken is not None
    return taken


async def test_a_run_is_trained_compared_and_given_and_the_engine_keeps_the_former_model_in_mind(
    training, sessions, clock, shelf, engine, workshop
):
    await correct(sessions, clock)
    await keep_case(sessions, clock)
    workshop.differences = [
        difference("补贴咋领", before=False, after=True), difference("贷款咋办", before=True, after=False),
        difference("两样", before=True, after=True), difference("都错", before=False, after=False, other=False),
    ]  # fmt: skip
    run = await training.begin("王芳")
    clock.pass_(minutes=2)

    assert await Worker(training, workshop).look()

    details = await training.run(run)
    model = details.run.model
    assert (details.run.state, details.run.better, details.run.worse, details.run.usable) == ("ready", 1, 1, True)
    assert [(one.one.said, one.verdict) for one in details.found] == [
        ("贷款咋办", "worse"), ("补贴咋领", "better"), ("两样", "other"), ("都错", "wrong"),
    ]  # fmt: skip
    assert set(details.compared["seconds"]) == {"training", "comparing"}
    assert [one.text for one in details.changes] == [SAID]
    assert [(one.said, one.topic) for one in workshop.asked] == [(SAID, TOPICS[0])]
    assert shelf.learnt_by(model).examples == {Example(SAID, "policy", TOPICS[0], "amount")}

    given = await training.activate(run, "李雷")

    assert (given.model, given.before, given.milliseconds, given.run_id) == (model, BASE, 1234, run)
    overview = await training.overview()
    assert (overview.live, overview.former, overview.changes, overview.live_run) == (model, BASE, [], run)
    assert overview.live_since == clock()
    with pytest.raises(rules.IsLive):
        await training.activate(run, "李雷")
    with pytest.raises(rules.NothingNew):
        await training.begin("王芳")

    back = await training.go_back("李雷")

    assert (back.model, back.before) == (BASE, model)
    assert [one.text for one in (await training.overview()).changes] == [SAID]
    assert [one.model for one in (await training.overview()).given] == [BASE, model]
    assert engine.given == [model, BASE]


async def test_what_a_model_learnt_and_staff_took_back_is_new_too(training, sessions, clock, workshop):
    await correct_intent(sessions, clock, "我要找活干", "job_search")
    run = await training.begin("王芳")
    await Worker(training, workshop).look()
    await training.activate(run, "王芳")
    async with sessions.begin() as db:
        await db.execute(update(Correction).values(undone_by="赵敏", undone_at=clock()))

    (change,) = (await training.overview()).changes

    assert (change.text, change.gone, change.by) == ("我要找活干", True, "赵敏")
    await training.begin("王芳")
    assert await Worker(training, workshop).look()
    assert (await training.overview()).ready.model == BASE, "the model of the files alone is that of the files"
    assert len(workshop.made) == 1, "which is there already"


async def test_one_run_is_open_at_a_time_and_one_gateway_takes_it(training, sessions, clock, workshop):
    await correct(sessions, clock)
    asked = await asyncio.gather(*(training.begin("王芳") for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in asked if isinstance(one, Exception)] == [rules.AlreadyOpen] * 2

    taken = await asyncio.gather(*(training.take(f"gateway-{n}") for n in range(3)))

    assert len([one for one in taken if one]) == 1
    with pytest.raises(rules.AlreadyOpen):
        await training.begin("李雷")


async def test_a_run_whose_gateway_is_not_heard_of_is_interrupted_and_another_may_begin(
    training, sessions, clock, workshop
):
    await correct(sessions, clock)
    run, model, _ = await _taken(training, "王芳")
    clock.pass_(seconds=29)
    assert await training.go_on(run, "holder", "training", "LinearIntentClassifier")
    clock.pass_(seconds=29)
    assert await training.take("other") is None
    assert await states(sessions) == ["training"]

    clock.pass_(seconds=2)
    assert await training.take("other") is None

    assert await states(sessions) == ["interrupted"]
    assert not await training.go_on(run, "holder", "training", "x"), "who was late learns that it is no longer theirs"
    assert not await training.finish(run, "holder", rules.Compared({}, []))
    assert await Worker(training, workshop).look() is False
    again = await training.begin("王芳")
    assert await Worker(training, workshop).look()
    assert await states(sessions) == ["interrupted", "ready"]
    assert (await training.run(again)).run.model == model


async def test_a_gateway_that_is_stopped_leaves_its_run_interrupted_at_once(training, sessions, clock, workshop):
    await correct(sessions, clock)
    workshop.pause = asyncio.Event()
    run = await training.begin("王芳")
    work = asyncio.create_task(Worker(training, workshop, renew=0.01).look())
    await workshop.reached.wait()
    while not (await training.progress(run)).step:  # noqa: ASYNC110 - it is said by the worker's own task
        await asyncio.sleep(0.01)
    assert (await training.progress(run)).step == "LinearIntentClassifier"

    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    assert await states(sessions) == ["interrupted"]


async def test_work_that_another_gateway_counts_as_left_behind_is_stopped(training, sessions, clock, workshop):
    await correct(sessions, clock)
    workshop.pause = asyncio.Event()
    run = await training.begin("王芳")
    work = asyncio.create_task(Worker(training, workshop, renew=0.01).look())
    await workshop.reached.wait()
    async with sessions.begin() as db:
        await db.execute(update(TrainingRun).values(state="interrupted", open=None))

    assert await work is True

    assert workshop.made == []
    assert (await training.run(run)).run.state == "interrupted"


async def test_a_run_that_somebody_stops_ends_with_their_name_and_the_work_on_it_too(
    training, sessions, clock, workshop
):
    await correct(sessions, clock)
    workshop.pause = asyncio.Event()
    run = await training.begin("王芳")
    work = asyncio.create_task(Worker(training, workshop, renew=0.01).look())
    await workshop.reached.wait()

    await training.stop(run, "李雷")

    assert await work is True
    assert workshop.made == []
    seen = (await training.run(run)).run
    assert (seen.state, seen.stopped_by, seen.finished_at, seen.open) == ("interrupted", "李雷", clock(), False)
    with pytest.raises(rules.Over):
        await training.stop(run, "李雷")
    with pytest.raises(rules.Unknown):
        await training.stop(run + 1, "李雷")
    workshop.pause = None
    again = await training.begin("王芳")
    assert await Worker(training, workshop).look()
    assert (await training.run(again)).run.state == "ready"


async def test_a_run_that_waits_is_stopped_before_anybody_took_it(training, sessions, clock, workshop):
    await correct(sessions, clock)
    run = await training.begin("王芳")

    await training.stop(run, "王芳")

    assert await Worker(training, workshop).look() is False
    assert (await training.run(run)).run.stopped_by == "王芳"


async def test_a_database_that_is_away_for_a_moment_ends_no_training(
    training, sessions, clock, workshop, monkeypatch, caplog
):
    await correct(sessions, clock)
    workshop.pause = asyncio.Event()
    run = await training.begin("王芳")
    held, tries = training.go_on, []

    async def away_twice(*of):
        tries.append(of)
        if len(tries) < 3:
            raise OSError("no way to the database")
        workshop.pause.set()
        return await held(*of)

    monkeypatch.setattr(training, "go_on", away_twice)

    assert await Worker(training, workshop, renew=0.01).look()
    assert (await training.run(run)).run.state == "ready"
    assert "tried again" in caplog.text


@pytest.mark.parametrize(("error", "said"), [(WorkFailed("no rule fits"), "no rule fits"), (OSError("disk"), "")])
async def test_a_training_that_breaks_off_is_failed_with_its_last_words(
    training, sessions, clock, workshop, error, said
):
    await correct(sessions, clock)
    workshop.fails = error
    run = await training.begin("王芳")

    assert await Worker(training, workshop).look()

    details = await training.run(run)
    assert (details.run.state, details.run.error) == ("failed", said)
    with pytest.raises(rules.NotReady):
        await training.activate(run, "王芳")
    await training.begin("王芳")


async def test_a_model_is_refused_that_is_not_ready_gone_or_of_other_files_and_the_engine_keeps_what_it_has(
    training, sessions, clock, shelf, engine, workshop
):
    await correct(sessions, clock)
    run = await training.begin("王芳")
    with pytest.raises(rules.NotReady):
        await training.activate(run, "王芳")
    with pytest.raises(rules.Unknown):
        await training.activate(run + 1, "王芳")
    with pytest.raises(rules.NoFormer):
        await training.go_back("王芳")
    await Worker(training, workshop).look()

    engine.refuses = "pickle data was truncated"
    with pytest.raises(rules.CannotLoad, match="truncated"):
        await training.activate(run, "王芳")
    engine.refuses, engine.away = "", True
    with pytest.raises(rules.EngineAway):
        await training.activate(run, "王芳")
    engine.away = False
    elsewhere = training_of(sessions, clock, shelf, engine, base="other")
    with pytest.raises(rules.FilesChanged):
        await elsewhere.activate(run, "王芳")
    with pytest.raises(rules.FilesChanged):
        await elsewhere.begin("王芳")
    shelf.path((await training.run(run)).run.model).unlink()
    with pytest.raises(rules.Missing):
        await training.activate(run, "王芳")

    overview = await training.overview()
    assert (overview.live, overview.given, overview.ready, engine.given) == (BASE, [], None, [])


async def test_a_model_that_a_start_trained_anew_is_put_down_once(training, shelf):
    assert await training.note_start("启动") is None
    shelf.make_live("newer")

    await training.note_start("启动")
    await training.note_start("启动")

    (given,) = (await training.overview()).given
    assert (given.model, given.before, given.by) == ("newer", BASE, "启动")


def test_old_models_go_but_for_the_live_one_the_former_and_the_newest(shelf, tmp_path):
    names = [BASE]
    for n in range(6):
        learnt = rules.TrainingSet(examples=frozenset({Example(f"第{n}句", "greet")}))
        names.append(shelf.put(BASE, learnt))
        shelf.path(names[-1]).write_bytes(b"model")
    for age, name in enumerate(reversed(names)):
        os.utime(shelf.path(name), (1_000_000 - age, 1_000_000 - age))
    shelf.make_live(names[1])

    gone = shelf.tidy()

    assert set(gone) == {names[2], names[3]}
    assert [name for name in names if shelf.has(name)] == [BASE, names[1], *names[4:]]
    assert shelf.learnt_by(names[1]).examples == {Example("第0句", "greet")}
    assert shelf.base_of(names[2]) is None
    assert len(list((tmp_path / "training" / "learnt").glob("*.json"))) == 4


def test_a_case_is_right_by_what_has_to_come_of_it():
    def case(expects: str, **more: str) -> rules.Case:
        return rules.Case("…", None, None, None, expects, more.get("topic"), more.get("aspect"), more.get("intent"))

    served = case("served", topic="a", aspect="amount")
    assert served.is_right("policy", "served", ["a"], "amount")
    assert not served.is_right("policy", "served", ["a"], "who")
    assert not served.is_right("policy", "offered", ["a"], "amount")
    assert case("served", topic="a", aspect="general").is_right("policy", "served", ["a"], "who")
    assert case("offered", topic="a").is_right("policy", "offered", ["b", "a"], None)
    assert case("refused").is_right("policy", "refused", [], None)
    assert case("understood", intent="greet").is_right("greet", None, [], None)
    assert not case("understood", intent="greet").is_right("human", None, [], None)
