"""What all actions share: the parent that never leaves a person without an answer, and a reading of the tracker."""

from __future__ import annotations

import logging
from abc import abstractmethod
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.reply import Reply

logger = logging.getLogger(__name__)

Events = list[dict[str, Any]]


class CarefulAction(Action):
    """Runs `act`; whatever goes wrong in it is logged with its trace, apologised for, and changes no state."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """The events of `act`, none when it failed: the engine drops an action that raises and says nothing."""
        try:
            return await self.act(dispatcher, tracker)
        except Exception:
            logger.exception("%s failed in %s", self.name(), tracker.sender_id)
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_apology")
            return []

    @abstractmethod
    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """What the action does: say through the dispatcher, give the events."""


def say(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Hand a reply over as it is; the gateway reads it back from the message's `custom` part."""
    dispatcher.utter_message(json_message=reply.model_dump(mode="json"))


def entities(tracker: Tracker) -> dict[str, str]:
    """What a pressed choice brought along, by name."""
    return {e["entity"]: e["value"] for e in tracker.latest_message.get("entities", [])}


def moment_of(tracker: Tracker) -> datetime:
    """When the latest message was written: “明天” is the day after that, however late it is answered."""
    return datetime.fromisoformat(tracker.latest_message["metadata"]["at"])
