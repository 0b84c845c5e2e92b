"""Accounts and passwords, on both databases."""

from __future__ import annotations

import asyncio
import time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from bot.guidance.tables import Adviser
from bot.people import rules
from bot.people.accounts import Accounts
from bot.people.passwords import Passwords, made_password
from bot.people.rules import Role
from bot.people.service import People
from bot.people.tables import Account, StaffSession

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "云冈石窟和恒山悬空寺"


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(QUICK)


@pytest.fixture
def accounts(sessions, clock, passwords) -> Accounts:
    return Accounts(sessions, clock, passwords)


@pytest.fixture
def people(sessions, clock, passwords) -> People:
    from datetime import timedelta

    return People(
        sessions, clock, secret="s" * 40, idle=timedelta(minutes=120), longest=timedelta(hours=12), passwords=passwords
    )


async def add(accounts: Accounts, name: str, *roles: Role) -> int:
    made, _ = await accounts.add(name, roles, by="测试", password=PASSWORD)
    return made.id


async def enter(people: People, name: str, password: str = PASSWORD, address: str = "10.0.0.1"):
    return await people.sign_in(name, password, address=address, device="Firefox · Windows")


async def test_a_password_that_was_made_is_good_once_it_is_changed(accounts, people):
    account, made = await accounts.add("王芳", [Role.ADMIN, Role.EDITOR], by="测试")

    signed = await enter(people, "王芳", made)

    assert account.must_change and signed.staff.must_change
    assert signed.staff.roles == {Role.ADMIN, Role.EDITOR}
    with pytest.raises(rules.UnfitPassword, match="same"):
        await people.change_password(signed.staff, made, made, address="", device="")
    changed = await people.change_password(signed.staff, made, PASSWORD, address="10.0.0.1", device="")
    assert not changed.staff.must_change
    assert not (await enter(people, "王芳")).staff.must_change


async def test_two_spellings_are_one_name_and_only_one_of_two_at_once_gets_it(accounts):
    await add(accounts, "Wang Fang", Role.EDITOR)

    with pytest.raises(rules.NameTaken):
        await add(accounts, "ＷＡＮＧ  fang".replace("  ", " "), Role.EDITOR)
    done = await asyncio.gather(*(add(accounts, "李雷", Role.EDITOR) for _ in range(4)), return_exceptions=True)

    assert sum(isinstance(one, int) for one in done) == 1
    assert {type(one) for one in done} == {int, rules.NameTaken}


async def test_what_is_kept_of_passwords_sessions_and_tries_opens_nothing(accounts, people, sessions):
    await add(accounts, "王芳", Role.EDITOR)
    signed = await enter(people, "王芳")

    async with sessions() as db:
        account = (await db.scalars(select(Account))).one()
        session = (await db.scalars(select(StaffSession))).one()

    assert account.password.startswith("$argon2id$") and PASSWORD not in account.password
    assert len(signed.token) >= 43
    assert signed.token not in session.digest and len(session.digest) == 64
    assert await people.session(session.digest, address="") is None


async def test_a_hash_made_with_other_parameters_is_made_anew_at_the_next_sign_in(accounts, people, sessions):
    await add(accounts, "王芳", Role.EDITOR)
    people.passwords = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    await enter(people, "王芳")

    async with sessions() as db:
        kept = (await db.scalars(select(Account.password))).one()
    assert "m=16,t=2" in kept
    assert not people.passwords.outdated(kept)
    await enter(people, "王芳")


async def test_a_name_that_nobody_has_costs_as_much_as_one_that_somebody_has():
    passwords = Passwords(PasswordHasher(time_cost=2, memory_cost=16 * 1024, parallelism=1))
    kept = await passwords.hash(PASSWORD)
    took: dict[str | None, list[float]] = {kept: [], None: []}

    for _ in range(5):
        for what in took:
            began = time.perf_counter()
            assert not await passwords.matches(what, "falsch-falsch")
            took[what].append(time.perf_counter() - began)

    assert min(took[None]) > min(took[kept]) / 2
    assert min(took[kept]) > min(took[None]) / 2


