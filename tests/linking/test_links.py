"""Links that carry somebody to a page: for one person, one browser and one page, and not for ever."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import select

from bot.linking import rules
from bot.linking.links import Links
from bot.linking.tables import SignedLink
from bot.privacy.retention import Limits
from bot.privacy.service import Privacy
from bot.settings import Settings

ADDRESS = "https://duihua.example"
PHONE, DESK = "p" * 43, "d" * 43


def token_of(address: str) -> str:
    found = re.fullmatch(rf"{ADDRESS}/chat/l/([\w-]{{32}})", address)
    assert found, address
    return found[1]


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example/chat", "/chat/../console", "/console", "/chat/booking?x=1", "/chat/jobs/0",
     "/chat/jobs/1/../2", "/chat/l/abc", "/chat/record.exe", "", "/chat/mine\n", "/chat/events/１"],
)  # fmt: skip
async def test_nothing_but_our_own_pages_can_be_linked_to(links, somebody, path):
    who = await somebody()
    with pytest.raises(rules.UnknownPath):
        await links.make(who.id, path)


async def test_a_link_says_nothing_of_its_person_and_only_a_digest_of_it_is_kept(sessions, links, somebody):
    who = await somebody()

    made = {token_of(await links.make(who.id, "/chat/booking")) for _ in range(20)}

    assert len(made) == 20
    async with sessions() as db:
        assert not made & set(await db.scalars(select(SignedLink.token)))
    assert await links.make(who.id, "/chat/privacy") == f"{ADDRESS}/chat/privacy"
    assert await links.make(who.id, "/chat/ticket/EVT-7K3Q9QF4.svg") == f"{ADDRESS}/chat/ticket/EVT-7K3Q9QF4.svg"


async def test_looking_opens_nothing_and_the_first_browser_that_opens_it_is_the_only_one(links, somebody):
    who = await somebody()
    token = token_of(await links.make(who.id, "/chat/booking"))

    for _ in range(3):  # a platform draws a preview of it
        assert await links.look(token, None) == "/chat/booking"
    opened = await asyncio.gather(links.open_(token, PHONE), links.open_(token, DESK), return_exceptions=True)

    assert sorted(type(one).__name__ for one in opened) == ["LinkElsewhere", "str"]
    winner, loser = (PHONE, DESK) if opened[0] == "/chat/booking" else (DESK, PHONE)
    assert await links.open_(token, winner) == "/chat/booking"
    for browser in (loser, None):
        with pytest.raises(rules.LinkElsewhere):
            await links.look(token, browser)
    assert (await links.visit(winner, "booking")).person == who.id
    assert await links.visit(loser, "booking") is None


async def test_a_browser_is_somebody_for_that_page_only_and_for_two_hours(links, clock, somebody):
    anna, boris = await somebody(), await somebody()
    event = token_of(await links.make(anna.id, "/chat/events/7"))
    await links.open_(event, PHONE)

    assert (await links.visit(PHONE, "event:7")).person == anna.id
    for purpose in ("event:8", "booking", "record", "eligibility", "mine"):
        assert await links.visit(PHONE, purpose) is None

    clock.pass_(minutes=119)
    mine = token_of(await links.make(boris.id, "/chat/mine"))
    await links.open_(mine, PHONE)
    assert (await links.visit(PHONE, "event:7")).person == boris.id  # opened last
    assert (await links.visit(PHONE, "booking")).person == boris.id
    assert await links.visit(PHONE, "record") is None
    clock.pass_(minutes=2)
    await links.leave(PHONE)
    assert await links.visit(PHONE, "event:7") is None


async def test_it_runs_out_and_says_so_and_a_record_can_be_fetched_for_an_hour_only(links, clock, somebody):
    who = await somebody()
    booking = token_of(await links.make(who.id, "/chat/booking"))
    record = token_of(await links.make(who.id, "/chat/record.txt"))
    await links.open_(booking, PHONE)
    clock.pass_(minutes=61)
    with pytest.raises(rules.LinkExpired):
        await links.open_(record, PHONE)
    clock.pass_(hours=2)
    assert await links.visit(PHONE, "booking") is None
    await links.open_(booking, PHONE)  # the same browser, the same day
    assert await links.visit(PHONE, "booking") is not None

    clock.pass_(hours=22)
    with pytest.raises(rules.LinkExpired):
        await links.open_(booking, PHONE)
    with pytest.raises(rules.LinkGone):
        await links.look("x" * 32, PHONE)
    clock.pass_(days=31)
    await links.make(who.id, "/chat/booking")
    with pytest.raises(rules.LinkGone):  # forgotten
        await links.look(booking, PHONE)


async def test_asking_again_ends_what_somebody_else_opened(links, clock, somebody):
    who = await somebody()
    forwarded = token_of(await links.make(who.id, "/chat/booking"))
    await links.open_(forwarded, DESK)
    clock.pass_(minutes=1)
    again = token_of(await links.make(who.id, "/chat/booking"))
    assert await links.visit(DESK, "booking") is not None

    await links.open_(again, PHONE)

    assert await links.visit(DESK, "booking") is None
    with pytest.raises(rules.LinkGone):
        await links.open_(forwarded, DESK)


async def test_links_end_with_the_person_with_a_join_and_with_a_parting(
    sessions, clock, links, joining, together, somebody
):
    anna, boris, gone = await somebody(), await somebody(), await somebody()
    tokens = {}
    for who, browser in ((anna, PHONE), (boris, DESK), (gone, "g" * 43)):
        tokens[who.id] = token_of(await links.make(who.id, "/chat/mine"))
        await links.open_(tokens[who.id], browser)

    await together(anna, boris)
    await Privacy(sessions, clock, Limits(days=180, contact_days=30)).forget(gone.id)

    for browser in (PHONE, DESK, "g" * 43):
        assert await links.visit(browser, "mine") is None
    with pytest.raises(rules.LinkGone):
        await links.make(gone.id, "/chat/mine")
    later = token_of(await links.make(anna.id, "/chat/mine"))  # asked for by who they were a moment ago
    await links.open_(later, PHONE)
    assert (await links.visit(PHONE, "mine")).person == boris.id
    await joining.part(anna.identity, "here")
    assert await links.visit(PHONE, "mine") is None


async def test_the_settings_say_how_long_and_under_which_address(sessions, clock, somebody):
    settings = Settings(_env_file=None, link_hours=3, public_url="https://duihua.example/")
    links, who = Links.from_settings(settings, sessions, clock), await somebody()

    token = token_of(await links.make(who.id, "/chat/mine"))

    clock.pass_(hours=2, minutes=59)
    assert await links.look(token, None) == "/chat/mine"
    clock.pass_(minutes=1)
    with pytest.raises(rules.LinkExpired):
        await links.look(token, None)
