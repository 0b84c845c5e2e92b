"""A number that comes in several messages: what stands in the record, and what the engine is told of it."""

from __future__ import annotations

import pytest

from bot.conversations.engine import EngineUnavailable


async def test_the_rest_masks_what_was_stored_before_and_the_engine_is_told(talk, record, engine):
    await talk("138", "k1")
    await talk("00138000", "k2")

    messages = await record("in")
    assert [message.text for message in messages] == ["〔号码〕", "〔号码〕"]
    assert engine.mended == {f"t{messages[0].turn_id}": "〔号码〕"}
    assert [asked.text for asked in engine.asked] == ["138", "〔号码〕"]


async def test_what_looks_like_a_beginning_reaches_nobody(talk, record, engine):
    await talk("我手机1380013", "k1")
    await talk("8000", "k2")

    assert [message.text for message in await record("in")] == ["我手机〔号码〕", "〔号码〕"]
    assert engine.mended == {} and [asked.text for asked in engine.asked] == ["我手机〔号码〕", "〔号码〕"]


async def test_an_engine_that_is_away_costs_nobody_their_message(talk, record, engine, monkeypatch, caplog):
    async def away(*_: object) -> None:
        raise EngineUnavailable("down")

    monkeypatch.setattr(engine, "mend", away)
    await talk("138", "k1")
    await talk("00138000", "k2")

    assert [message.text for message in await record("in")] == ["〔号码〕", "〔号码〕"]
    assert "could not be masked in the engine" in caplog.text and "0013" not in caplog.text


async def test_what_comes_much_later_is_no_rest_of_it(talk, record, clock):
    await talk("138", "k1")
    clock.pass_(minutes=11)
    await talk("0013", "k2")

    assert [message.text for message in await record("in")] == ["138", "0013"]


async def test_other_numbers_side_by_side_stay(talk, record):
    for n, text in enumerate(["5000", "8000", "2026", "12333"]):
        await talk(text, f"k{n}")

    assert [message.text for message in await record("in")] == ["5000", "8000", "2026", "12333"]


@pytest.mark.parametrize("comment", ["打我1380013", "打我13800138000"])
async def test_a_comment_is_masked_too(inbox, talk, sessions, engine, comment):
    from inbox_fakes import ANNA, result
    from sqlalchemy import select

    from bot.conversations.tables import Feedback

    engine.script.append(result("答。", rateable=True))
    [reply] = await talk("问", "k1")
    await inbox.rate(ANNA, reply.id, "down", ["其他"], comment)

    async with sessions() as db:
        [stored] = await db.scalars(select(Feedback.comment))
    assert not any(char.isdigit() for char in stored)
