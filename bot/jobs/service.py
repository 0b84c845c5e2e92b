"""What a person can do with jobs besides searching: look at one, keep it, be told of new ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.conversations.queries import conversation_by_code
from bot.conversations.tables import Conversation
from bot.jobs import queries
from bot.jobs.rules import offered
from bot.jobs.search import Count, JobSearch, Page
from bot.jobs.tables import Posting, Subscription
from bot.store import Sessions
from bot.text.wishes import Wishes

TOLD = 3  # postings in one message about new ones


class UnknownPosting(Exception):
    """No posting has that id."""

    def __init__(self, posting_id: int) -> None:
        super().__init__(f"no posting {posting_id}")
        self.posting_id = posting_id


class UnknownConversation(Exception):
    """No conversation has that code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no conversation {code}")
        self.code = code


@dataclass(frozen=True)
class Details:
    """A posting, and whether it may still be offered: what somebody kept can have closed since."""

    posting: Posting
    offered: bool


@dataclass(frozen=True)
class News:
    """New matches of a saved search: the first of them, and the posting up to which all have been looked at."""

    subscription: Subscription
    wishes: Wishes
    page: Page
    upto: int


class Jobs:
    """Details, favourites and saved searches. A person is found by the code of a conversation of theirs."""

    def __init__(self, sessions: Sessions, clock: Clock, search: JobSearch) -> None:
        self._sessions, self._clock, self._search = sessions, clock, search

    async def details(self, posting_id: int) -> Details:
        """One posting with its company. Raises UnknownPosting."""
        async with self._sessions() as db:
            return self._details(await self._posting(db, posting_id))

    async def keep(self, conversation: str, posting_id: int) -> bool:
        """Keep a posting (收藏); False if it was kept already. Raises UnknownPosting, UnknownConversation."""
        async with self._sessions.begin() as db:
            person = (await self._talk(db, conversation)).person_id
            await self._posting(db, posting_id)
            return await queries.add_favourite(db, person, posting_id, self._clock())

    async def unkeep(self, conversation: str, posting_id: int) -> bool:
        """Keep a posting no more; False if it was not kept. Raises UnknownConversation."""
        async with self._sessions.begin() as db:
            person = (await self._talk(db, conversation)).person_id
            return await queries.remove_favourite(db, person, posting_id)

    async def kept(self, conversation: str) -> list[Details]:
        """What the person has kept (我的收藏), the latest first, closed ones too. Raises UnknownConversation."""
        async with self._sessions() as db:
            person = (await self._talk(db, conversation)).person_id
            return [self._details(posting) for posting in await queries.favourites(db, person)]

    async def subscribe(self, conversation: str, wishes: Wishes) -> Subscription:
        """Save a search (订阅): from now on its new matches are told of where it was asked. The same twice is one."""
        async with self._sessions.begin() as db:
            talk = await self._talk(db, conversation)
            saved = wishes.to_dict()
            for other in await queries.subscriptions(db, talk.person_id):
                if other.wishes == saved and other.identity_id == talk.identity_id:
                    return other
            subscription = Subscription(
                person_id=talk.person_id,
                identity_id=talk.identity_id,
                wishes=saved,
                since=self._clock(),
                last_posting_id=await queries.newest_posting_id(db),
            )
            db.add(subscription)
            await db.flush()
            return subscription

    async def unsubscribe(self, conversation: str, subscription_id: int | None = None) -> int:
        """End one of the person's saved searches (退订), or all of them; how many. Raises UnknownConversation."""
        async with self._sessions.begin() as db:
            person = (await self._talk(db, conversation)).person_id
            return await queries.end_subscriptions(db, person, subscription_id)

    async def subscriptions(self, conversation: str) -> list[Subscription]:
        """The person's active saved searches, the oldest first. Raises UnknownConversation."""
        async with self._sessions() as db:
            person = (await self._talk(db, conversation)).person_id
            return list(await queries.subscriptions(db, person))

    async def due(self) -> list[Subscription]:
        """The saved searches that nobody was told of today."""
        async with self._sessions() as db:
            return list(await queries.due_subscriptions(db, self._today()))

    async def new_matches(self, subscription: Subscription) -> News:
        """What has come in for a saved search since it was last told of."""
        async with self._sessions() as db:
            upto = await queries.newest_posting_id(db)
        wishes = Wishes.from_dict(subscription.wishes)
        if upto <= subscription.last_posting_id:
            return News(subscription, wishes, Page([], Count(0), more=False), upto)
        page = await self._search.find(wishes, limit=TOLD, after=subscription.last_posting_id)
        return News(subscription, wishes, page, upto)

    async def claim_telling(self, news: News) -> bool:
        """Note that today's news of a saved search are told, before they are sent.

        False if somebody else told them today, or the person has unsubscribed meanwhile: then they must not be sent.
        """
        async with self._sessions.begin() as db:
            return await queries.claim_telling(db, news.subscription.id, self._today(), news.upto)

    def _today(self) -> date:
        return today(self._clock)

    def _details(self, posting: Posting) -> Details:
        return Details(posting, offered(posting, self._today()))

    async def _posting(self, db: AsyncSession, posting_id: int) -> Posting:
        if (posting := await queries.posting(db, posting_id)) is None:
            raise UnknownPosting(posting_id)
        return posting

    async def _talk(self, db: AsyncSession, code: str) -> Conversation:
        if (talk := await conversation_by_code(db, code)) is None:
            raise UnknownConversation(code)
        return talk
