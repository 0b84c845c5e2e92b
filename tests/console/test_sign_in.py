"""Signing in by name and password, with a code, and what holds strangers off."""

from __future__ import annotations

from tests.console.conftest import PASSWORD


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
