"""A talk about postings turn by turn, on real databases: what is listed, refined and leafed through."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.jobs.tables import Posting
from bot.jobs.talk import REMEMBERED, Search

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
