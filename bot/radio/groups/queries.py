"""Every statement on what was asked and its groups. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, exists, func, not_, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.care.queries import cleared_for_radio
from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation, Message, Turn
from bot.eligibility.tables import EligibilityFacts
from bot.knowledge.tables import TopicRow
from bot.radio.answers.tables import ProgrammeAnswer
from bot.radio.groups import rules
from bot.radio.groups.tables import Asked, AskedGroup, AskedRequest, AskedText
from bot.radio.programme.tables import RadioCall
from bot.radio.rules import DECLINED, WITHDRAWN
from bot.radio.tables import RadioAsker, RadioQuestion

LOOK_BACK = timedelta(days=1)
"""How far back a look goes for turns that were answered late."""
_CHUNK = 500
_OURS = ("terminal", "evaluate")
"""Channels of the staff's own trying out: nobody asked there."""


def open_alert(person: Any) -> ColumnElement[bool]:
    """Whether somebody is in danger and nobody of the staff has released them."""
    return exists().where(CareAlert.person_id == person, CareAlert.released_at.is_(None))


def incoming() -> ColumnElement[bool]:
    """The message that a turn among what was asked came with."""
    return and_(Message.turn_id == Asked.turn_id, Message.direction == "in", Message.kind == "text")


def in_chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Ids, as many at a time as a statement takes."""
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


# -- what comes in -----------------------------------------------------------------------------------------------------


async def alone(db: AsyncSession) -> None:
    """Let nobody else put questions into groups until the end of the transaction; SQLite has one writer anyway."""
    if db.get_bind().dialect.name == "postgresql":
        await db.execute(sql("LOCK TABLE asked_text IN SHARE ROW EXCLUSIVE MODE"))


async def anything(db: AsyncSession) -> bool:
    """Whether anything was taken in before."""
    return await db.scalar(select(Asked.id).limit(1)) is not None


async def known(db: AsyncSession, turns: Sequence[int], questions: Sequence[int]) -> tuple[set[int], set[int]]:
    """Which of some turns and questions are among what was asked."""
    found: tuple[set[int], set[int]] = (set(), set())
    for place, column, ids in ((0, Asked.turn_id, turns), (1, Asked.question_id, questions)):
        for some in in_chunks(ids):
            found[place].update(one for one in await db.scalars(select(column).where(column.in_(some))) if one)
    return found


async def new_turns(db: AsyncSession, *, since: datetime, after: int, limit: int) -> Sequence[Any]:
    """Turns that may be cleared and are not among what was asked, in order: (turn, text, conversation)."""
    found = await db.execute(
        select(Turn, Message.text, Conversation)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .join(Message, and_(Message.turn_id == Turn.id, Message.direction == "in", Message.kind == "text"))
        .where(
            Turn.received_at >= since,
            Turn.id > after,
            Turn.state == "answered",
            Turn.payload.is_(None),
            Turn.scam_signs.is_(None),
            Turn.intent.in_(rules.INTENTS),
            Turn.outcome.in_(rules.OUTCOMES),
            Conversation.channel.not_in(_OURS),
            cleared_for_radio(),
            ~exists().where(Asked.turn_id == Turn.id),
        )
        .order_by(Turn.id)
        .limit(limit)
    )
    return found.all()


async def new_questions(db: AsyncSession, *, after: int, limit: int) -> Sequence[Any]:
    """Questions given for the programme, or by telephone, that are not among what was asked: (question, person, channel)."""
    found = await db.execute(
        select(
            RadioQuestion,
            func.coalesce(RadioAsker.person_id, RadioCall.person_id),
            func.coalesce(Conversation.channel, case((RadioCall.question_id.is_not(None), "phone"))),
        )
        .outerjoin(RadioAsker, RadioAsker.question_id == RadioQuestion.id)
        .outerjoin(RadioCall, RadioCall.question_id == RadioQuestion.id)
        .outerjoin(
            Conversation,
            Conversation.id
            == select(func.max(Conversation.id))
            .where(Conversation.identity_id == RadioAsker.identity_id)
            .correlate(RadioAsker)
            .scalar_subquery(),
        )
        .where(
            RadioQuestion.id > after,
            or_(RadioAsker.person_id.is_not(None), RadioCall.person_id.is_not(None)),
            RadioQuestion.state.not_in((WITHDRAWN, DECLINED)),
            ~exists().where(Asked.question_id == RadioQuestion.id),
            ~open_alert(RadioAsker.person_id),
        )
        .order_by(RadioQuestion.id)
        .limit(limit)
    )
    return found.all()


async def pressed_topics(db: AsyncSession, turn_ids: Sequence[int]) -> dict[int, str]:
    """The topics that people pressed right after they were offered some, by turn."""
    following = aliased(Turn)
    pressed = aliased(Turn)
    found: dict[int, str] = {}
    for some in in_chunks(turn_ids):
        after = (
            select(func.min(following.id))
            .where(following.conversation_id == Turn.conversation_id, following.id > Turn.id)
            .correlate(Turn)
            .scalar_subquery()
        )
        rows = await db.execute(
            select(Turn.id, pressed.topic)
            .join(pressed, pressed.id == after)
            .where(
                Turn.id.in_(some),
                pressed.payload.is_not(None),
                pressed.outcome == "served",
                pressed.topic.is_not(None),
            )
        )
        found |= {turn: topic for turn, topic in rows if topic is not None}
    return found


async def offered_since(db: AsyncSession, since: datetime) -> Sequence[tuple[int, int]]:
    """(turn, text) of what was offered topics only, and is in no topic's group."""
    found = await db.execute(
        select(Asked.turn_id, Asked.text_id)
        .join(AskedText, AskedText.id == Asked.text_id)
        .join(AskedGroup, AskedGroup.id == AskedText.group_id)
        .where(
            Asked.at >= since,
            Asked.outcome == "offered",
            Asked.turn_id.is_not(None),
            AskedGroup.topic_id.is_(None),
            not_(AskedText.pinned),
        )
    )
    return [(turn, text) for turn, text in found]


