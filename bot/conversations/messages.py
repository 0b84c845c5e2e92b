"""Replies as the record keeps them: readable text, the parts to show, and tokens in place of payloads."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import Conversation, Message, PressableChoice
from bot.outbox import queries as outbox
from bot.reply import Choice, Reply
from bot.review import search_index


async def put(
    db: AsyncSession,
    conversation: Conversation,
    reply: Reply,
    kind: str,
    *,
    at: datetime,
    turn_id: int | None = None,
    key: str | None = None,
    by: str | None = None,
) -> Message:
    """Store a reply with what its choices stand for; the message, which has its id. `by`: the person who wrote it."""
    tokens: list[PressableChoice] = []
    message = Message(
        conversation_id=conversation.id,
        identity_id=conversation.identity_id,
        turn_id=turn_id,
        direction="out",
        kind=kind,
        key=key,
        text="\n".join(reply.paragraphs),
        body={
            **reply.model_dump(
                mode="json", exclude={"filters", "cards", "days", "choices", "knowledge", "notice", "promise"}
            ),
            **_pressable(reply, conversation, tokens),
            **({"by": by} if by else {}),
            **({"notice": reply.notice.model_dump(mode="json")} if reply.notice else {}),
            **({"promise": reply.promise.model_dump(mode="json")} if reply.promise else {}),
        },
        at=at,
    )
    db.add(message)
    await db.flush()
    for token in tokens:
        token.message_id = message.id
    db.add_all(tokens)
    await outbox.put(db, message, at)
    await search_index.said(db, conversation, message)
    return message


def _pressable(reply: Reply, conversation: Conversation, tokens: list[PressableChoice]) -> dict[str, Any]:
    """The parts of a reply that can be pressed, with tokens in place of payloads; the tokens' rows go to `tokens`."""

    def shown(choices: tuple[Choice, ...]) -> list[dict[str, str]]:
        rows = [
            PressableChoice(
                token=secrets.token_urlsafe(9),
                conversation_id=conversation.id,
                label=choice.said or choice.label,
                payload=choice.payload,
            )
            for choice in choices
        ]
        tokens.extend(rows)
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
