"""The staff's command line: what waits is listed in order, a live view shows and sends, refusals are said."""

import asyncio

import pytest

from bot import cli_inbox
from bot.handover import rules
from tests.conversations.inbox_fakes import BORIS, result


async def test_what_waits_is_listed_alerts_first(talk, staff, conversation, code, clock):
    await talk("你好")
    await staff.ask(await conversation(), "档案丢了咋办")
    anna = await code()
    await talk("我不想活了", BORIS)
    boris = await code()
    clock.pass_(minutes=75)

    lines = [line for line, _ in cli_inbox.lines_of(await staff.inbox(), clock())]

    assert lines[0].startswith("紧急")
    assert boris in lines[1] and "不想活" in lines[1] and "1小时15分前" in lines[1] and "还没人看" in lines[1]
    assert lines[2:] == ["等真人", f"  {anna}  1小时15分  档案丢了咋办"]


async def test_an_alert_says_whether_the_bot_goes_on_answering(talk, engine, staff, clock):
    engine.script.append(result("别的话", intent="distress_serious", confidence=0.3))
    await talk("都安排妥了")
    await talk("我不想活了", BORIS)

    _, suspected, earnest = [line for line, _ in cli_inbox.lines_of(await staff.inbox(), clock())]

    assert "只提醒，小同还在答" in suspected and "小同已停" not in suspected
    assert "小同已停" in earnest and "还在答" not in earnest


async def test_nothing_to_do_is_said(staff, clock):
    assert [line for line, _ in cli_inbox.lines_of(await staff.inbox(), clock())] == ["没有等着处理的。"]


async def test_a_live_view_shows_what_comes_sends_what_is_typed_and_gives_back(talk, staff, code, clock):
    await talk("你好")
    who = await code()
    await staff.take(who, "李老师")
    typed: asyncio.Queue[str | None] = asyncio.Queue()
    shown: list[str] = []
    came = asyncio.Event()

    def show(line: str) -> None:
        shown.append(line)
        if "档案丢了" in line:
            came.set()

    view = asyncio.create_task(cli_inbox.converse(staff, who, "李老师", typed.get, show, look_every=0.01))

    await typed.put("你好，我是李老师")
    await talk("老师我档案丢了")
    async with asyncio.timeout(10):
        await came.wait()
        await typed.put("/back")
        await view

    texts = [m.text for m in (await staff.show(who)).messages]
    assert {"你好，我是李老师", "老师我档案丢了"} <= set(texts)
    assert texts[-1].startswith("李老师先去忙了")
    assert shown[-1] == "交回了。"
    assert not any("你好，我是李老师" in line for line in shown)
    assert (await staff.inbox()).taken == ()


async def test_the_end_of_the_input_leaves_the_person_taken(talk, staff, code):
    await talk("你好")
    await staff.take(await code(), "李老师")

    async def nothing() -> None:
        return None

    await cli_inbox.converse(staff, await code(), "李老师", nothing, lambda line: None, look_every=0.01)

    assert [h.taken_by for h in (await staff.inbox()).taken] == ["李老师"]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (rules.UnknownPerson("X"), "没有代号是 X 的人"),
        (rules.AlreadyTaken("王老师"), "王老师先接了"),
        (rules.NotTaken("王老师"), "王老师在接待"),
        (rules.NotTaken(), "inbox take"),
        (rules.NothingLeft(), "没有等着回的留言"),
    ],
)
def test_a_refusal_is_said_in_a_sentence(refusal, words):
    assert words in cli_inbox._why(refusal)


async def test_a_line_says_who_wrote_it(talk, staff, code):
    await talk("你好")
    joined = await staff.take(await code(), "李老师")
    said = await staff.say(await code(), "李老师", "在")

    assert cli_inbox.line_of(joined) == "11-24 10:00 提示：李老师来了，接下来是真人跟你说。"
    assert cli_inbox.line_of(said) == "11-24 10:00 李老师：在"