async def degrees(db: AsyncSession, person_ids: Sequence[int]) -> dict[int, str]:
    """The degrees that persons told of in the eligibility check."""
    found: dict[int, str] = {}
    for some in in_chunks(person_ids):
        rows = await db.execute(
            select(EligibilityFacts.person_id, EligibilityFacts.facts).where(EligibilityFacts.person_id.in_(some))
        )
        for person, facts in rows:
            if isinstance(degree := facts.get("degree"), str) and degree in rules.DEGREES:
                found[person] = rules.DEGREES[degree]
    return found


async def texts_by_key(db: AsyncSession, keys: Sequence[str]) -> dict[str, AskedText]:
    """Texts that were asked before, by their keys."""
    found: dict[str, AskedText] = {}
    for some in in_chunks(keys):
        found |= {one.key: one for one in await db.scalars(select(AskedText).where(AskedText.key.in_(some)))}
    return found


# -- groups ------------------------------------------------------------------------------------------------------------


async def topic_groups(db: AsyncSession) -> dict[str, int]:
    """The group of each topic that has one; the group it is part of, where it was merged by hand."""
    found = await db.execute(
        select(AskedGroup.topic_id, func.coalesce(AskedGroup.merged_into, AskedGroup.id)).where(
            AskedGroup.topic_id.is_not(None)
        )
    )
    return {topic: group for topic, group in found if topic is not None}


async def centres(db: AsyncSession) -> Sequence[tuple[int, bytes, float]]:
    """What new questions are held against: (group, centre, how near it must be)."""
    found = await db.execute(
        select(AskedGroup.id, AskedGroup.centre, AskedGroup.near)
        .where(AskedGroup.centre.is_not(None), AskedGroup.merged_into.is_(None), AskedGroup.topic_id.is_(None))
        .order_by(AskedGroup.id)
    )
    return [(group, centre, near or 1.0) for group, centre, near in found if centre is not None]


async def group(db: AsyncSession, group_id: int) -> AskedGroup | None:
    """A group, as it is now."""
    return await db.get(AskedGroup, group_id, populate_existing=True)


