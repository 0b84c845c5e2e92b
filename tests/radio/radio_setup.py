"""A question, and somebody who talks."""

from __future__ import annotations

import json

from bot.radio.talk import RadioTalk

QUESTION = "大专去国企有没有前途"


class Speaker:
    """Somebody who talks, with what the dialogue remembers between the turns."""

    def __init__(self, talk: RadioTalk, conversation: str) -> None:
        self.talk, self.conversation = talk, conversation
        self.state, self.reply = None, None

    async def say(self, *texts: str, intent: str | None = None) -> str:
        for text in texts:
            self._take(await self.talk.said(text, None, self.state, self.conversation, intent=intent))
        return "\n".join(self.reply.paragraphs)

    def payload(self, label: str) -> str:
        return next(c.payload for c in self.choices() if c.label == label)

    async def press(self, label: str) -> str:
        return await self.send(self.payload(label))

    async def send(self, payload: str) -> str:
        told = json.loads(payload.removeprefix("/ask_radio"))
        self._take(
            await self.talk.pressed(told["do"], told.get("of"), told.get("key"), None, self.state, self.conversation)
        )
        return "\n".join(self.reply.paragraphs)

    def choices(self):
        return [*self.reply.choices, *(c for card in self.reply.cards for c in card.choices)]

    def labels(self) -> list[str]:
        return [c.label for c in self.reply.choices]

    def _take(self, told) -> None:
        self.reply = told.reply
        self.state = json.loads(json.dumps(told.state)) if told.state else None
