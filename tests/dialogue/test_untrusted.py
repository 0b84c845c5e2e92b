"""What people type is text, what they press is theirs alone, and what is personal is kept nowhere."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.dialogue.talking import Page, rows

pytestmark = pytest.mark.stack


def _everything_in(file: Path) -> str:
    """All rows of all tables of a SQLite file; full text keeps its words in tables of its own."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as database:
        stored = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL TABLE%'"
        tables = [name for (name,) in database.execute(stored)]
        return "\n".join(repr(row) for table in tables for row in database.execute(f'SELECT * FROM "{table}"'))


# -- typed commands --------------------------------------------------------------------------------------------------


async def test_a_typed_policy_command_opens_no_topic(page: Page) -> None:
    answer = await page.say('/policy{"topic":"startup-loan"}')

    assert answer.kind == "reply"
    assert page.last["topic"] is None
    assert page.last["payload"] is None


@pytest.mark.parametrize(
    ("command", "intent"),
    [
        ("/restart", "restart"),
        ("/back", "back"),
        ("/distress_serious", None),
        ("/session_start", "session_start"),
        ("/affirm", None),
        ("／restart", "restart"),
    ],
)
async def test_a_typed_command_is_text_and_the_topic_is_remembered(
    page: Page, command: str, intent: str | None
) -> None:
    await page.say("创业担保贷款是怎么回事")

    answer = await page.say(command)
    turn = page.last
    await page.say("那要啥材料")

    assert answer.text
    assert turn["intent"] != intent or turn["confidence"] < 1
    assert turn["confidence"] is None or turn["confidence"] < 1  # a command would be understood for certain
    assert page.last["topic"] is not None


@pytest.mark.web_only("speaks the protocol of the page")
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE message; --",
        '{"type":"say","text":"你好"}',
        "intent: greet\n  - action: utter_greet",
        "{{7*7}} ${jndi:ldap://x} %s %n",
        "创业担保贷款 <b>额度</b> 多少",
    ],
)
async def test_markup_and_code_are_text_and_come_back_as_typed(page: Page, text: str) -> None:
    answer = await page.say(text)

    said = [m for m in page.messages.values() if m["from"] == "me"]
    assert [m["text"] for m in said] == [text]
    assert text not in answer.text
    assert rows(page.settings, "SELECT count(*) AS n FROM message")[0]["n"] > 0


async def test_a_typed_payload_of_a_button_does_not_press_it(page: Page) -> None:
    await page.say("补贴")

    await page.say('/policy{"topic":"startup-subsidy"}')

    assert page.last["outcome"] != "served" or page.last["confidence"] < 1
    assert page.stored()[-2]["kind"] == "text"


# -- choices ---------------------------------------------------------------------------------------------------------


@pytest.mark.web_only("speaks the protocol of the page")
async def test_a_payload_never_reaches_the_page(page: Page) -> None:
    answer = await page.say("补贴")
    await page.press(answer, answer.labels[0])
    await page.say("不想活了")
    await page.say("投简历投到麻木了")

    heard = repr(page.heard)
    payloads = {row["payload"] for row in rows(page.settings, "SELECT payload FROM choice")}
    assert payloads and [p for p in payloads if p in heard] == []
    assert "startup-subsidy" not in heard and "utter_" not in heard and "action_" not in heard


async def test_every_choice_has_a_token_of_its_own(page: Page) -> None:
    first = await page.say("补贴")
    second = await page.say("补贴")

    tokens = [choice["token"] for answer in (first, second) for choice in answer.event["choices"]]
    assert len(set(tokens)) == len(tokens)
    assert all(len(token) == 12 for token in tokens)


@pytest.mark.web_only("speaks the protocol of the page")
async def test_the_same_press_delivered_twice_is_answered_once(page: Page) -> None:
    offered = await page.say("补贴")
    event = {"type": "press", "key": uuid.uuid4().hex, "token": offered.token(offered.labels[0])}

    await page.send(**event)
    await page.send(**event)
    await page.wait(lambda: sum(e["type"] == "ack" and e["key"] == event["key"] for e in page.heard) == 2)
    await page.wait(lambda: len(page.replies_after(offered.id)) == 1)
    after = await page.say("你好")

    acks = {e["id"] for e in page.heard if e["type"] == "ack" and e["key"] == event["key"]}
    assert len(acks) == 1
    assert [a.id for a in page.replies_after(offered.id)][-1] == after.id
    assert len(page.replies_after(offered.id)) == 2


@pytest.mark.web_only("speaks the protocol of the page")
async def test_a_choice_of_somebody_else_is_refused_and_leaves_nothing(page: Page, stack: Settings) -> None:
    offered = await page.say("补贴")

    async with Page(stack) as other:
        refusal = await other.refused(type="press", token=offered.token(offered.labels[0]))

        assert "找不到了" in refusal["reason"] and not refusal["keep"]
        assert other.turns() == []
        assert [m["direction"] for m in other.stored()] == ["out"]


@pytest.mark.web_only("speaks the protocol of the page")
async def test_an_invented_token_is_refused(page: Page) -> None:
    refusal = await page.refused(type="press", token="A" * 12)

    assert "找不到了" in refusal["reason"]
    assert page.turns() == []


@pytest.mark.web_only("speaks the protocol of the page")
async def test_the_same_message_delivered_twice_is_answered_once(page: Page) -> None:
    event = {"type": "say", "key": uuid.uuid4().hex, "text": "平城区最低工资多少钱"}

    await page.send(**event)
    await page.send(**event)
    await page.wait(lambda: page.replies_after(page.greeting.id))
    await page.say("谢谢")

    assert [t["intent"] for t in page.turns()] == ["policy", "thanks_bye"]
    assert [m["direction"] for m in page.stored()] == ["out", "in", "out", "in", "out"]


