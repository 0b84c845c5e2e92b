"""Danger in what people write: every earnest word is found, idioms are let through."""

import json
import time

import pytest

from bot.settings import ROOT
from bot.text.distress import danger_in, is_grievance, is_idiom, may_be_meant, tight

ROWS = [json.loads(row) for row in (ROOT / "tests/evaluation/dev/care.jsonl").read_text(encoding="utf-8").splitlines()]
SERIOUS = [row["text"] for row in ROWS if row.get("severity") == "serious"]
EARNEST, NOT_MEANT = (
    (ROOT / "tests/text/distress" / name).read_text(encoding="utf-8").splitlines()
    for name in ("earnest.txt", "not_meant.txt")
)
PLAIN = [row["text"] for row in ROWS if row["kind"] != "distress"]


def test_there_is_enough_to_be_measured_on():
    assert len(SERIOUS) >= 60
    assert len(PLAIN) >= 80


@pytest.mark.parametrize("text", SERIOUS)
def test_a_serious_signal_is_found(text):
    assert danger_in(text) is not None


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_about_something_else_or_an_idiom_is_no_danger(text):
    assert danger_in(text) is None


@pytest.mark.parametrize("text", EARNEST)
def test_what_resembles_an_idiom_or_says_it_in_other_words_is_found(text):
    assert danger_in(text) is not None


@pytest.mark.parametrize("text", NOT_MEANT)
def test_what_only_has_the_words_of_danger_is_none(text):
    assert danger_in(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我不想活了", "self"),
        ("室友说她不想活了", "other"),
        ("我室友站在天台上不下来", "other"),
        ("孩子把自己锁屋里说要跳楼", "other"),
        ("明天带刀去公司找他", "harm"),
        ("想捅死那个老板", "harm"),
        ("前男友说要杀了我", "harm"),
        ("我跟室友说我不想活了", "self"),
    ],
)
def test_it_says_whom_the_danger_is_about(text, kind):
    assert danger_in(text).kind == kind


@pytest.mark.parametrize(
    "text",
    ["不 想 活 了", "不-想-活-了", "不😭想😭活😭了", "不\n想\n活", "ｗｏ ｂｕ ｘｉａｎｇ ｈｕｏ ｌｅ", "不​想​活了"],
)
def test_blanks_marks_and_emoji_hide_nothing(text):
    assert danger_in(text).kind == "self"


@pytest.mark.parametrize(
    "text",
    [
        "tong gui yu jin",
        "yishu xiehao le",
        "bu xiang xing lai",
        "自can",
        "永bie了",
        "想cong楼shang跳xia去",
        "xiang xiao shi",
    ],
)
def test_a_signal_in_letters_or_half_in_letters_is_read_by_its_sound(text):
    assert danger_in(text) is not None


def test_a_signal_that_goes_over_two_messages_is_found_where_it_ends():
    assert danger_in("不想") is None
    assert danger_in("活了", before=["不想"]).words == "不想活"
    assert danger_in("楼", before=["我想", "跳"]).kind == "self"
    assert danger_in("w bu xiang", before=[]) is None
    assert danger_in("huo le", before=["wo bu xiang "]) is not None


def test_what_was_said_before_is_not_found_again():
    assert danger_in("谢谢", before=["我不想活了"]) is None


@pytest.mark.parametrize(
    "text", ["累死了", "笑死", "想死你了", "气死我了", "热死了", "社死", "卷死了", "死线", "跳楼价", "秒杀", "杀手锏"]
)
def test_an_idiom_is_known_as_one(text):
    assert is_idiom(text)
    assert danger_in(text) is None


@pytest.mark.parametrize(
    "text", ["累死了 不想活了", "气死我了 我要捅死他", "档案放哪里", "笑死 我今晚就跳楼", "没活路了 想死"]
)
def test_an_idiom_beside_something_earnest_excuses_nothing(text):
    assert not is_idiom(text)


@pytest.mark.parametrize("text", ["这工资不如死了算了", "活着真累", "生无可恋"])
def test_what_may_be_meant_gets_a_kind_word_and_no_alarm(text):
    assert may_be_meant(text)
    assert danger_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "老板欠我三个月工资不给了",
        "干完活不结钱，打电话不接",
        "工资拖了俩月了，一直说下周",
        "包工头赖账，俺们的血汗钱没给",
        "问我啥时候结婚，一听就不要我了",
        "因为怀孕把我辞了",
    ],
)
def test_pay_that_is_owed_and_who_is_sent_away_for_a_child_is_a_grievance(text):
    assert is_grievance(text)


@pytest.mark.parametrize(
    "text",
    [
        "老板欠我工资，我不活了",
        "欠我工资不给，我走了算了",
        "欠薪半年，我要烧了他的厂",
        "老板不给钱，我现在就在楼顶",
        "自己弄没的 公司给赔钱不 给我爸留点",
        "欠着工资，我也撑不下去了",
        "工资没发，药我都攒好了",
        "老板不给钱，我跟他拼了",
        "工资一般几号发",
    ],
)
def test_a_grievance_beside_something_darker_excuses_nothing(text):
    assert not is_grievance(text)


def test_no_sentence_of_danger_that_we_know_is_a_grievance():
    files = [ROOT / "tests/evaluation/dev" / name for name in ("care_rows.jsonl", "care_rows_2.jsonl")]
    rows = [json.loads(row) for file in files for row in file.read_text(encoding="utf-8").splitlines()]
    known = [*SERIOUS, *EARNEST, *(row["text"] for row in rows if row.get("severity") == "serious")]

    assert len(known) > 200
    assert [text for text in known if is_grievance(text)] == []


def test_earnest_words_are_an_alarm_though_they_resemble_an_idiom():
    assert danger_in("不如死了算了").kind == "self"
    assert danger_in("累得不想活了").kind == "self"


def test_traditional_characters_and_slips_are_read_as_what_they_are():
    assert tight("遺書寫好了！") == "遗书写好了"
    assert tight("不想或了") == "不想活了"


@pytest.mark.parametrize("text", ["我" * 2000, "不想死" * 600, "站在" * 1000, "吃了" * 1000, "a" * 2000])
def test_the_longest_message_takes_no_time_to_speak_of(text):
    began = time.perf_counter()

    danger_in(text, before=[text])

    assert time.perf_counter() - began < 2


def test_there_is_nothing_in_marks_alone():
    assert danger_in("……") is None
    assert danger_in("") is None
