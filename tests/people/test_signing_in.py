"""Sessions, waiting after wrong tries, and the second step, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from bot.people import rules
from bot.people.rules import Role
from bot.people.tables import SignInTry, StaffSession
from tests.people.test_accounts import PASSWORD, accounts, add, enter, passwords, people

__all__ = ["accounts", "passwords", "people"]


async def wrong(people, name="王芳", address="10.0.0.1"):
    with pytest.raises(rules.WrongPassword):
        await enter(people, name, "falsch-falsch", address)


async def test_a_session_ends_when_it_is_not_used_and_after_its_longest_time(accounts, people, clock):
    await add(accounts, "王芳", Role.EDITOR)
    token = (await enter(people, "王芳")).token

    for _ in range(6):
        clock.pass_(minutes=119)
        assert await people.session(token, address="10.0.0.9") is not None
    clock.pass_(minutes=7)
    assert await people.session(token, address="") is None, "after 12 hours"

    token = (await enter(people, "王芳")).token
    clock.pass_(minutes=121)
    assert await people.session(token, address="") is None, "after 2 hours without a look"


async def test_a_page_that_is_left_open_does_not_keep_anybody_signed_in(accounts, people, clock):
    await add(accounts, "王芳", Role.EDITOR)
    token = (await enter(people, "王芳")).token

    for _ in range(12):
        clock.pass_(minutes=9)
        assert await people.session(token, address="", uses=False) is not None
    clock.pass_(minutes=13)

    assert await people.session(token, address="", uses=False) is None


async def test_sessions_that_are_over_are_deleted_at_the_next_sign_in(accounts, people, clock, sessions):
    await add(accounts, "王芳", Role.EDITOR)
    await enter(people, "王芳")
    clock.pass_(hours=13)

    await enter(people, "王芳")

    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(StaffSession)) == 1


async def test_one_s_sessions_are_listed_with_device_and_last_use_and_ended_one_by_one_or_all(accounts, people, clock):
    await add(accounts, "王芳", Role.EDITOR)
    other = await add(accounts, "李雷", Role.EDITOR)
    phone = await people.sign_in("王芳", PASSWORD, address="10.0.0.2", device="微信 · Android")
    clock.pass_(minutes=5)
    desk = await enter(people, "王芳")

    listed = await people.sessions(desk.staff.id)
    assert [(one.device, one.address) for one in listed] == [
        ("Firefox · Windows", "10.0.0.1"), ("微信 · Android", "10.0.0.2"),
    ]  # fmt: skip
    clock.pass_(minutes=2)
    await people.session(phone.token, address="10.0.0.3")
    assert (await people.sessions(desk.staff.id))[0].address == "10.0.0.3"
    with pytest.raises(rules.Unknown):
        await people.end_session(other, phone.staff.session_id)
    assert await people.session(phone.token, address="") is not None, "nobody ends another's session"
    assert await people.end_others(desk.staff) == 1
    assert await people.session(phone.token, address="") is None
    await people.end_session(desk.staff.id, desk.staff.session_id)
    assert await people.session(desk.token, address="") is None


async def test_after_wrong_tries_one_waits_longer_each_time_even_with_the_right_password(accounts, people, clock):
    await add(accounts, "王芳", Role.EDITOR)
    for _ in range(rules.FREE_TRIES["name"]):
        await wrong(people)

    waits = []
    for _ in range(3):
        with pytest.raises(rules.MustWait) as told:
            await enter(people, "王芳")
        waits.append(told.value.wait)
        clock.now += told.value.wait
        await wrong(people)

    assert waits == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    clock.pass_(minutes=15)
    await enter(people, "王芳")
    await wrong(people)
    await enter(people, "王芳")


async def test_the_wait_has_an_end_and_names_that_nobody_has_wait_alike():
    assert rules.wait_after(500, "name") == timedelta(minutes=15)
    assert rules.wait_after(4, "name") == timedelta()


async def test_a_name_that_nobody_has_waits_as_one_that_somebody_has(people):
    for _ in range(rules.FREE_TRIES["name"]):
        await wrong(people, "谁也不是")

    with pytest.raises(rules.MustWait):
        await enter(people, "谁也不是")


async def test_an_address_waits_after_wrong_tries_with_many_names_and_others_do_not(accounts, people):
    await add(accounts, "王芳", Role.EDITOR)
    for n in range(rules.FREE_TRIES["address"]):
        await wrong(people, f"谁{n}")

    with pytest.raises(rules.MustWait):
        await enter(people, "王芳")
    await enter(people, "王芳", address="10.0.0.2")


async def test_a_hundred_tries_at_once_get_no_more_than_one_after_another(accounts, people):
    await add(accounts, "王芳", Role.EDITOR)

    done = await asyncio.gather(
        *(enter(people, "王芳", "falsch-falsch", f"10.0.1.{n}") for n in range(40)), return_exceptions=True
    )

    kinds = [type(one) for one in done]
    assert kinds.count(rules.WrongPassword) == rules.FREE_TRIES["name"]
    assert kinds.count(rules.MustWait) == 40 - rules.FREE_TRIES["name"]


async def test_what_was_typed_as_a_name_is_kept_nowhere(people, sessions):
    await wrong(people, PASSWORD)

    async with sessions() as db:
        keys = (await db.scalars(select(SignInTry.key))).all()
    assert len(keys) == 2
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key in keys)


async def test_old_tries_are_forgotten(people, clock, sessions):
    await wrong(people, "谁")
    clock.pass_(hours=25)

    await wrong(people, "别人", "10.0.0.7")

    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(SignInTry)) == 2


# -- the second step ---------------------------------------------------------------------------------------------------


def code_at(uri: str, clock, *, seconds: int = 0) -> str:
    return pyotp.parse_uri(uri).at(clock() + timedelta(seconds=seconds))


async def with_totp(accounts, people, clock) -> tuple[str, tuple[str, ...], rules.Staff]:
    await add(accounts, "王芳", Role.EDITOR)
    staff = (await enter(people, "王芳")).staff
    uri = await people.begin_totp(staff)
    assert await people.begin_totp(staff) == uri, "the same until it is confirmed"
    codes = await people.confirm_totp(staff, code_at(uri, clock))
    clock.pass_(minutes=2)
    return uri, codes, staff


async def test_with_the_second_step_on_the_password_alone_opens_nothing(accounts, people, clock):
    uri, _, _ = await with_totp(accounts, people, clock)

    half = await enter(people, "王芳")
    assert half.needs_code
    assert (await people.session(half.token, address=""))[1], "the code is still to come"
    for bad in ("000000", "", "12345", "١٢٣٤٥٦", code_at(uri, clock, seconds=-90), code_at(uri, clock, seconds=90)):
        if bad != code_at(uri, clock):
            with pytest.raises((rules.WrongPassword, rules.MustWait)):
                await people.confirm(half.token, bad, address="10.0.0.1")
    clock.pass_(minutes=5)
    whole = await people.confirm(half.token, code_at(uri, clock), address="10.0.0.1")

    assert whole.token != half.token, "the session is a new one"
    assert await people.session(half.token, address="") is None
    assert not (await people.session(whole.token, address=""))[1]


async def test_no_code_is_taken_twice_not_even_the_one_that_turned_it_on(accounts, people, clock):
    await add(accounts, "王芳", Role.EDITOR)
    staff = (await enter(people, "王芳")).staff
    uri = await people.begin_totp(staff)
    code = code_at(uri, clock)
    await people.confirm_totp(staff, code)

    clock.pass_(seconds=30)
    later = code_at(uri, clock)
    halves = [await enter(people, "王芳") for _ in range(2)]
    done = await asyncio.gather(
        *(people.confirm(half.token, later, address="10.0.0.1") for half in halves), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in done) == ["SignedIn", "WrongPassword"]
    half = await enter(people, "王芳")
    for used in (code, later):
        with pytest.raises(rules.WrongPassword):
            await people.confirm(half.token, used, address="10.0.0.1")


async def test_a_recovery_code_signs_in_once(accounts, people, clock):
    _, codes, staff = await with_totp(accounts, people, clock)
    assert len(set(codes)) == 10 and await people.codes_left(staff) == 10

    half = await enter(people, "王芳")
    await people.confirm(half.token, codes[3].upper(), address="10.0.0.1")
    half = await enter(people, "王芳")
    with pytest.raises(rules.WrongPassword):
        await people.confirm(half.token, codes[3], address="10.0.0.1")

    assert await people.codes_left(staff) == 9


async def test_the_code_has_to_come_within_ten_minutes_of_the_password(accounts, people, clock):
    uri, _, _ = await with_totp(accounts, people, clock)
    half = await enter(people, "王芳")
    clock.pass_(minutes=11)

    with pytest.raises(rules.Unknown):
        await people.confirm(half.token, code_at(uri, clock), address="10.0.0.1")


async def test_guessing_codes_is_held_off_like_guessing_passwords(accounts, people, clock):
    uri, _, _ = await with_totp(accounts, people, clock)
    half = await enter(people, "王芳")
    refused = []
    for n in range(8):
        try:
            await people.confirm(half.token, f"{n:06}", address="10.0.0.1")
        except rules.Refusal as error:
            refused.append(type(error))

    assert refused.count(rules.WrongPassword) < rules.FREE_TRIES["name"]
    with pytest.raises(rules.MustWait):
        await people.confirm(half.token, code_at(uri, clock), address="10.0.0.1")


async def test_turning_the_second_step_off_asks_for_the_password_and_a_reset_can_take_it_away(accounts, people, clock):
    _, _, staff = await with_totp(accounts, people, clock)

    with pytest.raises(rules.WrongPassword):
        await people.end_totp(staff, "falsch-falsch", address="10.0.0.1")
    await people.end_totp(staff, PASSWORD, address="10.0.0.1")
    assert not (await enter(people, "王芳")).needs_code

    uri = await people.begin_totp(staff)
    await people.confirm_totp(staff, code_at(uri, clock))
    made = await accounts.reset_password(staff.id, totp=True)
    assert not (await enter(people, "王芳", made)).needs_code
