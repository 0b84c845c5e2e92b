"""A session as a calendar entry (RFC 5545, sent as RFC 5546 has it): nothing in it tells who comes, or about what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vText

from bot.clock import SHANGHAI
from bot.guidance.views import BookingView

_ZONE = "Asia/Shanghai"
_DESK = uuid5(NAMESPACE_URL, "duihua-qingchun/guidance")
_NAME = "大同青年就业创业联盟"


def uid(booking: BookingView) -> str:
    """What calendars know a session by, however often it is moved."""
    return f"{uuid5(_DESK, booking.number)}@guidance.duihua"


def ics(booking: BookingView) -> bytes:
    """A REQUEST for a session that is booked, a CANCEL for one that was. Raises ValueError for one that is only held.

    The same booking gives the same bytes: DTSTAMP is when it was last changed.
    """
    if booking.state in ("held", "expired"):
        raise ValueError(f"booking {booking.id} is not confirmed")
    cancelled = booking.state == "cancelled"
    calendar = Calendar()
    calendar.add("prodid", "-//duihua-qingchun//guidance//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    calendar.add_component(_shanghai())
    event = Event()
    event.add("uid", uid(booking))
    event.add("sequence", booking.sequence)
    event.add("dtstamp", booking.changed_at.astimezone(UTC))
    event.add("last-modified", booking.changed_at.astimezone(UTC))
    for name, moment in (("dtstart", booking.starts_at), ("dtend", booking.ends_at)):
        event.add(name, moment.astimezone(SHANGHAI))
    event.add("summary", f"一对一指导（{booking.adviser.name}，{booking.mode}）")
    event.add("description", _description(booking))
    event.add("location", (booking.adviser.base or booking.mode) if booking.mode == "线下" else booking.mode)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", _party(str(_DESK), _NAME), encode=False)
    # RFC 5546 wants an attendee. Who it is nobody reads out of this address; it is the booking's own.
    attendee = _party(str(uuid5(_DESK, f"{booking.number}/attendee")), "预约人")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return calendar.to_ical()


def _description(booking: BookingView) -> str:
    if booking.state == "cancelled":
        return f"预约编号 {booking.number}，已取消。"
    return f"预约编号 {booking.number}。改时间或取消，请回到“对话青春”里说一声。"


def _party(urn: str, name: str) -> vCalAddress:
    party = vCalAddress(f"urn:uuid:{urn}")
    party.params["CN"] = vText(name)
    return party


def _shanghai() -> Timezone:
    """The zone as it has been since 1991: eight hours ahead, no summer time."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1991, 9, 15))  # noqa: DTZ001 - RFC 5545 has local time here
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone = Timezone()
    zone.add("tzid", _ZONE)
    zone.add_component(standard)
    return zone
