"""Numbers in addresses open nothing of somebody else's: neither a colleague's things nor another person's."""

from __future__ import annotations

import re

from sqlalchemy import select

from bot.review.tables import ConversationNote, SavedView
from tests.console.hostile import seed
from tests.console.test_hostile_files import book
from tests.console.uploading import sent

TALK = "/console/conversations/c0ffee00"


async def test_what_a_colleague_keeps_for_themselves_is_not_opened_by_its_number(console, signed_in):
    await seed(console)
    anna, boris = await signed_in("reviewer", "editor", name="王芳"), await signed_in("reviewer", "editor", name="李雷")
    made = await anna.post("/console/conversations/export", data={"per": "message", "form": "csv"})
    export = made.headers["Location"].split("?")[0]
    await anna.post(f"{TALK}/notes", data={"note": "只有我改"})
    await anna.post("/console/conversations/views?day=today", data={"name": "我的"})
    await anna.post("/console/canned", data={"title": "我的", "text": "一句悄悄话", "own": "on"})
    upload = (await sent(anna, "/console/jobs/import", "a.xlsx", book())).headers["Location"].split("?")[0]
    async with console.sessions() as db:
        note, view = await db.scalar(select(ConversationNote.id)), await db.scalar(select(SavedView.id))
    own = re.search(r"/console/canned/(\d+)/drop[^<]+", await (await anna.get("/console/canned")).text())[1]

    tries = {
        ("GET", export): {},
        ("GET", f"{export}/file"): {},
        ("POST", f"{TALK}/notes"): {"do": "edit", "id": str(note), "version": "1", "note": "改了"},
        ("POST", f"{TALK}/notes#2"): {"do": "delete", "id": str(note), "version": "1"},
        ("POST", f"/console/conversations/views/{view}/drop"): {},
        ("POST", "/console/canned"): {"id": own, "title": "x", "text": "y"},
        ("GET", upload): {},
        ("POST", f"{upload}/write"): {},
        ("POST", f"{upload}/give-up"): {},
    }
    told = {}
    for (method, path), data in tries.items():
        answer = await boris.request(method, path.split("#")[0], data=data or None)
        told[method, path] = 404 if "export-gone" in answer.headers.get("Location", "") else answer.status
    assert {key: status for key, status in told.items() if status not in (403, 404, 409, 422)} == {}

    async with console.sessions() as db:
        assert [(n.text, n.deleted_at) for n in await db.scalars(select(ConversationNote))] == [("只有我改", None)]
        assert [v.name for v in await db.scalars(select(SavedView))] == ["我的"]
    assert "一句悄悄话" in await (await anna.get("/console/canned")).text()
    assert "一句悄悄话" not in await (await boris.get("/console/canned")).text()
    assert (await anna.get(upload)).status == 200
