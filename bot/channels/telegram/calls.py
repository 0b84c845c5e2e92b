"""What we ask of Telegram, in our words, and its refusals as the exceptions of the contract."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.base import Document, Gone, Later, Moved, Refused
from bot.channels.telegram.pacing import Pacing
from bot.channels.telegram.rendering import Part, Rows
from bot.channels.telegram.text import escaped, without_marks

logger = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NOBODY = ("chat not found", "user is deactivated", "peer_id_invalid", "group chat was deactivated")
_SAME = "message is not modified"
_MARKS = "can't parse entities"
_TOKEN_WAIT = 300.0  # seconds before a token that was refused is tried again


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    wait = error._retry_after if isinstance(error._retry_after, timedelta) else timedelta(seconds=error.retry_after)
    return wait.total_seconds()


@contextmanager
def translated() -> Iterator[None]:
    """Telegram's refusals as those of the contract."""
    try:
        yield
    except RetryAfter as error:
        raise Later("asked to wait", seconds_of(error)) from error
    except Forbidden as error:
        raise Gone from error
    except ChatMigrated as error:
        raise Moved(str(error.new_chat_id)) from error
    except BadRequest as error:
        if any(words in error.message.lower() for words in _NOBODY):
            raise Gone from error
        raise Refused(error.message.partition(":")[0][:60]) from error
    except InvalidToken as error:
        raise Later("the token was refused", _TOKEN_WAIT) from error
    except Conflict as error:
        raise Later("another program uses the token") from error
    except NetworkError as error:
        raise Later(type(error.__cause__ or error).__name__) from error
    except TelegramError as error:
        raise Refused(type(error).__name__) from error


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """Buttons as Telegram takes them."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.label, callback_data=b.data, url=b.url) for b in row] for row in rows]
    )


class Calls:
    """One method for each thing we ask; each keeps the pace."""

    def __init__(self, bot: Bot, pacing: Pacing) -> None:
        self._bot, self._pacing = bot, pacing

    def keep_pace(self, pacing: Pacing) -> None:
        """Ask at another pace from now on."""
        self._pacing = pacing

    async def post(self, chat: str, part: Part, *, answers: int | None = None) -> str:
        """Show a text; what Telegram calls it. Marks that it does not take are left out."""
        quoting = ReplyParameters(answers, allow_sending_without_reply=True) if answers else None

        async def send(text: str, parse_mode: str | None) -> str:
            message = await self._bot.send_message(
                int(chat),
                text,
                parse_mode=parse_mode,
                reply_markup=markup(part.rows),
                link_preview_options=_NO_PREVIEW,
                reply_parameters=quoting,
            )
            return str(message.message_id)

        return await self._with_marks(chat, part.html, send)

    async def change(self, chat: str, message: str, part: Part) -> bool:
        """Put a text in the place of another; False where that one can no longer be changed."""

        async def edit(text: str, parse_mode: str | None) -> bool:
            await self._bot.edit_message_text(
                text,
                int(chat),
                int(message),
                parse_mode=parse_mode,
                reply_markup=markup(part.rows),
                link_preview_options=_NO_PREVIEW,
            )
            return True

        try:
            return await self._with_marks(chat, part.html, edit)
        except Refused as error:
            cause = error.__cause__
            return isinstance(cause, BadRequest) and _SAME in cause.message.lower()

    async def _with_marks[T](self, chat: str, html: str, call: Callable[[str, str | None], Awaitable[T]]) -> T:
        await self._pacing.turn(chat)
        with translated():
            try:
                return await call(html, ParseMode.HTML)
            except BadRequest as error:
                if _MARKS not in error.message.lower():
                    raise
        logger.error("Telegram did not take the marks of a message: sent without them")
        await self._pacing.turn(chat)
        with translated():
            return await call(without_marks(html), None)

    async def buttons(self, chat: str, message: int, rows: Rows) -> None:
        """Change the buttons under a message; it does not matter where that fails."""
        await self._pacing.turn(chat)
        try:
            await self._bot.edit_message_reply_markup(int(chat), message, reply_markup=markup(rows))
        except TelegramError as error:
            logger.info("buttons stay as they are: %s", type(error).__name__)

    async def file(self, chat: str, document: Document, caption: str) -> str:
        """Send a file, or a picture; what Telegram calls it."""
        await self._pacing.turn(chat)
        content = InputFile(document.content, filename=document.name)
        with translated():
            if document.picture:
                sent = await self._bot.send_photo(int(chat), content, caption=caption[:1024])
            else:
                sent = await self._bot.send_document(int(chat), content, caption=caption[:1024])
        return str(sent.message_id)

    async def answer(self, query: str, words: str | None = None) -> None:
        """End the waiting of a button that was pressed; one that is too old waits no more."""
        try:
            await self._bot.answer_callback_query(query, text=words[:200] if words else None)
        except TelegramError as error:
            logger.info("a press was not answered: %s", type(error).__name__)

    async def tell(self, chat: str, words: str) -> None:
        """Say something that is in no record, such as why a message was not taken; it is not tried twice."""
        try:
            await self.post(chat, Part(escaped(words)))
        except (Later, Gone, Moved, Refused) as error:
            logger.info("a word to somebody was not taken: %s", type(error).__name__)

    async def typing(self, chat: str) -> None:
        """Show that we are at it."""
        try:
            await self._bot.send_chat_action(int(chat), ChatAction.TYPING)
        except TelegramError as error:
            logger.debug("not shown as typing: %s", type(error).__name__)
