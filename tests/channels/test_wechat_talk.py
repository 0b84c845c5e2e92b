"""A talk on WeChat: one answer to each message, numbers for choices, parts of what is long, and what happens besides."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest
from inbox_fakes import Gate, result
from wechat_server import ACCOUNT, TOKEN

from bot.channels.wechat.sealing import signature
from bot.channels.wechat.text import MORE
from bot.conversations.engine import TurnResult
from bot.conversations.tables import Feedback, Identity, Message
from bot.conversations.telling import Telling
from bot.reply import Card, Choice, Day, Link, Reply, SourceLine
from bot.web import reception
from bot.web.keys import CLOCK

LIST = Reply(
    paragraphs=("找到两个岗位。",),
    cards=(
        Card(title="仓库管理员", lines=("平城区",), choices=(Choice(label="收藏", payload="/keep_1", said="收藏：仓库管理员"),)),
        Card(title="文员", lines=("云冈区",), choices=(Choice(label="收藏", payload="/keep_2", said="收藏：文员"),)),
    ),
    choices=(Choice(label="换一批", payload="/more"),),
    filters=(Choice(label="平城区", payload="/drop"),),
)  # fmt: skip


def answer(reply: Reply) -> TurnResult:
    return replace(result("好"), reply=reply)


@pytest.mark.parametrize("sealed", [False, True])
async def test_a_question_is_answered_in_the_same_call_plain_and_sealed(wechat, engine, sealed):
    async with wechat(sealed=sealed) as account:
        shown = await account.person().say("档案放哪里")

        assert shown == "答：档案放哪里"
        assert await account.gateway.states() == ["sent"]
    assert [asked.text for asked in engine.asked] == ["档案放哪里"]


async def test_nobody_reads_an_openid_in_the_record(wechat):
    async with wechat() as account:
        await account.person("oSecretPerson").say("你好")
        await account.gateway.client.close()
        (identity,) = await account.gateway.read(Identity)
    assert "oSecretPerson" not in identity.sender


async def test_the_server_is_verified_by_its_echo_and_by_nobody_else_s(wechat):
    async with wechat() as account:
        now = str(int(time.time()))
        right = {"signature": signature(TOKEN, now, "7"), "timestamp": now, "nonce": "7", "echostr": "5927"}
        answers = []
        for query in (right, right | {"signature": "0" * 40}, right | {"nonce": "8"}, {}, right | {"timestamp": "1"}):
            response = await account.gateway.client.get("/wechat", params=query)
            answers.append((response.status, await response.text()))

    assert answers[0] == (200, "5927")
    assert [status for status, _ in answers[1:]] == [403] * 4


async def test_a_number_is_a_press_on_the_last_list_and_on_nothing_else(wechat, engine):
    engine.script += [answer(LIST), result("收好了"), result("没有列表了")]
    async with wechat() as account:
        person = account.person()
        page = await person.say("找岗位")
        assert page.endswith("1 收藏（第1条）\n2 收藏（第2条）\n3 换一批\n4 去掉“平城区”\n回复数字选择")
        assert await person.say("第二个") == "收好了"
        await person.say("2")

    assert [asked.payload for asked in engine.asked] == [None, "/keep_2", None]
    assert engine.asked[2].text == "2"


@pytest.mark.parametrize(("typed", "payload"), [("２", "/keep_2"), ("②", "/keep_2"), ("二", "/keep_2"), ("选2", "/keep_2"),
    ("2.", "/keep_2"), ("第二个", "/keep_2"), ("3", "/more"), ("第三个", None), ("5", None), ("0", None), ("2个", None)])  # fmt: skip
async def test_numbers_are_taken_as_people_type_them_and_what_is_out_of_the_list_is_text(
    wechat, engine, typed, payload
):
    engine.script.append(answer(LIST))
    async with wechat() as account:
        person = account.person()
        await person.say("找岗位")
        await person.say(typed)

    assert engine.asked[1].payload == payload
    assert (engine.asked[1].text is None) == (payload is not None)


async def test_a_number_of_somebody_else_s_list_is_text(wechat, engine):
    engine.script.append(answer(LIST))
    async with wechat() as account:
        await account.person("oFirst").say("找岗位")
        await account.person("oSecond").say("1")

    assert engine.asked[1].text == "1"


async def test_a_long_answer_is_read_on_and_its_list_counts_once_it_was_shown(wechat, engine):
    paragraphs = tuple(f"第{n}段：" + "政策条款写得很细。" * 40 for n in range(1, 5))
    engine.script.append(
        answer(Reply(paragraphs=paragraphs, choices=(Choice(label="要啥材料", payload="/materials"),)))
    )
    async with wechat() as account:
        person = account.person()
        parts = [await person.say("讲讲贷款")]
        while parts[-1].endswith(MORE) and len(parts) < 20:
            parts.append(await person.say("继续"))
        read = "".join(part.removesuffix(MORE) for part in parts)
        assert len(parts) > 1
        assert all(f"第{n}段" in read for n in range(1, 5))
        assert parts[-1].endswith("1 要啥材料\n回复数字选择")
        await person.say("1")
        await person.say("继续")

    assert [asked.payload or asked.text for asked in engine.asked] == ["讲讲贷款", "/materials", "继续"]


async def test_a_number_before_its_list_was_shown_is_text(wechat, engine):
    long = Reply(paragraphs=("条款" * 900,), choices=(Choice(label="材料", payload="/materials"),))
    engine.script.append(answer(long))
    async with wechat() as account:
        person = account.person()
        await person.say("讲讲贷款")
        await person.say("1")

    assert engine.asked[1].text == "1"


async def test_an_answer_is_rated_by_a_word(wechat, engine):
    engine.script.append(result("去人才中心", rateable=True))
    async with wechat() as account:
        person = account.person()
        assert (await person.say("档案放哪里")).endswith("有用回“赞”，没用回“踩”")
        assert await person.say("赞") == "谢谢，记下了。"
        assert await person.say(" 踩。") != ""
        (feedback,) = await account.gateway.read(Feedback)

    assert feedback.verdict == "down"
    assert len(engine.asked) == 1


async def test_a_word_of_praise_without_an_answer_to_rate_is_text(wechat, engine):
    async with wechat() as account:
        await account.person().say("赞")

    assert engine.asked[0].text == "赞"


async def test_days_sources_and_links_are_read_and_pages_of_ours_are_signed(wechat, engine):
    reply = Reply(
        paragraphs=("选个时间。",),
        cards=(Card(title="指导", link=Link(label="加到日历", url="/chat/booking/ABCD23.ics")),),
        days=(Day(label="12月2日 周三", choices=(Choice(label="14:00", payload="/at"),)),),
        source=SourceLine(text="晋人社〔2024〕1号", url="https://rst.shanxi.gov.cn/a"),
        caveat="以窗口为准",
    )
    engine.script.append(answer(reply))
    async with wechat(public_url="https://d.example.cn") as account:
        text = await account.person().say("约老师")

    assert "加到日历：https://d.example.cn/chat/l/" in text
    assert "晋人社〔2024〕1号\nhttps://rst.shanxi.gov.cn/a" in text
    assert "以窗口为准" in text
    assert text.endswith("1 12月2日 周三 14:00\n回复数字选择")


async def test_one_job_is_an_article_that_leads_to_its_page(wechat, engine):
    about = Reply(paragraphs=("【文员】\n· 待遇：3000 元",), choices=(Choice(label="收藏", payload="/keep"),),
                  page=Link(label="文员", url="/chat/jobs/7"))  # fmt: skip
    engine.script.append(answer(about))
    async with wechat(public_url="https://d.example.cn") as account:
        person = account.person()
        await person.say("第一个")
        (article,) = person.articles
        await person.say("1")

    assert article.title == "文员"
    assert article.url.startswith("https://d.example.cn/chat/l/")
    assert "3000 元" in article.about
    assert engine.asked[1].payload == "/keep"


async def test_following_greets_leaving_is_silent_and_who_left_is_written_to_again(wechat, engine):
    async with wechat() as account:
        person = account.person()
        greeting = await person.do("subscribe", "")
        assert "小同" in greeting
        assert "1 我能领什么补贴" in greeting
        assert await person.do("unsubscribe", "") == ""
        assert await person.say("我回来了") == "答：我回来了"
        assert await person.do("SCAN", "job_12", Ticket="t") == '答：/job_detail_or_more{"do":"details","of":"12"}'
        assert await person.do("subscribe", "qrscene_event_5") == '答：/job_fair_or_event{"do":"details","of":"5"}'
        assert await person.do("CLICK", "jobs") == "答：/job_search"
        assert await person.do("CLICK", "gone_from_the_menu") == "答：/help"
        for silent in ("VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "scancode_push", "unheard_of"):
            assert await person.do(silent, "https://a.cn") == ""


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("image", {"PicUrl": "http://a.cn/p", "MediaId": "m"}, "图片"),
        ("voice", {"MediaId": "m", "Format": "amr"}, "语音"),
        ("voice", {"MediaId": "m", "Format": "amr", "Recognition": "档案放哪里"}, "答：档案放哪里"),
        ("video", {"MediaId": "m", "ThumbMediaId": "t"}, "视频"),
        ("shortvideo", {"MediaId": "m", "ThumbMediaId": "t"}, "视频"),
        ("location", {"Location_X": "40.1", "Location_Y": "113.3", "Scale": "20", "Label": "平城区"}, "位置"),
        ("link", {"Title": "招聘", "Description": "好活", "Url": "https://a.cn"}, "答：招聘 https://a.cn"),
        ("text", {"Content": "【收到不支持的消息类型，暂无法显示】"}, "表情"),
        ("text", {"Content": "你好", "Extra": "new", "bizmsgmenuid": "1"}, "答：你好"),
        ("text", {"Content": "a]]>b & <c> \U0001f600"}, "答：a]]>b & <c> \U0001f600"),
        ("hologram", {"MediaId": "m"}, "打不开"),
    ],
)
async def test_whatever_is_sent_has_an_answer(wechat, kind, values, words):
    async with wechat() as account:
        assert words in await account.person().send(kind, **values)


async def test_what_staff_write_and_reminders_go_with_the_next_answer(wechat, engine):
    async with wechat() as account:
        person = account.person()
        await person.say("你好")
        (identity,) = await account.gateway.read(Identity)
        telling = Telling(account.gateway.sessions, account.gateway.app[CLOCK])
        await telling.tell_identity(identity.id, Reply(paragraphs=("明天两点有招聘会。",)), "k")
        text = await person.say("在吗")

        assert text == "明天两点有招聘会。\n\n答：在吗"
        assert await account.gateway.states() == ["sent"] * 3


async def test_what_is_too_long_is_said_to_be(wechat, engine):
    async with wechat(message_limit=20) as account:
        assert "最多20个字" in await account.person().say("长" * 30)
        assert await account.gateway.read(Message) == []
    assert engine.asked == []


async def test_an_answer_goes_from_the_account_that_was_written_to(wechat):
    async with wechat() as account:
        _, body = await account.platform.bring(
            account.platform.made(account.person(), {"MsgType": "text", "MsgId": 1, "Content": "a"})
        )
    assert f"<FromUserName><![CDATA[{ACCOUNT}]]>" in body


async def test_an_answer_is_given_as_soon_as_it_is_stored(wechat, engine, monkeypatch):
    monkeypatch.setattr(reception, "LOOK_EVERY", 60.0)  # so that only being woken helps
    engine.script.append(Gate(result("去人才中心")))
    gate = engine.script[0]
    async with wechat() as account:
        asking = asyncio.create_task(account.person().say("档案放哪里"))
        await gate.reached.wait()
        gate.open()

        assert await asking == "去人才中心"
        assert len(account.platform.pushes) == 1
