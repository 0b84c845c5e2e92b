"""Drafts of topics: kept, sent, approved by a second person, given back, dropped, rolled back; on both databases."""

from __future__ import annotations

import asyncio
import copy
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.knowledge import queries as knowledge_queries
from bot.knowledge.editing import forms, queries, rules
from bot.knowledge.editing.differences import differences
from bot.knowledge.editing.drafts import Drafts
from bot.knowledge.editing.rules import Editor
from bot.knowledge.editing.versions import Versions
from bot.knowledge.files import Topic, read_topic
from bot.knowledge.loading import REVIEW, content_of_row, content_of_topic, export, load
from bot.knowledge.rules import Question
from bot.knowledge.service import Knowledge
from bot.knowledge.tables import PhrasingRow, TopicDraft, TopicVersion
from tests.knowledge.knowledge_setup import NEW, REAL, TOPIC, put_three, read_three

WANG, LI, ZHAO = Editor(1, "王芳"), Editor(2, "李强"), Editor(3, "赵敏")


@pytest.fixture(scope="session")
def three() -> dict[str, Topic]:
    """Two real topics, and the numbers that every topic may name."""
    return read_three()


@pytest.fixture
async def loaded(sessions, clock, three) -> None:
    """These in the database."""
    await put_three(sessions, clock, three)


@pytest.fixture
def drafts(sessions, clock, loaded) -> Drafts:
    return Drafts(sessions, clock)


async def content(sessions, topic: str = TOPIC) -> dict:
    async with sessions() as db:
        return content_of_row(await queries.whole_topic(db, topic))


async def typed(drafts: Drafts, topic: str = TOPIC, **changed: str) -> dict:
    opened = await drafts.open(topic)
    return copy.deepcopy(opened.draft.typed if opened.draft else forms.typed_of(opened.content)) | changed


async def sent(drafts: Drafts, by: Editor = WANG, topic: str = TOPIC, **changed: str) -> int:
    """A draft that waits; its version."""
    saved = await drafts.save(topic, await typed(drafts, topic, **changed), by, version=0, was="")
    await drafts.send(topic, saved.version, by, "改得好懂些")
    return (await drafts.open(topic)).draft.version


def test_a_topic_is_the_same_after_it_was_a_form(three):
    for name, topic in three.items():
        content = content_of_topic(topic)
        form = forms.typed_of(content)
        html = {key: value.replace("\n", "\r\n") for key, value in form.items() if isinstance(value, str)}
        for rows in forms.LISTS:
            for i, row in enumerate(form[rows]):
                html |= {f"{rows}-{i}-{key}": value for key, value in row.items()}
        known = forms.Surroundings(
            {one: one for one in topic.related}, frozenset(f.value for f in three["hotlines"].figures), {}
        )

        read = forms.read(name, forms.posted(html), known, content)

        assert (read.errors, read.content) == ({}, content), name
        assert forms.units(forms.posted(html)) == forms.units(form), name


async def test_what_a_second_person_approved_is_served_at_the_next_question_as_the_next_version(
    drafts, sessions, clock, vectors
):
    knowledge = Knowledge(sessions, clock, cache=vectors)
    before = await content(sessions)
    asked = before["phrasings"]["process"][0]
    version = await sent(drafts, process=NEW, asks_process=before["phrasings"]["process"][0] + "\n担保中心那头咋跑")
    assert NEW not in str((await knowledge.serve(TOPIC, "process")).reply)

    served = await drafts.approve(TOPIC, version, LI)

    assert served.version == 2
    answered = await knowledge.answer(Question("担保中心那头咋跑", "policy", aspects=(("process", 0.9),)))
    assert NEW in answered.reply.paragraphs[0]
    assert answered.reply.knowledge.version == 2
    now = await content(sessions)
    assert now == before | {
        "aspects": {**before["aspects"], "process": {**before["aspects"]["process"], "text": NEW}},
        "phrasings": {**before["phrasings"], "process": [asked, "担保中心那头咋跑"]},
    }
    async with sessions() as db:
        kept = await queries.version(db, TOPIC, 2)
        origins = dict((await db.execute(select(PhrasingRow.text, PhrasingRow.origin))).all())
    assert (kept.content, kept.author, kept.approved_by, kept.note) == (now, "王芳", "李强", "改得好懂些")
    assert (origins["担保中心那头咋跑"], origins[asked]) == (REVIEW, "files")
    opened = await drafts.open(TOPIC)
    assert (opened.draft, opened.served.version) == (None, 2)


