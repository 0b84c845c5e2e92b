"""Signing in by name and password, with a code, and what holds strangers off."""

from __future__ import annotations

import re

import pyotp
import pytest

from bot.people.rules import Role
from bot.web.console.access import ACCOUNTS, PEOPLE
from tests.console.conftest import PASSWORD

NAME = "duihua-staff"


async def test_name_and_password_open_the_page_that_was_wanted(console, anybody):
    await console.account("reviewer", name="王芳")

    sent = await anybody.get("/console/me")
    assert sent.status == 303
    assert sent.headers["Location"] == "/console/login?next=/console/me"
    done = await anybody.sign_in("王芳", next="/console/me")

    assert (done.status, done.headers["Location"]) == (303, "/console/me")
    me = await anybody.get("/console/me")
    assert me.status == 200
    assert "王芳" in await me.text()
    assert me.headers["Cache-Control"] == "no-store"


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(console, anybody):
    await console.account("reviewer", name="王芳")

    wrong = await anybody.sign_in("王芳", "不是这个密码呀")
    unknown = await anybody.sign_in("李雷", PASSWORD)

    assert (wrong.status, unknown.status) == (422, 422)
    assert (await wrong.text()).replace("王芳", "") == (await unknown.text()).replace("李雷", "")
    assert anybody.token == ""


async def test_a_session_that_somebody_else_put_into_the_browser_is_worth_nothing(console, another):
    await console.account("admin", name="王芳")
    await console.account("host", name="坏人")
    bad, good = another(), another()
    await bad.sign_in("坏人")
    planted = bad.token
    await good.get("/console/login", headers={"Cookie": f"{NAME}={planted}"})

    await good.request(
        "POST", "/console/login", headers={"Cookie": f"{NAME}={planted}"}, data={"name": "王芳", "password": PASSWORD}
    )

    assert good.token not in ("", planted)
    assert (await bad.get("/console/me")).status == 303, "the one of before has ended"
    assert "王芳" in await (await good.get("/console/me")).text()


async def test_a_made_up_session_is_nobody_s(console, anybody):
    for value in ("x", "0" * 43, "'; DROP TABLE account", "é"):
        assert (await anybody.get("/console/me", headers={"Cookie": f"{NAME}={value}"})).status == 303


async def test_the_cookie_is_kept_from_scripts_and_from_other_sites(console, anybody):
    await console.account("admin", name="王芳")

    cookie = (await anybody.sign_in("王芳")).headers["Set-Cookie"]

    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Max-Age" not in cookie and "expires" not in cookie.lower()


@pytest.mark.parametrize("options", [{"public_url": "https://duihua.example"}])
async def test_over_https_the_cookie_travels_over_https_only_and_belongs_to_this_host(console, anybody):
    await console.account("admin", name="王芳")

    done = await anybody.request(
        "POST", "/console/login", headers={"Sec-Fetch-Site": None, "Origin": "https://duihua.example"},
        data={"name": "王芳", "password": PASSWORD},
    )  # fmt: skip

    assert done.status == 303
    assert done.headers["Set-Cookie"].startswith("__Host-duihua-staff=")
    assert "Secure" in done.headers["Set-Cookie"] and "Domain" not in done.headers["Set-Cookie"]


async def test_after_wrong_tries_the_page_says_how_long_to_wait(console, anybody):
    await console.account("admin", name="王芳")
    for _ in range(5):
        await anybody.sign_in("王芳", "falsch-falsch")

    held = await anybody.sign_in("王芳")

    assert held.status == 429
    assert "请等 30 秒再试" in await held.text()
    console.clock.pass_(seconds=31)
    assert (await anybody.sign_in("王芳")).status == 303


async def test_a_password_that_was_given_is_changed_before_anything_else(console, anybody):
    _, made = await console.app[ACCOUNTS].add("王芳", [Role.ADMIN], by="测试")

    await anybody.sign_in("王芳", made)

    for path in ("/console", "/console/accounts", "/console/me", "/console/audit.csv"):
        answer = await anybody.get(path)
        assert (answer.status, answer.headers["Location"]) == (303, "/console/me/password"), path
    before = anybody.token
    fields = {"old": made, "new": PASSWORD, "again": PASSWORD}
    for bad, said in (
        ({"again": "anders-anders"}, "两次输的不一样"), ({"new": "kurz", "again": "kurz"}, "至少 10 个字符"),
        ({"old": "falsch-falsch"}, "现在的密码不对"),
    ):  # fmt: skip
        answer = await anybody.post("/console/me/password", data=fields | bad)
        text = await answer.text()
        assert (answer.status, said in text, PASSWORD in text) == (422, True, False)
    done = await anybody.post("/console/me/password", data=fields)

    assert done.status == 303
    assert anybody.token != before
    assert (await anybody.get("/console/accounts")).status == 200


async def test_the_second_step_is_turned_on_by_a_picture_and_asked_for_at_the_next_sign_in(console, signed_in, another):
    client = await signed_in("editor", name="王芳")
    page = await (await client.get("/console/me/totp")).text()
    assert 'src="data:image/svg+xml' in page
    secret = re.search(r'class="mono">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    totp = pyotp.TOTP(secret)

    assert (await client.post("/console/me/totp", data={"code": "000000"})).status in (422, 200)
    on = await client.post("/console/me/totp", data={"code": totp.at(console.clock())})
    codes = re.findall(r"<li>([0-9a-f]{6}-[0-9a-f]{6})</li>", await on.text())
    assert len(codes) == 10
    assert codes[0] not in await (await client.get("/console/me")).text()

    phone = another()
    half = await phone.sign_in("王芳", next="/console/me")
    assert half.headers["Location"].startswith("/console/login/code?next=")
    assert (await phone.get("/console/me")).status == 303, "not in yet"
    replayed = await phone.post("/console/login/code", data={"code": totp.at(console.clock()), "next": "/console/me"})
    assert (replayed.status, "已经用过了" in await replayed.text()) == (422, True)
    console.clock.pass_(seconds=60)
    done = await phone.post("/console/login/code", data={"code": totp.at(console.clock()), "next": "/console/me"})
    assert (done.status, done.headers["Location"]) == (303, "/console/me")
    assert (await phone.get("/console/me")).status == 200


async def test_signing_out_ends_the_session_itself(console, signed_in, another):
    client = await signed_in("host", name="王芳")
    kept = client.token

    done = await client.post("/console/logout")

    assert done.headers["Location"] == "/console/login?notice=signed-out"
    assert "已经退出登录" in await (await client.get(done.headers["Location"])).text()
    assert (await another().get("/console/me", headers={"Cookie": f"{NAME}={kept}"})).status == 303


async def test_nobody_ends_the_session_of_another(console, signed_in):
    one, two = await signed_in("host", name="王芳"), await signed_in("host", name="李雷")
    theirs = (await console.app[PEOPLE].sessions(one.staff.id))[0].id

    answer = await two.post(f"/console/me/sessions/{theirs}/end")

    assert answer.headers["Location"].endswith("notice=session-gone")
    assert (await one.get("/console/me")).status == 200
