"""Finding turns by what was said and by what became of them, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, text, update

from bot.conversations.tables import Feedback, Message, Turn
from bot.handover.tables import Handover
from bot.privacy import belongings
from bot.reply import Reply
from bot.review import finding, search_index
from bot.review.finding import Asked
from bot.review.rules import Filters
from bot.review.tables import SearchEntry


@pytest.fixture
def find(sessions):
    """The conversations with turns that fit, the newest first."""

    async def look(**filters: str) -> list[int]:
        async with sessions() as db:
            found = await finding.hits(db, Asked(tuple(Filters(**filters).words())), 100)
        return [hit.conversation_id for hit in found]

    return look


async def test_two_characters_and_one_are_found_in_question_and_answer(say, find):
    first = await say("社保断了怎么办", "可以补缴，去社保大厅。")
    second = await say("档案放哪", "放在人才中心；和社保没关系。")
    await say("保险公司招人吗", "我看看。")

    assert await find(q="社保") == [second.id, first.id]
    assert await find(q="缴") == [first.id]
    assert await find(q="哪") == [second.id]  # the last character of a text
    assert await find(q="社保 档案") == [second.id]
    assert await find(q="断了怎么") == [first.id]
    assert await find(q="么怎") == []


async def test_letters_of_any_width_and_case_and_signs_that_mean_something_to_a_database(say, find):
    talk = await say('学 Ｊava 的，"C++" 也会；it\'s 100%_ok', "好。")

    assert await find(q="JAVA") == await find(q="c++") == await find(q="'") or [talk.id]
    for odd in ('"', "'", "%", "_", "*", "a* OR b", "NOT", "\\", "社' | 'x"):
        assert await find(q=odd) in ([], [talk.id])


async def test_every_filter_finds_what_it_is_for(say, find, sessions, clock):
    served = await say("社保补贴", topic="social-insurance", channel="telegram")
    offered = await say("补贴", outcome="offered", offered=["startup-loan", "social-insurance"])
    refused = await say("火星移民", outcome="refused", confidence=0.2)
    scam = await say("先交押金", scam_signs=[{"name": "押金", "words": "押金"}], intent="scam_report", outcome=None)
    danger = await say("撑不下去了", intent="distress_serious", outcome=None, actions=["care_danger"])

    assert await find(channel="telegram") == [served.id]
    assert await find(topic="social-insurance") == [offered.id, served.id]
    assert await find(outcome="refused") == await find(low="1") == [refused.id]
    assert await find(intent="scam_report") == await find(scam="1") == [scam.id]
    assert await find(distress="1") == [danger.id]
    assert await find(outcome="served", q="补贴") == [served.id]
    assert await find(outcome="refused", q="补贴") == []


async def test_a_thumb_down_is_found_with_its_reason_until_it_is_taken_back(say, find, sessions, clock):
    talk = await say("社保补贴")
    async with sessions() as db:
        reply = (await db.scalars(select(Message).where(Message.direction == "out"))).one()
    for verdict, reasons in (("down", ["过时"]), ("up", [])):
        async with sessions.begin() as db:
            await db.merge(Feedback(message_id=reply.id, verdict=verdict, reasons=reasons, at=clock()))
            await search_index.rated(db, reply)
        down = verdict == "down"
        assert await find(verdict="down") == await find(reason="过时") == ([talk.id] if down else [])
        assert await find(verdict="up") == ([] if down else [talk.id])


async def test_a_handover_is_found_while_it_waits_and_after(say, find, sessions, clock):
    talk = await say("转人工")
    async with sessions.begin() as db:
        handover = Handover(
            person_id=talk.person, identity_id=talk.identity, conversation_id=talk.id, state="waiting", opened_at=clock()
        )  # fmt: skip
        db.add(handover)
    assert await find(handed="waits") == await find(handed="any") == [talk.id]

    await say("还在吗", talk=talk)
    assert await find(handed="waits") == [talk.id, talk.id]

    async with sessions.begin() as db:
        await db.execute(update(Handover).values(state="done", closed_at=clock()))
    assert (await find(handed="waits"), await find(handed="any")) == ([], [talk.id, talk.id])

    async with sessions.begin() as db:
        await db.execute(delete(Handover))
    assert await find(handed="any") == []


async def test_a_text_that_is_masked_later_leaves_the_index(say, find, sessions):
    talk = await say("我的号是一三八")
    assert await find(q="一三") == [talk.id]

    async with sessions.begin() as db:
        await db.execute(update(Message).where(Message.direction == "in").values(text="我的号是〔手机号〕"))
        await search_index.mended(db, talk.turns)

    assert await find(q="一三") == []
    assert await find(q="手机号") == await find(q="说明") == [talk.id]


async def test_messages_that_belong_to_no_turn_are_found_too(begin, find, sessions, clock):
    from bot.conversations.messages import put
    from bot.conversations.tables import Conversation

    talk = await begin()
    async with sessions.begin() as db:
        conversation = await db.get_one(Conversation, talk.id)
        await put(db, conversation, Reply(paragraphs=("明天有招聘会",)), "reply", at=clock(), key="event-reminder-7")

    assert await find(q="招聘会") == [talk.id]


async def test_who_is_deleted_leaves_the_index(say, find, sessions):
    gone, stays = await say("社保断了"), await say("社保怎么交")
    async with sessions.begin() as db:
        await belongings.remove(db, belongings.PERSON, [gone.person])

    assert await find(q="社保") == [stays.id]
    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(SearchEntry)) == 1


async def test_what_was_deleted_is_gone_from_the_full_text_once_it_is_tidied(database, say, sessions):
    if not database.startswith("sqlite"):
        pytest.skip("PostgreSQL tidies by itself")
    gone = await say("紫罗兰航空学校")
    for n in range(3):
        await say(f"社保断了{n}")
    async with sessions.begin() as db:
        await belongings.remove(db, belongings.PERSON, [gone.person])

    async def stored() -> bytes:
        async with sessions() as db:
            return b"".join(await db.scalars(text("SELECT block FROM search_entry_fts_data")))

    assert "航".encode() in await stored()  # the second character stands there whole, the first is shortened
    await search_index.tidy(sessions)
    left = await stored()
    assert "航".encode() not in left
    assert "断".encode() in left


@pytest.mark.parametrize("newest_first", [True, False])
async def test_both_ends_of_many_are_walked_in_order_and_within_bounds(say, sessions, newest_first):
    talk = await say("社保")
    async with sessions.begin() as db:  # ids far apart: PostgreSQL looks at them in several steps
        first = (await db.scalars(select(SearchEntry))).one()
        for n in range(1, 8):
            turn = Turn(conversation_id=talk.id, state="answered", received_at=first.at, retry_at=first.at, attempts=1)
            db.add(turn)
            await db.flush()
            db.add(
                SearchEntry(
                    id=first.id + n * 50_000, conversation_id=talk.id, turn_id=turn.id, at=first.at, words="社保", facets="=c.web", marks="=n", standing=""
                )
            )  # fmt: skip
    every = [first.id + n * 50_000 for n in range(8)]
    expected = every[::-1] if newest_first else every

    async with sessions() as db:

        async def ids(**bounds: int) -> list[int]:
            found = await finding.hits(db, Asked(("社保",), **bounds), 5, newest_first=newest_first)
            return [hit.id for hit in found]

        assert await ids() == expected[:5]
        within = [n for n in expected if every[1] < n < every[6]]
        assert await ids(above=every[1], below=every[6]) == within[:5]
        plain = await finding.hits(db, Asked(), 3, newest_first=newest_first)
        assert [hit.id for hit in plain] == expected[:3]
        assert await finding.latest(db, Asked(("社保",)), [talk.id]) == {talk.id: every[-1]}
