"""What a message means in the middle of something: “只要平城区的” after a list of postings is about that list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, METADATA, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.understanding import TOPIC_RANKING, LinearIntentClassifier, is_pressed
from bot.text.event_wishes import is_about_events
from bot.text.wishes import Wishes, is_job_wish, read_refinement

DOING = "doing"
SEARCH = "search"
AT = "at"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SurroundingIntent(GraphComponent, IntentClassifier):
    """Corrects the intent by what is being done, which the channel tells in a message's metadata.

    `first`: intents that stay whatever is being done, each from a share on. `sure`: the share from which a policy
    question stays one in the middle of something; `plain`: the share of its topic from which it stays one although it
    has the form of a search.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The intent must be there."""
        return [LinearIntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """As the class says."""
        return {"first": {}, "sure": 0.6, "plain": 0.8}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SurroundingIntent:
        """A new component; there is nothing to train or keep."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set another intent where the surroundings say so."""
        for message in messages:
            if not message.get(TEXT) or is_pressed(message.get(TEXT)):
                continue
            name = meant(message, self._config)
            if name != _first(message)[0]:
                message.set(INTENT, {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
        return messages


def meant(message: Message, config: dict[str, Any]) -> str:
    """The intent of a typed message in its surroundings."""
    text, told = message.get(TEXT), message.get(METADATA) or {}
    intent, share = _first(message)
    if config["first"].get(intent, 1.0) <= share:
        return intent
    topic_share = (message.get(TOPIC_RANKING) or [{}])[0].get(PREDICTED_CONFIDENCE_KEY, 0.0)
    question = intent in ("policy", "followup")
    policy = question and share >= config["sure"]
    answer = intent in ("affirm", "deny")
    events = told.get(DOING) == "events" and not policy and share < config["sure"]
    if events and is_about_events(text, datetime.fromisoformat(told[AT])):
        return "job_fair_or_event"
    if told.get(SEARCH) is not None:
        step = read_refinement(text, Wishes.from_dict(told[SEARCH]))
        if step and (told.get(DOING) == "jobs" or not (policy or answer)):
            return "job_search" if step.kind == "new" else "job_detail_or_more"
    if is_job_wish(text) and not (question and topic_share >= config["plain"]):
        return "job_search"
    return intent


def _first(message: Message) -> tuple[str, float]:
    intent = message.get(INTENT) or {}
    return intent.get(INTENT_NAME_KEY) or "", intent.get(PREDICTED_CONFIDENCE_KEY) or 0.0
