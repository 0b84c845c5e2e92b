"""A talk about postings turn by turn, on real databases: what is listed, refined, opened, kept, dropped and left."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import update

from bot.jobs import wording
from bot.jobs.tables import Posting, Subscription
from bot.jobs.talk import REMEMBERED, JobTalk, Search, Told
from bot.reply import Link
from bot.text.wishes import Wishes


class Person:
    """Somebody who talks about jobs: what they remember goes in and out through the engine's slot."""

    def __init__(self, talk: JobTalk, conversation: str) -> None:
        self._talk, self._conversation = talk, conversation
        self.told: Told | None = None
        self.slot: dict | None = None

    async def say(self, text: str) -> str:
        return self._after(await self._talk.said(text, Search.from_slot(self.slot), self._conversation))

    async def press(self, do: str, of: str | int | None = None) -> str:
        of = None if of is None else str(of)
        return self._after(await self._talk.pressed(do, of, Search.from_slot(self.slot), self._conversation))

    async def press_labelled(self, label: str) -> str:
        """Press the first choice of the last reply whose label begins so, as its payload says."""
        cards = [choice for card in self.reply.cards for choice in card.choices]
        choice = next(c for c in (*self.reply.choices, *self.reply.filters, *cards) if c.label.startswith(label))
        told = json.loads(choice.payload.removeprefix(f"/{wording.INTENT}"))
        return await self.press(told["do"], told.get("of"))

    def _after(self, told: Told) -> str:
        self.told = told
        # as the engine's tracker keeps it
        self.slot = json.loads(json.dumps(told.search.to_slot())) if told.search else None
        return "\n".join(told.reply.paragraphs)

    @property
    def reply(self):
        return self.told.reply

    @property
    def search(self) -> Search | None:
        return Search.from_slot(self.slot)

    @property
    def titles(self) -> list[str]:
        return [card.title for card in self.reply.cards]

    @property
    def filters(self) -> list[str]:
        return [choice.label for choice in self.reply.filters]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.reply.choices]


async def _known_companies() -> tuple[str, ...]:
    return ("恒源商贸有限公司",)


@pytest.fixture
async def person(search, jobs, talk, clock) -> AsyncIterator[Person]:
    yield Person(JobTalk(search, jobs, _known_companies, clock), await talk())


@pytest.fixture
async def clerks(add) -> list[int]:
    """Seven postings for clerks of seven companies, 云冈区 the last two; the newest has the highest number."""
    return [
        await add(
            title=f"文员{n}",
            company=f"公司{n}",
            district="平城区" if n <= 5 else "云冈区",
            pay_min=3000 + 500 * n,
            pay_max=4000 + 500 * n,
            benefits=["五险一金"] if n % 2 else [],
            education="大专" if n == 3 else "不限",
            checked_on=date(2026, 11, n),
        )
        for n in range(1, 8)
    ]


# -- searching and refining ------------------------------------------------------------------------------------------


async def test_a_search_lists_three_and_says_what_was_understood(person, clerks):
    said = await person.say("平城区 文员")

    assert said.startswith("文员、平城区：有 5 个岗位，先看这 3 个。")
    assert person.titles == ["文员5", "文员4", "文员3"]
    assert person.filters == ["文员", "平城区"]
    assert person.labels == ["换一批", "有新的告诉我", "重新找"]
    assert person.reply.cards[0].lines[-1] == "符合：平城区"


async def test_each_turn_keeps_what_was_said_before(person, clerks):
    await person.say("平城区 文员")

    await person.say("只要五险一金的")
    assert (person.titles, person.filters) == (["文员5", "文员3", "文员1"], ["文员", "平城区", "五险一金"])

    await person.say("工资高点的")
    assert person.search.wishes.salary_min == 4000
    assert person.filters == ["文员", "平城区", "4千以上", "五险一金"]

    await person.say("工资高点的")
    assert person.search.wishes.salary_min == 4800
    assert person.titles == ["文员5", "文员3"]

    await person.say("学历不限")
    assert person.filters == ["文员", "平城区", "4800元以上", "五险一金"]


