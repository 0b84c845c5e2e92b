"""When what was asked is grouped anew: once a night, by one gateway of all."""

from __future__ import annotations

import uuid
from datetime import time, timedelta

from sqlalchemy.exc import IntegrityError

from bot.clock import SHANGHAI, Clock
from bot.outbox import queries as leases
from bot.outbox.tables import Lease
from bot.store import Sessions

FROM, UNTIL = time(3), time(5)
"""In 大同, when hardly anybody writes."""
_ONCE = timedelta(hours=20)
_NAME = "asked-regroup"


class Nights:
    """Says to one gateway a night that it is time."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def is_due(self) -> bool:
        """Whether to group anew now; True once a night, and to one only."""
        now = self._clock()
        if not FROM <= now.astimezone(SHANGHAI).time() < UNTIL:
            return False
        holder, until = uuid.uuid4().hex, now + _ONCE
        try:
            async with self._sessions.begin() as db:
                if await leases.extend_lease(db, _NAME, holder, now=now, until=until):
                    return True
                if await leases.lease(db, _NAME) is not None:
                    return False
                db.add(Lease(name=_NAME, holder=holder, until=until))
                await db.flush()
                return True
        except IntegrityError:  # another one was the first at the same moment
            return False
