"""Replies as the record keeps them: readable text, the parts to show, and tokens in place of payloads."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import Conversation, Message, PressableChoice
from bot.reply import Choice, Reply


def outgoing(conversation: Conversation, turn_id: int | None, reply: Reply, kind: str, *, at: datetime) -> Message:
    """A reply as a message; what can be pressed is added by `pressable` once the message has an id."""
    return Message(
        conversation_id=conversation.id,
        identity_id=conversation.identity_id,
        turn_id=turn_id,
        direction="out",
        kind=kind,
        text="\n".join(reply.paragraphs),
        body=reply.model_dump(mode="json", exclude={"filters", "cards", "days", "choices", "knowledge"}),
        at=at,
    )


def pressable(db: AsyncSession, message: Message, reply: Reply) -> dict[str, Any]:
    """The parts of a reply that can be pressed, as a message's body keeps them: tokens in place of payloads.

    What a token stands for is stored with the message.
    """

    def shown(choices: tuple[Choice, ...]) -> list[dict[str, str]]:
        rows = [
            PressableChoice(
                token=secrets.token_urlsafe(9),
                conversation_id=message.conversation_id,
                message_id=message.id,
                label=choice.said or choice.label,
                payload=choice.payload,
            )
            for choice in choices
        ]
        db.add_all(rows)
        return [{"label": choice.label, "token": row.token} for choice, row in zip(choices, rows, strict=True)]

    return {
        "choices": shown(reply.choices),
        "filters": shown(reply.filters),
        "cards": [
            {**card.model_dump(mode="json", exclude={"choices"}), "choices": shown(card.choices)}
            for card in reply.cards
        ],
        "days": [{"label": day.label, "choices": shown(day.choices)} for day in reply.days],
    }
