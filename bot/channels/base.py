"""The contract between a platform and the rest: what a channel hands in, what it is handed, what it can ask for.

A channel turns its platform's messages into Inbound and a stored message into its platform's calls. It knows no
feature and no table: everything else it asks of the Desk. docs/add-a-channel.md walks through a small one.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, Protocol

from aiohttp import web

Media = Literal["picture", "voice", "video", "sticker", "place", "contact", "file"]


@dataclass(frozen=True)
class Sender:
    """Who writes, as one channel knows them; `id` never leaves the gateway in clear."""

    channel: str
    id: str


@dataclass(frozen=True)
class Inbound:
    """One message of a person. `key` is the platform's id of it; `token` stands for a pressed choice.

    `media`: something that holds no text for us. `command`: one of `Command`, with what was typed behind it.
    `address`: where answers go, for a platform that is written to; `shared`: others read there too (a group).
    """

    sender: Sender
    key: str
    text: str | None = None
    token: str | None = None
    media: Media | None = None
    command: str | None = None
    argument: str = ""
    address: str | None = None
    shared: bool = False


@dataclass(frozen=True)
class Shown:
    """One message of a conversation as a channel shows it. `body` is empty for what a person wrote."""

    id: int
    conversation: str
    direction: Literal["in", "out"]
    kind: str
    key: str | None
    text: str
    body: dict[str, Any]
    at: datetime
    feedback: str | None = None


PRESSED_ONCE = "press:"


def pressed_once(token: str) -> str:
    """The key of a press on something that goes away when it is pressed: a second one is the same message."""
    return f"{PRESSED_ONCE}{token}"


@dataclass(frozen=True)
class Command:
    """A command that a platform has a menu for: its name there, and what people read beside it."""

    name: str
    about: str


# -- out -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outgoing:
    """A stored message to be sent to somebody.

    `done` has what the platform called the parts of it that are out already: they are not sent again. `instead_of` has
    the parts of the page whose place this one takes, empty where it takes none. `answers` is the key of the person's
    message that it answers.
    """

    message: Shown
    person: int
    address: str
    shared: bool = False
    done: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    answers: str | None = None


Note = Callable[[str], Awaitable[None]]
"""Told after each part what the platform calls it, so that a part that is out is not sent again after a crash."""


class Later(Exception):
    """The platform cannot be reached or wants us to wait; `seconds` where it says how long."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class Gone(Exception):
    """The person does not want to be written to: blocked, left, deleted."""


class Moved(Exception):
    """The address is another one now."""

    def __init__(self, address: str) -> None:
        super().__init__("moved")
        self.address = address


class Refused(Exception):
    """The platform will never take this message."""


# -- what a channel may ask for --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Document:
    """A page or file of ours as a file to send. A picture has a caption and is shown as one."""

    name: str
    content: bytes
    picture: bool = False


@dataclass(frozen=True)
class Taken:
    """What became of a message: written down, or `refused` with the words why; `repeated`: it was there before.

    `too_fast`: refused until they slow down. Saying so once is enough, an answer to each would be a flood of our own.
    """

    refused: str | None = None
    too_fast: bool = False
    repeated: bool = False


@dataclass(frozen=True)
class Handed:
    """What is known of a message that a platform brings whose answers are fetched.

    `tries`: how often it was brought, 0 from a stranger. `known`: it was there before. `form`: what was given to it, as the channel keeps it. `last`: what the person was
    given last, to whichever message.
    """

    tries: int = 0
    known: bool = False
    form: dict[str, Any] | None = None
    last: dict[str, Any] | None = None


@dataclass(frozen=True)
class Fetched:
    """What waits for a sender, in order. `answered`: nothing more will come to their message."""

    answered: bool
    waiting: tuple[Outgoing, ...] = ()


@dataclass(frozen=True)
class Spoken:
    """How long ago a person wrote last, and how many parts were sent to them since: platforms count that."""

    ago: timedelta | None
    parts: int


@dataclass(frozen=True)
class Consent:
    """What somebody said to being sent notices of a kind, by the platform's template: yes to one more, or no to any."""

    kind: str
    template: str
    agreed: bool