async def test_education_that_no_longer_matters_is_dropped_and_the_rest_stays(person, clerks):
    await person.say("平城区 文员 高中学历")
    assert "学历高中" in person.filters and "文员3" not in person.titles

    await person.say("算了学历不限")

    assert person.filters == ["文员", "平城区"]
    assert "文员3" in person.titles


@pytest.mark.parametrize(
    ("label", "rest"),
    [
        ("文员", ["平城区", "学历大专", "4千以上", "五险一金", "不要销售"]),
        ("平城区", ["文员", "学历大专", "4千以上", "五险一金", "不要销售"]),
        ("学历大专", ["文员", "平城区", "4千以上", "五险一金", "不要销售"]),
        ("4千以上", ["文员", "平城区", "学历大专", "五险一金", "不要销售"]),
        ("五险一金", ["文员", "平城区", "学历大专", "4千以上", "不要销售"]),
        ("不要销售", ["文员", "平城区", "学历大专", "4千以上", "五险一金"]),
    ],
)
async def test_a_pressed_filter_takes_off_just_itself(person, clerks, label, rest):
    await person.say("平城区 文员 大专 四千以上 五险一金 不要销售")

    await person.press_labelled(label)

    assert person.filters == rest


async def test_another_job_begins_a_new_search(person, clerks, add):
    await add(title="司机", company="车队")
    await person.say("平城区 文员 五险一金")

    await person.say("有没有司机的工作")

    assert (person.titles, person.filters) == (["司机"], ["司机"])


async def test_a_company_that_is_known_is_searched_by_its_name(person, add):
    await add(title="会计")
    await add(title="出纳", company="别家公司")

    await person.say("恒源商贸招什么人")

    assert person.titles == ["会计"]
    assert person.filters == [person.search.wishes.company]


async def test_without_a_wish_the_newest_are_shown_with_a_hint_what_to_say(person, clerks):
    said = await person.say("有啥工作")

    assert "岗位库里现在有 7 个岗位" in said and "告诉我想干啥" in said
    assert (len(person.titles), person.filters) == (3, [])
    assert person.labels == ["换一批", "哪些求职渠道靠谱"]
    assert person.reply.knowledge.topics == ("job-channels",)


async def test_words_without_a_wish_show_the_page_again(person, clerks):
    await person.say("平城区 文员")
    await person.press("more")
    second = person.titles

    await person.say("嗯嗯嗯")

    assert person.titles == second and person.filters == ["文员", "平城区"]


async def test_whether_a_text_wishes_for_anything(person):
    talk = person._talk

    assert await talk.wished("平城区 文员")
    assert not await talk.wished("今天天气不错")


# -- paging ----------------------------------------------------------------------------------------------------------


async def test_paging_shows_everything_once_and_then_says_so(person, clerks):
    shown = []
    await person.say("文员")
    shown += person.titles
    assert "先看这 3 个" in person.reply.paragraphs[0]

    for word in ("换一批", "还有吗"):
        await person.say(word)
        shown += person.titles
    assert person.reply.paragraphs[0] == "第 7 个，都在这儿了。" and "换一批" not in person.labels

    said = await person.say("还有吗")

    assert sorted(shown) == [f"文员{n}" for n in range(1, 8)]
    assert said.startswith("符合的都给你看完了") and person.titles == []
    assert (person.filters, person.labels) == (["文员"], ["从头再看", "重新找"])


async def test_a_page_says_where_it_is_so_that_two_pages_never_read_the_same(person, clerks, add):
    for n in range(3):
        await add(title="文员", company=f"另一家{n}")
    leads = []

    await person.say("文员")
    for _ in range(2):
        await person.say("换一批")
        leads.append(person.reply.paragraphs[0])

    assert leads == ["再看第 4–6 个。", "再看第 7–9 个。"]


async def test_from_the_beginning_shows_the_first_page_again(person, clerks):
    await person.say("文员")
    first = person.titles
    for _ in range(3):
        await person.say("换一批")

    await person.press_labelled("从头再看")

    assert person.titles == first
    assert len(person.search.shown) == 3


async def test_the_page_before_begins_anew(person, clerks):
    await person.say("文员")
    first = person.titles
    await person.say("换一批")

    await person.say("上一页")

    assert person.titles == first


