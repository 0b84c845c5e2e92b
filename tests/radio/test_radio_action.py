"""Which turns begin or go on with a question for the programme, and which the knowledge answers."""

from __future__ import annotations

import pytest
from radio_setup import QUESTION
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.radio import ActionAskRadio
from bot.knowledge.service import Answered
from bot.radio.talk import RadioTalk
from bot.reply import Reply


class Knows:
    """A knowledge that tells which topic it was asked for."""

    async def serve(self, topic, aspect="general"):
        return Answered(Reply(paragraphs=(f"【{topic}】",)), topic, aspect, "served")

    async def beside(self, reply, topic):
        return reply.model_copy(update={"paragraphs": (*reply.paragraphs, f"看看：{topic}")})


@pytest.fixture
async def turn(radio, clock, meet):
    """One turn of somebody new: what was said, and the slots after it."""
    action, slots, code = ActionAskRadio(RadioTalk(radio, clock), Knows()), {}, await meet()

    async def take(text, *, topic=None, entities=()):
        message = {
            "text": text,
            "intent": {"name": "ask_radio", "confidence": 0.9},
            "entities": [{"entity": name, "value": value} for name, value in entities],
            "topic_ranking": [{"name": topic, "confidence": 0.95}] if topic else [],
            "metadata": {"at": clock.now.isoformat()},
        }
        dispatcher = CollectingDispatcher()
        events = await action.run(dispatcher, Tracker(code, slots, message, [], False, None, {}, "action_listen"), {})
        slots.update({event["name"]: event["value"] for event in events})
        return "\n".join(p for m in dispatcher.messages for p in m["custom"]["paragraphs"]), slots

    return take


async def test_a_question_opens_the_talk_and_the_slot_remembers_it(turn):
    said, slots = await turn(f"我想问嘉宾 {QUESTION}")

    assert f"“{QUESTION}”" in said
    assert (slots["question"]["step"], slots["doing"], slots["outcome"]) == ("nickname", "radio", None)


async def test_a_question_on_a_known_topic_has_that_topic_beside_it(turn):
    said, _ = await turn("我想问嘉宾 灵活就业社保补贴以后还有吗", topic="flexible-insurance-subsidy")

    assert "我记的是" in said and "看看：flexible-insurance-subsidy" in said


async def test_a_question_that_names_nobody_of_the_programme_is_answered(turn):
    said, slots = await turn("灵活就业社保补贴谁能领", topic="flexible-insurance-subsidy")

    assert said == "【flexible-insurance-subsidy】" and slots.get("question") is None


@pytest.mark.parametrize("asked", ["几点播", "嘉宾是谁", "怎么参加"])
async def test_what_is_asked_about_the_programme_is_answered(turn, asked):
    said, slots = await turn(asked)

    assert said == "【radio-show】" and slots.get("question") is None


async def test_in_the_middle_even_that_is_the_question(turn):
    await turn("我想给节目提个问题")
    said, _ = await turn("失业金怎么领", topic="unemployment-benefit")

    assert "“失业金怎么领”" in said


async def test_presses_go_to_the_talk_and_a_bare_one_begins(turn):
    said, _ = await turn("/ask_radio")
    assert "想问嘉宾啥" in said

    said, slots = await turn('/ask_radio{"do":"stop"}', entities=[("do", "stop")])
    assert "啥也没留" in said and slots["question"] is None


async def test_own_questions_are_shown(turn):
    said, _ = await turn("我的提问")

    assert "没给节目提过" in said