Use = Literal["fresh", "sent", "spent", "none"]
"""A consent for a message: used up just now; before, and the notice is out; before, and it is not; there is none."""


Busy = Callable[[], Awaitable[None]]
"""Called at once and every few seconds while an answer is being made."""


class Desk(Protocol):
    """What stands behind every channel."""

    @property
    def commands(self) -> Sequence[Command]:
        """The commands that mean something, for the platform's menu."""

    async def take(self, inbound: Inbound, busy: Busy | None = None) -> Taken:
        """Write a message down and have it answered; nothing happens to one that was there before."""

    async def offered(self, sender: Sender, token: str) -> Shown | None:
        """The message in which a choice was shown to this sender."""

    async def rate(self, sender: Sender, message: int, verdict: Literal["up", "down"]) -> bool:
        """Keep 👍 or 👎; False for a message that is not theirs to rate."""

    async def document(self, person: int, path: str) -> Document | None:
        """What one of our addresses shows this person, as a file; None where there is nothing."""

    async def link(self, person: int, path: str) -> str:
        """The absolute address that shows a person one of our pages, signed in as them for that page.

        Raises ValueError for what is no page of ours.
        """

    async def handed(self, sender: Sender, key: str, within: float) -> Handed:
        """What is known of a message that a platform brings, before it is taken. It takes an answer for so many seconds:
        nothing is sent to the person meanwhile.
        """

    async def fetch(self, sender: Sender, key: str, within: float) -> Fetched:
        """Wait so many seconds at most until a message is answered; what waits for its sender then, to be handed out."""

    async def hand_out(
        self, sender: Sender, key: str, form: dict[str, Any], messages: Sequence[int] = ()
    ) -> dict[str, Any] | None:
        """Note what is given to a message, and that these messages are out with it.

        What is to be given: another gateway may have been faster. None where one of the messages is on its way
        elsewhere: fetch again.
        """

    async def is_fresh(self, number: str, content: str, seconds: float) -> bool:
        """Whether a number that is used once was not used for something else before; kept for so long."""

    async def spoken(self, message: int) -> Spoken:
        """How much was sent to whom a message is for since they wrote last; what was fetched does not count."""

    async def token(self, name: str) -> str | None:
        """A token of a platform that all gateways use, as long as it holds."""

    async def keep_token(self, name: str, token: str, seconds: float) -> None:
        """Let all gateways use a token, for so long."""

    async def consented(self, sender: Sender, event: str, consents: Sequence[Consent]) -> None:
        """Keep what somebody said to notices. `event` is the same for each time that the platform brings it."""

    async def use_consent(self, message: int, kind: str, template: str) -> Use:
        """Use up a consent of whom a message is for, before the notice is sent; for one message never two."""

    async def notice_answered(self, message: int, code: int | None) -> None:
        """Keep the platform's code to the notice for a message, 0 where it was taken. None gives the consent back."""

    async def notice_arrived(self, sender: Sender, template: str, receipt: str, outcome: str) -> None:
        """Keep how a notice arrived, by the platform's number of it."""

    async def away(self, sender: Sender) -> None:
        """Somebody does not want to be written to any more, until they write again."""

    async def moved(self, channel: str, old: str, new: str) -> None:
        """A shared address is another one now."""

    async def lease(self, name: str, seconds: float) -> bool:
        """Be the only gateway that does something, for so long; False where another one is."""


class Channel(ABC):
    """One platform. It is made once by the gateway, from the settings."""

    name: ClassVar[str]

    @property
    def sends(self) -> bool:
        """Whether the platform can be written to; else what waits is fetched by it, and `send` is never asked."""
        return True

    @abstractmethod
    async def send(self, outgoing: Outgoing, note: Note, desk: Desk) -> None:
        """Show a stored message. Raises Later, Gone, Moved or Refused; whatever else is raised counts as Later."""

    async def run(self, desk: Desk) -> None:
        """Receive, until cancelled. A platform that calls us has `routes` instead."""
        await asyncio.Event().wait()

    def routes(self, desk: Desk) -> Sequence[web.RouteDef]:
        """What the gateway answers for the platform."""
        return ()

    async def close(self) -> None:
        """Let go of connections."""
        return
