"""The bot's own intents as the kinds that evaluation files speak of, in one table."""

from __future__ import annotations

KINDS = {
    "policy": "policy",
    "followup": "policy",
    "repeat": "chitchat",
    "help": "chitchat",
    "ask_bot": "chitchat",
    "praise": "chitchat",
    "weary": "chitchat",
    "good_news": "chitchat",
    "chitchat": "chitchat",
    "distress_serious": "distress",
    "distress_mild": "distress",
}
SERIOUS = "distress_serious"


def kind_of(intent: str | None, outcome: str | None) -> str:
    """The kind an utterance was taken for. A question that was looked up and not known counts as out of scope, and a
    message without words as small talk."""
    if intent is None:
        return "chitchat"
    if outcome == "refused" and KINDS.get(intent) == "policy":
        return "out_of_scope"
    return KINDS.get(intent, intent)