async def topics_of(db: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    """The topics of those groups that have one."""
    found: dict[int, str] = {}
    for some in in_chunks(ids):
        rows = await db.execute(
            select(AskedGroup.id, AskedGroup.topic_id).where(AskedGroup.id.in_(some), AskedGroup.topic_id.is_not(None))
        )
        found |= {group: topic for group, topic in rows if topic is not None}
    return found


async def named(db: AsyncSession, ids: Sequence[int]) -> dict[int, tuple[str | None, str | None]]:
    """What groups are called by hand or by their topic, and the key of the text that they are called by else."""
    found: dict[int, tuple[str | None, str | None]] = {}
    for some in in_chunks(ids):
        rows = await db.execute(
            select(AskedGroup.id, func.coalesce(AskedGroup.name, TopicRow.title), AskedGroup.named_after)
            .outerjoin(TopicRow, TopicRow.id == AskedGroup.topic_id)
            .where(AskedGroup.id.in_(some))
        )
        found |= {group: (name, key) for group, name, key in rows}
    return found


async def nameless(db: AsyncSession, after: int, limit: int) -> Sequence[int]:
    """Groups of no topic and without a name whose texts no longer hold the one that they were called by, by rising id."""
    stands = exists().where(AskedText.group_id == AskedGroup.id, AskedText.key == AskedGroup.named_after)
    found = await db.scalars(
        select(AskedGroup.id)
        .where(
            AskedGroup.id > after,
            AskedGroup.topic_id.is_(None),
            AskedGroup.name.is_(None),
            AskedGroup.merged_into.is_(None),
            ~stands,
        )
        .order_by(AskedGroup.id)
        .limit(limit)
    )
    return found.all()


async def name_each(db: AsyncSession, names: Sequence[tuple[int, str]]) -> None:
    """Call groups by one of their texts each, (group, key)."""
    if not names:
        return
    table = AskedGroup.__table__
    statement = update(table).where(table.c.id == bindparam("group")).values(named_after=bindparam("key"))
    await (await db.connection()).execute(statement, [{"group": group, "key": key} for group, key in names])


async def standing_group(db: AsyncSession, group_id: int) -> AskedGroup | None:
    """A group, or the one that it was put into."""
    found = await group(db, group_id)
    while found is not None and found.merged_into is not None:
        found = await group(db, found.merged_into)
    return found


async def parts_of(db: AsyncSession, group_id: int) -> tuple[int, ...]:
    """The groups that were put into one."""
    found = await db.scalars(select(AskedGroup.id).where(AskedGroup.merged_into == group_id).order_by(AskedGroup.id))
    return tuple(found)


async def move_group(db: AsyncSession, gone: int, kept: int) -> None:
    """Put all texts of a group into another one, for good."""
    await db.execute(
        update(AskedText).where(AskedText.group_id == gone).values(group_id=kept, before=gone, pinned=True)
    )
    await db.execute(update(AskedText).where(AskedText.group_id == kept).values(pinned=True))
    await db.execute(update(AskedGroup).where(AskedGroup.merged_into == gone).values(merged_into=kept))
    await db.execute(update(AskedGroup).where(AskedGroup.id == gone).values(merged_into=kept))


async def move_back(db: AsyncSession, group_id: int) -> None:
    """Give a group the texts back that it had before it was put into another one."""
    await db.execute(
        update(AskedText).where(AskedText.before == group_id).values(group_id=group_id, before=None, pinned=True)
    )
    await db.execute(update(AskedGroup).where(AskedGroup.id == group_id).values(merged_into=None))


async def move_texts(db: AsyncSession, group_id: int, keys: Sequence[str], target: int) -> int:
    """Move some texts of a group into another one, for good; how many. The others stay for good as well."""
    moved = 0
    for some in in_chunks(keys):
        done = await db.execute(
            update(AskedText)
            .where(AskedText.group_id == group_id, AskedText.key.in_(some))
            .values(group_id=target, before=group_id, pinned=True)
        )
        moved += done.rowcount
    await db.execute(update(AskedText).where(AskedText.group_id == group_id).values(pinned=True))
    return moved


async def count_texts(db: AsyncSession, group_id: int) -> int:
    """How many different texts lie in a group."""
    return await db.scalar(select(func.count()).select_from(AskedText).where(AskedText.group_id == group_id)) or 0


async def prune(db: AsyncSession) -> None:
    """Delete texts that nobody's question refers to any more, and groups that hold nothing and stand for nothing."""
    await db.execute(delete(AskedText).where(~exists().where(Asked.text_id == AskedText.id)))
    other = aliased(AskedGroup)
    empty = ~exists().where(AskedText.group_id == AskedGroup.id)
    free = and_(
        AskedGroup.topic_id.is_(None),
        AskedGroup.name.is_(None),
        AskedGroup.merged_into.is_(None),
        ~exists().where(AskedRequest.group_id == AskedGroup.id),
        ~exists().where(ProgrammeAnswer.group_id == AskedGroup.id),
        ~exists(select(other.id).where(other.merged_into == AskedGroup.id).correlate(AskedGroup)),
    )
    await db.execute(delete(AskedGroup).where(empty, free).execution_options(synchronize_session=False))


# -- grouping anew -----------------------------------------------------------------------------------------------------


async def to_group(db: AsyncSession, after: int, limit: int) -> Sequence[Any]:
    """Texts of no topic, by rising id: (id, group, pinned, vector, wording, how often it was asked)."""
    found = await db.execute(
        select(
            AskedText.id,
            AskedText.group_id,
            AskedText.pinned,
            AskedText.vector,
            func.min(func.coalesce(RadioQuestion.text, Message.text)),
            func.count(Asked.id),
        )
        .join(AskedGroup, AskedGroup.id == AskedText.group_id)
        .join(Asked, Asked.text_id == AskedText.id)
        .outerjoin(RadioQuestion, RadioQuestion.id == Asked.question_id)
        .outerjoin(Message, incoming())
        .where(AskedText.id > after, AskedGroup.topic_id.is_(None))
        .group_by(AskedText.id, AskedText.group_id, AskedText.pinned, AskedText.vector)
        .order_by(AskedText.id)
        .limit(limit)
    )
    return found.all()


async def move_each(db: AsyncSession, moves: Sequence[tuple[int, int]]) -> None:
    """Give texts other groups, (text, group); those that somebody pinned meanwhile stay."""
    if not moves:
        return
    connection = await db.connection()
    table = AskedText.__table__
    rows = [{"text": text, "to": group} for text, group in moves]

    statement = (
        update(table).where(table.c.id == bindparam("text"), not_(table.c.pinned)).values(group_id=bindparam("to"))
    )
    await connection.execute(statement, rows)


async def put_centres(db: AsyncSession, found: Mapping[int, tuple[bytes, float]]) -> None:
    """Where groups lie now."""
    if not found:
        return

    table = AskedGroup.__table__
    statement = (
        update(table)
        .where(table.c.id == bindparam("group"))
        .values(centre=bindparam("vector"), near=bindparam("likeness"))
    )
    rows = [{"group": group, "vector": centre, "likeness": near} for group, (centre, near) in found.items()]
    await (await db.connection()).execute(statement, rows)
