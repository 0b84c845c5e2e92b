"""Topic files into the database and back, on both databases."""

import shutil
from datetime import date

import pytest
from sqlalchemy import func, select, text

from bot.knowledge import queries
from bot.knowledge.files import FileError, read_topic, topic_files
from bot.knowledge.loading import LOADER, as_yaml, content_of_row, content_of_topic, export, load
from bot.knowledge.tables import PhrasingRow, TopicRow, TopicVersion
from bot.settings import ROOT

REAL = ROOT / "data" / "knowledge"


async def contents(sessions) -> dict[str, dict]:
    async with sessions() as db:
        return {row.id: content_of_row(row) for row in await queries.whole_topics(db)}


async def versions(sessions) -> dict[str, int]:
    async with sessions() as db:
        return {row.id: row.version for row in await db.execute(select(TopicRow.id, TopicRow.version))}


async def revision(sessions) -> int:
    async with sessions() as db:
        return await queries.revision(db)


def rewrite(path, old, new):
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def real() -> dict[str, dict]:
    """The content of every real file, by topic."""
    return {path.stem: content_of_topic(read_topic(path)[0]) for path in topic_files(REAL)}


async def test_all_74_topics_come_out_of_the_database_as_their_files_have_them(sessions, clock, tmp_path, real):
    said = []

    done = await load(sessions, REAL, clock, progress=said.append)
    paths = await export(sessions, tmp_path / "out")

    assert len(done.new) == len(said) == 74
    assert await contents(sessions) == real
    assert {path.stem: path.read_text(encoding="utf-8") for path in paths} == {
        topic: as_yaml(content) for topic, content in real.items()
    }


def test_all_74_topics_are_read_back_from_an_exported_file_as_they_were(real, tmp_path):
    for topic, content in real.items():
        path = tmp_path / f"{topic}.yml"
        path.write_text(as_yaml(content), encoding="utf-8")

        assert content_of_topic(read_topic(path)[0]) == content


async def test_what_is_exported_can_be_loaded_over_what_is_there(sessions, clock, pair, tmp_path):
    await load(sessions, pair, clock)
    before = await contents(sessions)
    await export(sessions, tmp_path / "out")

    done = await load(sessions, tmp_path / "out", clock, overwrite=True)

    assert done.changed == ["archive-transfer", "startup-loan"]
    assert await contents(sessions) == before


async def test_the_same_files_again_change_nothing(sessions, clock, pair):
    await load(sessions, pair, clock)
    before = await revision(sessions)

    done = await load(sessions, pair, clock)

    assert (done.new, done.changed, done.edited) == ([], [], [])
    assert len(done.same) == 2
    assert await revision(sessions) == before
    assert set((await versions(sessions)).values()) == {1}


async def test_a_changed_file_is_brought_in_as_a_new_version(sessions, clock, pair):
    await load(sessions, pair, clock)
    rewrite(pair / "startup-loan.yml", "title: 创业担保贷款", "title: 创业贷款（担保）")

    done = await load(sessions, pair, clock)

    assert (done.changed, len(done.same)) == (["startup-loan"], 1)
    assert (await versions(sessions))["startup-loan"] == 2
    assert (await contents(sessions))["startup-loan"]["title"] == "创业贷款（担保）"
    async with sessions() as db:
        kept = (await db.scalars(select(TopicVersion).where(TopicVersion.topic_id == "startup-loan"))).all()
    assert {v.version: v.content["title"] for v in kept} == {1: "创业担保贷款", 2: "创业贷款（担保）"}
    assert {v.author for v in kept} == {LOADER}


