"""Keeping the address of whoever writes, in the transaction that stores what they wrote."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Inbound
from bot.outbox import queries
from bot.outbox.addresses import Addresses
from bot.outbox.tables import Address


async def keep_address(
    db: AsyncSession, addresses: Addresses, identity_id: int, inbound: Inbound, now: datetime
) -> None:
    """Keep where somebody is written to; who had left is back. Nothing on a channel without addresses."""
    if inbound.address is None:
        return
    known = await queries.address(db, identity_id)
    if known is None:
        sealed = addresses.seal(identity_id, inbound.address)
        db.add(Address(identity_id=identity_id, sealed=sealed, shared=inbound.shared, at=now))
        await db.flush()
        return
    known.left_at = None
    if addresses.open_(identity_id, known.sealed) != inbound.address:
        known.sealed, known.shared, known.at = addresses.seal(identity_id, inbound.address), inbound.shared, now