async def test_nobody_approves_what_they_changed_or_sent(drafts):
    saved = await drafts.save(TOPIC, await typed(drafts, process=NEW), WANG, version=0, was="")
    saved = await drafts.save(TOPIC, await typed(drafts, scope="贷款"), LI, version=saved.version, was="")
    await drafts.send(TOPIC, saved.version, ZHAO)
    version = (await drafts.open(TOPIC)).draft.version

    for one in (WANG, LI, ZHAO):
        assert await drafts.to_approve(one) == 0
        with pytest.raises(rules.OwnWork):
            await drafts.approve(TOPIC, version, one)
        with pytest.raises(rules.OwnWork):
            await drafts.send_back(TOPIC, version, one, "不行")
    fourth = Editor(4, "孙丽")
    assert await drafts.to_approve(fourth) == 1
    assert (await drafts.approve(TOPIC, version, fourth)).version == 2


FAULTS = (
    ({"process": "要交8888元押金。"}, "process", "“8888元”不在数字表里"),
    ({"s30": "短"}, "s30", "要 85 到 135 个"),
    ({"answer_sources": "99"}, "answer_sources", "没有编号是 99 的来源"),
    ({"answer_sources": "甲"}, "answer_sources", "只写来源的编号"),
    ({"valid_until": "2027-02-30"}, "valid_until", "2026-11-24 这样写"),
    ({"valid_until": "2027-06-30", "after_expiry": ""}, "valid_until", "到期以后怎么办"),
    ({"title": " "}, "title", "请填写"),
    ({"materials": ""}, "materials", "写这一方面的话"),
    ({"related": [{"topic": "nothing"}, {"topic": TOPIC}]}, "related-0-topic", "没有这个主题"),
    ({"eligibility": "needs: ["}, "eligibility", "读不出来"),
    ({"eligibility": "a: &a [1]\nb: *a"}, "eligibility", "读不出来"),
    ({"asks_where": "档案咋转"}, "asks_where", "已经是“hotlines”的问法"),
    ({f"asks_{name}": "" for name in forms.ASKED[1:]}, "asks_general", "存成文件要够 50 句"),
)


def read(three, form: dict) -> forms.Read:
    """A form of the topic, held against the rules."""
    content = content_of_topic(three[TOPIC])
    titles = {one: one for one in (*three, *three[TOPIC].related)}
    hotlines = frozenset(figure.value for figure in three["hotlines"].figures)
    return forms.read(
        TOPIC, forms.tidied(form), forms.Surroundings(titles, hotlines, {"档案咋转": "hotlines"}), content
    )


def test_what_the_check_refuses_is_told_at_its_field(three):
    form = forms.typed_of(content_of_topic(three[TOPIC]))
    assert read(three, form).errors == {}

    for changed, field, words in FAULTS:
        errors = read(three, form | changed).errors
        assert words in errors.get(field, ""), (changed, errors)


def test_a_figure_without_its_source_is_refused_at_its_row(three):
    form = forms.typed_of(content_of_topic(three[TOPIC]))
    place = len(form["figures"])

    def with_source(source: str) -> dict[str, str]:
        row = {"label": "押金", "value": "8888元", "source": source}
        return read(three, form | {"figures": [*form["figures"], row]}).errors

    assert with_source("") == {f"figures-{place}-source": "只写来源的编号，几个就用顿号隔开。"}
    assert with_source("77") == {f"figures-{place}-source": "“押金”写的来源 77 不在来源表里。"}
    assert with_source("1") == {}


