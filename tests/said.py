"""What somebody who talks with one of the bot's talks was told last."""

from __future__ import annotations

from typing import Any

from bot.reply import Reply


class Said:
    """`told` is what the talk gave back: a reply and what is remembered."""

    told: Any = None

    @property
    def reply(self) -> Reply:
        """The last reply."""
        return self.told.reply

    @property
    def titles(self) -> list[str]:
        """Its cards."""
        return [card.title for card in self.reply.cards]

    @property
    def filters(self) -> list[str]:
        """Its filters."""
        return [choice.label for choice in self.reply.filters]

    @property
    def labels(self) -> list[str]:
        """Its choices."""
        return [choice.label for choice in self.reply.choices]
