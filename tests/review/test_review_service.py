"""Lists, one conversation, marks and notes, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from bot.reply import Card, Choice, Reply, SourceLine
from bot.review.notes import Notes
from bot.review.rules import PAGE, Changed, Filters, NotYours, TooLate, Unfit, Unknown
from bot.review.service import Review
from bot.review.tables import ConversationNote


@pytest.fixture
def review(sessions, clock) -> Review:
    return Review(sessions, clock)


@pytest.fixture
def notes(sessions, clock) -> Notes:
    return Notes(sessions, clock)


def codes(listed) -> list[str]:
    return [row.code for row in listed.rows]


async def test_each_conversation_stands_once_by_its_latest_turn_that_fits(review, say, clock):
    one = await say("社保怎么补缴")
    two = await say("社保卡丢了")
    clock.pass_(minutes=5)
    await say("档案放哪", talk=two)
    await say("社保断了", talk=one)

    listed = await review.list(Filters(q="社保"), 1)

    assert codes(listed) == [one.code, two.code]
    assert str(listed.count) == "2"
    assert listed.rows[0].question == (("社保", True), ("断了", False))
    assert listed.rows[1].question == (("社保", True), ("卡丢了", False))
    assert [row.turns for row in listed.rows] == [2, 2]


@pytest.mark.parametrize("sort", ["", "old"])
async def test_pages_and_neighbours_go_through_all_of_a_list_once_in_both_directions(review, say, clock, account, sort):
    me = await account("王芳")
    talks = []
    for n in range(PAGE * 2 + 3):
        talks.append(await say(f"社保{n}"))
        clock.pass_(seconds=1)
    await say("社保又来", talk=talks[3])  # comes up again: once, by what it said last
    await say("别的", talk=talks[4])
    order = [*(n for n in range(PAGE * 2 + 3) if n != 3), 3]
    expected = [talks[n].code for n in (order if sort else order[::-1])]
    filters = Filters(q="社保", sort=sort)

    first = await review.list(filters, me)
    second = await review.list(filters, me, before=first.before)
    third = await review.list(filters, me, before=second.before)

    assert codes(first) + codes(second) + codes(third) == expected
    assert (first.after, third.before, str(third.count)) == (None, None, str(len(expected)))
    back = await review.list(filters, me, after=third.after)
    assert codes(back) == codes(second)
    assert codes(await review.list(filters, me, after=back.after)) == codes(first)

    row, seen = first.rows[0], []
    at: tuple[str, int] | None = (row.code, row.entry)
    while at:
        shown = await review.show(at[0], account_id=me, name="王芳", filters=filters, hit=at[1])
        assert shown.previous is None or shown.previous[0] == seen[-1]
        seen.append(at[0])
        at = shown.next
    assert seen == expected


async def test_a_list_takes_as_many_queries_for_one_conversation_as_for_a_page(review, say, database, account):
    me = await account("王芳")
    ran: list[str] = []
    engine = review._sessions().get_bind().engine

    def count(_c, _cursor, statement, *_rest) -> None:
        ran.append(statement)

    await say("社保")
    event.listen(engine, "before_cursor_execute", count)
    try:
        await review.list(Filters(q="社保", reviewed="no"), me)
        few = len(ran)
        event.remove(engine, "before_cursor_execute", count)
        for n in range(PAGE - 1):
            talk = await say(f"社保{n}")
            await review.tag(talk.code, f"标签{n}", "王芳")
        event.listen(engine, "before_cursor_execute", count)
        ran.clear()
        listed = await review.list(Filters(q="社保", reviewed="no"), me)
    finally:
        event.remove(engine, "before_cursor_execute", count)

    assert len(listed.rows) == PAGE
    assert len(ran) == few <= 40


async def test_today_ends_at_midnight_in_datong(review, say, clock):
    old = await say("昨天的", outcome="refused")
    clock.pass_(hours=14)  # 00:00 of the next day
    new = await say("今天的", outcome="refused")

    today = await review.list(Filters(day="today", outcome="refused"), 1)
    assert codes(today) == [new.code]
    assert [(name, str(n)) for name, _, n in today.presets][:1] == [("今天没答上的", "1")]
    assert codes(await review.list(Filters(until="2026-11-24"), 1)) == [old.code]
    assert codes(await review.list(Filters(since="2026-11-24", until="2026-11-25"), 1)) == [new.code, old.code]
    assert codes(await review.list(Filters(since="2027-01-01"), 1)) == []


async def test_what_is_said_after_somebody_looked_is_new_again(review, say):
    talk = await say("社保")
    listed = await review.list(Filters(reviewed="no"), 1)
    assert codes(listed) == [talk.code]

    await review.reviewed(talk.code, "王芳", to=listed.rows[0].entry)
    assert codes(await review.list(Filters(reviewed="no"), 1)) == []
    assert codes(await review.list(Filters(reviewed="yes"), 1)) == [talk.code]

    await say("还有个事", talk=talk)
    assert codes(await review.list(Filters(reviewed="no"), 1)) == [talk.code]
    await review.reviewed(talk.code, "王芳", to=0)
    assert codes(await review.list(Filters(reviewed="yes"), 1)) == []


async def test_marks_are_found_also_on_what_is_said_later(review, say, account):
    me, other = await account("王芳"), await account("李雷")
    talk, _ = await say("社保"), await say("档案")
    await review.flag(talk.code, "王芳", on=True)
    await review.tag(talk.code, "#要回访", "王芳")
    await review.tag(talk.code, "要回访", "李雷")
    await review.assign(talk.code, "王芳", account_id=other, name="李雷", was=None)
    await say("社保断了", talk=talk)

    for filters in (
        Filters(flagged="1"),
        Filters(tag="要回访"),
        Filters(assigned=str(other)),
        Filters(tag="要回访", q="断了"),
    ):
        assert codes(await review.list(filters, me)) == [talk.code], filters
    shown = await review.show(talk.code, account_id=me, name="王芳")
    assert (shown.flagged_by, shown.assigned_to, shown.tags) == ("王芳", "李雷", [("要回访", "要回访")])

    await review.untag(talk.code, "要回访", "王芳")
    await review.flag(talk.code, "王芳", on=False)
    for filters in (Filters(flagged="1"), Filters(tag="要回访")):
        assert codes(await review.list(filters, me)) == []
    for bad, why in (("", "empty"), ("很长很长很长很长很长很长长", "long"), ("a b", "marks"), ("<b>", "marks")):
        with pytest.raises(Unfit) as refused:
            await review.tag(talk.code, bad, "王芳")
        assert refused.value.why == why


async def test_two_who_assign_at_once_are_told_and_nothing_is_lost(review, say, account):
    me, other = await account("王芳"), await account("李雷")
    talk = await say("社保")
    await review.assign(talk.code, "王芳", account_id=me, name="王芳", was=None)

    with pytest.raises(Changed) as changed:
        await review.assign(talk.code, "李雷", account_id=other, name="李雷", was=None)

    assert (changed.value.by, changed.value.now, changed.value.version) == ("王芳", "王芳", me)
    assert (await review.show(talk.code, account_id=me, name="王芳")).assigned_to == "王芳"
    await review.assign(talk.code, "李雷", account_id=other, name="李雷", was=me)
    assert (await review.show(talk.code, account_id=me, name="王芳")).assigned_to == "李雷"


async def test_who_has_a_conversation_open_is_seen_until_they_close_it_or_fall_silent(review, say, account, clock):
    me, other = await account("王芳"), await account("李雷")
    talk = await say("社保")
    await review.show(talk.code, account_id=me, name="王芳")

    assert (await review.show(talk.code, account_id=other, name="李雷")).others == ("王芳",)
    assert (await review.here(talk.code, me, "王芳")).others == ("李雷",)
    await review.leave(talk.code, other)
    assert (await review.here(talk.code, me, "王芳")).others == ()
    clock.pass_(minutes=2)
    assert (await review.here(talk.code, other, "李雷")).others == ()


async def test_notes_are_masked_and_only_ones_own_can_be_changed(review, notes, say, account, clock, sessions):
    me, other = await account("王芳"), await account("李雷")
    talk = await say("社保")
    note = await notes.note(talk.code, "打 13812345678 问过了", "王芳", me)
    (shown,) = (await review.show(talk.code, account_id=me, name="王芳")).notes
    assert "13812345678" not in shown.text
    assert "〔手机号〕" in shown.text

    with pytest.raises(NotYours):
        await notes.edit_note(note, "改一下", other, 1)
    await notes.edit_note(note, "电话打通了", me, 1)
    with pytest.raises(Changed) as changed:
        await notes.edit_note(note, "另一台电脑上写的", me, 1)
    assert (changed.value.now, changed.value.version) == ("电话打通了", 2)

    await notes.delete_note(note, me, 2)
    (gone,) = (await review.show(talk.code, account_id=me, name="王芳")).notes
    assert (gone.deleted, gone.text) == (True, "")
    await notes.restore_note(note, me)
    (back,) = (await review.show(talk.code, account_id=me, name="王芳")).notes
    assert back.text == "电话打通了"

    await notes.delete_note(note, me, 4)
    clock.pass_(minutes=31)
    with pytest.raises(TooLate):
        await notes.restore_note(note, me)
    await notes.tend()
    async with sessions() as db:
        assert (await db.scalars(select(ConversationNote.id))).all() == []


async def test_a_conversation_is_shown_as_its_reader_saw_it(review, say, account):
    me = await account("王芳")
    reply = Reply(
        paragraphs=("先看这两条。", "要哪个？"),
        cards=(Card(title="文员", lines=("3000–4000 元",), choices=(Choice(label="收藏", payload="/keep{1}"),)),),
        choices=(Choice(label="换一批", payload="/more"), Choice(label="不要了", payload="/stop")),
        source=SourceLine(text="来源：人社局", url="https://example.org/a"),
        caveat="以窗口说的为准",
    )
    talk = await say("找文员", reply, intent="job_search", slots={"search": {"keyword": "文员"}, "topic": None})
    await say("换一批", "没有了。", talk, payload="/more", intent="job_detail_or_more", outcome=None)

    shown = await review.show(talk.code, account_id=me, name="王芳")

    first, second = shown.exchanges
    said, answer = first.lines
    assert (said.who, said.paragraphs, answer.who, answer.paragraphs) == (
        "person",
        ("找文员",),
        "bot",
        reply.paragraphs,
    )
    assert [(one.label, one.pressed) for one in answer.choices] == [("换一批", True), ("不要了", False)]
    assert [(card["title"], card["choices"][0].label) for card in answer.cards] == [("文员", "收藏")]
    assert (answer.source["text"], answer.caveat) == ("来源：人社局", "以窗口说的为准")
    assert first.turn.slots == (("search", '{"keyword": "文员"}'),)
    assert (second.turn.typed, second.turn.before) == (False, "找文员")
    with pytest.raises(Unknown):
        await review.show("0" * 16, account_id=me, name="王芳")


async def test_a_long_conversation_is_shown_around_what_was_found(review, say, account, monkeypatch):
    monkeypatch.setattr("bot.review.service.WINDOW", 6)
    monkeypatch.setattr("bot.review.service._AFTER", 3)
    me = await account("王芳")
    talk = await say("第0句紫罗兰")
    for n in range(1, 8):
        await say(f"第{n}句", talk=talk)
    hit = (await review.list(Filters(q="紫罗兰"), me)).rows[0].entry

    shown = await review.show(talk.code, account_id=me, name="王芳", hit=hit)
    assert [e.turn.said for e in shown.exchanges if e.hit] == ["第0句紫罗兰"]
    assert (shown.earlier, shown.later) == (None, True)
    last = await review.show(talk.code, account_id=me, name="王芳")
    assert [e.turn.said for e in last.exchanges] == ["第5句", "第6句", "第7句"]
    before = await review.show(talk.code, account_id=me, name="王芳", to=last.earlier)
    assert [e.turn.said for e in before.exchanges] == ["第2句", "第3句", "第4句"]


async def test_views_are_kept_by_name_and_shared_ones_are_everybodys(review, notes, account):
    me, other = await account("王芳"), await account("李雷")
    await notes.save_view("我的", Filters(verdict="down"), shared=False, by="王芳", account_id=me)
    await notes.save_view("大家的", Filters(q="社保"), shared=True, by="王芳", account_id=me)

    assert [view.name for view in (await review.list(Filters(), me)).views] == ["大家的", "我的"]
    (shared,) = (await review.list(Filters(), other)).views
    assert shared.query == Filters(q="社保").query()
    with pytest.raises(NotYours):
        await notes.delete_view(shared.id, other)
    for name, filters, why in (
        ("我的", Filters(q="x"), "same"),
        (" ", Filters(q="x"), "empty"),
        ("空", Filters(), "nothing"),
    ):
        with pytest.raises(Unfit) as refused:
            await notes.save_view(name, filters, shared=False, by="王芳", account_id=me)
        assert refused.value.why == why
    await notes.delete_view(shared.id, me)
    assert (await review.list(Filters(), other)).views == []