async def test_a_draft_with_a_fault_is_kept_and_not_sent(drafts, sessions):
    before = await content(sessions)
    saved = await drafts.save(TOPIC, await typed(drafts, process="要交8888元押金。"), WANG, version=0, was="")

    with pytest.raises(rules.Faulty) as refused:
        await drafts.send(TOPIC, saved.version, WANG)

    assert list(refused.value.errors) == ["process"]
    assert (await drafts.open(TOPIC)).draft.state == "editing"
    assert await content(sessions) == before


async def test_two_editors_of_different_fields_lose_nothing(drafts):
    form, was = await typed(drafts), forms.marks(await typed(drafts))
    first = await drafts.save(TOPIC, form | {"process": NEW}, WANG, version=0, was=was)

    second = await drafts.save(TOPIC, form | {"scope": "钱从哪来"}, LI, version=0, was=was)

    draft = (await drafts.open(TOPIC)).draft
    assert (first.joined, second.joined) == (False, True)
    assert (draft.typed["process"], draft.typed["scope"]) == (NEW, "钱从哪来")
    assert (draft.editors, draft.changed_by) == ((1, 2), "李强")


async def test_two_editors_of_one_field_are_shown_both_texts_and_neither_is_lost(drafts):
    form, was = await typed(drafts), forms.marks(await typed(drafts))
    await drafts.save(TOPIC, form | {"process": NEW, "title": "贷款"}, WANG, version=0, was=was)

    with pytest.raises(rules.Conflict) as told:
        await drafts.save(TOPIC, form | {"process": "去银行。", "scope": "钱"}, LI, version=0, was=was)

    clash = told.value
    assert (clash.by, clash.clashes, clash.theirs["process"]) == ("王芳", ("process",), NEW)
    assert (clash.typed["process"], clash.typed["scope"], clash.typed["title"]) == ("去银行。", "钱", "贷款")
    assert (await drafts.open(TOPIC)).draft.typed["process"] == NEW
    again = await drafts.save(TOPIC, clash.typed, LI, version=clash.version, was=forms.marks(clash.theirs))
    assert (again.version, (await drafts.open(TOPIC)).draft.typed["process"]) == (2, "去银行。")


async def test_a_draft_that_was_begun_twice_at_once_is_one(drafts, sessions):
    form, was = await typed(drafts), forms.marks(await typed(drafts))

    await asyncio.gather(
        drafts.save(TOPIC, form | {"process": NEW}, WANG, version=0, was=was),
        drafts.save(TOPIC, form | {"scope": "钱"}, LI, version=0, was=was),
    )

    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(TopicDraft)) == 1
    kept = (await drafts.open(TOPIC)).draft.typed
    assert (kept["process"], kept["scope"]) == (NEW, "钱")


async def test_one_of_two_who_approve_at_once_is_told_that_it_is_done(drafts, sessions):
    version = await sent(drafts, process=NEW)

    done = await asyncio.gather(
        drafts.approve(TOPIC, version, LI), drafts.approve(TOPIC, version, ZHAO), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in done) == ["Served", "UnknownTopic"]
    async with sessions() as db:
        assert (await queries.whole_topic(db, TOPIC)).version == 2


async def test_what_was_changed_after_it_was_looked_at_is_not_approved(drafts):
    version = await sent(drafts, process=NEW)
    await drafts.take_back(TOPIC, version)
    with pytest.raises(rules.NotNow):
        await drafts.approve(TOPIC, version, LI)
    await drafts.save(TOPIC, await typed(drafts, process="别的。"), WANG, version=version + 1, was="")
    await drafts.send(TOPIC, version + 2, WANG)

    with pytest.raises(rules.Changed):
        await drafts.approve(TOPIC, version, LI)


