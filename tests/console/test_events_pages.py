"""Staff keep events: add, change, call off; the door lets each ticket in once, typed or on a photo."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta

import pytest
import segno
from PIL import Image
from sqlalchemy import func, select

from bot.clock import SHANGHAI
from bot.conversations.tables import Person
from bot.events.tables import Event, EventReminder, Registration
from bot.people.tables import AuditEntry
from bot.web.keys import EVENTS
from tests.console.uploading import finished, sent

TYPED = {
    "title": "秋季招聘会", "kind": "job_fair", "mode": "offline", "day": "2026-12-05", "starts": "09:00", "last_day": "",
    "ends": "12:00", "district": "平城区", "place": "市人力资源市场", "address": "", "url": "", "capacity": "1", "about": "带简历",
}  # fmt: skip


@pytest.fixture
async def fair(console) -> int:
    """An event that goes on now, with two places of which two people have one."""
    now = console.clock()
    async with console.sessions.begin() as db:
        events = [
            Event(
                title=title, kind="job_fair", mode="offline", starts_at=now - timedelta(minutes=5), source="联盟",
                ends_at=now + timedelta(hours=3), place="体育馆", capacity=2,
            )
            for title in ("冬季招聘会", "别的招聘会")
        ]  # fmt: skip
        people = [Person(code=f"BBBB-000{n}", created_at=now) for n in range(3)]
        db.add_all([*events, *people])
        await db.flush()
        ids = [person.id for person in people]
    for event in events:
        for person in ids:
            await console.app[EVENTS].sign_up(event.id, person, f"k{person}")
    return events[0].id


async def tickets(console, event_id: int) -> list[str]:
    async with console.sessions() as db:
        found = select(Registration.ticket).where(Registration.event_id == event_id).order_by(Registration.id)
        return list(await db.scalars(found))


async def test_an_event_is_added_changed_and_called_off_and_people_are_told(console, signed_in):
    editor = await signed_in("editor", name="王芳")

    done = await editor.post("/console/events/new", data=TYPED)
    place = done.headers["Location"].split("?")[0]
    number = int(place.rsplit("/", 1)[1])
    assert "秋季招聘会" in await (await editor.get("/console/events")).text()
    async with console.sessions.begin() as db:
        people = [Person(code=f"CCCC-000{n}", created_at=console.clock()) for n in range(2)]
        db.add_all(people)
    for person in people:
        await console.app[EVENTS].sign_up(number, person.id, "k")

    assert "event-same" in (await editor.post(f"{place}/change", data=TYPED)).headers["Location"]
    more = {**TYPED, "capacity": "2", "last_day": "2026-12-06"}
    assert "event-moved" in (await editor.post(f"{place}/change", data=more)).headers["Location"]
    fewer = await editor.post(f"{place}/change", data=TYPED)
    assert (fewer.status, "已经给出 2 个名额" in await fewer.text()) == (422, True), "whoever waited has moved up"
    assert "event-called-off" in (await editor.post(f"{place}/call-off")).headers["Location"]
    assert "event-called-off-no" in (await editor.post(f"{place}/call-off")).headers["Location"]

    async with console.sessions() as db:
        event = await db.get(Event, number)
        told = await db.scalar(select(func.count()).where(EventReminder.kind == "cancelled"))
        said = list(await db.scalars(select(AuditEntry.action).where(AuditEntry.who == "王芳").order_by(AuditEntry.id)))
    assert (event.status, event.ends_at) == ("cancelled", datetime(2026, 12, 6, 12, tzinfo=SHANGHAI))
    assert told == 2
    assert said[-3:] == ["event.add", "event.change", "event.call-off"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "！！"), ("kind", "party"), ("mode", ""), ("day", "某天"), ("starts", "25:00"), ("ends", "08:00"),
        ("last_day", "2026-12-04"), ("place", ""), ("url", "javascript:alert(1)"), ("capacity", "-3"), ("district", "北京"),
    ],
)  # fmt: skip
async def test_what_cannot_be_kept_comes_back_as_typed_with_the_reason_beside_it(signed_in, name, value):
    editor = await signed_in("editor")

    answer = await editor.post("/console/events/new", data={**TYPED, name: value})

    text = await answer.text()
    assert answer.status == 422
    assert f'id="{"ends" if name == "last_day" else name}-error"' in text
    assert "市人力资源市场" in text or name == "place"


async def test_a_ticket_opens_the_door_once_and_only_of_its_own_event(console, signed_in, fair):
    editor = await signed_in("editor", name="王芳")
    door = f"/console/events/{fair}/entrance"
    mine, others = await tickets(console, fair), await tickets(console, fair + 1)

    async def tried(ticket: str) -> tuple[int, str]:
        answer = await editor.post(door, data={"ticket": ticket})
        return answer.status, await answer.text()

    assert (await tried(f" {mine[0].lower().replace('-', ' ')} "))[0] == 303
    for ticket, said in (
        (mine[0], "王芳签的"), (others[0], "别的招聘会"), (mine[2], "排队"), ("EVT-22222222", "没有这个签到码"),
        ("", "先输入"), ("<b>x", "没有这个签到码"),
    ):  # fmt: skip
        status, text = await tried(ticket)
        assert (status, said in text, "<b>x" in text) == (422, True, False), ticket

    assert "ticket-out" in (await editor.post(f"{door}/undo", data={"ticket": mine[0]})).headers["Location"]
    assert "ticket-out-no" in (await editor.post(f"{door}/undo", data={"ticket": others[0]})).headers["Location"]
    assert (await tried(mine[0]))[0] == 303


async def test_a_photo_of_a_ticket_opens_the_door_and_what_is_none_is_told(console, signed_in, fair):
    editor = await signed_in("editor")
    door = f"/console/events/{fair}/entrance"
    drawn, shot, blank = io.BytesIO(), io.BytesIO(), io.BytesIO()
    segno.make_qr((await tickets(console, fair))[1]).save(drawn, kind="png", scale=9, border=4)
    wall = Image.new("RGB", (3000, 2200), "#bba")
    wall.paste(Image.open(drawn).convert("RGB").rotate(8, expand=True, fillcolor="white"), (900, 700))
    wall.save(shot, "JPEG", quality=70)
    Image.new("RGB", (300, 300), "white").save(blank, "PNG")

    assert (await sent(editor, door, "IMG_1.jpg", shot.getvalue(), "photo")).status == 303
    for content, said in (
        (blank.getvalue(), "没看到签到码"), (b"GIF89a<script>", "不是能看的照片"), (shot.getvalue()[:500], "不是能看的照片"),
        (b"<svg onload=alert(1)>", "不是能看的照片"),
    ):  # fmt: skip
        answer = await sent(editor, door, "IMG_1.jpg", content, "photo")
        assert (answer.status, said in await answer.text()) == (422, True)


async def test_only_the_door_may_use_the_camera(signed_in, fair):
    editor = await signed_in("editor")

    door, page = await editor.get(f"/console/events/{fair}/entrance"), await editor.get(f"/console/events/{fair}")

    assert "camera=(self)" in door.headers["Permissions-Policy"]
    assert "camera=()" in page.headers["Permissions-Policy"]


async def test_reported_figures_stand_beside_ours_and_the_list_is_taken_along(console, signed_in, fair):
    editor = await signed_in("editor")
    place = f"/console/events/{fair}"

    wrong = await editor.post(f"{place}/figures", data={"came": "很多", "companies": "60"})
    assert (wrong.status, 'value="很多"' in await wrong.text()) == (422, True)
    await editor.post(f"{place}/figures", data={"came": "1200", "companies": "60", "intents": ""})
    text = await (await editor.get(place)).text()
    assert 'value="1200"' in text and "这里数到 0" in text

    listed = await (await editor.get(f"{place}/list")).text()
    taken = await (await editor.get(f"{place}/list.csv")).text()
    for ticket in await tickets(console, fair):
        assert ticket in listed and ticket in taken
    assert taken.count("\r\n") == 4


async def test_events_come_in_from_a_file(console, signed_in):
    editor = await signed_in("editor")
    rows = "活动名称,类型,形式,日期,时间,地点\n春季招聘会,招聘会,线下,2026-12-20,9:00-12:00,体育馆\n坏的,招聘会,线下,某天,9:00-12:00,体育馆\n"

    place = (await sent(editor, "/console/events/import", "活动.csv", rows.encode())).headers["Location"]
    for step in ("试读结果", "导入完成"):
        text = await finished(editor, place)
        assert step in text and "某天" in text
        await editor.post(f"{place}/write")

    assert re.search("春季招聘会", await (await editor.get("/console/events")).text())


async def test_an_event_that_is_not_there_is_nowhere(signed_in):
    editor = await signed_in("editor")

    for path in ("", "/change", "/list", "/list.csv", "/entrance"):
        assert (await editor.get(f"/console/events/999{path}")).status == 404
