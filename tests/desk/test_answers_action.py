"""What the bot answers where a guest said something: beside a topic, above an offer, instead of not knowing."""

from __future__ import annotations

from datetime import date

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.knowledge import ActionAnswer
from bot.knowledge.service import Answered
from bot.radio.answers.rules import Editor
from bot.radio.answers.service import ProgrammeAnswers
from bot.radio.answers.serving import Guests
from bot.reply import Knowledge as Known
from bot.reply import Reply
from tests.radio.asked_setup import CountingEncoder

ASKED, TEXT = "国企看不看第一学历", "第一学历不是门槛，看这三年做成过啥。"


class Knows:
    """A knowledge that answers as the test wants."""

    def __init__(self) -> None:
        self.outcome, self.topic, self.aspect = "refused", None, "general"

    async def answer(self, question, *, turn=0):
        known = Known(outcome=self.outcome, topics=(self.topic,) if self.topic else ())
        return Answered(
            Reply(paragraphs=(f"（{self.outcome}）",), knowledge=known), self.topic, self.aspect, self.outcome
        )


class NoCheck:
    """Nobody agreed to a check."""

    async def remark(self, *_):
        return None


@pytest.fixture
async def turn(world, sessions, clock):
    """One turn: the paragraphs, what the record gets, and the slots."""
    here, answers, knows = world(sessions), ProgrammeAnswers(sessions, clock), Knows()
    groups = [await here.group([(ASKED, 2)]), await here.group([("档案放哪里了", 1)], topic=await here.topic())]
    fields = {"question": ASKED, "guest": "张强", "day": date(2026, 11, 23).isoformat(), "said": TEXT, "text": TEXT}
    for group in groups:
        number = await answers.write(fields, group_id=group, by=Editor(1, "王芳"))
        await answers.send(number, revision=1, by=Editor(1, "王芳"))
        await answers.approve(number, revision=2, by=Editor(2, "李强"))
    action = ActionAnswer(knows, NoCheck(), Guests(sessions, clock, CountingEncoder()))

    async def take(text: str, outcome: str, topic: str | None = None, aspect: str = "general"):
        knows.outcome, knows.topic, knows.aspect = outcome, topic, aspect
        dispatcher = CollectingDispatcher()
        message = {"text": text, "intent": {"name": "policy", "confidence": 0.9}, "entities": []}
        slots = {"topic": "startup-loan", "misses": 1}
        events = await action.run(dispatcher, Tracker("c", slots, message, [], False, None, {}, "action_listen"), {})
        said = dispatcher.messages[0]["custom"]
        return said["paragraphs"], said["knowledge"], {event["name"]: event["value"] for event in events}

    return take


async def test_a_guest_stands_beside_a_topic_above_an_offer_and_in_the_place_of_not_knowing(turn):
    guest = f"11月23日节目里嘉宾张强谈到：{TEXT}"

    said, known, slots = await turn(f"{ASKED}？？", "refused")
    assert "（refused）" not in said and guest in said
    assert (known["outcome"], known["topics"], known["version"]) == ("served", ["节目答复1"], 1)
    assert (slots["outcome"], slots["topic"], slots["misses"]) == ("served", None, 0)

    said, known, slots = await turn(ASKED, "offered")
    assert said[:2] == ["（offered）", guest] and (known["outcome"], slots["outcome"]) == ("offered", "offered")

    said, known, _ = await turn("档案放哪里了", "served", "archive")
    assert said[:2] == ["（served）", guest] and said[2] == "——《对话青春》11月23日，嘉宾张强（节目答复 2-1）"
    assert known["topics"] == ["archive"]


async def test_where_no_guest_said_anything_to_it_the_answer_is_as_it_was(turn):
    assert (await turn("公务员几月考", "refused"))[0] == ["（refused）"]
    assert (await turn("创业贷款多少", "served", "startup-loan"))[0] == ["（served）"]
    assert (await turn("档案要啥材料", "served", "archive", "materials"))[0] == ["（served）"]  # one side of it only