async def test_the_last_admin_stays_also_when_two_admins_go_at_once(accounts):
    first, second = await add(accounts, "王芳", Role.ADMIN), await add(accounts, "李雷", Role.ADMIN)

    done = await asyncio.gather(
        accounts.disable(first, by=second), accounts.set_roles(second, [Role.EDITOR], by=first), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in done) == ["AccountView", "LastAdmin"]
    open_ = [one for one in await accounts.all() if one.disabled_at is None and Role.ADMIN in one.roles]
    assert len(open_) == 1


async def test_nobody_closes_their_own_account_or_takes_their_own_rights(accounts):
    first = await add(accounts, "王芳", Role.ADMIN)
    await add(accounts, "李雷", Role.ADMIN)

    with pytest.raises(rules.OnOneself):
        await accounts.disable(first, by=first)
    with pytest.raises(rules.OnOneself):
        await accounts.set_roles(first, [Role.EDITOR], by=first)
    await accounts.set_roles(first, [Role.EDITOR, Role.ADMIN], by=first)


async def test_sessions_end_with_other_roles_with_closing_and_with_a_reset(accounts, people):
    number = await add(accounts, "王芳", Role.EDITOR)

    for change in (
        lambda: accounts.set_roles(number, [Role.EDITOR, Role.HOST], by=None),
        lambda: accounts.disable(number, by=None),
    ):
        token = (await enter(people, "王芳")).token
        assert await people.session(token, address="") is not None
        await change()
        assert await people.session(token, address="") is None
    with pytest.raises(rules.WrongPassword):
        await enter(people, "王芳")
    await accounts.enable(number)
    token = (await enter(people, "王芳")).token
    made = await accounts.reset_password(number)

    assert await people.session(token, address="") is None
    with pytest.raises(rules.WrongPassword):
        await enter(people, "王芳")
    assert (await enter(people, "王芳", made)).staff.must_change


async def test_one_adviser_has_one_account_and_the_account_outlives_them(accounts, sessions):
    async with sessions.begin() as db:
        adviser = Adviser(name="赵老师", topics=["面试"], modes=["线下"])
        db.add(adviser)
        await db.flush()
        tied = adviser.id
    account, _ = await accounts.add("赵", [Role.ADVISER], by="测试", password=PASSWORD, adviser_id=tied)

    with pytest.raises(rules.AdviserTaken):
        await accounts.add("钱", [Role.ADVISER], by="测试", password=PASSWORD, adviser_id=tied)
    with pytest.raises(rules.AdviserUnknown):
        await accounts.add("孙", [Role.ADVISER], by="测试", password=PASSWORD, adviser_id=tied + 1)
    async with sessions.begin() as db:
        await db.delete(await db.get_one(Adviser, tied))

    assert account.adviser_id == tied
    assert (await accounts.one(account.id)).adviser_id is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kurz", "short"), ("a" * 129, "long"), ("王芳喜欢大同刀削面呀", "name"), ("password1234", "simple"),
        ("1234567890", "simple"), ("aaaaaaaaaaaa", "simple"), ("qwerty123456", "simple"), (PASSWORD, None),
        ("correct horse battery", None),
    ],
)  # fmt: skip
def test_a_password_is_long_not_simple_and_not_the_name(password, why):
    name = "王芳喜" if why == "name" else "王芳"
    if why is None:
        rules.check_password(password, name)
        return
    with pytest.raises(rules.UnfitPassword) as refused:
        rules.check_password(password, name)
    assert refused.value.why == why


def test_made_passwords_will_do_and_none_is_like_another():
    made = {made_password() for _ in range(200)}

    assert len(made) == 200
    for one in made:
        rules.check_password(one, "王芳")


@pytest.mark.parametrize("name", ["", " ", "王" * 21, "a\nb", "<b>", "=1+1", "a/b", "a@b"])
def test_a_name_has_letters_and_digits_only(name):
    with pytest.raises(rules.BadName):
        rules.clean_name(name)
