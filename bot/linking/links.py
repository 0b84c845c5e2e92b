"""Links that carry a person from a message to a page of ours without a password."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.linking import queries, rules
from bot.linking.tables import SignedLink
from bot.settings import Settings
from bot.store import Sessions

ENTRANCE = "/chat/l/"
_BYTES = 24


@dataclass(frozen=True)
class Visit:
    """Who a browser is for one purpose, and where the link to it was opened."""

    person: int
    path: str
    until: datetime


class Links:
    """Each method is one transaction.

    A link is a random token of which only a digest is kept: it cannot be guessed or altered, and says nothing of its
    person. The first browser that opens it is the only one that can.
    """

    def __init__(
        self, sessions: Sessions, clock: Clock, address: str, *, last: timedelta = timedelta(hours=24)
    ) -> None:
        self._sessions, self._clock = sessions, clock
        self._address, self._last = address, last

    @classmethod
    def from_settings(cls, settings: Settings, sessions: Sessions, clock: Clock) -> Links:
        """As the settings have it."""
        return cls(sessions, clock, settings.address, last=timedelta(hours=settings.link_hours))

    async def make(self, person_id: int, path: str) -> str:
        """The absolute address that shows one of our pages to a person, as that person.

        A page that shows everybody the same has its own address. Raises rules.UnknownPath for what is no page of ours,
        rules.LinkGone for a person who is no more.
        """
        if rules.is_open(path):
            return self._address + path
        now = self._clock()
        until = rules.open_until(path, now, self._last)
        token = secrets.token_urlsafe(_BYTES)
        async with self._sessions.begin() as db:
            if (person := await queries.present(db, person_id)) is None:
                raise rules.LinkGone
            await queries.drop_old_links(db, now - rules.KEPT_FOR)
            db.add(SignedLink(token=digest(token), person_id=person, path=path, made_at=now, expires_at=until))
        return f"{self._address}{ENTRANCE}{token}"

    async def look(self, token: str, browser: str | None) -> str:
        """The page that a link leads to. Opens nothing: platforms look at links to draw a picture of them.

        Raises rules.LinkGone, LinkExpired or LinkElsewhere.
        """
        async with self._sessions() as db:
            return self._usable(await queries.link(db, digest(token)), browser).path

    def _usable(self, link: SignedLink | None, browser: str | None) -> SignedLink:
        if link is None:
            raise rules.LinkGone
        if self._clock() >= link.expires_at:
            raise rules.LinkExpired(link.expires_at)
        if link.browser is not None and (browser is None or link.browser != digest(browser)):
            raise rules.LinkElsewhere
        return link

    async def open_(self, token: str, browser: str) -> str:
        """Let a browser be the person of a link for its page, and no other browser from then on; the page's path.

        Links to the same page that the person was given before end with it. Raises as `look`.
        """
        now = self._clock()
        async with self._sessions.begin() as db:
            await queries.open_link(db, digest(token), digest(browser), now)
            link = self._usable(await queries.link(db, digest(token)), browser)
            await queries.drop_earlier_links(db, link)
            return link.path

    async def is_open_in(self, token: str, browser: str) -> bool:
        """Whether a browser is still let in by a link that was opened in it."""
        since = self._clock() - rules.VISIT_FOR
        async with self._sessions() as db:
            return any(link.token == digest(token) for link in await queries.opened_in(db, digest(browser), since))

    async def talk_of(self, person_id: int) -> str | None:
        """The code of the conversation that a person was in last."""
        async with self._sessions() as db:
            return await queries.latest_talk_of(db, person_id)

    async def visit(self, browser: str, purpose: str) -> Visit | None:
        """Who a browser is for a purpose: by the link it opened last, as long as that holds."""
        since = self._clock() - rules.VISIT_FOR
        async with self._sessions() as db:
            for link in await queries.opened_in(db, digest(browser), since):
                if link.opened_at and rules.covers(rules.purpose(link.path), purpose):
                    return Visit(link.person_id, link.path, link.opened_at + rules.VISIT_FOR)
        return None

    async def leave(self, browser: str) -> None:
        """Let a browser be nobody any more."""
        async with self._sessions.begin() as db:
            await queries.drop_links_in(db, digest(browser))


def digest(secret: str) -> str:
    """How something that opens something is known here."""
    return hashlib.sha256(secret.encode()).hexdigest()
