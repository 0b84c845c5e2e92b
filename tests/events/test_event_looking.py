"""What is on, who takes part, and the figures afterwards."""

from datetime import date, datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.events.rules import UnknownEvent
from bot.events.views import Reported


def on(day: int, hour: int = 9, hours: int = 7) -> dict:
    start = datetime(2026, 11, day, hour, tzinfo=SHANGHAI)
    return {"starts_at": start, "ends_at": start + timedelta(hours=hours)}


async def titles(events, **wishes):
    return [event.title for event in (await events.upcoming(**wishes)).events]


async def test_what_is_on_comes_soonest_first_without_what_is_over_or_called_off(events, put_on):
    await put_on("后天", **on(26))
    await put_on("明天", **on(25))
    await put_on("正在进行", **on(24, 8))
    await put_on("刚结束", **on(24, 3))
    await events.cancel_event(await put_on("取消了", **on(27)))

    assert await titles(events) == ["正在进行", "明天", "后天"]


async def test_pages_follow_one_another_and_know_how_many_there_are(events, put_on):
    for day in (25, 26, 27, 28):
        await put_on(f"{day}日", **on(day))

    first, second = await events.upcoming(limit=3), await events.upcoming(limit=3, offset=3)

    assert [e.title for e in first.events] == ["25日", "26日", "27日"]
    assert [e.title for e in second.events] == ["28日"]
    assert first.total == second.total == 4


async def test_wishes_narrow_what_is_on(events, put_on):
    await put_on("云冈体验日", kind="experience_day", district="云冈区", **on(25))
    await put_on("网络招聘会", mode="online", district=None, place=None, url="https://example.org", **on(26))
    await put_on("平城培训", kind="training", **on(27))

    assert await titles(events, kind="training") == ["平城培训"]
    assert await titles(events, district="云冈区") == ["云冈体验日"]
    assert await titles(events, mode="online") == ["网络招聘会"]
    assert await titles(events, kind="job_fair", district="云冈区") == []
    assert (await events.upcoming(kind="job_fair", district="云冈区")).total == 0


async def test_days_include_the_first_and_the_last_by_the_calendar_of_datong(events, put_on):
    await put_on("夜里", **on(25, 0, 1))  # still the 24th in UTC
    await put_on("三天", **on(26, 9, 56))  # until the 28th
    await put_on("三十日", **on(30))

    assert await titles(events, between=(date(2026, 11, 24), date(2026, 11, 24))) == []
    assert await titles(events, between=(date(2026, 11, 25), date(2026, 11, 25))) == ["夜里"]
    assert await titles(events, between=(date(2026, 11, 27), date(2026, 11, 27))) == ["三天"]
    assert await titles(events, between=(date(2026, 11, 25), date(2026, 11, 30))) == ["夜里", "三天", "三十日"]
    with pytest.raises(ValueError, match="before"):
        await events.upcoming(between=(date(2026, 11, 25), date(2026, 11, 24)))


async def test_an_event_tells_how_many_places_are_left(events, put_on, people):
    event = await put_on(capacity=2)
    free = [(await events.details(event)).event]
    for person in await people(3):
        await events.sign_up(event, person, "k")
        free.append((await events.details(event)).event)

    assert [(e.free, e.waiting) for e in free] == [(2, 0), (1, 0), (0, 0), (0, 1)]


async def test_details_list_companies_with_the_postings_that_are_open(events, put_on, employ, sessions):
    event, other = await put_on(), await put_on()
    _, [fitter, _] = await employ("示例风电", ["风机检修", "电气技术员"], to=event, closes_on=date(2026, 11, 24))
    await employ("示例煤机", ["钳工"], to=event, closes_on=date(2026, 11, 23))
    await employ("示例数据", ["客服"], to=event, status="withdrawn")
    await employ("别处", ["司机"], to=other)

    details = await events.details(event)

    assert [(c.name, [p.title for p in c.postings]) for c in details.companies] == [
        ("示例风电", ["风机检修", "电气技术员"]), ("示例煤机", []), ("示例数据", []),
    ]  # fmt: skip
    assert details.event.companies == 3
    assert (details.companies[0].postings[0].id, details.companies[0].sample) == (fitter, True)
    assert details.mine is None


async def test_details_know_the_asking_person_s_sign_up_and_nobody_else_s(events, put_on, people):
    event = await put_on(capacity=1)
    anna, boris, clara = await people(3)
    stands = {person: await events.sign_up(event, person, "k") for person in (anna, boris)}

    for person in (anna, boris):
        assert (await events.details(event, person)).mine == stands[person]
    assert (await events.details(event, clara)).mine is None
    await events.cancel(event, anna)
    assert (await events.details(event, anna)).mine is None


async def test_mine_are_the_ones_to_come_soonest_first(events, put_on, people, clock):
    late, soon, left, over = (
        await put_on("后天", **on(26)), await put_on("明天", **on(25)),
        await put_on("不去了", **on(25)), await put_on("今天", **on(24)),
    )  # fmt: skip
    anna, boris = await people(2)
    for event in (late, soon, left, over):
        await events.sign_up(event, anna, "k")
    await events.cancel(left, anna)
    await events.cancel_event(late)
    clock.pass_(hours=8)

    mine = await events.mine(anna)

    assert [(m.event.title, m.event.status, m.mine.state) for m in mine] == [
        ("明天", "planned", "registered"), ("后天", "cancelled", "registered"),
    ]  # fmt: skip
    assert await events.mine(boris) == ()


async def test_figures_count_what_happened_beside_what_was_reported(events, put_on, people, clock, employ):
    event = await put_on(capacity=2)
    await employ("示例风电", ["风机检修", "电气技术员"], to=event)
    persons = await people(5)
    tickets = [(await events.sign_up(event, person, "k")).ticket for person in persons]
    await events.cancel(event, persons[0])
    clock.pass_(hours=24)
    await events.check_in(tickets[1], "小王")
    reported = Reported(companies=60, posts=1200, registered=900, came=850, intents=210)

    assert (await events.figures(event)).reported == Reported()
    await events.report_figures(event, Reported(companies=1))
    await events.report_figures(event, reported)
    figures = await events.figures(event)

    assert (figures.companies, figures.posts) == (1, 2)
    assert (figures.registered, figures.waiting, figures.cancelled, figures.came) == (2, 2, 1, 1)
    assert figures.reported == reported


async def test_figures_that_cannot_be_are_refused(events, put_on):
    event = await put_on()

    with pytest.raises(ValueError, match="below zero"):
        await events.report_figures(event, Reported(came=-1))
    for asked in (events.report_figures(event + 1, Reported()), events.figures(event + 1), events.details(event + 1)):
        with pytest.raises(UnknownEvent):
            await asked