async def test_what_waits_is_not_changed_and_comes_back_with_a_reason(drafts):
    version = await sent(drafts, process=NEW)
    with pytest.raises(rules.NotNow):
        await drafts.save(TOPIC, await typed(drafts, process="别的。"), WANG, version=version, was="")
    with pytest.raises(rules.Unfit):
        await drafts.send_back(TOPIC, version, LI, "  ")

    await drafts.send_back(TOPIC, version, LI, "担保中心的电话没写")

    draft = (await drafts.open(TOPIC)).draft
    assert (draft.state, draft.reason, draft.decided_by) == ("editing", "担保中心的电话没写", "李强")


async def test_a_dropped_draft_comes_back_unless_there_is_another_one(drafts):
    saved = await drafts.save(TOPIC, await typed(drafts, process=NEW), WANG, version=0, was="")
    dropped = await drafts.drop(TOPIC, saved.version, WANG)
    opened = await drafts.open(TOPIC)
    assert (opened.draft, opened.dropped.id) == (None, dropped)
    await drafts.save(TOPIC, await typed(drafts, scope="钱"), LI, version=0, was="")
    with pytest.raises(rules.OpenDraft):
        await drafts.restore(dropped, WANG)
    await drafts.drop(TOPIC, 1, LI)

    back = await drafts.restore(dropped, WANG)

    assert (back.state, back.typed["process"], (await drafts.open(TOPIC)).draft.id) == ("editing", NEW, dropped)


async def test_nothing_that_changes_nothing_is_sent(drafts):
    saved = await drafts.save(TOPIC, await typed(drafts), WANG, version=0, was="")

    with pytest.raises(rules.Same):
        await drafts.send(TOPIC, saved.version, WANG)


async def test_a_version_comes_back_as_a_new_one_after_a_second_person_agreed(drafts, sessions):
    first = await content(sessions)
    await drafts.approve(TOPIC, await sent(drafts, process=NEW), LI)
    async with sessions.begin() as db:
        db.add(PhrasingRow(topic_id=TOPIC, aspect="who", text="我这号人能贷不能", origin=REVIEW))

    saved = await drafts.roll_back(TOPIC, 1, LI, "改错了")
    with pytest.raises(rules.OwnWork):
        await drafts.approve(TOPIC, saved.version, LI)
    served = await drafts.approve(TOPIC, saved.version, ZHAO)

    first["phrasings"]["who"].append("我这号人能贷不能")
    assert (served.version, await content(sessions)) == (3, first)
    told = [(one.version, one.author, one.approved_by, one.note) for one in await Versions(sessions).all(TOPIC)]
    assert told == [(3, "李强", "赵敏", "改错了"), (2, "王芳", "李强", "改得好懂些"), (1, "files", None, None)]
    compared = await Versions(sessions).compare(TOPIC, 3)
    assert (compared.against, [one.field for one in compared.differences]) == (2, ["process", "asks_who"])
    assert ("".join(t for t, _ in compared.differences[0].before)) == NEW
    with pytest.raises(rules.UnknownTopic):
        await Versions(sessions).compare(TOPIC, 9)


async def test_what_was_served_otherwise_meanwhile_is_looked_at_before_it_is_sent(drafts, sessions, clock, tmp_path):
    saved = await drafts.save(TOPIC, await typed(drafts, process=NEW), WANG, version=0, was="")
    file = shutil.copy(REAL / f"{TOPIC}.yml", tmp_path)
    title = (await content(sessions))["title"]
    words = Path(file).read_text(encoding="utf-8").replace(f"title: {title}\n", "title: 创业贷款\n", 1)
    Path(file).write_text(words, encoding="utf-8")
    await load(sessions, tmp_path, clock)
    assert (await drafts.open(TOPIC)).moved
    with pytest.raises(rules.ServedMoved):
        await drafts.send(TOPIC, saved.version, WANG)

    await drafts.rebase(TOPIC, saved.version, WANG)
    opened = await drafts.open(TOPIC)
    assert (opened.moved, opened.draft.typed["title"], opened.draft.typed["process"]) == (False, "创业贷款", NEW)
    await drafts.send(TOPIC, opened.draft.version, WANG)

    assert (await drafts.approve(TOPIC, opened.draft.version + 1, LI)).version == 3


