"""What an update of Telegram's is to us. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from telegram import CallbackQuery, ChatMemberUpdated, MaybeInaccessibleMessage, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.base import Inbound, Media, Sender
from bot.channels.telegram.rendering import OURS, Button, Rows

CHANNEL = "telegram"
KINDS = ("message", "callback_query", "my_chat_member")
"""The kinds of updates that are asked for; edited messages, for one, are not."""

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL | re.ASCII)
_RATING = re.compile(rf"{OURS}(up|down):(\d{{1,18}})")
_MEDIA: tuple[tuple[str, Media], ...] = (
    ("photo", "picture"), ("voice", "voice"), ("audio", "voice"), ("video_note", "video"), ("animation", "video"),
    ("video", "video"), ("sticker", "sticker"), ("dice", "sticker"), ("venue", "place"), ("location", "place"),
    ("contact", "contact"), ("document", "file"), ("poll", "file"), ("story", "file"), ("paid_media", "file"),
    ("game", "file"), ("invoice", "file"), ("checklist", "file"),
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A message."""

    inbound: Inbound
    chat: str


@dataclass(frozen=True)
class Pressed:
    """A button. `token` of a choice, or `rating` of a message, or neither (a heading)."""

    query: str
    chat: str
    message: int
    key: str
    sender: Sender
    address: str
    shared: bool
    data: str
    rows: Rows
    token: str | None = None
    rating: tuple[Literal["up", "down"], int] | None = None


@dataclass(frozen=True)
class Away:
    """Somebody blocked the bot, or put it out of a group."""

    sender: Sender


@dataclass(frozen=True)
class Migrated:
    """A group has another number now."""

    old: str
    new: str


Happening = Said | Pressed | Away | Migrated


def read(update: Update, me: User) -> Happening | None:
    """What happened; None for what is none of our business."""
    if update.callback_query is not None:
        return _pressed(update.callback_query, update.update_id)
    if update.my_chat_member is not None:
        return _member(update.my_chat_member)
    if update.message is not None:
        return _said(update.message, update.update_id, me)
    return None


def _place(user: User, chat_id: int, chat_type: str) -> tuple[Sender, str, bool]:
    """Who somebody is where they write, where answers go, and whether others read there.

    In a group a person is somebody else than alone: nothing of the one can be seen in the other.
    """
    if chat_type == ChatType.PRIVATE:
        return Sender(CHANNEL, str(user.id)), str(chat_id), False
    address = f"{chat_id} {user.id}"
    return Sender(CHANNEL, address), address, True


def _said(message: Message, update_id: int, me: User) -> Said | Migrated | None:
    if message.migrate_to_chat_id is not None:
        return Migrated(str(message.chat.id), str(message.migrate_to_chat_id))
    user = message.from_user
    if user is None or user.is_bot or message.chat.type == ChatType.CHANNEL:
        return None
    sender, address, shared = _place(user, message.chat.id, message.chat.type)
    text = message.text if message.text is not None else message.caption
    if text is not None:
        text = text.encode("utf-8", "replace").decode()  # half a character cannot be stored
    if shared:
        addressed, text = _addressed(message, text, me)
        if not addressed:
            return None
    told: dict[str, object] = {
        "sender": sender,
        "key": f"{update_id}.{message.message_id}",
        "address": address,
        "shared": shared,
    }
    if text is not None and (found := _COMMAND.fullmatch(text.strip())):
        name, at, argument = found.groups()
        if at and at.lower() != (me.username or "").lower():
            return None
        inbound = Inbound(**told, text=text, command=name.lower(), argument=argument or "")  # type: ignore[arg-type]
    elif text is not None:
        inbound = Inbound(**told, text=text)  # type: ignore[arg-type]
    elif (media := _media(message)) is not None:
        inbound = Inbound(**told, media=media)  # type: ignore[arg-type]
    else:  # somebody joined, a title was changed, a message was pinned …
        return None
    return Said(inbound, str(message.chat.id))


def _addressed(message: Message, text: str | None, me: User) -> tuple[bool, str | None]:
    """Whether something in a group is meant for us, and what is said without our name."""
    name = f"@{me.username}".lower()
    entities = {**message.parse_entities(), **message.parse_caption_entities()}
    for entity, words in entities.items():
        if entity.type == MessageEntity.MENTION and words.lower() == name:
            return True, (text or "").replace(words, " ", 1).strip()
        if entity.type == MessageEntity.BOT_COMMAND and words.lower().endswith(name):
            return True, text
    before = message.reply_to_message
    return before is not None and before.from_user is not None and before.from_user.id == me.id, text


def _media(message: Message) -> Media | None:
    return next((media for name, media in _MEDIA if getattr(message, name, None)), None)


def _pressed(query: CallbackQuery, update_id: int) -> Pressed | None:
    message = query.message
    if message is None or query.data is None:
        return None
    sender, address, shared = _place(query.from_user, message.chat.id, message.chat.type)
    rating = _RATING.fullmatch(query.data)
    return Pressed(
        query=query.id,
        chat=str(message.chat.id),
        message=message.message_id,
        key=f"{update_id}.{message.message_id}",
        sender=sender,
        address=address,
        shared=shared,
        data=query.data,
        rows=_rows(message),
        token=None if query.data.startswith(OURS) else query.data,
        rating=("up" if rating[1] == "up" else "down", int(rating[2])) if rating else None,
    )


def _rows(message: MaybeInaccessibleMessage) -> Rows:
    """The buttons that are under a message now."""
    keyboard = message.reply_markup if isinstance(message, Message) else None
    if keyboard is None:
        return ()
    return tuple(
        tuple(Button(b.text, b.callback_data if isinstance(b.callback_data, str) else None, b.url) for b in row)
        for row in keyboard.inline_keyboard
    )


def _member(change: ChatMemberUpdated) -> Away | None:
    """Being blocked; a group that we are put out of has nobody of ours as a whole, each finds out by being written to."""
    if change.chat.type != ChatType.PRIVATE:
        return None
    gone = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    return Away(Sender(CHANNEL, str(change.from_user.id))) if gone else None
