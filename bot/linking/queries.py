"""Every statement on links and on codes that join. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import Conversation, Identity, Person
from bot.linking.tables import JoinCode, Joined, JoinGuess, SignedLink
from bot.outbox.tables import Address

# -- persons -----------------------------------------------------------------------------------------------------------


async def present(db: AsyncSession, person_id: int) -> int | None:
    """The person of an id that was read a moment ago: themselves, or who they were joined with since."""
    found = await db.scalar(select(Person.id).where(Person.id == person_id))
    return found if found is not None else await joined_into(db, person_id)


async def joined_into(db: AsyncSession, person_id: int) -> int | None:
    """Who somebody is now who is no more, for their channel was joined with another."""
    return await db.scalar(
        select(Identity.person_id)
        .join(Joined, Joined.identity_id == Identity.id)
        .where(Joined.was == person_id)
        .limit(1)
    )


async def persons_alone(db: AsyncSession, person_ids: Sequence[int]) -> list[Person]:
    """Some persons, to whom nobody else can add anything until the end of the transaction, in order of id."""
    found = await db.scalars(
        select(Person).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update()
        .execution_options(populate_existing=True)
    )  # fmt: skip
    return list(found)


async def identity(db: AsyncSession, identity_id: int) -> Identity | None:
    """One identity, as it is now."""
    return await db.get(Identity, identity_id, populate_existing=True)


async def identities(db: AsyncSession, person_id: int) -> list[Identity]:
    """A person's identities, the oldest first."""
    return list(await db.scalars(select(Identity).where(Identity.person_id == person_id).order_by(Identity.id)))


async def is_shared(db: AsyncSession, identity_id: int) -> bool:
    """Whether others read what an identity is written."""
    return bool(await db.scalar(select(Address.shared).where(Address.identity_id == identity_id)))


async def latest_talk(db: AsyncSession, identity_id: int) -> Conversation | None:
    """The conversation an identity is in."""
    return await db.scalar(
        select(Conversation)
        .where(Conversation.identity_id == identity_id)
        .order_by(Conversation.started_at.desc(), Conversation.id.desc())
        .limit(1)
    )


async def latest_talk_of(db: AsyncSession, person_id: int) -> str | None:
    """The code of the conversation that a person was in last."""
    return await db.scalar(
        select(Conversation.code)
        .where(Conversation.person_id == person_id)
        .order_by(Conversation.last_at.desc(), Conversation.id.desc())
        .limit(1)
    )


# -- links -------------------------------------------------------------------------------------------------------------


async def link(db: AsyncSession, token: str) -> SignedLink | None:
    """The link of a token (its digest), as it is now."""
    return await db.get(SignedLink, token, populate_existing=True)


async def open_link(db: AsyncSession, token: str, browser: str, now: datetime) -> None:
    """Give a link to the browser that opens it first, or note that the same one opens it again; else nothing."""
    await db.execute(
        update(SignedLink)
        .where(
            SignedLink.token == token,
            SignedLink.expires_at > now,
            or_(SignedLink.browser.is_(None), SignedLink.browser == browser),
        )
        .values(browser=browser, opened_at=now)
    )


async def opened_in(db: AsyncSession, browser: str, since: datetime) -> Sequence[SignedLink]:
    """The links that a browser opened, the latest first."""
    found = await db.scalars(
        select(SignedLink)
        .where(SignedLink.browser == browser, SignedLink.opened_at > since)
        .order_by(SignedLink.opened_at.desc(), SignedLink.made_at.desc())
    )
    return found.all()


async def drop_earlier_links(db: AsyncSession, kept: SignedLink) -> None:
    """End the links to the same page that a person was given before one."""
    await db.execute(
        delete(SignedLink).where(
            SignedLink.person_id == kept.person_id,
            SignedLink.path == kept.path,
            SignedLink.token != kept.token,
            SignedLink.made_at < kept.made_at,
        )
    )


async def drop_links_in(db: AsyncSession, browser: str) -> None:
    """End the links that were opened in a browser."""
    await db.execute(delete(SignedLink).where(SignedLink.browser == browser))


async def drop_links_of(db: AsyncSession, person_ids: Sequence[int]) -> None:
    """End all links of some persons."""
    await db.execute(delete(SignedLink).where(SignedLink.person_id.in_(person_ids)))


