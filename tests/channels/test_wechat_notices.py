"""订阅通知: a reminder reaches who has not written for two days, once for each time that they agreed to one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from wechat_api import SECRET, WeChatApi
from wechat_server import APP_ID

from bot.conversations.tables import Identity
from bot.conversations.telling import Telling
from bot.outbox.tables import Delivery, NoticeConsent
from bot.reply import Notice, Reply
from bot.web.keys import CLOCK
from tests.conftest import NOW, SetClock

EVENT, JOBS = "event-template-0000000000", "jobs-template-00000000000"
SETTING = f"event={EVENT} what:thing1 when:time2 where:thing3 note:thing4; jobs={JOBS} what:thing1 note:phrase2"
WHEN = NOW + timedelta(days=4)
FAIR = Notice(
    kind="event",
    what="大同市高校毕业生秋季大型双选会暨直播带岗专场",
    note="明天有活动",
    when=WHEN,
    url="/chat/events/5",
)
FOUND = Notice(kind="jobs", what="平城区、文员", note="有新岗位", whole=False)


@pytest.fixture
async def api() -> AsyncIterator[WeChatApi]:
    async with WeChatApi() as server:
        server.templates = {EVENT: ("thing1", "time2", "thing3", "thing4"), JOBS: ("thing1", "phrase2")}
        yield server


@pytest.fixture
def later() -> SetClock:
    return SetClock()


@pytest.fixture
def account(wechat, api, later):
    """Starts an account that may send notices, and 客服消息 unless it is said otherwise."""

    def start(workers: int = 1, **more: object):
        values = {"wechat_app_id": APP_ID, "wechat_secret": SECRET, "wechat_api": api.address, "at": later}
        values["wechat_budget"] = 0.6
        return wechat(
            workers, patience=2.0, wechat_notices=SETTING, **{"wechat_customer_service": True, **values, **more}
        )

    return start


async def agrees(person, api, *templates: str, scene: int = 2) -> None:
    for template in templates:
        api.yes[person.openid, template] += 1
    await person.answer_window(scene, **dict.fromkeys(templates, "accept"))


async def told(one, key: str, notice: Notice | None = FAIR) -> int:
    (identity,) = await one.gateway.read(Identity)
    telling = Telling(one.gateway.sessions, one.gateway.app[CLOCK])
    stored = await telling.tell_identity(identity.id, Reply(paragraphs=(f"提醒 {key}",), notice=notice), key)
    assert stored is not None
    return stored.id


async def is_(one, message: int, state: str, attempts: int = 1) -> Delivery:
    """Wait until a message is so far."""
    where = (Delivery.message_id == message, Delivery.state == state, Delivery.attempts >= attempts)
    (found,) = await one.gateway.until(lambda: one.gateway.read(Delivery, *where))
    return found


async def test_a_reminder_goes_as_a_message_within_two_days_and_as_a_notice_after(account, api, later):
    async with account() as one:
        person = one.person()
        api.heard(person.openid)
        await person.say("你好")
        await agrees(person, api, EVENT)
        await is_(one, await told(one, "first"), "sent")
        assert (api.texts, api.notices) == (["提醒 first"], [])

        later.pass_(hours=49)
        message = await told(one, "second")
        assert (await is_(one, message, "sent")).refs == []  # it is none of the five
        assert await person.say("在吗") == "答：在吗"
        (consent,) = await one.gateway.read(NoticeConsent)

    (sent,) = api.notices
    assert {name: value["value"] for name, value in sent["data"].items()} == {
        "thing1": "大同市高校毕业生秋季大型双选会暨直播带…",
        "time2": "2026年11月28日 10:00",
        "thing3": "见详情",
        "thing4": "明天有活动",
    }
    assert sent["touser"] == person.openid
    assert "/chat/l/" in sent["page"]
    assert (consent.used_for, consent.answer, consent.at) == (message, 0, NOW)
    assert api.texts == ["提醒 first"]


async def test_a_yes_that_is_brought_three_times_is_one_and_the_next_reminder_waits_for_their_word(account, api, later):
    async with account(2) as one:
        person = one.person()
        await person.say("你好")
        api.yes[person.openid, EVENT] += 1
        said = [{"TemplateId": EVENT, "SubscribeStatusString": "accept", "PopupScene": 2}]
        yes = {"MsgType": "event", "Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": said}
        xml = one.platform.made(person, yes)
        assert [await one.platform.bring(xml) for _ in range(3)] == [(200, "")] * 3
        later.pass_(hours=49)

        first, second = await told(one, "first"), await told(one, "second")
        await is_(one, first, "sent")
        await is_(one, second, "waiting")
        assert await person.say("在吗") == "提醒 second\n\n答：在吗"
        assert [row.used_for for row in await one.gateway.read(NoticeConsent)] == [first]

    assert len(api.notices) == 1


async def test_a_no_takes_back_what_is_unused_and_a_no_in_the_window_gives_nothing(account, api, later):
    async with account() as one:
        person = one.person()
        await person.say("你好")
        await agrees(person, api, EVENT, JOBS)
        await person.answer_window(**{EVENT: "reject"})
        later.pass_(hours=1)
        assert [row.withdrawn_at for row in await one.gateway.read(NoticeConsent)] == [None, None]

        await person.turn_off(EVENT)
        rows = {row.kind: row.withdrawn_at for row in await one.gateway.read(NoticeConsent)}
        assert rows == {"event": NOW + timedelta(hours=1), "jobs": None}
        later.pass_(hours=49)
        await is_(one, await told(one, "k"), "waiting")

    assert api.notices == []


async def test_without_customer_service_notices_go_all_the_same_and_the_rest_is_fetched(account, api, later):
    async with account(wechat_customer_service=False) as one:
        person = one.person()
        await person.say("你好")
        await agrees(person, api, EVENT, JOBS)
        plain = await told(one, "plain", None)
        await is_(one, plain, "waiting")
        fair, news = await told(one, "fair"), await told(one, "news", FOUND)
        await is_(one, fair, "sent")  # past what waits for their word
        await is_(one, news, "waiting")
        await one.gateway.until(lambda: _notices(api, 2))
        assert await person.say("在吗") == "提醒 plain\n\n提醒 news\n\n答：在吗"

    assert api.sent == []
    assert [list(one["data"].values())[-1]["value"] for one in api.notices] == ["明天有活动", "有新岗位"]


async def _notices(api, count: int) -> bool:
    return len(api.notices) >= count


async def test_what_a_notice_does_not_say_is_given_with_their_next_word_and_no_second_notice(account, api, later):
    async with account() as one:
        person = one.person()
        await person.say("你好")
        await agrees(person, api, JOBS)
        await agrees(person, api, JOBS, scene=1)
        later.pass_(hours=49)
        news = await told(one, "news", FOUND)
        await is_(one, news, "waiting")
        later.pass_(hours=1, seconds=1)
        await is_(one, news, "waiting", 2)
        assert await person.say("在吗") == "提醒 news\n\n答：在吗"

    assert len(api.notices) == 1


async def test_a_yes_that_comes_late_sends_what_waits(account, api, later):
    async with account() as one:
        person = one.person()
        await person.say("你好")
        later.pass_(hours=49)
        message = await told(one, "k")
        await is_(one, message, "waiting")
        await agrees(person, api, EVENT)
        await is_(one, message, "sent")


@pytest.mark.parametrize(
    ("code", "answer"), [(43101, 43101), (40003, 40003), (47003, None), (40037, None), (45009, None), (-1, None)]
)
async def test_what_wechat_refuses_waits_for_their_word_and_a_yes_is_used_up_only_where_it_was_asked_of_them(
    account, api, later, caplog, code, answer
):
    async with account() as one:
        person = one.person()
        await person.say("你好")
        await agrees(person, api, EVENT)
        later.pass_(hours=49)
        api.faults.append(code)
        message = await told(one, "k")
        await is_(one, message, "waiting")
        (consent,) = await one.gateway.read(NoticeConsent)
        assert (consent.answer, consent.used_for) == (answer, message if answer else None)

        later.pass_(hours=1, seconds=1)
        if answer:  # not asked again
            await is_(one, message, "waiting", 2)
            assert await person.say("在吗") == "提醒 k\n\n答：在吗"
        else:
            await is_(one, message, "sent")

    assert len(api.notices) == (0 if answer else 1)
    assert ("was refused" in caplog.text) == (code not in (45009, -1))
    assert person.openid not in caplog.text


async def test_how_a_notice_arrived_is_kept_once(account, api, later):
    async with account() as one:
        person = one.person()
        await person.say("你好")
        await agrees(person, api, EVENT)
        await agrees(person, api, EVENT, scene=1)
        later.pass_(hours=49)
        for key in ("a", "b"):
            await is_(one, await told(one, key), "sent")
        for number, status in (("1", "success"), ("1", "success"), ("2", "failed:user block")):
            arrived = [{"TemplateId": EVENT, "MsgID": number, "ErrorCode": "0", "ErrorStatus": status}]
            assert await person.do("subscribe_msg_sent_event", SubscribeMsgSentEvent=arrived) == ""
        rows = await one.gateway.read(NoticeConsent)

    assert [(row.receipt, row.outcome) for row in rows] == [("1", "success"), ("2", "failed:user block")]


async def test_a_stranger_and_a_template_of_others_leave_nothing(account, api):
    async with account() as one:
        stranger, person = one.person("oStranger"), one.person()
        await agrees(stranger, api, EVENT)
        await person.say("你好")
        await person.answer_window(**{"template-of-another-program": "accept"})
        for broken in ("", "{}", "[1]", "[[", json.dumps([{"TemplateId": "x" * 65}])):
            assert await person.do("subscribe_msg_popup_event", SubscribeMsgPopupEvent=broken) == ""

        assert await one.gateway.read(NoticeConsent) == []
        assert len(await one.gateway.read(Identity)) == 1


async def test_a_signature_is_good_for_one_list_only(account, api):
    async with account() as one:
        person = one.person()
        await person.say("你好")
        event = {"MsgType": "event", "Event": "subscribe_msg_popup_event"}
        lists = [[{"TemplateId": name, "SubscribeStatusString": "accept"}] for name in (JOBS, EVENT)]
        first, other = (one.platform.made(person, {**event, "SubscribeMsgPopupEvent": said}) for said in lists)
        _, query = one.platform.signed(first)
        assert (await one.platform.bring(first, **query))[0] == 200
        assert (await one.platform.bring(other, **query))[0] == 403

        assert [row.kind for row in await one.gateway.read(NoticeConsent)] == ["jobs"]