async def test_back_to_the_list_shows_the_page_that_was_left(person, clerks):
    await person.say("文员")
    await person.say("换一批")
    page, shown = person.titles, person.search.shown
    await person.say("第二个详细说说")

    await person.press_labelled("回到列表")

    assert (person.titles, person.search.shown) == (page, shown)


async def test_back_to_the_list_without_a_page_searches(person, clerks):
    await person.press("list")

    assert len(person.titles) == 3


async def test_pages_remember_so_many_postings_as_shown_and_no_more(person, clerks, search):
    told = await person._talk.pressed(
        "more", None, Search(shown=tuple(range(1001, 1001 + REMEMBERED))), person._conversation
    )

    assert len(told.search.shown) == REMEMBERED
    assert told.search.shown[-3:] == told.search.page
    assert told.search.shown[0] == 1004


async def test_a_posting_that_closed_meanwhile_is_not_on_the_page_again(person, clerks, sessions):
    await person.say("平城区 文员 五险一金")
    assert person.titles == ["文员5", "文员3", "文员1"]
    async with sessions.begin() as db:
        await db.execute(update(Posting).where(Posting.id == clerks[2]).values(status="withdrawn"))

    await person.press("list")

    assert person.titles == ["文员5", "文员1"]


# -- one posting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("第二个详细说说", "文员6"),
        ("第一个怎么投", "文员7"),
        ("最后一个", "文员5"),
        ("第3个", "文员5"),
    ],
)
async def test_a_posting_is_named_by_its_place_on_the_page(person, clerks, words, title):
    await person.say("文员")

    said = await person.say(words)

    assert said.startswith(f"【{title}】") and "怎么投：" in said
    assert person.search.asked == clerks[int(title[-1]) - 1]


async def test_the_place_is_that_on_the_page_shown_last(person, clerks):
    await person.say("文员")
    await person.say("换一批")

    assert (await person.say("第一个")).startswith("【文员4】")


async def test_this_one_is_the_posting_looked_at_or_the_only_one_on_the_page(person, clerks):
    await person.say("文员")
    await person.say("第二个")
    assert (await person.say("这个怎么投")).startswith("【文员6】")

    await person.say("平城区 文员 五险一金 六千以上")
    assert person.titles == ["文员5"]
    assert (await person.say("这个怎么投")).startswith("【文员5】")


@pytest.mark.parametrize("words", ["第九个", "这个怎么投", "收藏"])
async def test_which_one_is_asked_where_none_is_meant(person, clerks, words):
    await person.say("文员")
    before = person.search

    await person.say(words)

    assert person.reply == wording.WHICH
    assert person.search == before


async def test_a_posting_cannot_be_named_where_none_was_shown(person, clerks):
    await person.say("文员 博士以上学历 十万以上")
    assert person.titles == []

    await person.say("第一个")

    assert person.reply == wording.NONE_SHOWN


@pytest.mark.parametrize("words", ["第二个详细说说", "收藏第一个"])
async def test_a_posting_named_out_of_the_blue_is_asked_what_to_look_for(person, clerks, words):
    await person.say(words)

    assert person.reply == wording.NONE_SHOWN
    assert person.search is None


@pytest.mark.parametrize("do", ["details", "keep"])
async def test_a_posting_that_is_gone_is_said_to_be_gone(person, clerks, do):
    await person.say("文员")
    before = person.search

    await person.press(do, max(clerks) + 1)

    assert person.reply == wording.GONE
    assert person.search == before


async def test_what_closed_since_is_shown_without_how_to_apply(person, clerks, sessions):
    await person.say("文员")
    async with sessions.begin() as db:
        await db.execute(update(Posting).where(Posting.id == clerks[6]).values(closes_on=date(2026, 11, 23)))

    said = await person.say("第一个")

    assert "已经截止或下架" in said and "怎么投" not in said


async def test_an_address_that_begins_with_its_district_is_not_told_twice(person, add):
    await add(title="库管", address="平城区御河西路5号")
    await add(title="库管", company="另一家", district="云冈区", address="口泉大街1号", checked_on=date(2026, 11, 1))
    await person.say("库管")

    assert "· 地点：平城区御河西路5号\n" in await person.say("第一个")
    assert "· 地点：云冈区 口泉大街1号\n" in await person.say("第二个")


