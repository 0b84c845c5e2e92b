"""The worker that sends: claims what is due, hands it to its channel, several people at once, each in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress

from bot.channels.base import Channel, Desk, Gone, Later, Moved, Refused
from bot.outbox import rules
from bot.outbox.service import Claimed, Outbox

logger = logging.getLogger(__name__)

PERIOD = 0.5  # seconds between two looks where nobody wakes it
AT_ONCE = 20  # messages that are being sent at the same time


class Sending:
    """Sends what is due, as long as it runs."""

    def __init__(self, outbox: Outbox, channels: Mapping[str, Channel], desk: Desk) -> None:
        self._outbox, self._channels, self._desk = outbox, channels, desk
        self._awake = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()
        self._stopping = False

    def wake(self) -> None:
        """There is something to send."""
        self._awake.set()

    async def run(self) -> None:
        """Look again and again, until told to stop; what fails is logged and tried again the next time."""
        while not self._stopping:
            self._awake.clear()
            try:
                while not self._stopping and await self._start_next():
                    pass
            except Exception:
                logger.exception("looking for what is to be sent failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), PERIOD)
        if self._under_way:
            await asyncio.wait(self._under_way)

    def stop(self) -> None:
        """Send nothing more; `run` ends when what is under way is out."""
        self._stopping = True
        self.wake()

    async def send_due(self) -> int:
        """Send what is due now and wait for it; how many."""
        sent = 0
        while (claimed := await self._outbox.claim(list(self._channels))) is not None:
            await self.deliver(claimed)
            sent += 1
        return sent

    async def _start_next(self) -> bool:
        await self._room.acquire()
        try:
            claimed = await self._outbox.claim(list(self._channels))
        except BaseException:
            self._room.release()
            raise
        if claimed is None:
            self._room.release()
            return False
        task = asyncio.create_task(self.deliver(claimed))
        self._under_way.add(task)
        task.add_done_callback(self._finished)
        return True

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._room.release()
        self.wake()  # the next one to the same person may go now
        if not task.cancelled() and (error := task.exception()):
            logger.error("a message could not be sent, its claim will run out", exc_info=error)

    async def deliver(self, claimed: Claimed) -> None:
        """Send one message and note what became of it."""
        outbox, where = self._outbox, f"message {claimed.message_id} on {claimed.channel}"

        async def note(ref: str) -> None:
            await outbox.note(claimed, ref)

        try:
            await self._channels[claimed.channel].send(claimed.outgoing, note, self._desk)
        except Later as error:
            logger.info("%s, attempt %s: %s", where, claimed.attempt, error)
            await outbox.put_off(claimed, error.seconds)
        except Gone:
            logger.info("%s: they do not want to be written to", where)
            await outbox.gone(claimed)
        except Moved as error:
            await outbox.moved(claimed.channel, claimed.outgoing.address.partition(" ")[0], error.address)
            await outbox.put_off(claimed, 0)
        except Refused as error:
            logger.error("%s was refused for good: %s", where, error)
            await outbox.refused(claimed, str(error))
        except Exception:
            logger.exception("%s, attempt %s", where, claimed.attempt)
            if claimed.attempt >= rules.FAULTS:
                await outbox.refused(claimed, rules.FAILED)
            else:
                await outbox.put_off(claimed)
        else:
            await outbox.sent(claimed)