async def drop_old_links(db: AsyncSession, before: datetime) -> None:
    """Forget the links that ran out long ago."""
    await db.execute(delete(SignedLink).where(SignedLink.expires_at < before))


# -- codes -------------------------------------------------------------------------------------------------------------


async def keep_code(db: AsyncSession, identity_id: int, code: str, *, now: datetime, until: datetime) -> None:
    """Keep the code of an identity, in the place of an earlier one; those that ran out go."""
    await db.execute(delete(JoinCode).where(or_(JoinCode.identity_id == identity_id, JoinCode.expires_at <= now)))
    db.add(JoinCode(identity_id=identity_id, code=code, made_at=now, expires_at=until))
    await db.flush()


async def has_code(db: AsyncSession, identity_id: int, now: datetime) -> bool:
    """Whether an identity has asked for a code that still holds."""
    mine = and_(JoinCode.identity_id == identity_id, JoinCode.expires_at > now)
    return await db.scalar(select(JoinCode.identity_id).where(mine)) is not None


async def take_code(db: AsyncSession, code: str, identity_id: int, now: datetime) -> JoinCode | None:
    """Let an identity be the one that typed a code; None if there is none, or another one was faster."""
    return await db.scalar(
        update(JoinCode)
        .where(
            JoinCode.code == code,
            JoinCode.expires_at > now,
            JoinCode.identity_id != identity_id,
            or_(JoinCode.typed_by.is_(None), JoinCode.typed_by == identity_id),
        )
        .values(typed_by=identity_id)
        .returning(JoinCode),
        execution_options={"synchronize_session": False, "populate_existing": True},
    )


async def own_code(db: AsyncSession, code: str, identity_id: int) -> bool:
    """Whether it is the identity's own code."""
    mine = and_(JoinCode.code == code, JoinCode.identity_id == identity_id)
    return await db.scalar(select(JoinCode.identity_id).where(mine)) is not None


async def use_code(db: AsyncSession, code: str, identity_id: int, now: datetime) -> int | None:
    """Use a code up that an identity typed; whose it was, None if it does not hold any more."""
    return await db.scalar(
        delete(JoinCode)
        .where(JoinCode.code == code, JoinCode.typed_by == identity_id, JoinCode.expires_at > now)
        .returning(JoinCode.identity_id)
    )


async def let_go_of_code(db: AsyncSession, code: str, identity_id: int) -> None:
    """A code that an identity typed is not to be used."""
    await db.execute(delete(JoinCode).where(JoinCode.code == code, JoinCode.typed_by == identity_id))


async def drop_codes(db: AsyncSession, identity_ids: Sequence[int]) -> None:
    """End the codes of some identities, and those that they typed."""
    theirs = or_(JoinCode.identity_id.in_(identity_ids), JoinCode.typed_by.in_(identity_ids))
    await db.execute(delete(JoinCode).where(theirs))


async def was_joined_by(db: AsyncSession, code: str, person_id: int) -> bool:
    """Whether a person came to be by that code."""
    found = (
        select(func.count())
        .select_from(Joined)
        .join(Identity, Identity.id == Joined.identity_id)
        .where(Joined.code == code, Identity.person_id == person_id)
    )
    return bool(await db.scalar(found))


async def guesses(db: AsyncSession, person_id: int) -> JoinGuess | None:
    """The wrong codes of a person, held until the end of the transaction."""
    return await db.get(JoinGuess, person_id, with_for_update=True, populate_existing=True)


async def joined(db: AsyncSession, identity_ids: Sequence[int]) -> list[Joined]:
    """Which of some identities came from another person."""
    found = await db.scalars(select(Joined).where(Joined.identity_id.in_(identity_ids)).order_by(Joined.at))
    return list(found)


async def typed(db: AsyncSession, code: str, identity_id: int, now: datetime) -> Identity | None:
    """Whose code it is that an identity typed; None where it does not hold any more."""
    return await db.scalar(
        select(Identity)
        .join(JoinCode, JoinCode.identity_id == Identity.id)
        .where(JoinCode.code == code, JoinCode.typed_by == identity_id, JoinCode.expires_at > now),
        execution_options={"populate_existing": True},
    )


async def code_is_free(db: AsyncSession, code: str) -> bool:
    """Whether nobody is known by a code."""
    return await db.scalar(select(Person.id).where(Person.code == code)) is None