async def test_a_sample_is_marked_on_its_card_and_in_its_details(person, add):
    await add(title="真岗位")
    await add(title="假岗位", company="编的公司", sample=True, checked_on=date(2026, 11, 1))

    listed = await person.say("岗位")
    assert [card.badge for card in person.reply.cards] == [None, "示例"]
    assert wording.SAMPLE_NOTE in listed

    assert wording.SAMPLE_NOTE not in await person.press_labelled("详情")
    await person.press("list")
    assert wording.SAMPLE_NOTE in await person.say("第二个")


# -- 收藏 ------------------------------------------------------------------------------------------------------------


async def test_a_posting_is_kept_shown_and_kept_no_more(person, clerks):
    await person.say("文员")
    assert await person.say("收藏第二个") == "收藏好了：文员6。"
    assert "之前就收藏过了" in await person.say("收藏第二个")

    assert await person.say("我的收藏") == "你收藏了 1 个岗位。"
    assert person.titles == ["文员6"]
    assert [choice.label for choice in person.reply.cards[0].choices] == ["详情", "取消收藏"]

    assert await person.press_labelled("取消收藏") == "取消收藏了：文员6。"
    assert (await person.press_labelled("我的收藏")).startswith("还没有收藏")


async def test_the_details_of_a_kept_posting_offer_to_keep_it_no_more(person, clerks):
    await person.say("文员")
    await person.say("第一个")
    assert "收藏" in person.labels
    assert person.reply.page == Link(label="文员7", url=f"/chat/jobs/{clerks[6]}")

    await person.press_labelled("收藏")
    await person.say("第一个")

    assert "取消收藏" in person.labels and "收藏" not in person.labels


async def test_a_kept_posting_can_be_dropped_in_words(person, clerks):
    await person.say("文员")
    await person.say("收藏第一个")

    assert await person.say("取消收藏") == "取消收藏了：文员7。"


async def test_a_kept_posting_that_closed_has_a_badge(person, clerks, sessions):
    await person.say("文员")
    await person.say("收藏第一个")
    async with sessions.begin() as db:
        await db.execute(update(Posting).where(Posting.id == clerks[6]).values(status="withdrawn"))

    await person.press("kept")

    assert person.reply.cards[0].badge == "已截止"


async def test_what_was_kept_is_there_without_a_search(person, clerks):
    await person.press("keep", clerks[0])
    person.slot = None

    await person.say("我的收藏")

    assert person.titles == ["文员1"]


# -- nothing found, relaxing -----------------------------------------------------------------------------------------


async def test_where_nothing_fits_every_choice_gives_the_number_it_promises(person, clerks):
    await person.say("平城区 文员 六千八以上 五险一金")
    assert person.titles == [] and person.reply.paragraphs == ("没有全都符合的。放宽一条就有：",)
    nothing, slot = person.told, person.slot
    promised = [(label, label.rpartition("还有 ")[2].removesuffix(" 个")) for label in person.labels if "还有" in label]
    assert [label.partition("：")[0] for label, _ in promised] == ["不限薪资", "不限区县"]

    for label, number in promised:
        person.told, person.slot = nothing, slot
        await person.press_labelled(label)

        assert f"有 {number} 个岗位" in person.reply.paragraphs[0]


async def test_negotiable_pay_counts_once_it_is_let_in_and_its_filter_takes_it_out(person, add):
    await add(title="讲师", pay_min=None, pay_max=None)
    await person.say("讲师 八千以上")
    assert person.labels[0] == "含面议：还有 1 个"

    await person.press_labelled("含面议")
    assert (person.titles, person.filters) == (["讲师"], ["讲师", "8千以上", "含面议"])

    await person.say("还有吗")
    assert person.filters == ["讲师", "8千以上", "含面议"]

    await person.press_labelled("含面议")
    assert (person.titles, person.filters) == ([], ["讲师", "8千以上"])


