"""Who may open what: every route says it, and the table below is what comes of it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from aiohttp import FormData, WSServerHandshakeError, web
from yarl import URL

from bot.people.rules import PERMISSIONS, Permission, Role, Staff
from bot.settings import Settings
from bot.web.app import build
from bot.web.console.access import ACCOUNTS, STAFF, Asks, asked_of, is_staff_path, own_path, requires
from bot.web.console.options import grouped
from bot.web.console.setting_words import WORDS

ALL = set(Role)
REVIEWER, EDITOR, ADVISER, HOST, ADMIN = (frozenset({role}) for role in Role)
ONLY_ADMIN = ADMIN

MATRIX = {
    Permission.SIGNED_IN: ALL,
    Permission.STATUS_READ: REVIEWER | EDITOR | ADMIN,
    Permission.CONVERSATIONS_READ: REVIEWER | EDITOR | ADMIN,
    Permission.CONVERSATIONS_LABEL: REVIEWER | EDITOR | ADMIN,
    Permission.CONVERSATIONS_REVEAL: ONLY_ADMIN,
    Permission.CONVERSATIONS_EXPORT: REVIEWER | ADMIN,
    Permission.RECEPTION_TAKE: REVIEWER | EDITOR | ADMIN,
    Permission.TRAINING_MEND: REVIEWER | EDITOR | ADMIN,
    Permission.TRAINING_RUN: EDITOR | ADMIN,
    Permission.KNOWLEDGE_READ: REVIEWER | EDITOR | ADMIN,
    Permission.KNOWLEDGE_EDIT: EDITOR | ADMIN,
    Permission.KNOWLEDGE_APPROVE: EDITOR | ADMIN,
    Permission.JOBS_READ: EDITOR | ADMIN,
    Permission.JOBS_EDIT: EDITOR | ADMIN,
    Permission.EVENTS_READ: EDITOR | ADMIN,
    Permission.EVENTS_EDIT: EDITOR | ADMIN,
    Permission.EVENTS_CHECK_IN: EDITOR | ADMIN,
    Permission.GUIDANCE_READ: EDITOR | ADMIN,
    Permission.GUIDANCE_EDIT: EDITOR | ADMIN,
    Permission.GUIDANCE_OWN: ADVISER | ADMIN,
    Permission.GUIDANCE_SESSIONS: EDITOR | ADVISER | ADMIN,
    Permission.FIGURES_READ: REVIEWER | EDITOR | ADMIN,
    Permission.BRIEF_WRITE: EDITOR | ADMIN,
    Permission.RADIO_READ: EDITOR | HOST | ADMIN,
    Permission.RADIO_EDIT: HOST | ADMIN,
    Permission.RADIO_LIVE: HOST | ADMIN,
    Permission.ACCOUNTS_MANAGE: ONLY_ADMIN,
    Permission.AUDIT_READ: ONLY_ADMIN,
    Permission.SETTINGS_READ: ONLY_ADMIN,
    Permission.OUTBOX_MANAGE: ONLY_ADMIN,
}

PAGES = {
    "/console": ALL,
    "/console/me": ALL,
    "/console/me/password": ALL,
    "/console/me/totp": ALL,
    "/console/status": REVIEWER | EDITOR | ADMIN,
    "/console/accounts": ONLY_ADMIN,
    "/console/accounts/new": ONLY_ADMIN,
    "/console/accounts/1": ONLY_ADMIN,
    "/console/audit": ONLY_ADMIN,
    "/console/audit.csv": ONLY_ADMIN,
    "/console/letters": ONLY_ADMIN,
    "/console/options": ONLY_ADMIN,
    "/console/patterns": ONLY_ADMIN,
    "/console/knowledge": REVIEWER | EDITOR | ADMIN,
    "/console/knowledge/unanswered": REVIEWER | EDITOR | ADMIN,
    "/console/knowledge/new": EDITOR | ADMIN,
    "/console/knowledge/files.zip": EDITOR | ADMIN,
    "/console/training": EDITOR | ADMIN,
    "/console/jobs": EDITOR | ADMIN,
    "/console/jobs/new": EDITOR | ADMIN,
    "/console/jobs/import": EDITOR | ADMIN,
    "/console/jobs/quality": EDITOR | ADMIN,
    "/console/companies": EDITOR | ADMIN,
    "/console/events": EDITOR | ADMIN,
    "/console/events/new": EDITOR | ADMIN,
    "/console/events/import": EDITOR | ADMIN,
    "/console/guidance": EDITOR | ADVISER | ADMIN,
    "/console/guidance/advisers": EDITOR | ADMIN,
    "/console/guidance/advisers/new": EDITOR | ADMIN,
    "/console/guidance/advisers/import": EDITOR | ADMIN,
    "/desk": EDITOR | HOST | ADMIN,
    "/desk/requests": EDITOR | HOST | ADMIN,
    "/desk/inbox": EDITOR | HOST | ADMIN,
    "/desk/sheets": EDITOR | HOST | ADMIN,
    "/desk/sheets/new": HOST | ADMIN,
    "/desk/guests": EDITOR | HOST | ADMIN,
    "/desk/guests/new": HOST | ADMIN,
    "/desk/presenter-worker.js": HOST | ADMIN,
    "/desk/live": HOST | ADMIN,
    "/desk/answers": EDITOR | HOST | ADMIN,
    "/desk/pull": HOST | ADMIN,
}

OPEN = {
    ("GET", "/console/login"),
    ("POST", "/console/login"),
    ("GET", "/console/login/code"),
    ("POST", "/console/login/code"),
    ("GET", "/console/static/{name}"),
}


EXAMPLES = (
    "1",
    "x",
    "abcdef",
    "c0ffee00c0ffee00c0ffee00",
    "c0ffee00" * 4,
    "refused",
    "2026-11-24",
    "2026-11",
    "fair",
    "x.csv",
    "docx",
)
"""What may stand for a part of a path; a route whose parts look different adds one."""


@dataclass
class StaffRoute:
    """A route under /console or /desk, with a path that it answers to."""

    method: str
    path: str
    example: str
    asks: Asks | None


def staff_routes(app: web.Application) -> list[StaffRoute]:
    found = []
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        if is_staff_path(path) and route.method != "HEAD":
            found.append(StaffRoute(route.method, path, example_of(route.resource), asked_of(route.handler)))
    return found


def example_of(resource: web.AbstractResource) -> str:
    info = resource.get_info()
    if "formatter" not in info:
        return resource.canonical
    names = list(info["pattern"].groupindex)
    for values in itertools.product(EXAMPLES, repeat=len(names)):
        path = info["formatter"].format_map(dict(zip(names, values, strict=True)))
        if info["pattern"].fullmatch(path):
            return path
    raise AssertionError(f"no example fits {resource.canonical}: add one to EXAMPLES")


@pytest.fixture
def app(tmp_path) -> web.Application:
    return build(Settings(var=tmp_path, _env_file=None))


def test_every_route_of_the_staff_says_who_may_open_it(app):
    routes = staff_routes(app)

    assert len(routes) > 25
    assert [(one.method, one.path) for one in routes if one.asks is None] == []


def test_only_the_sign_in_and_the_static_files_are_open_to_all(app):
    open_ = {(one.method, one.path) for one in staff_routes(app) if one.asks and one.asks.permission is None}

    assert open_ == OPEN


def test_each_permission_is_that_of_the_roles_in_the_table():
    assert set(MATRIX) == set(Permission)
    for permission, roles in MATRIX.items():
        assert {role for role in Role if permission in PERMISSIONS[role]} == set(roles), permission


def test_somebody_with_two_roles_may_do_what_either_may():
    both = Staff(1, "王芳", frozenset({Role.HOST, Role.ADVISER}))

    assert {p for p in Permission if both.can(p)} == PERMISSIONS[Role.HOST] | PERMISSIONS[Role.ADVISER]


async def test_each_page_is_opened_by_the_roles_in_the_table_and_refused_to_the_others(console, signed_in):
    told = {}
    for role in Role:
        client = await signed_in(role)
        for path in PAGES:
            told[path, role] = (await client.get(path)).status

    wrong = {key: status for key, status in told.items() if status != (200 if key[1] in PAGES[key[0]] else 403)}
    assert wrong == {}


async def test_every_route_is_refused_to_each_role_that_may_not(console, signed_in, app):
    wrong = []
    for role in Role:
        client = await signed_in(role)
        for one in staff_routes(app):
            if one.asks.permission is None or one.asks.permission is Permission.SIGNED_IN:
                continue
            if role in MATRIX[one.asks.permission]:
                continue
            answer = await client.request(one.method, one.example, data={} if one.method == "POST" else None)
            if answer.status != 403:
                wrong.append((role, one.method, one.example, answer.status))

    assert wrong == []


async def test_nobody_opens_anything_without_signing_in(console, anybody, app):
    for one in staff_routes(app):
        if one.asks.permission is None:
            continue
        answer = await anybody.request(one.method, one.example)

        assert answer.status == 303, one
        assert answer.headers["Location"].startswith("/console/login"), one


async def test_every_change_is_refused_where_it_comes_from_another_site_or_nobody_says_where_from(
    console, signed_in, anybody, app
):
    admin = await signed_in("admin")
    elsewhere = (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": None},
        {"Sec-Fetch-Site": None, "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": None, "Origin": "null", "Referer": f"{console.address}/console"},
        {"Sec-Fetch-Site": None, "Referer": f"{console.address}.evil.example/console"},
        {"Sec-Fetch-Site": "cross-site", "Origin": console.address},
    )
    posts = [one for one in staff_routes(app) if one.method not in ("GET", "HEAD")]
    assert len(posts) > 10
    for one in posts:
        client = admin if one.asks.permission else anybody
        for headers in elsewhere:
            answer = await client.request(one.method, one.example, headers=headers, data={})
            assert answer.status == 403, (one, headers)

    here = {"Sec-Fetch-Site": None, "Origin": console.address}
    assert (await admin.post("/console/me/sessions/end-others", headers=here)).status == 303
    assert (await admin.get("/console/me", headers={"Sec-Fetch-Site": "cross-site"})).status == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/console", "//evil.example/console", "/\\evil.example", "\\\\evil.example", "/chat", "",
        "javascript:alert(1)", "/console/../chat", "/console\r\nSet-Cookie: a=b", "/consolex", "http:console",
    ],
)  # fmt: skip
async def test_after_signing_in_nobody_is_sent_anywhere_but_to_the_staff_s_pages(console, anybody, wanted):
    await console.account("reviewer", name="王芳")

    done = await anybody.sign_in("王芳", next=wanted)

    assert own_path(wanted) == "/console"
    assert (done.status, done.headers["Location"]) == (303, "/console")


async def test_what_was_wanted_is_opened_afterwards_with_all_that_was_asked(console, anybody):
    await console.account("admin", name="王芳")
    sent = await anybody.get("/console/audit?who=王芳&page=2")
    wanted = URL(sent.headers["Location"]).query["next"]

    done = await anybody.sign_in("王芳", next=wanted)

    assert URL(done.headers["Location"]) == URL("/console/audit?who=王芳&page=2")


async def test_a_form_that_is_sent_after_the_session_has_ended_leads_back_to_its_page(console, signed_in):
    admin = await signed_in("admin", name="王芳")
    page = await admin.get("/console/accounts/new")
    assert page.headers["Referrer-Policy"] == "same-origin", "or old browsers say “Origin: null” of our own forms"
    await admin.post("/console/logout")

    for before, place in (
        (f"{console.address}/console/accounts/new", "/console/accounts/new"), ("https://evil.example/console/x", None),
        (f"{console.address}/chat", None),
    ):  # fmt: skip
        sent = await admin.post("/console/accounts/new", headers={"Referer": before, "Sec-Fetch-Site": None})
        assert URL(sent.headers["Location"]).query.get("next") == place


async def test_a_script_of_an_old_page_is_told_to_sign_in_instead_of_being_sent_there(console, anybody):
    answer = await anybody.get("/console/me", headers={"Accept": "application/json", "Sec-Fetch-Mode": "cors"})

    assert answer.status == 401
    assert (await answer.json())["error"] == "登录过期了，请重新登录。"


async def test_errors_are_pages_in_chinese_with_the_way_back(console, signed_in):
    host = await signed_in("host")

    for path, status, said in (
        ("/console/audit", 403, "没有权限"), ("/console/nothing", 404, "没有这一页"),
        ("/console/accounts/1/disable", 405, "不能这样打开"),
    ):  # fmt: skip
        answer = await host.get(path)
        text = await answer.text()
        assert (answer.status, said in text, 'href="/console"' in text) == (status, True, True), path
        assert answer.headers["Cache-Control"] == "no-store"


async def test_what_nobody_expected_is_a_page_too_and_tells_nothing_of_the_inside(console, signed_in, monkeypatch):
    admin = await signed_in("admin")

    async def broken(*_args, **_more):
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(console.app[ACCOUNTS], "all", broken)
    answer = await admin.get("/console/accounts")

    assert answer.status == 500
    assert "出了毛病" in await answer.text()
    assert "inside" not in await answer.text()


async def test_a_body_that_is_too_large_is_told_so(console, signed_in):
    admin = await signed_in("admin")

    answer = await admin.post("/console/accounts/new", data={"name": "长" * 60_000})

    assert (answer.status, "太大" in await answer.text()) == (413, True)


@requires(Permission.SIGNED_IN, upload=1_000_000)
async def taking(request: web.Request) -> web.Response:
    posted = await request.post()
    return web.Response(text=f"{request[STAFF].name} {len(posted['file'].file.read())}")


async def saying_nothing(_request: web.Request) -> web.Response:
    raise AssertionError("it is shown to nobody")


@requires(Permission.RADIO_LIVE)
async def talking(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_str(request[STAFF].name)
    await socket.close()
    return socket


MORE = (
    web.post("/console/x/take", taking),
    web.get("/console/x/unsaid", saying_nothing),
    web.get("/desk/x/talk", talking),
)


@pytest.mark.parametrize("more_routes", [MORE])
async def test_a_handler_that_does_not_say_who_may_open_it_is_shown_to_nobody(console, signed_in):
    admin = await signed_in("admin")

    assert (await admin.get("/console/x/unsaid")).status == 403


@pytest.mark.parametrize("more_routes", [MORE])
async def test_a_handler_that_says_so_takes_larger_files_and_no_other_does(console, signed_in):
    host = await signed_in("host", name="王芳")

    for size, status in ((500_000, 200), (1_200_000, 413)):
        form = FormData()
        form.add_field("file", b"x" * size, filename="a.xlsx")
        answer = await host.post("/console/x/take", data=form)
        assert answer.status == status
        assert status != 200 or await answer.text() == "王芳 500000"


@pytest.mark.parametrize("more_routes", [MORE])
async def test_a_socket_is_opened_by_our_own_page_only_and_by_whoever_may(console, signed_in):
    host, reviewer = await signed_in("host", name="王芳"), await signed_in("reviewer")

    async def opened(client, **headers: str) -> str | int:
        try:
            async with client.http.ws_connect(f"{console.address}/desk/x/talk", headers=headers) as socket:
                return await socket.receive_str()
        except WSServerHandshakeError as error:
            return error.status

    assert await opened(host, Origin=console.address) == "王芳"
    assert await opened(host, Origin="https://evil.example") == 403
    assert await opened(host) == 403
    assert await opened(reviewer, Origin=console.address) == 403


async def test_pages_run_no_script_and_take_no_style_but_our_own_files(console, signed_in):
    admin = await signed_in("admin")
    for path in PAGES:
        answer = await admin.get(path)
        text = await answer.text()
        policy = answer.headers["Content-Security-Policy"]

        assert "script-src 'self';" in policy and "style-src 'self';" in policy and "frame-ancestors 'none'" in policy
        for inline in ("<style", " style=", " onclick=", " onchange=", "javascript:"):
            assert inline not in text, (path, inline)


def test_the_page_of_settings_shows_every_setting_and_no_secret(tmp_path):
    settings = Settings(
        var=tmp_path, engine_token="geheim-1", contact_key="g" * 40,
        database_url="postgresql+asyncpg://duihua:geheim-2@127.0.0.1/d", _env_file=None,
    )  # fmt: skip

    rows = [row for _, rows in grouped(settings) for row in rows]

    assert {row["name"] for row in rows} == {f"DUIHUA_{name.upper()}" for name in Settings.model_fields}
    assert len(rows) == len(Settings.model_fields)
    assert set(WORDS) <= set(Settings.model_fields), "a setting that is gone is told of"
    assert [row["name"] for row in rows if not row["is"]] == []
    assert "geheim" not in str(rows) and "gggg" not in str(rows)
