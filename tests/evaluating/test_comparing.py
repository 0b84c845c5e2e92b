"""Two models side by side: which sentences are put to them, what became better and worse, and on what stage."""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import select, update

from bot.evaluation import comparing
from bot.evaluation.comparing import EVERY, compared, sentences
from bot.evaluation.files import IntentRow, TopicRow
from bot.evaluation.measures import Happened
from bot.evaluation.stage import _furnish
from bot.jobs.tables import Posting
from bot.knowledge import tables as knowledge
from bot.running.trial import apart
from bot.settings import Settings
from bot.store import Sessions, open_engine
from bot.training.rules import Case, verdict
from tests.training.training_setup import TOPICS, load_topics

CASE = Case("那要啥材料", "贷款咋办", "startup-loan", "创业担保贷款", "served", "startup-loan", "materials", None)
RIGHT = Happened("policy", "served", ("startup-loan",), "general", "能贷。", 9.0)
OTHER = Happened("policy", "offered", ("job-scam", "startup-loan"), None, "想问哪个？", 9.0)


def test_all_cases_and_a_sample_of_each_file_are_put_to_both_models(tmp_path):
    rows = [{"id": n, "text": f"第{n}句", "kind": "greet"} for n in range(7)]
    (tmp_path / "intents.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")

    said, sample = sentences([CASE], tmp_path)

    assert sample == {"case": [1, 1], "intents": [3, 7]}
    assert [(one.kind, one.said, one.openings) for one in said[:2]] == [
        ("case", "那要啥材料", ("贷款咋办",)), ("intents", "第0句", ()),
    ]  # fmt: skip
    assert set(EVERY) == set(sentences([])[1]) - {"case"}, "the project's own files are there"


def test_a_sentence_that_became_right_is_better_and_one_that_stays_as_it_was_is_not_told():
    said = [
        comparing._sentence("topics", TopicRow(id=n, text=text, topic="startup-loan"))
        for n, text in enumerate("甲乙丙丁")
    ]
    said.append(comparing._sentence("care", IntentRow(id=9, text="戊", kind="distress", severity="serious")))
    scared = Happened("distress_serious", None, (), None, "先别急。", 9.0)
    reworded = replace(scared, text="我在。")

    made = compared(
        said,
        [OTHER, RIGHT, RIGHT, replace(OTHER, topics=("job-scam",)), scared],
        [RIGHT, OTHER, replace(RIGHT, text="最多三十万。"), replace(OTHER, topics=("job-scam",)), reworded],
        {"topics": [4, 8], "care": [1, 3]},
    )

    assert [(one.said, verdict(one)) for one in made.differences] == [
        ("甲", "better"), ("乙", "worse"), ("丙", "other"), ("丁", "wrong"),
    ]  # fmt: skip
    before, after = made.figures["before"], made.figures["after"]
    assert (before["topics"]["right"], after["topics"]["right"], after["topics"]["served_right"]) == (2, 2, 0.5)
    assert before["care"]["serious_distress_recall"] == after["care"]["serious_distress_recall"] == 1.0
    assert made.differences[0].before["text"] == "想问哪个？"


class Talk:
    """Answers by a list, and keeps who said what."""

    def __init__(self, **topics: str) -> None:
        self.topics, self.heard = topics, []

    async def say(self, person: str, text: str) -> Happened:
        self.heard.append((person, text))
        return replace(RIGHT, topics=(self.topics.get(text, "job-scam"),))


async def test_a_case_is_said_where_the_talk_was_when_it_was_kept():
    plain, in_the_middle = Talk(贷款咋办="startup-loan"), Talk()

    said, _ = sentences([CASE])
    await comparing._say(plain, said[0])
    await comparing._say(in_the_middle, said[0])

    assert [text for _, text in plain.heard] == ["贷款咋办", "那要啥材料"]
    assert [text for _, text in in_the_middle.heard] == ["贷款咋办", "创业担保贷款", "贷款咋办", "那要啥材料"]
    assert len({person for person, _ in in_the_middle.heard[1:]}) == 1


async def test_the_stage_has_the_knowledge_as_it_is_served_and_nobody_of_the_live_database(
    sessions, database, clock, tmp_path, migrated_file
):
    await load_topics(sessions, clock, tmp_path / "knowledge")
    async with sessions.begin() as db:
        await db.execute(update(knowledge.TopicRow).where(knowledge.TopicRow.id == TOPICS[0]).values(title="改过的"))
    live = Settings(var=tmp_path / "live", database_url=database, now=clock(), _env_file=None)
    trial = apart(live, tmp_path / "trial")
    (trial.folder / "duihua.db").write_bytes(migrated_file.read_bytes())

    await _furnish(live, trial)

    assert trial.database.startswith("sqlite")
    assert str(tmp_path / "trial") in trial.database
    assert len({live.engine_port, trial.engine_port, trial.actions_port}) == 3
    engine = open_engine(trial.database)
    async with Sessions(engine)() as db:
        titles = {row.id: row.title for row in await db.scalars(select(knowledge.TopicRow))}
        assert await db.scalar(select(Posting.id).limit(1))
    await engine.dispose()
    assert set(titles) == set(TOPICS)
    assert titles[TOPICS[0]] == "改过的"