async def test_negotiable_pay_goes_with_the_pay_that_is_dropped(person, add):
    await add(title="讲师", pay_min=None, pay_max=None)
    await person.say("讲师 八千以上")
    await person.press_labelled("含面议")

    await person.say("工资无所谓")

    assert not person.search.negotiable and person.filters == ["讲师"]


async def test_a_condition_that_is_no_longer_there_cannot_be_dropped(person, clerks):
    await person.say("平城区 文员")
    titles, filters = person.titles, person.filters

    await person.press("relax", "不限学历")

    assert (person.titles, person.filters) == (titles, filters)


async def test_where_dropping_one_condition_helps_nothing_it_says_so_and_offers_to_tell_later(person, clerks):
    await person.say("阳高县 司机 两万以上 包吃住")

    assert "放宽一条也没有" in person.reply.paragraphs[0]
    assert person.labels == ["有新的告诉我", "重新找"]
    assert person.search.page == person.search.shown == ()


# -- 订阅, 重新找 ------------------------------------------------------------------------------------------------------


async def test_a_search_is_subscribed_to_and_given_up(person, clerks, jobs, sessions):
    await person.say("平城区 文员")

    assert (await person.press_labelled("有新的告诉我")).startswith("记下了：文员、平城区。")
    [saved] = await jobs.subscriptions(person._conversation)
    assert Wishes.from_dict(saved.wishes) == person.search.wishes

    assert (await person.press_labelled("退订")).startswith("退订好了")
    assert await jobs.subscriptions(person._conversation) == []
    assert (await person.say("退订")).startswith("你还没有订阅过")
    async with sessions() as db:
        assert (await db.get(Subscription, saved.id)).active is False


async def test_subscribing_in_words_keeps_the_page(person, clerks):
    await person.say("平城区 文员")
    before = person.search

    await person.say("有新的告诉我")

    assert person.reply.choices[0].label == "退订" and person.search == before


@pytest.mark.parametrize("first", [None, "平城区 文员"])
@pytest.mark.parametrize("words", ["订阅 阳高县司机", "有新的阳高县司机岗位告诉我", "帮我盯着阳高县的司机"])
async def test_a_search_that_is_named_in_the_same_breath_is_the_one_saved(person, clerks, jobs, first, words):
    if first:
        await person.say(first)

    said = await person.say(words)

    assert said.startswith("记下了：司机、阳高县。")
    [saved] = await jobs.subscriptions(person._conversation)
    assert Wishes.from_dict(saved.wishes) == Wishes(keyword="司机", district="阳高县")
    assert person.filters == ["司机", "阳高县"]
    assert person.labels[0] == "退订" and "有新的告诉我" not in person.labels


async def test_more_of_nothing_offers_again_what_could_be_dropped(person, clerks):
    first = await person.say("平城区 文员 两万以上")
    offered = person.labels

    assert await person.say("还有吗") == first
    assert person.labels == offered and any("还有" in label for label in offered)


async def test_which_one_is_not_asked_with_numbers_that_are_not_there(person, clerks):
    await person.say("文员 五险一金")
    count = len(person.titles)

    said = await person.say(f"第{'二三四五'[count - 1]}个详细说说")

    assert ("就列了一个" in said) is (count == 1)


async def test_unsubscribing_needs_no_search(person, clerks):
    await person.say("文员")
    await person.say("订阅")
    person.slot = None

    assert (await person.say("退订")).startswith("退订好了")
    assert person.search is None


@pytest.mark.parametrize("press", [True, False])
async def test_starting_over_forgets_every_wish(person, clerks, press):
    await person.say("平城区 文员 五险一金")

    said = await (person.press("restart") if press else person.say("重新找"))

    assert said.startswith(f"{wording.RESTARTED}岗位库里现在有 7 个岗位")
    assert person.filters == [] and not person.search.wishes


async def test_a_press_that_is_not_known_searches_as_before(person, clerks):
    await person.say("平城区 文员")
    titles = person.titles

    await person.press("dance")

    assert (person.titles, person.filters) == (titles, ["文员", "平城区"])


async def test_a_press_without_a_search_before_searches_for_anything(person, clerks):
    await person.press("again")

    assert len(person.titles) == 3