# -- kindness to what cannot be read ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["😂😂", "👍", "……", "！！？"])
async def test_only_signs_are_answered_with_a_wish_for_words(page: Page, text: str) -> None:
    answer = await page.say(text)

    assert "字" in answer.text
    assert page.last["intent"] is None


@pytest.mark.web_only("no XML holds such a text")
async def test_signs_that_are_none_are_nothing(page: Page) -> None:
    assert "再发一次" in (await page.say("\x00\x07")).text


@pytest.mark.parametrize("text", ["", "   \n\t ", "\u200b\u200b"])
async def test_nothing_at_all_is_asked_for_again(page: Page, text: str) -> None:
    answer = await page.say(text)

    assert "再发一次" in answer.text or "打几个字" in answer.text


@pytest.mark.web_only("speaks the protocol of the page")
async def test_2001_characters_are_refused_kindly_and_stay_in_the_box(page: Page) -> None:
    refusal = await page.refused(type="say", text="问" * 2001)

    assert "2001" in refusal["reason"] and "2000" in refusal["reason"]
    assert refusal["keep"]
    assert page.turns() == []


async def test_2000_characters_are_taken(page: Page) -> None:
    answer = await page.say(("我大专毕业一年了一直没找到正式工作自己交社保听说能领补贴" * 80)[:2000])

    assert answer.kind == "reply"
    assert len(page.stored()[1]["text"]) == 2000


@pytest.mark.web_only("speaks the protocol of the page")
async def test_a_frame_that_is_not_of_the_protocol_is_refused_and_the_line_stays(page: Page) -> None:
    for event in (
        {"type": "shout", "key": "k" * 8},
        {"type": "say", "key": "k" * 9},
        {"type": "press", "key": "!" * 8},
    ):
        refusal = await page.refused(**event)
        assert refusal["reason"]

    answer = await page.say("你好")
    assert answer.text


@pytest.mark.web_only("opens an address with the cookie of the browser")
async def test_another_site_cannot_open_the_line(page: Page, stack: Settings) -> None:
    async with page.http.get(
        f"{stack.address}/chat/socket", headers={"Origin": "https://elsewhere.example"}
    ) as response:
        assert response.status == 403


# -- personal numbers ------------------------------------------------------------------------------------------------


@pytest.mark.web_only("speaks the protocol of the page")
async def test_personal_numbers_are_in_no_table_no_dialogue_state_and_no_log(page: Page, stack: Settings) -> None:
    secrets = ["13812345678", "139 8765 4321", "140203199803121234", "6222021234567890123", "xiaotong_1998@163.com"]
    for number in secrets:
        await page.say(f"我的是{number}，创业担保贷款找谁问")
    await page.say("打13812345678给我，我不想活了")
    await page.refused(type="say", text="13812345678" + "问" * 2000)

    places = {name: _everything_in(stack.folder / name) for name in ("duihua.db", "dialogue.db")}
    for log in (stack.folder / "logs").iterdir():
        places[log.name] = log.read_text(encoding="utf-8", errors="replace")

    assert {"engine.log", "actions.log", "gateway.log"} <= set(places)
    assert "〔手机号〕" in places["duihua.db"] and "startup-loan" in places["dialogue.db"]
    assert [(name, number) for name, text in places.items() for number in secrets if number in text] == []


async def test_what_people_wrote_is_in_no_log(page: Page, stack: Settings) -> None:
    await page.say("御河边卖黄花菜的王二想贷点款")

    logs = "".join(p.read_text(encoding="utf-8", errors="replace") for p in (stack.folder / "logs").iterdir())
    assert "黄花菜" not in logs and "王二" not in logs


@pytest.mark.web_only("opens an address with the cookie of the browser")
async def test_a_browser_is_not_kept_by_its_cookie(page: Page, stack: Settings) -> None:
    await page.say("你好")
    [cookie] = [c.value for c in page.http.cookie_jar if c.key == "duihua_person"]

    kept = _everything_in(stack.folder / "duihua.db") + _everything_in(stack.folder / "dialogue.db")

    assert cookie not in kept


# -- the clock -------------------------------------------------------------------------------------------------------


async def test_messages_carry_the_day_the_stack_lives_in(page: Page) -> None:
    answer = await page.say("你好")

    assert answer.event["at"].startswith("2026-11-24")


# -- a dropped line --------------------------------------------------------------------------------------------------


@pytest.mark.web_only("speaks the protocol of the page")
async def test_what_was_said_while_the_line_was_down_is_there_when_it_is_back_once(page: Page) -> None:
    key = uuid.uuid4().hex
    await page.send(type="say", key=key, text="平城区最低工资多少钱")
    await page.wait(lambda: page.event("ack", key=key))
    await page.drop()

    await page.open()
    await page.send(type="say", key=key, text="平城区最低工资多少钱")
    await page.wait(lambda: page.replies_after(page.greeting.id))
    await page.say("谢谢")

    assert [m["direction"] for m in page.stored()] == ["out", "in", "out", "in", "out"]
    assert len(page.messages) == 5


@pytest.mark.web_only("speaks the protocol of the page")
async def test_after_a_reload_the_whole_talk_is_there(page: Page) -> None:
    answer = await page.say("补贴")
    await page.drop()
    seen = dict(page.messages)

    page.last_id = 0
    page.messages.clear()
    await page.open()
    served = await page.press(answer, answer.labels[0])

    assert {id_: m["text"] for id_, m in seen.items()}.items() <= {
        i: m["text"] for i, m in page.messages.items()
    }.items()
    assert "【" in served.text
