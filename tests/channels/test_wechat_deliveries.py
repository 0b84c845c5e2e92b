"""Each kind of delivery has a meaning, one delivered again has the same key, and rubbish is refused as such."""

from __future__ import annotations

import random

import pytest

from bot.channels.wechat.deliveries import Unreadable, fields, news_reply, read, text_reply
from tests.conftest import NOW

BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><Content>&b;</Content></xml>'


def xml(**values: object) -> bytes:
    given = {"ToUserName": "gh_1", "FromUserName": "oAb-c_1", "CreateTime": 1, "MsgId": 7, **values}
    return ("<xml>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in given.items()) + "</xml>").encode()


def delivered(**values: object):
    return read(fields(xml(**values)))


def test_text_and_words_heard_are_text_and_a_slash_is_no_command():
    assert delivered(MsgType="text", Content="/jobs").inbound.text == "/jobs"
    assert delivered(MsgType="text", Content="/jobs").inbound.command is None
    assert delivered(MsgType="voice", Recognition="找工作").inbound.text == "找工作"
    assert delivered(MsgType="link", Title="招聘", Url="https://a.cn").inbound.text == "招聘 https://a.cn"


@pytest.mark.parametrize(
    ("kind", "media"),
    [("voice", "voice"), ("image", "picture"), ("video", "video"), ("shortvideo", "video"), ("location", "place"), ("new", "file")],
)  # fmt: skip
def test_what_holds_no_text_is_known_by_its_kind(kind, media):
    assert delivered(MsgType=kind).inbound.media == media


@pytest.mark.parametrize(
    ("event", "value", "argument"),
    [("subscribe", "", ""), ("subscribe", "qrscene_job_12", "job_12"), ("SCAN", "event_5", "event_5"), ("SCAN", "x", "")],
)  # fmt: skip
def test_who_follows_or_scans_is_greeted_at_what_the_code_was_for(event, value, argument):
    inbound = delivered(MsgType="event", Event=event, EventKey=value).inbound

    assert (inbound.command, inbound.argument) == ("start", argument)


def test_the_other_events():
    assert delivered(MsgType="event", Event="CLICK", EventKey="jobs").inbound.command == "jobs"
    assert delivered(MsgType="event", Event="unsubscribe").away
    for event in ("VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", ""):
        other = delivered(MsgType="event", Event=event, EventKey="https://a.cn")
        assert (other.inbound, other.away) == (None, False)


def test_a_message_has_one_key_however_often_it_comes_and_no_sender_in_it():
    first = delivered(MsgType="text", Content="a").inbound.key

    assert delivered(MsgType="text", Content="a", Extra="b").inbound.key == first
    assert delivered(MsgType="text", Content="a", MsgId=8).inbound.key != first
    assert delivered(MsgType="text", Content="a", CreateTime=2).inbound.key != first
    assert "oAb-c_1" not in first


def test_an_answer_goes_back_to_who_wrote_and_is_read_as_written():
    delivery = delivered(MsgType="text", Content="a")

    answer = fields(text_reply(delivery, "一]]>二&<b>\x00", NOW).encode())
    assert (answer["ToUserName"], answer["FromUserName"], answer["Content"]) == ("oAb-c_1", "gh_1", "一]]>二&<b>")
    assert fields(news_reply(delivery, "t", "a", "https://a.cn/?a=1&b=2", NOW).encode())["ArticleCount"] == "1"


def test_ten_thousand_bodies_are_read_or_refused_and_nothing_else():
    chance = random.Random(6)
    whole = [xml(MsgType="text", Content="你好"), xml(MsgType="event", Event="CLICK", EventKey="jobs"), BOMB]
    starts = [b'<?xml version="1.0" encoding="%s"?>' % e for e in (b"utf-16", b"gbk", b"utf-7", b"none", b"idna")]
    refused = 0
    for _ in range(10_000):
        body = bytearray(chance.choice([b"", *starts]) + chance.choice(whole))
        for _ in range(chance.randrange(6)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        try:
            read(fields(bytes(body[: chance.choice([None, None, chance.randrange(len(body))])])))
        except Unreadable:
            refused += 1
    assert 5_000 < refused < 10_000
    for body in (BOMB, b"", b"<a/>", b"\xff" * 100, b"<xml>" * 50_000):
        with pytest.raises(Unreadable):
            read(fields(body))
