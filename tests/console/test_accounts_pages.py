"""Admins keep accounts by the pages; the log tells of it; what did not arrive is tried again."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import quote

import pytest
from aiohttp import ClientPayloadError
from sqlalchemy import text

from bot.channels.base import Inbound, Sender
from bot.conversations import queries
from bot.conversations.senders import digest
from bot.conversations.service import Conversations
from bot.conversations.telling import Telling
from bot.outbox.addresses import Addresses
from bot.people.auditing import Search
from bot.reply import Reply
from bot.web.console.access import ACCOUNTS, AUDIT
from bot.web.keys import HTTP
from tests.console.conftest import PASSWORD

NASTY = "<script>alert(1)</script>\"'&"


async def logged(console, action: str) -> list[tuple[str, str, dict]]:
    found = await console.app[AUDIT].find(Search(action=action))
    return [(entry.who, entry.target, entry.details) for entry in found.entries]


async def test_an_admin_adds_an_account_whose_password_is_shown_once(console, signed_in, another):
    admin = await signed_in("admin", name="王芳")

    made = await admin.post("/console/accounts/new", data={"name": "李雷", "role": ["editor", "host"], "adviser": ""})
    shown = await made.text()
    password = re.search(r'class="secret mono">([a-z0-9-]+)<', shown)[1]
    number = (await console.app[ACCOUNTS].named("李雷")).id

    assert made.status == 200
    assert password not in await (await admin.get(f"/console/accounts/{number}")).text()
    assert (await another().sign_in("李雷", password)).status == 303
    assert await logged(console, "account.add") == [
        ("王芳", "李雷", {"roles": ["editor", "host"], "adviser": None}),
    ]  # fmt: skip


async def test_a_form_that_failed_comes_back_as_typed_with_the_reason_beside_the_field(console, signed_in):
    admin = await signed_in("admin", name="王芳")

    for sent, field, said in (
        ({"name": "王芳", "role": "host"}, "name", "已经有账号了"),
        ({"name": NASTY, "role": "host"}, "name", "名字要 1 到 20 个字"),
        ({"name": "李雷"}, "role", "至少选一个角色"),
        ({"name": "李雷", "role": "king"}, "role", "至少选一个角色"),
        ({"name": "李雷", "role": "adviser", "adviser": "77"}, "adviser", "没有这位指导老师"),
    ):
        answer = await admin.post("/console/accounts/new", data=sent)
        page = await answer.text()

        assert answer.status == 422
        assert re.search(rf'id="{field}-error">[^<]*{said}', page), said
        assert "<script>alert" not in page
        assert f'value="{sent["name"]}"' in page or sent["name"] == NASTY
    assert len(await console.app[ACCOUNTS].all()) == 1


async def test_an_admin_changes_roles_resets_closes_and_opens_and_each_signs_out(console, signed_in, another):
    admin, editor = await signed_in("admin", name="王芳"), await signed_in("editor", name="李雷")
    place = f"/console/accounts/{editor.staff.id}"

    await admin.post(f"{place}/roles", data={"role": "host", "adviser": ""})
    assert (await editor.get("/console")).status == 303, "signed out"
    await editor.sign_in("李雷")
    assert (await editor.get("/console/status")).status == 403, "a host now"
    reset = await (await admin.post(f"{place}/reset", data={"totp": "on"})).text()
    assert (await editor.get("/console")).status == 303
    await admin.post(f"{place}/disable")
    assert (await another().sign_in("李雷")).status == 422
    await admin.post(f"{place}/enable")
    password = re.search(r'class="secret mono">([a-z0-9-]+)<', reset)[1]
    assert (await another().sign_in("李雷", password)).status == 303
    await admin.post(f"{place}/sign-out")

    assert [who for who, *_ in await logged(console, "account")] == ["王芳"] * 4
    assert await logged(console, "account.roles") == [("王芳", "李雷", {"before": ["editor"], "after": ["host"]})]
    assert (await logged(console, "session.end-all"))[0][1:] == ("李雷", {"ended": 1})


async def test_the_last_admin_cannot_close_themselves_in_any_way(console, signed_in):
    admin = await signed_in("admin", name="王芳")
    place = f"/console/accounts/{admin.staff.id}"

    for path, data in ((f"{place}/disable", {}), (f"{place}/roles", {"role": "host"})):
        answer = await admin.post(path, data=data)
        assert answer.headers["Location"].endswith("notice=account-oneself")

    assert (await admin.get("/console/accounts")).status == 200
    assert (await admin.get("/console/accounts/99999")).status == 404


async def test_the_log_is_searched_by_page_and_a_date_that_is_none_is_told(console, signed_in):
    admin = await signed_in("admin", name="王芳")
    for n in range(55):
        await console.app[AUDIT].write("job.import", f"batch {n}", who="李雷", details={"rows": n})

    first = await (await admin.get("/console/audit?who=李雷")).text()
    second = await (await admin.get("/console/audit?who=李雷&page=2")).text()
    bad = await admin.get("/console/audit?since=gestern")

    assert ("batch 54" in first, "batch 4<" in first, "共 55 条，第 1 / 2 页" in first) == (True, False, True)
    assert ("batch 54" in second, "batch 4<" in second) == (False, True)
    assert re.search(r'rel="next"[^>]*href="/console/audit\?who=[^"]*&amp;page=2"', first)
    assert (bad.status, "日期要像 2026-11-24 这样写" in await bad.text()) == (422, True)
    for query in ("page=0", "page=-1", "page=9999999", "page=x", "who=%00", f"who={NASTY}&target={NASTY}&action=x"):
        answer = await admin.get(f"/console/audit?{query}")
        assert answer.status == 200, query
        assert "<script>alert" not in await answer.text()


async def test_nothing_that_somebody_wrote_becomes_part_of_a_page(console, signed_in):
    admin = await signed_in("admin", name="王芳")
    await console.app[AUDIT].write(NASTY, NASTY, who=NASTY, address=NASTY, details={NASTY: NASTY, "roles": [NASTY]})

    for path in ("/console/audit", f"/console/audit?who={quote(NASTY)}", f"/console/login?next={quote(NASTY)}"):
        page = await (await admin.get(path)).text()
        assert "<script>alert" not in page and "\"'&" not in page
    assert "&lt;script&gt;" in await (await admin.get("/console/audit")).text()
    for path in (f"/console/me?notice={quote(NASTY)}", f"/console/{quote(NASTY)}"):
        assert "alert(1)" not in await (await admin.get(path)).text()


async def test_details_are_told_in_words(console, signed_in):
    admin = await signed_in("admin", name="王芳")
    said = {"before": ["host"], "after": ["editor", "admin"], "totp": True, "adviser": None, "neu": 3}
    await console.app[AUDIT].write("account.roles", "李雷", who="王芳", details=said)

    page = await (await admin.get("/console/audit")).text()

    assert "原来：主持人；现在：编辑、管理员；连两步验证：是；neu：3" in page
    assert "改角色" in page


async def test_the_log_as_csv_has_all_that_was_found_and_no_formula(console, signed_in):
    admin = await signed_in("admin", name="王芳")
    for who in ("=1+1", "+1", "-1", "@a", '"王",\n芳'):
        await console.app[AUDIT].write("x", who, who=who, details={"name": "=HYPERLINK(0)"})

    answer = await admin.get("/console/audit.csv?action=x")
    raw = await answer.read()
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))

    assert raw.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert [row[2] for row in rows[1:]] == ['"王",\n芳', "'@a", "'-1", "'+1", "'=1+1"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert await logged(console, "audit.export") == [("王芳", "", {"action": "x"})]


async def test_a_download_that_breaks_off_is_seen_to_be_broken(console, signed_in, monkeypatch):
    admin = await signed_in("admin", name="王芳")
    find = console.app[AUDIT].find
    first = (await find(Search())).entries[0]

    async def broken(_search):
        yield first
        raise RuntimeError("the database went away")

    monkeypatch.setattr(console.app[AUDIT], "stream", broken)

    with pytest.raises(ClientPayloadError):
        await admin.get("/console/audit.csv")


async def test_signing_in_and_failing_to_are_in_the_log_without_what_was_typed(console, signed_in, anybody):
    await signed_in("admin", name="王芳")
    await anybody.sign_in("geheim-geheim", "falsch-falsch")

    assert (await logged(console, "sign-in"))[-1] == ("王芳", "王芳", {})
    await anybody.sign_in("王芳", "falsch-falsch")
    assert await logged(console, "sign-in.refused") == [("", "王芳", {}), ("", "", {})]
    for _ in range(40):
        await anybody.sign_in("王芳", "falsch-falsch")
    assert len(await logged(console, "sign-in.refused")) < 10, "who waits fills no log"


async def a_dead_letter(console) -> int:
    app, sealing = console.app, Addresses(console.settings.contact_secret)
    inbox = Conversations(console.sessions, console.clock, None, hold_after=5, message_limit=100, addresses=sealing)
    sender = Sender("telegram", "4711")
    assert HTTP in app
    await inbox.receive(Inbound(sender, "k", "你好", address="4711"))
    async with console.sessions() as db:
        identity = await queries.identity(db, "telegram", digest(sender))
    await Telling(console.sessions, console.clock).tell_identity(identity.id, Reply(paragraphs=("别的人的话",)), "key")
    async with console.sessions.begin() as db:
        await db.execute(text("UPDATE delivery SET state = 'dead', reason = 'we failed', attempts = 5"))
        return await db.scalar(text("SELECT message_id FROM delivery"))


async def test_what_did_not_arrive_is_listed_without_its_words_tried_again_and_given_up(console, signed_in):
    admin = await signed_in("admin", name="王芳")
    assert "都发出去了" in await (await admin.get("/console/letters")).text()
    number = await a_dead_letter(console)

    assert "条消息没发出去" in await (await admin.get("/console")).text()
    page = await (await admin.get("/console/letters")).text()
    assert "发送时一再出错" in page and "别的人的话" not in page and "4711" not in page
    again = await admin.post(f"/console/letters/{number}/retry")
    assert again.headers["Location"].endswith("notice=letter-retried")
    twice = await admin.post(f"/console/letters/{number}/retry")
    assert twice.headers["Location"].endswith("notice=letter-not-so")
    await admin.post(f"/console/letters/{number}/give-up")

    assert "都发出去了" in await (await admin.get("/console/letters")).text()
    assert "条消息没发出去" not in await (await admin.get("/console")).text()
    assert [entry[1] for entry in await logged(console, "letter")] == [f"message {number}"] * 2


async def test_the_status_page_says_what_answers_and_what_does_not(console, signed_in):
    admin = await signed_in("admin", name="王芳")

    page = await (await admin.get("/console/status")).text()

    assert "对话引擎" in page and "正常" in page
    assert "今天还没有人来问" in page


async def test_the_old_key_opens_nothing(console, anybody):
    for path in ("/console?key=x", "/console/status?key=x"):
        assert (await anybody.get(path, headers={"Cookie": "duihua_console=x"})).status == 303
    assert PASSWORD not in await (await anybody.get("/console/login?key=x")).text()


async def test_the_lists_ask_no_more_of_the_database_for_many_rows_than_for_few(console, signed_in, statements):
    admin = await signed_in("admin", name="王芳")

    async def asked(path: str, of: str) -> int:
        with statements() as said:
            await admin.get(path)
        return sum(f"FROM {of}" in one for one in said)

    lists = [("/console/accounts", "account"), ("/console/audit", "audit_entry")]
    few = [await asked(*one) for one in lists]
    for n in range(12):
        await console.account("editor", "host", name=f"人{n}")
        await console.app[AUDIT].write("x", "y", who=f"人{n}")

    assert [await asked(*one) for one in lists] == few
    assert all(0 < n <= 6 for n in few), few
