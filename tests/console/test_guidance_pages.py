"""Staff keep advisers and sessions; an adviser sees and changes their own sessions and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.conversations.tables import Person
from bot.guidance.roster_cells import hours_in
from bot.guidance.tables import Adviser, AdviserHours, Booking, GuidanceReminder
from bot.guidance.views import Wanted
from bot.people.tables import AuditEntry
from bot.web.keys import GUIDANCE
from tests.console.uploading import finished, sent
from tests.guidance.guidance_setup import EVERY_DAY, at

TYPED = {
    "name": "赵老师", "full_name": "赵敏", "topics": "简历、面试", "modes": "线下、电话", "base": "联盟中心", "at_once": "1",
    "session_minutes": "45", "hours": "周一至周五 9:00-12:00", "note": "", "active": "on",
}  # fmt: skip


@dataclass
class Booked:
    """Two advisers with a session each on Wednesday."""

    advisers: list[int]
    bookings: list[int]

    def place(self, which: int) -> str:
        return f"/console/guidance/sessions/{self.bookings[which]}"


@pytest.fixture
async def booked(console) -> Booked:
    desk = console.app[GUIDANCE]
    async with console.sessions.begin() as db:
        people = [Person(code=f"DDDD-000{n}", created_at=console.clock()) for n in range(2)]
        advisers = [
            Adviser(
                name=name, topics=["简历"], modes=["线下", "电话"], base="联盟中心",
                hours=[AdviserHours(weekday=d, start_minute=s, end_minute=e) for d, s, e in hours_in(EVERY_DAY)],
            )
            for name in ("张老师", "李老师")
        ]  # fmt: skip
        db.add_all([*people, *advisers])
    found = Booked([one.id for one in advisers], [])
    for person, adviser, asked in zip(people, advisers, ("怎么写<b>简历</b>", None), strict=True):
        slot = await desk.check(Wanted(adviser_id=adviser.id), at(25, 9))
        held = await desk.hold(person.id, slot, mode="线下", topic="简历", key="k")
        await desk.set_contact(person.id, held.id, "微信 xiaoming-2026")
        found.bookings.append((await desk.confirm(person.id, held.id, "k")).id)
        async with console.sessions.begin() as db:
            (await db.get(Booking, held.id)).asked = asked
    return found


async def state_of(console, number: int) -> Booking:
    async with console.sessions() as db:
        return await db.get(Booking, number)


async def told(console, kind: str) -> int:
    async with console.sessions() as db:
        return await db.scalar(select(func.count()).where(GuidanceReminder.kind == kind))


async def test_an_adviser_sees_their_own_week_and_no_session_of_another(console, signed_in, booked):
    mine = await signed_in("adviser", adviser_id=booked.advisers[0])
    nobody = await signed_in("adviser")

    text = await (await mine.get(f"/console/guidance?day=2026-11-25&adviser={booked.advisers[1]}")).text()
    assert "张老师" in text and "李老师" not in text and "DDDD-0001" not in text
    assert "还没有对应到老师" in await (await nobody.get("/console/guidance?day=2026-11-25")).text()
    assert (await mine.get(booked.place(0))).status == 200
    for client, which in ((mine, 1), (nobody, 0), (nobody, 1)):
        assert (await client.get(booked.place(which))).status == 404
        for path in ("brief", "contact", "move", "call-off", "no-show", "outcome"):
            done = await client.post(f"{booked.place(which)}/{path}", data={"reason": "想看一看", "done_what": "x"})
            assert done.status == 404, path
    assert (await mine.get(f"/console/guidance/advisers/{booked.advisers[0]}")).status == 403
    to = f"{booked.advisers[1]}@{at(25, 14).isoformat()}"
    assert "session-no" in (await mine.post(f"{booked.place(0)}/move", data={"to": to})).headers["Location"]
    assert (await state_of(console, booked.bookings[0])).adviser_id == booked.advisers[0]


async def test_a_session_is_moved_to_a_free_place_and_called_off_and_its_person_is_told(console, signed_in, booked):
    mine = await signed_in("adviser", adviser_id=booked.advisers[0])
    place = booked.place(0)
    to = f"{booked.advisers[0]}@{at(26, 14).isoformat()}"
    assert to in await (await mine.get(f"{place}?day=2026-11-26")).text()

    assert "session-moved" in (await mine.post(f"{place}/move", data={"to": to})).headers["Location"]
    assert (await state_of(console, booked.bookings[0])).starts_at == at(26, 14)
    assert await told(console, "moved") == 1
    for wrong in (
        "",
        "x@y",
        "1",
        f"{booked.advisers[0]}@2026-11-26T03:00:00",
        f"{booked.advisers[0]}@{at(26, 3).isoformat()}",
    ):
        assert "session-no" in (await mine.post(f"{place}/move", data={"to": wrong})).headers["Location"], wrong

    assert "session-called-off" in (await mine.post(f"{place}/call-off")).headers["Location"]
    assert "session-no" in (await mine.post(f"{place}/call-off")).headers["Location"]
    assert (await state_of(console, booked.bookings[0])).state == "cancelled"
    assert await told(console, "cancelled_by_adviser") == 1


async def test_what_came_of_a_session_is_put_down_once_it_has_begun(console, signed_in, booked):
    mine = await signed_in("adviser", adviser_id=booked.advisers[0], name="张三")
    place = booked.place(0)
    assert "session-no" in (await mine.post(f"{place}/no-show")).headers["Location"]
    console.clock.pass_(days=1)
    mine = await signed_in("adviser", "editor", name="李四")

    empty = await mine.post(f"{place}/outcome", data={"done_what": "", "advice": "<i>多投</i>"})
    assert (empty.status, "&lt;i&gt;多投" in await empty.text()) == (422, True)
    assert "session-no-show" in (await mine.post(f"{place}/no-show")).headers["Location"]
    typed = {"done_what": "改了简历，电话 13800138000", "advice": "多投", "follow_up": ""}
    assert "session-outcome" in (await mine.post(f"{place}/outcome", data=typed)).headers["Location"]

    text = await (await mine.get(place)).text()
    assert "改了简历" in text and "13800138000" not in text
    assert (await state_of(console, booked.bookings[0])).state == "done"


async def test_the_brief_and_the_contact_are_read_for_a_reason_and_put_down(console, signed_in, booked):
    mine = await signed_in("adviser", adviser_id=booked.advisers[0], name="张三")
    place = booked.place(0)
    assert "xiaoming" not in await (await mine.get(place)).text()

    brief = await (await mine.post(f"{place}/brief")).text()
    assert "怎么写&lt;b&gt;简历" in brief and "没有同意" in brief
    short = await mine.post(f"{place}/contact", data={"reason": "看"})
    assert (short.status, "xiaoming" in await short.text()) == (422, False)
    assert "xiaoming-2026" in await (await mine.post(f"{place}/contact", data={"reason": "改时间要打电话"})).text()

    async with console.sessions() as db:
        said = [(e.action, e.details) for e in await db.scalars(select(AuditEntry).where(AuditEntry.who == "张三"))]
    assert ("session.contact", {"reason": "改时间要打电话"}) in said
    assert "session.brief" in dict(said)
    assert "xiaoming" not in str(said)


async def test_an_adviser_is_added_changed_and_what_is_wrong_stands_beside_the_field(console, signed_in, booked):
    editor = await signed_in("editor")

    done = await editor.post("/console/guidance/advisers/new", data=TYPED)
    place = done.headers["Location"].split("?")[0]
    same = {**TYPED, "hours": "周一至周五 9:00-12:00"}
    assert "adviser-same" in (await editor.post(place, data=same)).headers["Location"]
    assert "adviser-saved" in (await editor.post(place, data={**same, "hours": "周二 14:00-17:00"})).headers["Location"]
    wrong = {
        **TYPED,
        "name": "张老师",
        "full_name": "",
        "topics": "",
        "modes": "飞鸽",
        "hours": "随缘",
        "session_minutes": "7",
    }
    for data, names in (
        (wrong, ("topics", "modes", "hours", "session_minutes")),
        ({**TYPED, "name": "张老师"}, ("name",)),
    ):
        answer = await editor.post(place, data=data)
        text = await answer.text()
        assert answer.status == 422
        assert all(f'id="{name}-error"' in text for name in names)
    assert "周二 14:00-17:00" in await (await editor.get("/console/guidance/advisers")).text()


async def test_a_leave_shows_what_it_calls_off_before_it_does(console, signed_in, booked):
    editor = await signed_in("editor")
    place = f"/console/guidance/advisers/{booked.advisers[0]}"
    span = {"starts": "2026-11-25T08:00", "ends": "2026-11-25T18:00"}

    asked = await editor.post(f"{place}/leave", data=span)
    assert (asked.status, "会取消 1 个预约" in await asked.text(), booked.place(0) in await asked.text()) == (
        409,
        True,
        True,
    )
    assert (await state_of(console, booked.bookings[0])).state == "booked"
    assert "leave-added" in (await editor.post(f"{place}/leave", data={**span, "sure": "1"})).headers["Location"]
    assert (await state_of(console, booked.bookings[0])).state == "cancelled"
    assert (await state_of(console, booked.bookings[1])).state == "booked"
    assert await told(console, "cancelled_by_adviser") == 1
    assert "请假" in await (await editor.get("/console/guidance?day=2026-11-25")).text()

    other = f"/console/guidance/advisers/{booked.advisers[1]}"
    assert "adviser-gone" in (await editor.post(f"{other}/leave/remove", data={"id": "1"})).headers["Location"]
    assert "leave-removed" in (await editor.post(f"{place}/leave/remove", data={"id": "1"})).headers["Location"]
    for data in ({}, {"starts": "x", "ends": "y"}, {"starts": span["ends"], "ends": span["starts"]}):
        assert (await editor.post(f"{place}/leave", data=data)).status == 422


async def test_hours_are_added_to_one_day_a_weekend_too(console, signed_in, booked):
    editor = await signed_in("editor")
    place = f"/console/guidance/advisers/{booked.advisers[0]}"
    saturday = {"day": "2026-11-28", "from": "09:00", "to": "10:00"}

    assert (await editor.post(f"{place}/extra", data={**saturday, "to": "09:00"})).status == 422
    assert "extra-added" in (await editor.post(f"{place}/extra", data=saturday)).headers["Location"]
    slots = await console.app[GUIDANCE].free_slots(Wanted(), at(28, 9).date())
    assert [slot.starts_at for slot in slots] == [at(28, 9)]
    assert "extra-removed" in (await editor.post(f"{place}/extra/remove", data={"id": "1"})).headers["Location"]
    assert await console.app[GUIDANCE].free_slots(Wanted(), at(28, 9).date()) == ()


async def test_a_roster_comes_in_from_a_file_and_is_taken_back(console, signed_in):
    editor = await signed_in("editor")
    rows = "姓名,擅长方向,方式,时段\n周明,简历,线下,周一 9:00-12:00\n坏的,简历,飞鸽,周一 9:00-12:00\n"

    place = (await sent(editor, "/console/guidance/advisers/import", "老师.csv", rows.encode())).headers["Location"]
    assert "飞鸽" in await finished(editor, place)
    await editor.post(f"{place}/write")
    assert "导入完成" in await finished(editor, place)
    assert "周老师" in await (await editor.get("/console/guidance/advisers")).text()

    assert (await editor.post("/console/guidance/advisers/import/batches/1/undo")).status == 303
    assert (await editor.post("/console/guidance/advisers/import/batches/1/undo")).status == 409
    assert "周老师" not in await (await editor.get("/console/guidance/advisers")).text()


async def test_a_week_asks_the_database_no_more_often_for_many_sessions(console, signed_in, booked, statements):
    editor = await signed_in("editor")
    with statements() as few:
        await editor.get("/console/guidance?day=2026-11-25")
    async with console.sessions.begin() as db:
        person = await db.scalar(select(Person.id))
        for n in range(60):
            start = at(23, 9) + timedelta(minutes=n)
            db.add(
                Booking(
                    number=f"N{n:05}", person_id=person, adviser_id=booked.advisers[0], place=1, starts_at=start,
                    ends_at=start + timedelta(minutes=1), free_at=start + timedelta(minutes=1), mode="线下", topic="简历",
                    state="done", created_at=start, changed_at=start,
                )
            )  # fmt: skip

    with statements() as many:
        text = await (await editor.get("/console/guidance?day=2026-11-25")).text()

    assert text.count("/console/guidance/sessions/") == 62
    assert len(many) <= len(few) + 2
