"""The engine's only door: one turn in, the replies and what was understood out. Loopback, with a token."""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine import patches
from bot.engine.importer import POLICY_INTENT
from bot.engine.models import CannotLoad
from bot.engine.surroundings import AT, BOOKING, DOING, SEARCH, TALKING
from bot.engine.talks import TALKS
from bot.engine.tracker import CompactTrackerStore
from bot.engine.understanding import BEFORE, FOLLOWUP, OPEN_TOPIC, is_pressed

patches.apply()

_FULLWIDTH_SLASH = "／"


class GatewayInput(InputChannel):
    """POST /turn with {sender, message_id, at, text} or {…, payload}; `at` is when it was written, ISO 8601.

    Answers 200 {messages, understood, replayed}; the same message_id again gets the same messages and runs nothing.
    401 without the token, 400 for another form, 503 until a model is loaded, 500 when the engine failed.

    POST /mend with {sender, texts: {message_id: text}} puts other texts in the place of what was written earlier, and
    POST /forget with {senders} deletes the states of conversations for good; 200, also where there is nothing.

    POST /understand with {text, at} says what a message would be understood as that begins a talk: 200 {understood}; nothing
    is answered and nothing kept.

    POST /model with {model} has another model answer from now on: 200 {milliseconds}, or 422 {error} where it cannot be
    loaded; turns go on meanwhile, and the state of dialogues stays.
    """

    @classmethod
    def name(cls) -> str:
        """The channel's name in the address."""
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        """Needs `token` in credentials.yml."""
        if not credentials or not credentials.get("token"):
            cls.raise_missing_credentials_exception()
        return cls(str(credentials["token"]))

    def __init__(self, token: str) -> None:
        self._token = token

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes."""
        routes = Blueprint("gateway_turns", "bot.engine.channel")

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            ready = bool(agent and agent.is_ready())
            return response.json({"ready": ready}, 200 if ready else 503)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not self._knows(request):
                return response.json({"error": "token"}, 401)
            said = request.json if isinstance(request.json, dict) else {}
            sender, message_id = said.get("sender"), said.get("message_id")
            if not sender or not message_id or not said.get("at") or ("text" in said) == ("payload" in said):
                return response.json({"error": "sender, message_id, at and one of text, payload"}, 400)
            agent = request.app.ctx.agent
            if not agent or not agent.is_ready():
                return response.json({"error": "no model"}, 503)
            store = store_of(agent)
            tracker = await store.retrieve(sender)
            began = time.perf_counter()
            events = store.last_turn(sender)
            replayed = bool(events) and events[0].get("message_id") == message_id
            if not replayed:
                await on_new_message(
                    UserMessage(
                        spoken(said),
                        CollectingOutputChannel(),
                        sender,
                        input_channel=self.name(),
                        message_id=message_id,
                        metadata={**surroundings(tracker), AT: said["at"]},
                    )
                )
                events = store.last_turn(sender)
            if not events or events[0].get("message_id") != message_id:
                return response.json({"error": "the turn left no trace"}, 500)
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            return response.json({**told(events), "replayed": replayed, "milliseconds": milliseconds})

        @routes.post("/mend")
        async def mend(request: Request) -> HTTPResponse:
            return await self._change(request, lambda store, said: store.mend(said["sender"], said["texts"]))

        @routes.post("/forget")
        async def forget(request: Request) -> HTTPResponse:
            return await self._change(request, lambda store, said: store.forget(said["senders"]))

        @routes.post("/understand")
        async def understand(request: Request) -> HTTPResponse:
            if not self._knows(request):
                return response.json({"error": "token"}, 401)
            said = request.json if isinstance(request.json, dict) else {}
            if not isinstance(said.get("text"), str) or not said.get("at"):
                return response.json({"error": "text and at"}, 400)
            agent = request.app.ctx.agent
            if not agent or not agent.is_ready():
                return response.json({"error": "no model"}, 503)
            message = UserMessage(
                spoken(said), input_channel=self.name(), metadata={**surroundings(None), AT: said["at"]}
            )
            parse = await agent.processor.parse_message(message)
            return response.json({"understood": understood_of(parse)})

        @routes.post("/model")
        async def model(request: Request) -> HTTPResponse:
            if not self._knows(request):
                return response.json({"error": "token"}, 401)
            agent, said = request.app.ctx.agent, request.json
            if not agent or not agent.is_ready():
                return response.json({"error": "no model"}, 503)
            wanted = str(said.get("model") or "") if isinstance(said, dict) else ""
            try:
                milliseconds = await request.app.ctx.models.give(agent, wanted)
            except CannotLoad as error:
                return response.json({"error": str(error)}, 422)
            return response.json({"milliseconds": round(milliseconds, 1)})

        return routes

    def _knows(self, request: Request) -> bool:
        return hmac.compare_digest((request.token or "").encode(), self._token.encode())

    async def _change(
        self, request: Request, change: Callable[[CompactTrackerStore, dict[str, Any]], None]
    ) -> HTTPResponse:
        """Change what is stored of conversations."""
        if not self._knows(request):
            return response.json({"error": "token"}, 401)
        agent = request.app.ctx.agent
        if not agent or not agent.is_ready():
            return response.json({"error": "no model"}, 503)
        try:
            change(store_of(agent), request.json)
        except (KeyError, TypeError, AttributeError):
            return response.json({"error": "sender and texts, or senders"}, 400)
        return response.json({})


def store_of(agent: Agent) -> CompactTrackerStore:
    """Our store under the wrappers that the engine puts around it."""
    store = agent.tracker_store
    while not isinstance(store, CompactTrackerStore):
        store = store._tracker_store
    return store


def surroundings(tracker: DialogueStateTracker | None) -> dict[str, Any]:
    """What the next message is read with: whether an answer was given or offered that it may be about, and the message
    before, where that was no question of which the subject is known."""
    if tracker is None:
        return {OPEN_TOPIC: False}
    said = tracker.latest_message
    told = {
        OPEN_TOPIC: tracker.get_slot("topic") is not None or bool(tracker.get_slot("offered")),
        DOING: tracker.get_slot("doing"),
        BOOKING: tracker.get_slot("booking"),
        TALKING: {talk.slot: state for talk in TALKS if (state := tracker.get_slot(talk.slot))},
        SEARCH: (tracker.get_slot("search") or {}).get("wishes"),
    }
    if said and said.text and not is_pressed(said.text) and said.intent.get("name") not in (POLICY_INTENT, FOLLOWUP):
        told[BEFORE] = said.text
    return told


def spoken(said: dict[str, Any]) -> str:
    """What the engine reads: a payload as it is, a text never as a command."""
    if "payload" in said:
        return str(said["payload"])
    text = str(said["text"])
    return _FULLWIDTH_SLASH + text[1:] if text.startswith(INTENT_MESSAGE_PREFIX) else text


def told(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The replies of one turn's events, and what was understood and done."""
    parse = events[0].get("parse_data") or {}
    messages = [
        {"text": e.get("text"), **{k: v for k, v in (e.get("data") or {}).items() if v}}
        for e in events
        if e["event"] == "bot"
    ]
    return {
        "messages": messages,
        "understood": {
            **understood_of(parse),
            "entities": [{k: e.get(k) for k in ("entity", "value")} for e in parse.get("entities", [])],
            "slots": {e["name"]: e.get("value") for e in events if e["event"] == "slot"},
            "actions": [e["name"] for e in events if e["event"] == "action" and e["name"] != "action_listen"],
        },
    }


def understood_of(parse: dict[str, Any]) -> dict[str, Any]:
    """Intent, topics and aspects of a message, each with its share."""
    return {
        "intent": (parse.get("intent") or {}).get("name"),
        "confidence": (parse.get("intent") or {}).get("confidence"),
        "ranking": parse.get("intent_ranking", []),
        "topics": parse.get("topic_ranking", []),
        "aspects": parse.get("aspect_ranking", []),
    }
