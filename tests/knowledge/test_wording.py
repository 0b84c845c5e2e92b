"""How an answer is worded around the editors' texts."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.knowledge import wording
from bot.knowledge.tables import SourceRow, TextRow
from bot.knowledge.views import TopicView

TODAY = date(2026, 11, 24)


def source(n=1, **known) -> SourceRow:
    told = {"title": "关于扩岗补助的通知", "number": "人社部发〔2026〕39号", "issuer": "人社部", "date": "2026-06-18"}
    return SourceRow(topic_id="t", n=n, text_seen=True, **(told | {"url": None} | known))


def said(key, words, *, sources=(1,), gap=None, applies=True) -> TextRow:
    return TextRow(topic_id="t", key=key, text=words, gap=gap, applies=applies, sources=list(sources))


ASPECTS = ("who", "amount", "materials", "process", "where", "when", "contact", "notes")
TEXTS = [said("answer", "发给单位。"), said("s30", "口播三十秒。"), *(said(a, f"关于{a}") for a in ASPECTS)]
TOPIC = TopicView(
    id="job-expansion-subsidy",
    title="一次性扩岗补助",
    group="补贴",
    region="全国",
    valid_until=date(2026, 12, 31),
    state="current",
    checked_on=date(2026, 11, 23),
    check_status="verified",
    version=3,
    texts={t.key: t for t in TEXTS},
    sources={1: source(), 2: source(2, title="另一份", number=None)},
    related=(("a", "甲"), ("b", "乙"), ("c", "丙")),
)


def with_text(*texts: TextRow) -> TopicView:
    return replace(TOPIC, texts=TOPIC.texts | {t.key: t for t in texts})


def served(topic=TOPIC, aspect="general", today=TODAY, **more):
    return wording.answer(topic, aspect, today=today, **more)


def test_the_source_line_has_title_number_issuer_and_date():
    line = wording.source_line(source(url="https://www.gov.cn/x"))

    assert line.text == "来源：《关于扩岗补助的通知》人社部发〔2026〕39号，人社部，2026年6月18日"
    assert line.url == "https://www.gov.cn/x"


@pytest.mark.parametrize(
    ("known", "line"),
    [
        ({"title": "《劳动法》", "number": None}, "来源：《劳动法》，人社部，2026年6月18日"),
        ({"title": "人社部发〔2026〕39号通知"}, "来源：《人社部发〔2026〕39号通知》，人社部，2026年6月18日"),
        ({"issuer": None, "date": "2026-06"}, "来源：《关于扩岗补助的通知》人社部发〔2026〕39号，2026年6月"),
        ({"issuer": None, "date": None}, "来源：《关于扩岗补助的通知》人社部发〔2026〕39号"),
        ({"number": None, "date": "2026"}, "来源：《关于扩岗补助的通知》，人社部，2026年"),
    ],
)
def test_the_source_line_leaves_out_what_is_not_known(known, line):
    assert wording.source_line(source(**known)).text == line


def test_what_is_no_document_is_not_set_in_title_marks():
    known = {"title": "通行就业指导常识", "number": None, "issuer": None, "date": None}

    assert wording.source_line(source(**known)).text == "来源：通行就业指导常识"


def test_the_short_answer_comes_first_under_its_title():
    reply = served()

    assert reply.paragraphs == ("【一次性扩岗补助】\n发给单位。",)
    assert reply.knowledge == wording.Knowledge(
        outcome="served", topics=("job-expansion-subsidy",), aspect="general", version=3
    )
    assert reply.rateable
    assert reply.checked == date(2026, 11, 23)


def test_an_asked_aspect_is_answered_and_not_the_whole():
    reply = served(aspect="who")

    assert reply.paragraphs == ("【一次性扩岗补助】谁能领：\n关于who",)
    assert reply.knowledge.aspect == "who"


def test_an_aspect_that_the_topic_lacks_falls_back_to_the_whole():
    topic = replace(TOPIC, texts={k: t for k, t in TOPIC.texts.items() if k != "where"})

    reply = served(topic, "where")

    assert reply.paragraphs == ("【一次性扩岗补助】\n发给单位。",)
    assert reply.knowledge.aspect == "general"


def test_an_answer_cites_the_source_of_what_it_says():
    reply = served(with_text(said("who", "…", sources=[2])), "who")

    assert "另一份" in reply.source.text


def test_an_answer_without_a_source_of_its_own_cites_the_topic_s_first():
    reply = served(with_text(said("who", "…", sources=[])), "who")

    assert "关于扩岗补助的通知" in reply.source.text


def test_a_verified_answer_carries_no_caveat():
    assert served().caveat is None


@pytest.mark.parametrize("status", ["partly", "unverified", "expired"])
def test_an_answer_that_is_not_verified_carries_the_caveat(status):
    assert served(replace(TOPIC, check_status=status)).caveat == "以当地最新公布为准"


def test_a_policy_that_nobody_confirms_says_so():
    caveat = served(replace(TOPIC, state="unknown")).caveat

    assert "现在还办不办没有查到" in caveat
    assert "以当地最新公布为准" in caveat


def test_on_its_last_day_a_policy_is_served_as_current():
    assert served(today=date(2026, 12, 31)).paragraphs == ("【一次性扩岗补助】\n发给单位。",)


def test_past_its_last_day_a_policy_is_served_as_history_with_what_to_do_now():
    reply = served(with_text(said("after_expiry", "等新通知。", sources=[])), today=date(2027, 1, 1))

    assert reply.paragraphs == (
        "先说明：这项政策到2026年12月31日为止，已经到期，下面是当时的规定，别当成现在还有。\n"
        "【一次性扩岗补助】\n发给单位。",
        "现在怎么办：等新通知。",
    )
    assert reply.caveat == "以当地最新公布为准"


def test_an_aspect_of_an_ended_policy_is_history_too():
    reply = served(with_text(said("after_expiry", "等新通知。")), "amount", today=date(2027, 1, 1))

    assert reply.paragraphs[0].startswith("先说明：这项政策到2026年12月31日为止，已经到期")
    assert reply.paragraphs[1] == "现在怎么办：等新通知。"


def test_an_ended_policy_whose_last_day_nobody_knows_is_history_without_a_date():
    reply = served(replace(TOPIC, valid_until=None, state="expired"))

    assert reply.paragraphs[0].startswith("先说明：这项政策已经到期")


def test_an_ended_policy_is_not_said_on_air_as_if_it_held():
    reply = wording.plainly(TOPIC, today=date(2027, 1, 1))

    assert "口播三十秒" not in "".join(reply.paragraphs)
    assert "已经到期" in reply.paragraphs[0]


def test_in_plain_words_the_answer_is_the_one_for_the_ear():
    reply = wording.plainly(TOPIC, today=TODAY)

    assert reply.paragraphs == ("说简单点：口播三十秒。",)
    assert reply.source == served().source


@pytest.mark.parametrize("address", ["听众朋友，", "各位听众朋友，", "朋友们，"])
def test_in_plain_words_one_person_is_not_addressed_as_the_listeners(address):
    reply = wording.plainly(with_text(said("s30", f"{address}口播三十秒。")), today=TODAY)

    assert reply.paragraphs == ("说简单点：口播三十秒。",)


def payloads(reply):
    return [json.loads(c.payload.removeprefix("/policy")) for c in reply.choices]


def test_the_aspects_that_exist_are_offered_in_order_then_two_related_topics():
    reply = served()

    assert [c.label for c in reply.choices] == [
        "谁能领", "多少钱", "要啥材料", "怎么办", "去哪办", "啥时候", "看看：甲", "看看：乙",
    ]  # fmt: skip
    assert payloads(reply)[0] == {"topic": "job-expansion-subsidy", "aspect": "who"}
    assert payloads(reply)[-1] == {"topic": "b"}


def test_the_aspect_just_served_is_not_offered_again():
    offered = [p.get("aspect") for p in payloads(served(aspect="who"))]

    assert offered == ["amount", "materials", "process", "where", "when", "contact", None, None]


def test_an_aspect_that_does_not_apply_is_not_offered():
    reply = served(with_text(said("who", "谁都不用办。", applies=False)))

    assert "who" not in [p.get("aspect") for p in payloads(reply)]


def test_aspects_with_a_gap_are_offered_only_where_there_is_room():
    reply = served(with_text(said("who", "…", gap="没查到"), said("amount", "…", gap="没查到")))

    offered = [p["aspect"] for p in payloads(reply)[:6]]

    assert offered == ["materials", "process", "where", "when", "contact", "notes"]


def test_a_topic_s_group_names_its_aspects():
    assert wording.aspect_label(TOPIC, "who") == "谁能领"
    assert wording.aspect_label(replace(TOPIC, group="基层与考录"), "who") == "谁能报"
    assert wording.aspect_label(replace(TOPIC, group="别的"), "who") == "谁可以"


def test_a_topic_that_asks_something_else_than_its_group_names_its_aspects_itself():
    fund = replace(TOPIC, id="housing-fund", group="劳动权益")

    assert wording.aspect_label(fund, "process") == "怎么办"
    assert wording.aspect_label(fund, "who") == "适用谁"
    assert wording.aspect_label(replace(TOPIC, id="hotlines", group="联盟服务"), "process") == "怎么打"


def test_an_offer_keeps_the_aspect_that_was_asked():
    reply = wording.offer([("a", "甲"), ("b", "乙")], "materials", turn=0)

    assert [c.label for c in reply.choices] == ["甲", "乙", "都不是"]
    assert json.loads(reply.choices[0].payload.removeprefix("/policy")) == {"topic": "a", "aspect": "materials"}
    assert reply.knowledge == wording.Knowledge(outcome="offered", topics=("a", "b"), aspect="materials")
    assert not reply.rateable


def test_a_refusal_names_whom_to_ask_and_offers_a_person_and_the_programme():
    for turn in range(6):
        reply = wording.refusal(turn=turn)

        assert "12333" in reply.paragraphs[0] or "12345" in reply.paragraphs[0]
        assert [c.payload for c in reply.choices] == ["/human", '/ask_radio{"do":"take"}']
        assert reply.source is None


@pytest.mark.parametrize(
    "say",
    [
        lambda turn: wording.refusal(turn=turn),
        lambda turn: wording.offer([("a", "甲")], "general", turn=turn),
        lambda turn: wording.which([("a", "甲")], turn=turn),
    ],
    ids=["refusal", "offer", "which"],
)
def test_the_same_words_do_not_come_twice_in_a_row(say):
    words = [say(turn).paragraphs for turn in range(8)]

    assert all(before != after for before, after in zip(words, words[1:], strict=False))


def test_a_meaning_leads_to_the_topic_it_belongs_to():
    reply = wording.meaning(TOPIC, "免申即享", "不用填表。")

    assert reply.paragraphs == ("【免申即享】不用填表。",)
    assert payloads(reply) == [{"topic": "job-expansion-subsidy"}]
    assert reply.knowledge.outcome == "served"
