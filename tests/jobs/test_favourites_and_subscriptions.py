"""What people keep of postings, and what they are told of."""

from datetime import date

import pytest

from bot.jobs.service import UnknownConversation, UnknownPosting
from bot.text.wishes import Wishes

WISHES = Wishes(keyword="会计", district="平城区", benefits=("双休",), exclude=("销售",))


async def test_details_tell_whether_a_posting_may_still_be_offered(jobs, add, clock):
    one = await add(closes_on=date(2026, 11, 24))
    assert (await jobs.details(one)).offered
    assert (await jobs.details(one)).posting.company.name == "恒源商贸有限公司"

    clock.pass_(days=1)

    assert not (await jobs.details(one)).offered
    with pytest.raises(UnknownPosting):
        await jobs.details(one + 1)


async def test_kept_postings_are_the_person_s_own_the_latest_first_and_closed_ones_stay(jobs, add, talk, clock):
    first, second = await add(closes_on=date(2026, 11, 24)), await add()
    anna, ben = await talk(), await talk()

    assert await jobs.keep(anna, first)
    clock.pass_(days=1)
    assert await jobs.keep(anna, second)
    assert not await jobs.keep(anna, second)
    assert await jobs.keep(ben, second)

    assert [(d.posting.id, d.offered) for d in await jobs.kept(anna)] == [(second, True), (first, False)]
    assert await jobs.unkeep(anna, second)
    assert not await jobs.unkeep(anna, second)
    assert [d.posting.id for d in await jobs.kept(anna)] == [first]
    assert [d.posting.id for d in await jobs.kept(ben)] == [second]


async def test_what_is_not_there_cannot_be_kept_and_nobody_keeps_nothing(jobs, add, talk):
    one = await add()

    with pytest.raises(UnknownPosting):
        await jobs.keep(await talk(), one + 1)
    with pytest.raises(UnknownConversation):
        await jobs.keep("nobody", one)


async def test_a_saved_search_tells_only_of_what_came_in_later_and_fits(jobs, add, talk):
    fitting = {"benefits": ["双休"]}
    await add(**fitting)
    saved = await jobs.subscribe(await talk(), WISHES)
    assert (await jobs.new_matches(saved)).page.total.n == 0

    new = await add(**fitting)
    await add(title="销售会计", **fitting)
    await add(scam_signs=["押金"], **fitting)
    news = await jobs.new_matches(saved)

    assert news.wishes == WISHES
    assert [f.posting.id for f in news.page.postings] == [new]
    assert news.page.postings[0].why == ("平城区", "双休")


async def test_news_are_told_once_a_day_and_each_posting_once(jobs, add, talk, clock):
    saved = await jobs.subscribe(await talk(), WISHES)
    await add(benefits=["双休"])
    (due,) = await jobs.due()
    news = await jobs.new_matches(due)

    assert await jobs.claim_telling(news)
    assert not await jobs.claim_telling(news)
    assert await jobs.due() == []

    clock.pass_(hours=14)  # past midnight in 大同, the same day in UTC
    (due,) = await jobs.due()
    assert due.id == saved.id
    assert (await jobs.new_matches(due)).page.postings == []


async def test_the_same_search_saved_twice_is_one_and_unsubscribing_ends_one_s_own(jobs, talk, add):
    anna, ben = await talk(), await talk()
    first = await jobs.subscribe(anna, WISHES)
    assert (await jobs.subscribe(anna, WISHES)).id == first.id
    second = await jobs.subscribe(anna, Wishes(district="云冈区"))
    other = await jobs.subscribe(ben, WISHES)
    assert len({first.id, second.id, other.id}) == 3
    news = await jobs.new_matches(first)

    assert await jobs.unsubscribe(anna, other.id) == 0
    assert await jobs.unsubscribe(anna, first.id) == 1
    assert not await jobs.claim_telling(news)
    assert [s.id for s in await jobs.subscriptions(anna)] == [second.id]
    assert await jobs.unsubscribe(anna) == 1
    assert await jobs.subscriptions(anna) == []
    assert [s.id for s in await jobs.subscriptions(ben)] == [other.id]
