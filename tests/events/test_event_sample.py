"""Sample events: loaded once, renewed when they are over, taken away at once."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.clock import SHANGHAI
from bot.events.sample import SampleFileError, load_sample_events, read_sample_events, remove_sample_events
from bot.events.tables import Event, Registration
from bot.events.views import Reported

FILE = """
events:
- title: 冬季专场招聘会
  kind: job_fair
  mode: offline
  days_from_load: 5
  starts: "09:30"
  ends: "16:00"
  district: 平城区
  place: 市人力资源市场
  capacity: 300
  about: 带上简历。
  companies: [示例风电, 示例煤机]
  postings: [风机检修, 钳工]
- title: 线上说明会
  kind: training
  mode: online
  days_from_load: 1
  starts: "19:00"
  ends: "20:30"
  about: 用手机就能听。
- title: 秋季招聘会
  kind: job_fair
  mode: offline
  days_from_load: -30
  starts: "09:00"
  ends: "12:00"
  district: 云冈区
  place: 示例会场
  figures: {companies: 62, posts: 1180, registered: 640, came: 571, intents: 134}
"""


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "events.yml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
def load(sessions, clock, file):
    async def run(path=file):
        async with sessions.begin() as db:
            return await load_sample_events(db, clock, path)

    return run


async def test_sample_events_are_days_from_the_load_marked_and_with_their_companies(load, events, employ, sessions):
    await employ("示例风电", ["风机检修", "电气技术员"])
    await employ("示例煤机", ["钳工"])
    await employ("无关公司", ["钳工"])

    loaded = await load()

    assert loaded.new == ("冬季专场招聘会", "线上说明会", "秋季招聘会")
    assert loaded.unknown == ()
    page = await events.upcoming()
    assert [(e.title, f"{e.starts_at.astimezone(SHANGHAI):%m-%d %H:%M}", e.sample) for e in page.events] == [
        ("线上说明会", "11-25 19:00", True), ("冬季专场招聘会", "11-29 09:30", True),
    ]  # fmt: skip
    fair = await events.details(page.events[1].id)
    assert [(c.name, [p.title for p in c.postings]) for c in fair.companies] == [
        ("示例风电", ["风机检修"]), ("示例煤机", ["钳工"]),
    ]  # fmt: skip
    assert (fair.event.capacity, fair.event.source) == (300, "示例数据")


async def test_a_past_sample_shows_its_figures(load, events, sessions):
    await load()

    async with sessions() as db:
        past = await db.scalar(select(Event.id).where(Event.title == "秋季招聘会"))
    assert (await events.figures(past)).reported == Reported(62, 1180, 640, 571, 134)


async def test_loading_again_changes_nothing(load, sessions):
    await load()
    async with sessions.begin() as db:
        (await db.scalars(select(Event).where(Event.title == "线上说明会"))).one().about = "改过了"

    again = await load()

    assert (again.new, again.renewed, len(again.same)) == ((), (), 3)
    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(Event)) == 3
        assert await db.scalar(select(Event.about).where(Event.title == "线上说明会")) == "改过了"


async def test_samples_that_are_over_get_new_days_and_start_anew_but_not_one_with_figures(
    load, events, people, sessions, clock
):
    await load()
    [anna] = await people(1)
    for event in (await events.upcoming()).events:
        await events.sign_up(event.id, anna, "k")
    clock.pass_(days=3)

    again = await load()

    assert again.renewed == ("线上说明会",)
    assert again.same == ("冬季专场招聘会", "秋季招聘会")
    [online, fair] = (await events.upcoming()).events
    assert f"{online.starts_at.astimezone(SHANGHAI):%m-%d %H:%M}" == "11-28 19:00"
    assert [m.event.id for m in await events.mine(anna)] == [fair.id]
    async with sessions() as db:
        assert dict((await db.execute(select(Event.title, Event.taken))).all()) == {
            "线上说明会": 0, "冬季专场招聘会": 1, "秋季招聘会": 0,
        }  # fmt: skip


async def test_companies_and_postings_that_are_not_there_are_named(load, employ):
    await employ("示例风电", ["风机检修"])

    loaded = await load()

    assert loaded.unknown == ("冬季专场招聘会: 示例煤机", "冬季专场招聘会: 钳工")


async def test_an_event_of_our_own_is_no_sample_even_by_the_same_name(load, put_on, sessions):
    own = await put_on("线上说明会")
    await load()

    async with sessions.begin() as db:
        assert await remove_sample_events(db) == 3
        assert await remove_sample_events(db) == 0
    async with sessions() as db:
        assert (await db.scalars(select(Event.id))).all() == [own]


async def test_removing_takes_the_sign_ups_along(load, events, people, sessions):
    await load()
    [anna] = await people(1)
    for event in (await events.upcoming()).events:
        await events.sign_up(event.id, anna, "k")

    async with sessions.begin() as db:
        await remove_sample_events(db)

    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(Registration)) == 0


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("kind: training", "kind: party", "1.kind"),
        ("district: 云冈区", "district: 太原", "太原"),
        ('ends: "20:30"', 'ends: "18:30"', "ends after it starts"),
        ("capacity: 300", "capacity: 0", "0.capacity"),
        ("came: 571", "came: -1", "2.figures.came"),
        ("title: 线上说明会", "title: 秋季招聘会", "twice"),
        ("  kind: training", "  sort: training", "1.kind"),
        ("- title: 线上说明会", "- title: [", "not YAML"),
    ],
)
def test_a_file_that_is_not_of_the_form_says_where(file, old, new, reason):
    assert old in FILE
    file.write_text(FILE.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(SampleFileError, match=reason):
        read_sample_events(file)


async def test_a_file_that_is_not_of_the_form_loads_nothing(load, file, sessions):
    file.write_text(FILE.replace("kind: training", "kind: party"), encoding="utf-8")

    with pytest.raises(SampleFileError):
        await load()

    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(Event)) == 0
