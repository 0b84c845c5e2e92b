"""Whole talks through gateway, engine and actions: what a person reads, and what the record says was understood."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from bot.knowledge.files import ASPECTS
from bot.settings import ROOT, Settings
from tests.dialogue.talking import Page, rows

pytestmark = pytest.mark.stack


# -- policy answers --------------------------------------------------------------------------------------------------


async def test_a_verified_policy_is_answered_with_its_source_and_no_caveat(page: Page) -> None:
    answer = await page.say("创业担保贷款是怎么回事")

    assert answer.text.startswith("【创业担保贷款】")
    assert "30万元" in answer.text
    assert answer.source.startswith("来源：《") and "山西省人力资源和社会保障厅" in answer.source
    assert "2025年7月24日" in answer.source
    assert answer.caveat == ""
    assert answer.event["rateable"]


async def test_a_policy_that_is_only_partly_verified_says_so(page: Page) -> None:
    answer = await page.say("正规的求职渠道有哪些")

    assert page.last["topic"] == "job-channels"
    assert "以当地最新公布为准" in answer.caveat
    assert answer.source.startswith("来源：")


async def test_an_answer_offers_its_aspects_and_two_related_topics(page: Page) -> None:
    answer = await page.say("创业担保贷款是怎么回事")

    related = [label for label in answer.labels if label.startswith("看看：")]
    assert {"谁可以", "多少钱", "要啥材料", "怎么办"} <= set(answer.labels)
    assert len(related) == 2 and answer.labels[-2:] == related


async def test_an_answer_is_short_first(page: Page) -> None:
    answer = await page.say("创业担保贷款是怎么回事")

    assert len(answer.text.split("\n", 1)[1]) <= 200


@pytest.mark.parametrize(
    ("question", "topic", "aspect", "says"),
    [
        ("创业担保贷款额度多少", "startup-loan", "amount", "400万元"),
        ("创业担保贷款要啥材料", "startup-loan", "materials", "征信授权"),
        ("档案怎么转", "archive-transfer", "process", "转递单"),
        ("试用期工资能打几折", "probation", "amount", "80%"),
        ("平城区最低工资多少钱", "minimum-wage", "amount", "2150元"),
    ],
)
async def test_a_question_for_one_aspect_gets_that_aspect(
    page: Page, question: str, topic: str, aspect: str, says: str
) -> None:
    answer = await page.say(question)

    assert (page.last["topic"], page.last["aspect"]) == (topic, aspect)
    assert says in answer.text


async def test_a_pressed_aspect_is_served_and_no_longer_offered(page: Page) -> None:
    answer = await page.press(await page.say("创业担保贷款是怎么回事"), "要啥材料")

    assert (page.last["topic"], page.last["aspect"]) == ("startup-loan", "materials")
    assert "营业执照" in answer.text
    assert "要啥材料" not in answer.labels


async def test_a_past_policy_is_told_as_history_with_its_day_and_what_to_do_now(page: Page) -> None:
    answer = await page.say("三支一扶待遇怎么样")

    assert page.last["topic"] == "three-supports"
    assert "到2025年12月31日为止" in answer.text and "已经到期" in answer.text
    assert "现在怎么办：" in answer.text


async def test_a_policy_that_runs_until_the_end_of_2026_holds_on_24_november_2026(page: Page) -> None:
    answer = await page.say("一次性扩岗补助是什么")

    assert page.last["topic"] == "job-expansion-subsidy"
    assert "到期" not in answer.text.splitlines()[0]


# -- follow-ups ------------------------------------------------------------------------------------------------------

FOLLOWUPS = [("那要啥材料", "materials"), ("截止到几号", "when"), ("我大专的也行？", "who"), ("去哪办", "where")]


@pytest.mark.parametrize(("followup", "aspect"), FOLLOWUPS)
async def test_a_followup_stays_on_the_topic(page: Page, followup: str, aspect: str) -> None:
    await page.say("创业担保贷款是怎么回事")

    answer = await page.say(followup)

    assert (page.last["topic"], page.last["aspect"]) == ("startup-loan", aspect)
    assert "【创业担保贷款】" in answer.text


async def test_followups_stay_on_the_topic_across_interruptions(page: Page) -> None:
    await page.say("创业担保贷款是怎么回事")

    understood = []
    for interruption, (followup, _) in zip(("你好", "哈哈", "谢谢", "😂"), FOLLOWUPS, strict=True):
        between = await page.say(interruption)
        assert "【创业担保贷款】" not in between.text
        await page.say(followup)
        understood.append((page.last["topic"], page.last["aspect"]))

    assert understood == [("startup-loan", aspect) for _, aspect in FOLLOWUPS]


async def test_a_new_topic_switches_at_once_and_followups_go_with_it(page: Page) -> None:
    await page.say("创业担保贷款是怎么回事")
    await page.say("那要啥材料")

    await page.say("试用期最长多久")
    switched = page.last["topic"]
    await page.say("去哪办")

    assert switched == "probation"
    assert page.last["topic"] == "probation"


async def test_a_followup_with_nothing_before_it_is_asked_what_it_is_about(page: Page) -> None:
    answer = await page.say("截止到几号")

    assert page.last["outcome"] == "offered"
    assert "哪件事" in answer.text
    assert len(answer.labels) >= 2


@pytest.mark.web_only("speaks the protocol of the page")
async def test_a_new_conversation_has_forgotten_the_topic(page: Page) -> None:
    await page.say("创业担保贷款是怎么回事")

    await page.send(type="restart", key="restart-" + page.conversation)
    await page.wait(lambda: page.event("restarted"))
    await page.say("截止到几号")

    assert page.last["outcome"] == "offered"


@pytest.mark.parametrize(("question", "term", "says"), [
    ("反担保是啥意思", "反担保", "再找个人或者拿房子给它做保"),
    ("什么是担保基金", "担保基金", "专门拿出来给创业贷款做担保"),
])  # fmt: skip
async def test_a_term_is_explained_and_leads_to_its_topic(page: Page, question: str, term: str, says: str) -> None:
    answer = await page.say(question)

    assert answer.text.startswith(f"【{term}】") and says in answer.text
    assert "看看：创业担保贷款" in answer.labels


async def test_a_term_of_two_topics_is_explained_for_the_one_that_is_talked_of(page: Page) -> None:
    await page.say("创业担保贷款是怎么回事")

    answer = await page.say("贴息是啥意思")

    assert page.last["topic"] == "startup-loan"
    assert "本金不在里头" in answer.text


async def test_say_it_simpler_gives_the_spoken_form_of_the_topic(page: Page) -> None:
    await page.say("平城区最低工资多少钱")

    answer = await page.say("说简单点")

    assert answer.text.startswith("说简单点：大同最低工资分三档。")
    assert page.last["topic"] == "minimum-wage"


# -- unsure, unknown -------------------------------------------------------------------------------------------------


async def test_likely_but_unsure_offers_two_or_three_topics_and_a_way_out(page: Page) -> None:
    answer = await page.say("补贴")

    offered = json.loads(page.last["offered"])
    assert page.last["outcome"] == "offered"
    assert 2 <= len(offered) <= 3
    assert len(answer.labels) == len(offered) + 1 and answer.labels[-1] == "都不是"


async def test_pressing_an_offered_topic_serves_it(page: Page) -> None:
    answer = await page.say("补贴")
    first, topic = answer.labels[0], json.loads(page.last["offered"])[0]

    served = await page.press(answer, first)

    assert (page.last["outcome"], page.last["topic"]) == ("served", topic)
    assert f"【{first}】" in served.text


@pytest.mark.parametrize("press", [True, False])
async def test_none_of_these_asks_for_other_words(page: Page, press: bool) -> None:
    offered = await page.say("补贴")

    answer = await page.press(offered, "都不是") if press else await page.say("都不是")

    assert "换个说法" in answer.text
    assert "找人问问" in answer.labels


async def test_yes_to_an_offer_serves_the_first_topic_and_nothing_else(page: Page) -> None:
    await page.say("补贴")
    first = json.loads(page.last["offered"])[0]

    answer = await page.say("好")

    assert (page.last["outcome"], page.last["topic"]) == ("served", first)
    assert answer.text.count("【") == 1


async def test_unknown_is_said_with_whom_to_ask_and_in_other_words_the_second_time(page: Page) -> None:
    first = await page.say("明天大同下雨不")
    outcome = page.last["outcome"]
    second = await page.say("明天大同下雨不")

    assert outcome == page.last["outcome"] == "refused"
    assert "12333" in first.text and "12345" in first.text
    assert first.labels == ["找人问问", "请节目嘉宾回答"]
    assert second.labels == ["找真人问", "请节目嘉宾回答"] and "真人" in second.text
    assert second.text != first.text and "12345" in second.text


@pytest.mark.web_only("presses a choice of an earlier message")
async def test_a_person_and_the_programme_open_from_a_refusal(page: Page) -> None:
    refusal = await page.say("明天大同下雨不")

    person = await page.press(refusal, "找人问问")
    intent = page.last["intent"]
    programme = await page.press(refusal, "请节目嘉宾回答")

    assert intent == "human" and "真人" in person.text
    assert "“明天大同下雨不”" in programme.text


@pytest.mark.parametrize(
    "question",
    [
        "创业担保贷款额度多少",
        "反担保是啥意思",
        "补贴",
        "我能领什么补贴",
        "明天大同下雨不",
        "平城区有没有文员",
        "转人工",
        "你好",
        "谢谢",
        "😂",
    ],
)
async def test_the_same_question_again_is_not_answered_with_the_same_sentence(page: Page, question: str) -> None:
    said = [(await page.say(question)).text for _ in range(3)]

    assert said[0] != said[1] != said[2]


async def test_asked_twice_to_say_it_simpler_the_bot_does_not_repeat_itself(page: Page) -> None:
    await page.say("试用期最长多久")

    first, second = await page.say("说简单点"), await page.say("说简单点")

    assert first.text != second.text


@pytest.mark.parametrize("before", [None, "试用期最长多久", "明天大同下雨不"])
@pytest.mark.parametrize("word", ["好", "不是"])
async def test_a_yes_or_no_that_answers_no_question_gets_one_short_line_and_the_talk_goes_on(
    page: Page, before: str | None, word: str
) -> None:
    if before:
        await page.say(before)

    answer = await page.say(word)
    after = await page.say("平城区最低工资多少钱")

    assert answer.kind == "reply"
    assert len(answer.event["paragraphs"]) <= 2 and len(answer.labels) == len(set(answer.labels))
    assert len(json.loads(page.turns()[-2]["actions"])) <= 2
    assert (after.kind, page.last["topic"]) == ("reply", "minimum-wage")


# -- services, people, care ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cry", ["不想活了", "活着没意思", "我想从楼上跳下去算了", "想死"])
async def test_serious_distress_gets_the_numbers_at_once(page: Page, cry: str) -> None:
    answer = await page.say(cry)

    assert page.last["intent"] == "distress_serious"
    for number in ("12356", "12355", "110", "120"):
        assert number in answer.text
    assert answer.text.index("110") < 60


async def test_serious_distress_is_heard_in_the_middle_of_anything(page: Page) -> None:
    await page.say("创业担保贷款是怎么回事")
    await page.say("补贴")

    answer = await page.say("不想活了")

    assert "12356" in answer.text


@pytest.mark.parametrize("story", ["让我交八百块押金", "入职要交服装费", "公司把我身份证扣了"])
async def test_a_scam_is_named_with_whom_to_call(page: Page, story: str) -> None:
    answer = await page.say(story)

    assert page.last["intent"] == "scam_report"
    assert "110" in answer.text and "96110" in answer.text
    assert page.last["topic"] == "job-scam"


@pytest.mark.parametrize("before", [None, "试用期最长多久", "明天大同下雨不"])
@pytest.mark.parametrize("press", [True, False])
async def test_yes_to_the_help_offered_shows_whom_to_talk_to(page: Page, before: str | None, press: bool) -> None:
    if before:
        await page.say(before)
    offer = await page.say("投简历投到麻木了")

    answer = await page.press(offer, offer.labels[0]) if press else await page.say("好")

    assert page.turns()[-2]["intent"] == "distress_mild"
    assert (page.last["topic"], page.last["aspect"]) == ("job-stress", "contact")
    assert "12356" in answer.text and "12355" in answer.text


@pytest.mark.parametrize("before", [None, "试用期最长多久"])
async def test_no_to_the_help_offered_is_taken_warmly(page: Page, before: str | None) -> None:
    if before:
        await page.say(before)
    await page.say("投简历投到麻木了")

    answer = await page.say("不用了")

    assert "12356" in answer.text or "12355" in answer.text


# -- edits -----------------------------------------------------------------------------------------------------------


def _edit(settings: Settings, text: str) -> None:
    with closing(sqlite3.connect(settings.folder / "duihua.db", timeout=10)) as database, database:
        database.execute("UPDATE topic_text SET text = ? WHERE topic_id = 'probation' AND key = 'amount'", (text,))


async def test_an_edit_in_the_database_is_served_at_the_next_question(page: Page, stack: Settings) -> None:
    [row] = rows(stack, "SELECT text FROM topic_text WHERE topic_id = 'probation' AND key = 'amount'")
    before = await page.say("试用期工资能打几折")

    try:
        _edit(stack, "新规定：试用期工资照转正的发。")
        after = await page.say("试用期工资能打几折")
    finally:
        _edit(stack, row["text"])

    assert "照转正的发" not in before.text
    assert "新规定：试用期工资照转正的发。" in after.text


async def test_a_phrasing_added_in_the_database_is_found_at_the_next_question(page: Page, stack: Settings) -> None:
    phrasing = "老黄牛计划能薅多少"

    try:
        rows(stack, "INSERT INTO topic_phrasing (topic_id, aspect, text) VALUES ('overtime', 'amount', ?)", phrasing)
        await page.say(phrasing)
    finally:
        rows(stack, "DELETE FROM topic_phrasing WHERE text = ?", phrasing)

    assert (page.last["outcome"], page.last["topic"]) == ("served", "overtime")


# -- the files behind ------------------------------------------------------------------------------------------------


def test_every_aspect_that_a_followup_can_ask_for_is_in_these_talks_or_a_topic_file() -> None:
    content = (ROOT / "data" / "nlu" / "followup.yml").read_text(encoding="utf-8")

    assert [aspect for aspect in ASPECTS if f"aspect: {aspect}" not in content] == []
