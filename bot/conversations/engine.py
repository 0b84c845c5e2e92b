"""The dialogue engine as the gateway sees it: one turn in, replies and what was understood out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from pydantic import ValidationError

from bot.reply import Choice, Reply
from bot.settings import Settings

_LOADING = aiohttp.ClientTimeout(total=120)  # a model


class EngineUnavailable(Exception):
    """The engine cannot be reached, is not ready or took too long; the same turn may be sent again."""


class EngineFailed(Exception):
    """The engine took the turn and has no answer to it; sending it again would not help."""


class ModelRefused(Exception):
    """The engine could not load a model and keeps the one it has; the text says why."""


@dataclass(frozen=True)
class TurnResult:
    """The reply to one turn and what was understood of it."""

    reply: Reply
    intent: str | None
    confidence: float | None
    ranking: list[Any]
    slots: dict[str, Any]
    actions: list[str]


@dataclass(frozen=True)
class Heard:
    """What a text would be understood as at the beginning of a talk; topics and aspects with their shares, best first."""

    intent: str | None
    confidence: float
    topics: tuple[tuple[str, float], ...]
    aspects: tuple[tuple[str, float], ...]


class Engine:
    """HTTP client of the engine's channel (bot.engine.channel). Sending a turn twice runs it once."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str, *, timeout: float) -> None:
        self._session, self._url = session, url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    @classmethod
    def of(cls, settings: Settings, session: aiohttp.ClientSession) -> Engine:
        """The engine of the settings."""
        return cls(session, settings.engine_url, settings.engine_secret, timeout=settings.engine_timeout)

    async def turn(
        self, *, sender: str, message_id: str, at: datetime, text: str | None, payload: str | None
    ) -> TurnResult:
        """Carry out one turn of a conversation: a text or the payload of a pressed choice, written at a moment (aware).

        Raises EngineUnavailable or EngineFailed.
        """
        said = {"payload": payload} if payload is not None else {"text": text}
        body = {"sender": sender, "message_id": message_id, "at": at.isoformat(), **said}
        try:
            async with self._session.post(
                f"{self._url}/turn", json=body, headers=self._headers, timeout=self._timeout
            ) as response:
                if response.status == 503:
                    raise EngineUnavailable("the engine has no model yet")
                if response.status != 200:
                    raise EngineFailed(f"the engine answered {response.status}")
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise EngineUnavailable(str(error) or type(error).__name__) from error
        return result_of(answer)

    async def mend(self, sender: str, texts: dict[str, str]) -> None:
        """Put other texts in the place of earlier ones of a conversation, by the ids they were sent with.

        Raises EngineUnavailable.
        """
        await self._post("mend", {"sender": sender, "texts": texts})

    async def forget(self, senders: Sequence[str]) -> None:
        """Delete the states of conversations for good. Raises EngineUnavailable."""
        await self._post("forget", {"senders": list(senders)})

    async def understand(self, text: str, at: datetime) -> Heard:
        """What a text would be understood as; nothing is answered or kept. Raises EngineUnavailable."""
        understood = (await self._post("understand", {"text": text, "at": at.isoformat()}))["understood"]
        topics, aspects = (
            tuple((one["name"], float(one["confidence"])) for one in understood[name]) for name in ("topics", "aspects")
        )
        return Heard(understood["intent"], float(understood["confidence"] or 0), topics, aspects)

    async def give_model(self, model: str) -> int:
        """Have the engine answer with another model from now on; how long that took, in milliseconds.

        Turns go on meanwhile. Raises EngineUnavailable, or ModelRefused: then it keeps the model it has.
        """
        try:
            async with self._session.post(
                f"{self._url}/model", json={"model": model}, headers=self._headers, timeout=_LOADING
            ) as response:
                if response.status == 422:
                    raise ModelRefused((await response.json())["error"])
                if response.status != 200:
                    raise EngineUnavailable(f"model was answered {response.status}")
                return round((await response.json())["milliseconds"])
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise EngineUnavailable(str(error) or type(error).__name__) from error

    async def _post(self, what: str, body: dict[str, Any]) -> Any:
        try:
            async with self._session.post(
                f"{self._url}/{what}", json=body, headers=self._headers, timeout=self._timeout
            ) as response:
                if response.status != 200:
                    raise EngineUnavailable(f"{what} was answered {response.status}")
                return await response.json()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise EngineUnavailable(str(error) or type(error).__name__) from error


def result_of(answer: dict[str, Any]) -> TurnResult:
    """The result in an answer of the engine. Raises EngineFailed when nothing in it can be said."""
    understood = answer["understood"]
    try:
        reply = merged([reply_of(message) for message in answer["messages"]])
    except ValidationError as error:
        raise EngineFailed("a reply is not of the form it must have") from error
    if reply is None:
        raise EngineFailed("no reply")
    return TurnResult(
        reply=reply,
        intent=understood["intent"],
        confidence=understood["confidence"],
        ranking=understood["ranking"],
        slots=understood["slots"],
        actions=understood["actions"],
    )


def reply_of(message: dict[str, Any]) -> Reply:
    """One message of the engine: a whole reply from an action, or a fixed text with its buttons."""
    if custom := message.get("custom"):
        return Reply.model_validate(custom)
    buttons = message.get("buttons") or ()
    return Reply(
        paragraphs=(message["text"],) if message.get("text") else (),
        choices=tuple(Choice(label=b["title"], payload=b["payload"]) for b in buttons),
    )


def merged(replies: list[Reply]) -> Reply | None:
    """One reply out of all of a turn: texts and choices in order, the rest from the reply that has it."""
    paragraphs = tuple(p for reply in replies for p in reply.paragraphs)
    if not paragraphs:
        return None
    lists = ("filters", "cards", "days", "choices")
    whole = Reply(
        paragraphs=paragraphs, **{name: tuple(x for r in replies for x in getattr(r, name)) for name in lists}
    )
    for name in ("source", "caveat", "checked", "knowledge", "list", "page", "rateable"):
        for reply in replies:
            if value := getattr(reply, name):
                whole = whole.model_copy(update={name: value})
    return whole