async def test_a_phrasing_that_joined_meanwhile_stays_and_one_that_went_stays_gone(drafts, sessions):
    before = await content(sessions)
    gone = before["phrasings"]["general"][0]
    version = await sent(drafts, process=NEW)
    async with sessions.begin() as db:
        await db.delete(await db.scalar(select(PhrasingRow).where(PhrasingRow.text == gone)))
        db.add(PhrasingRow(topic_id=TOPIC, aspect="who", text="我这号人能贷不能", origin=REVIEW))

    await drafts.approve(TOPIC, version, LI)

    now = await content(sessions)
    assert gone not in now["phrasings"]["general"]
    assert now["phrasings"]["who"] == [*before["phrasings"]["who"], "我这号人能贷不能"]


async def test_a_new_topic_is_served_once_it_is_approved_and_its_few_phrasings_are_a_remark(
    drafts, sessions, clock, vectors
):
    form = await typed(drafts) | {"title": "创业沙龙", "aliases": "", "asks_general": "沙龙是干啥的\n创业沙龙啥时候办"}
    form |= {f"asks_{name}": "" for name in forms.ASKED[1:]} | {"process": NEW}
    with pytest.raises(rules.Unfit):
        await drafts.begin("Startup Salon", form, WANG)
    with pytest.raises(rules.Unfit):
        await drafts.begin(TOPIC, form, WANG)
    saved = await drafts.begin("startup-salon", form, WANG)
    with pytest.raises(rules.Unfit):
        await drafts.begin("startup-salon", form, LI)
    assert "存成文件要够 50 句" in (await drafts.check("startup-salon", form)).read.remarks["asks_general"]

    await drafts.send("startup-salon", saved.version, WANG)
    await drafts.approve("startup-salon", saved.version + 1, LI)

    answered = await Knowledge(sessions, clock, cache=vectors).answer(Question("创业沙龙啥时候办", "policy"))
    assert (answered.topic, answered.outcome, answered.reply.knowledge.version) == ("startup-salon", "served", 1)
    async with sessions() as db:
        assert {p.origin for p in (await queries.whole_topic(db, "startup-salon")).phrasings} == {REVIEW}


async def test_an_approved_edit_that_comes_back_as_a_file_is_one_with_it(drafts, sessions, clock, tmp_path):
    await drafts.approve(TOPIC, await sent(drafts, process=NEW, asks_who="我这号人能贷不能"), LI)
    async with sessions.begin() as db:  # the rest of the list is no real topic
        for row in await knowledge_queries.whole_topics(db):
            if not row.texts:
                await db.delete(row)
    before = await content(sessions)

    await export(sessions, tmp_path / "out")
    done = await load(sessions, tmp_path / "out", clock)

    assert (sorted(done.same), done.changed, done.edited) == (["archive-transfer", "hotlines", TOPIC], [], [])
    async with sessions() as db:
        row = await queries.whole_topic(db, TOPIC)
        assert (row.version, row.loaded_version) == (2, 2)
        assert await db.scalar(select(func.count()).select_from(TopicVersion)) == 4
    assert await content(sessions) == before


def test_differences_mark_the_words_and_show_only_the_phrasings_that_changed():
    before = content_of_topic(read_topic(REAL / f"{TOPIC}.yml")[0])
    after = copy.deepcopy(before)
    after["answer"]["text"] = before["answer"]["text"].replace("贷", "借", 1)
    after["phrasings"]["who"].append("我这号人能贷不能")
    after["figures"][0]["value"] = "8888元"

    found = {one.field: one for one in differences(before, after)}

    assert set(found) == {"answer", "figures", "asks_who"}
    assert [text for text, new in found["answer"].after if new] == ["借"]
    assert found["asks_who"].before == ()
    assert found["asks_who"].after == (("我这号人能贷不能", True),)
    assert [text for text, new in found["figures"].after if new][-1].startswith("8888")
