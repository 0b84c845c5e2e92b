"""What a message means in the middle of something: “只要平城区的” after a list of postings is about that list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    METADATA,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.engine.talks import EVENTS, owner_of
from bot.engine.understanding import TOPIC_RANKING, LinearIntentClassifier, is_pressed
from bot.text.event_wishes import is_about_events
from bot.text.facts import forgets
from bot.text.guidance_wishes import (
    changes_booking,
    gives_contact,
    is_about_guidance,
    is_short_answer,
    names_only_topic,
)
from bot.text.person_wishes import wants_person
from bot.text.wishes import Wishes, is_job_wish, read_refinement, read_wishes

DOING = "doing"
SEARCH = "search"
AT = "at"
BOOKING = "booking"
TALKING = "talking"  # the other talks that are open, by their slots
ANSWERS = ("affirm", "deny")
ABOUT_GUIDANCE = "guidance-session"  # the topic
LISTS = ("jobs", "events")
GUIDANCE = ("book_guidance", "change_booking", "my_bookings")
SOFT = ("distress_mild", "scam_report")  # care that waits where an answer was asked for
CARE = ("distress_serious", "distress_mild", "scam_report", "abuse", "human", "privacy_request")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SurroundingIntent(GraphComponent, IntentClassifier):
    """Corrects the intent by what is being done, which the channel tells in a message's metadata.

    `first`: intents that stay whatever is being done, each from a share on. `sure`: the share from which a policy
    question stays one in the middle of something; `plain`: the share of its topic from which it stays one although it
    has the form of a search; `yields`: intents that are not sure and give way to such a topic, unless it is one of their
    own; `grave`: the share from which a cry for help is one although it reads as a time.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The intent must be there."""
        return [LinearIntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """As the class says."""
        return {"first": {}, "sure": 0.6, "plain": 0.8, "yields": {}, "grave": 0.5}

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
    now, booking = datetime.fromisoformat(told[AT]), told.get(BOOKING)
    opened = booking is not None and (booking.get("step") != "contact" or gives_contact(text, now))
    if _yields(message, intent, share, config):
        intent = "policy"
    if forgets(text):
        return "eligibility_check"
    if wants_person(text) and intent != "distress_serious":
        return "human"
    owner = owner_of(text, told.get(TALKING) or {}, now)
    if owner == EVENTS and opened and told.get(DOING) != "events":
        owner = None  # a bare yes is about what was asked last
    if owner and intent in SOFT:
        return owner  # “没找到工作” is an answer where that was asked
    if intent in CARE and (not (opened or owner) or share >= config["grave"]):
        return intent if config["first"].get(intent, 1.0) <= share else _of_lists(message, intent, share, now, config)
    if owner:
        return owner
    plain = config["first"].get(intent, 1.0) <= share
    if told.get(DOING) in LISTS and not plain and (name := _of_lists(message, "", share, now, config)):
        return name
    asks = _asks_plainly(message, config)
    if opened and asks and (booking or {}).get("topic") and names_only_topic(text, now):
        return intent  # “三支一扶待遇” where a time is asked for: a question, no other matter to talk about
    if is_about_guidance(text, opened, now) and (opened or not asks):
        return intent if intent in GUIDANCE else "book_guidance"
    if told.get(DOING) == "guidance" and not opened and changes_booking(text, now):
        return "change_booking"
    if opened and intent in ANSWERS:
        if is_short_answer(text):
            return "book_guidance"
        # agreement beside another matter confirms nothing: the other matter is what is meant
        intent, share = next((pair for pair in _ranking(message) if pair[0] not in ANSWERS), (intent, share))
    if config["first"].get(intent, 1.0) <= share:
        return intent
    return _of_lists(message, intent, share, now, config)


def _of_lists(message: Message, intent: str, share: float, now: datetime, config: dict[str, Any]) -> str:
    """What a message says of the postings or events that were listed, a new search, or the intent it was taken for.

    With no intent given, only what is plainly about the list that was shown last.
    """
    text, told = message.get(TEXT), message.get(METADATA) or {}
    first = intent or _first(message)[0]
    question = first in ("policy", "followup")
    policy = question and share >= config["sure"]
    events = (
        told.get(DOING) == "events"
        and not (policy and first == "policy")
        and not (first == "job_search" and is_job_wish(text))
    )
    if events and is_about_events(text, now):
        return EVENTS
    topic_share = (message.get(TOPIC_RANKING) or [{}])[0].get(PREDICTED_CONFIDENCE_KEY, 0.0)
    plainly = topic_share >= config["plain"] and question
    if told.get(SEARCH) is not None and not plainly:
        step = read_refinement(text, Wishes.from_dict(told[SEARCH]))
        if step and (told.get(DOING) == "jobs" or not (policy or first in ANSWERS)):
            return "job_search" if step.kind == "new" else "job_detail_or_more"
    if not intent:
        return ""
    if is_job_wish(text) and (not plainly or _names_a_job(text)):
        return "job_search"
    return intent


def _names_a_job(text: str) -> bool:
    """Whether a search says what job and one thing more of it: no topic is as plain as that."""
    wishes = read_wishes(text)
    return wishes.keyword is not None and len(wishes.to_dict()) > 1


def _asks_plainly(message: Message, config: dict[str, Any]) -> bool:
    """Whether a message is a question about a topic beyond doubt, guidance itself aside."""
    topic = (message.get(TOPIC_RANKING) or [{}])[0]
    sure = topic.get(PREDICTED_CONFIDENCE_KEY, 0.0) >= config["plain"] and topic.get(INTENT_NAME_KEY) != ABOUT_GUIDANCE
    return sure and _first(message)[0] in ("policy", "followup")


def _yields(message: Message, intent: str, share: float, config: dict[str, Any]) -> bool:
    """Whether a message is a question about a topic beyond doubt, and was half taken for something else."""
    own = config["yields"].get(intent)
    topic = (message.get(TOPIC_RANKING) or [{}])[0]
    plain = topic.get(PREDICTED_CONFIDENCE_KEY, 0.0) >= config["plain"]
    return own is not None and share < config["sure"] and plain and topic.get(INTENT_NAME_KEY) not in own


def _ranking(message: Message) -> list[tuple[str, float]]:
    return [(e[INTENT_NAME_KEY], e[PREDICTED_CONFIDENCE_KEY]) for e in message.get(INTENT_RANKING_KEY) or ()]


def _first(message: Message) -> tuple[str, float]:
    intent = message.get(INTENT) or {}
    return intent.get(INTENT_NAME_KEY) or "", intent.get(PREDICTED_CONFIDENCE_KEY) or 0.0
