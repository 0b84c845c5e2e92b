"""Fixed replies that do not repeat themselves: the first wording not heard lately, in the order of the file.

They are fixed: no slot is filled in (a test holds it), so the braces of a button's payload are left alone.
"""

from __future__ import annotations

import copy
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

LATELY = 8  # replies of the bot


class RotatingReplies(TemplatedNaturalLanguageGenerator):
    """Chooses among the variations of a response by what this person has just been told."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The response of that name in the wording that was not used, or used longest ago."""
        slots = tracker.current_slot_values()
        if utter_action not in self.responses:
            return None
        wordings = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not wordings:
            return None
        heard = [e.text for e in tracker.events if isinstance(e, BotUttered)][-LATELY:]
        return copy.deepcopy(min(wordings, key=lambda w: _last(heard, w.get("text"))))


def _last(heard: list, text: str | None) -> int:
    """How lately it was heard: 0 for never, rising to the latest."""
    return max((i + 1 for i, said in enumerate(heard) if said == text), default=0)
