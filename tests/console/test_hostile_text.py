"""Whatever anybody writes comes out as text: on every page that leads from another one, in every file, in every form."""

from __future__ import annotations

import pytest

from tests.console.hostile import HOSTILE, Form, Walk, faults, formulas, poison, seed

ENDS = ("/logout", "/disable", "/end", "/end-others", "/sign-out", "/password", "/totp", "/roles", "/reset")
"""Forms that end the session with which the others are tried; they take no text."""
WRITTEN = ("text", "textarea", "search", "email", "tel", "url")


@pytest.fixture
async def admin(console, signed_in):
    await seed(console)
    return await signed_in("admin", name="王芳")


def test_the_look_at_a_page_sees_what_is_no_text():
    assert faults(f"<p>{HOSTILE}</p>") != []
    assert faults('<p>a</p><a href="javascript:hit()">b</a>') != []
    assert faults("<p>1337</p>") == ["a template within the text was carried out"]
    assert faults('<p>&lt;script&gt;</p><script src="/console/static/console.js"></script>') == []
    assert formulas("a.csv", f'"{HOSTILE.replace(chr(34), chr(34) * 2)}",-5,+a'.encode()) == [HOSTILE[:60], "+a"]


async def test_every_text_of_the_database_comes_out_as_text(console, admin):
    for form in await forms_of(admin):  # so that there are rows of everything
        await admin.post(form.action, data=filled(form, "写点什么", False))
    columns = await poison(console)
    assert len(columns) > 60, columns
    walk = Walk(admin)

    await walk.go()

    assert walk.wrong == []
    assert walk.pages > 60, walk.seen


async def test_every_form_takes_any_text_and_gives_it_back_as_text(console, admin):
    forms = await forms_of(admin)
    assert len(forms) > 30

    wrong = []
    for form in forms:
        for everything in (False, True):
            wrong += await tried(admin, form, filled(form, HOSTILE, everything))
    assert wrong == []
    after = Walk(admin)
    await after.go()
    assert after.wrong == []


async def forms_of(client) -> list[Form]:
    """Every kind of form that a page leads to."""
    walk = Walk(client)
    await walk.go()
    assert walk.wrong == []
    return [form for form in walk.forms.values() if not form.action.split("?")[0].endswith(ENDS) and not form.upload]


def filled(form: Form, text: str, everything: bool) -> dict[str, str]:
    """The form with a text in each field that takes one, or in every field."""
    return {name: text if everything or kind in WRITTEN else value for name, (kind, value) in form.fields.items()}


async def tried(client, form: Form, typed: dict[str, str]) -> list[str]:
    """What goes wrong with a form as it was filled in."""
    answer = await client.post(form.action, data=typed)
    if answer.status >= 500:
        return [f"{answer.status} {form.action} {sorted(typed)}"]
    place = answer.headers.get("Location", "")
    if place and not place.startswith(("/console", "/desk")):
        return [f"{form.action} leads to {place}"]
    html = "html" in answer.headers.get("Content-Type", "")
    return [f"{form.action}: {fault}" for fault in (faults(await answer.text()) if html else ())]