async def test_a_changed_file_leaves_nothing_of_the_old_one_behind(sessions, clock, pair):
    await load(sessions, pair, clock)
    before = await contents(sessions)
    rewrite(pair / "startup-loan.yml", f"  - {before['startup-loan']['phrasings']['who'][0]}\n", "")

    await load(sessions, pair, clock)

    after = await contents(sessions)
    assert after["startup-loan"]["phrasings"]["who"] == before["startup-loan"]["phrasings"]["who"][1:]
    assert {k: v for k, v in after.items() if k != "startup-loan"} == {
        k: v for k, v in before.items() if k != "startup-loan"
    }


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE topic_text SET text = '改过的。' WHERE topic_id = 'startup-loan' AND key = 'answer'",
        "UPDATE topic SET title = '改过的' WHERE id = 'startup-loan'",
        "UPDATE topic_figure SET value = '31万元' WHERE topic_id = 'startup-loan' AND position = 0",
        "DELETE FROM topic_phrasing WHERE topic_id = 'startup-loan' AND aspect = 'who'",
    ],
)
async def test_a_topic_edited_in_the_database_is_left_alone(sessions, clock, pair, edit):
    await load(sessions, pair, clock)
    async with sessions.begin() as db:
        await db.execute(text(edit))
    edited = await contents(sessions)
    rewrite(pair / "startup-loan.yml", "region: 山西", "region: 大同")
    rewrite(pair / "archive-transfer.yml", "region: 全国", "region: 大同")

    done = await load(sessions, pair, clock)

    assert (done.edited, done.changed) == (["startup-loan"], ["archive-transfer"])
    assert (await contents(sessions))["startup-loan"] == edited["startup-loan"]


async def test_an_edited_topic_whose_file_is_the_same_is_left_alone_too(sessions, clock, pair):
    await load(sessions, pair, clock)
    async with sessions.begin() as db:
        await db.execute(text("UPDATE topic SET title = '改过的' WHERE id = 'startup-loan'"))

    done = await load(sessions, pair, clock)

    assert done.changed == []
    assert (await contents(sessions))["startup-loan"]["title"] == "改过的"


async def test_overwriting_puts_the_file_in_the_place_of_an_edit(sessions, clock, pair):
    await load(sessions, pair, clock)
    async with sessions.begin() as db:
        await db.execute(text("UPDATE topic SET title = '改过的' WHERE id = 'startup-loan'"))

    done = await load(sessions, pair, clock, overwrite=True)

    assert "startup-loan" in done.changed
    assert (await contents(sessions))["startup-loan"]["title"] == "创业担保贷款"
    assert (await versions(sessions))["startup-loan"] == 2


async def test_one_file_that_is_not_of_the_form_keeps_all_from_being_loaded(sessions, clock, pair):
    rewrite(pair / "startup-loan.yml", "region: 山西\n", "")

    with pytest.raises(FileError) as caught:
        await load(sessions, pair, clock)

    assert caught.value.path.name == "startup-loan.yml"
    assert await contents(sessions) == {}


async def test_a_new_file_joins_those_that_are_there(sessions, clock, pair):
    await load(sessions, pair, clock)
    shutil.copy(REAL / "resume.yml", pair)

    done = await load(sessions, pair, clock)

    assert done.new == ["resume"]
    assert len(await contents(sessions)) == 3


async def test_an_exported_edit_is_in_the_file(sessions, clock, pair, tmp_path):
    await load(sessions, pair, clock)
    async with sessions.begin() as db:
        await db.execute(
            text("UPDATE topic_text SET text = :t WHERE topic_id = 'startup-loan' AND key = 'answer'"),
            {"t": "第一行：“引号”# 井号\n- 第二行: 冒号"},
        )

    await export(sessions, tmp_path / "out")

    topic, _ = read_topic(tmp_path / "out" / "startup-loan.yml")
    assert topic.answer.text == "第一行：“引号”# 井号\n- 第二行: 冒号"


def test_texts_that_yaml_would_read_as_something_else_stay_texts(probation):
    content = content_of_topic(read_topic(probation.path)[0])
    content["phrasings"]["amount"] = ["12333", "yes", "null", "2026-11-24", "1.5", "- 减号", "a: b", "#1", "'引'", "~"]
    content["sources"][0]["number"] = "65"

    probation.write(as_yaml(content))

    assert content_of_topic(read_topic(probation.path)[0]) == content


def test_every_day_and_status_survives_the_way_there_and_back(probation):
    content = content_of_topic(read_topic(probation.path)[0])
    content["validity"] = {"from": None, "until": "2026-12-31", "state": "expired"}
    content["after_expiry"] = "等新通知。"

    probation.write(as_yaml(content))

    topic, _ = read_topic(probation.path)
    assert topic.validity.until == date(2026, 12, 31)
    assert content_of_topic(topic) == content


async def test_no_phrasing_is_lost_on_the_way_in(sessions, clock, pair):
    written = [t for p in topic_files(pair) for texts in read_topic(p)[0].phrasings.values() for t in texts]

    await load(sessions, pair, clock)

    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(PhrasingRow)) == len(written)
