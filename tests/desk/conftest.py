"""The desk: services on both databases, pages and browsers before a real gateway (see tests/console/conftest.py).

- `world`: makes what the desk works with (a topic, groups, listeners' questions) in a database: `world(sessions)`.
- `console`, `signed_in`, `anybody`, `browser_as`: as in tests/console.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from bot.conversations.tables import Conversation, Identity, Message, Person, Turn
from bot.knowledge.tables import SourceRow, TextRow, TopicRow
from bot.radio.groups.rules import key_of
from bot.radio.groups.tables import Asked, AskedGroup, AskedText
from bot.radio.programme.items import Items
from bot.radio.programme.service import Programmes
from bot.radio.programme.showing import Measures
from bot.radio.tables import RadioAsker, RadioQuestion
from bot.store import Sessions
from tests.conftest import SetClock
from tests.console.conftest import (  # noqa: F401 - fixtures
    another,
    anybody,
    browser,
    browser_as,
    console,
    more_routes,
    options,
    signed_in,
    statements,
)

S30 = "档案一般在大同市人才服务中心，带身份证就能查，不收一分钱。"
S60 = "毕业生的档案，学校毕业后会寄到生源地。在大同，一般在市人才服务中心，带上身份证就能查，也能打电话问，全程不收一分钱。"
_ZERO = b"\0" * 1024


@dataclass
class World:
    """What the desk works with, in one database."""

    sessions: Sessions
    clock: SetClock
    made: int = 0

    async def topic(self, topic_id: str = "archive", title: str = "档案转递", *, version: int = 4, **values) -> str:
        """A topic with an answer that was checked."""
        async with self.sessions.begin() as db:
            db.add(
                TopicRow(
                    id=topic_id, position=0, title=title, group="毕业手续", scope="-", region="山西", aliases=[], related=[],
                    checked_on=date(2026, 11, 1), check_status="verified", version=version,
                    texts=[
                        TextRow(key="answer", text="档案在人才中心。", sources=[1]),
                        TextRow(key="s30", text=S30, sources=[1]),
                        TextRow(key="s60", text=S60, sources=[1]),
                    ],
                    sources=[
                        SourceRow(
                            n=1, title="关于做好毕业生档案转递工作的通知", number="晋人社函〔2025〕8号",
                            issuer="山西省人力资源和社会保障厅", date="2025-03-01", url="https://rst.example/8", text_seen=True,
                        )
                    ],
                    **{"state": "current", **values},
                )
            )  # fmt: skip
        return topic_id

    async def say(self, topic_id: str, key: str, text: str) -> None:
        """Another version of a topic's text."""
        async with self.sessions.begin() as db:
            topic = await db.get(TopicRow, topic_id)
            (await db.get(TextRow, (topic_id, key))).text = text
            topic.version += 1

    async def person(self, channel: str = "web") -> tuple[int, int, int]:
        """Somebody in a conversation: ids of person, identity, conversation."""
        self.made += 1
        now = self.clock()
        async with self.sessions.begin() as db:
            person = Person(code=f"DESK-{self.made:04}", created_at=now)
            db.add(person)
            await db.flush()
            identity = Identity(person_id=person.id, channel=channel, sender=f"desk{self.made}", created_at=now)
            db.add(identity)
            await db.flush()
            talk = Conversation(
                code=f"desk{self.made}", person_id=person.id, identity_id=identity.id, channel=channel,
                started_at=now, last_at=now,
            )  # fmt: skip
            db.add(talk)
            await db.flush()
            return person.id, identity.id, talk.id

    async def group(
        self,
        wordings: Sequence[tuple[str, int]],
        *,
        topic: str | None = None,
        channel: str = "web",
        ago: int = 0,
        district: str | None = None,
        outcome: str = "refused",
        into: int | None = None,
    ) -> int:
        """A group in which each wording was asked by so many people, some days ago; more of one that is there by `into`."""
        at = self.clock() - timedelta(days=ago)
        async with self.sessions.begin() as db:
            group = await db.get(AskedGroup, into) if into else AskedGroup(topic_id=topic, created_at=at)
            db.add(group)
            await db.flush()
            texts = []
            for wording, _ in wordings:
                text = AskedText(key=key_of(wording), vector=_ZERO, group_id=group.id)
                db.add(text)
                await db.flush()
                texts.append(text.id)
            group_id = group.id
        for (wording, askers), text_id in zip(wordings, texts, strict=True):
            for _ in range(askers):
                await self._asks(wording, text_id, channel, at, district, outcome)
        return group_id

    async def _asks(self, wording, text_id, channel, at, district, outcome) -> None:
        person, identity, talk = await self.person(channel)
        async with self.sessions.begin() as db:
            turn = Turn(
                conversation_id=talk, state="answered", received_at=at, retry_at=at, attempts=1,
                intent="policy", outcome=outcome,
            )  # fmt: skip
            db.add(turn)
            await db.flush()
            db.add(
                Message(
                    conversation_id=talk, identity_id=identity, turn_id=turn.id, at=at, direction="in", kind="text",
                    key=f"k{turn.id}", text=wording,
                )
            )  # fmt: skip
            db.add(
                Asked(
                    text_id=text_id, person_id=person, turn_id=turn.id, at=at, channel=channel, district=district,
                    outcome=outcome,
                )
            )  # fmt: skip

    async def question(
        self, text: str, *, nickname: str | None = None, consent: str = "air", group: int | None = None
    ) -> str:
        """A question given for the programme; its code."""
        person, identity, _ = await self.person()
        code = f"Q{self.made:05}"
        async with self.sessions.begin() as db:
            question = RadioQuestion(
                code=code, owner_id=person, text=text, consent=consent, state="received", received_at=self.clock(),
                asker=RadioAsker(person_id=person, identity_id=identity, nickname=nickname, key="k", tells=True),
            )  # fmt: skip
            db.add(question)
            await db.flush()
            if group is not None:
                asked = AskedText(key=key_of(text), vector=_ZERO, group_id=group)
                db.add(asked)
                await db.flush()
                db.add(
                    Asked(
                        text_id=asked.id, person_id=person, question_id=question.id, at=self.clock(), channel="web"
                    )
                )  # fmt: skip
        return code


@pytest.fixture
def world(clock) -> Callable[[Sessions], World]:
    return lambda sessions: World(sessions, clock)


@pytest.fixture
def programmes(sessions, clock) -> Programmes:
    return Programmes(sessions, clock, Measures(speed=240, weeks=8))


@pytest.fixture
def items(sessions, clock) -> Items:
    return Items(sessions, clock, Measures(speed=240, weeks=8))
