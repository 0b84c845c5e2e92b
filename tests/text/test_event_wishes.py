"""What a turn about events asks for, read on Tuesday, 24 November 2026, at ten in the morning."""

from datetime import date, datetime

import pytest

from bot.text.event_wishes import Ask, Filter, answers_pending, is_about_events, read_answer, read_ask
from bot.text.times import SHANGHAI

NOW = datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("最近有招聘会没", "job_fair"),
        ("有没有双选会", "job_fair"),
        ("校园宣讲啥时候", "job_fair"),
        ("周末人才市场开不开", "job_fair"),
        ("企业体验日怎么去", "experience_day"),
        ("想走进企业看看", "experience_day"),
        ("能不能去企业里头转转", "experience_day"),
        ("有啥技能培训", "training"),
        ("有没有公开课", "training"),
        ("直播电商班还开不", "training"),
        ("最近有啥活动", None),
    ],
)
def test_the_kind_is_what_people_call_it(text, kind):
    assert read_ask(text, NOW).filter.kind == kind


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("线上招聘会", "online"),
        ("有没有网络招聘", "online"),
        ("直播招聘", "online"),
        ("不用出门的有没有", "online"),
        ("线下的招聘会", "offline"),
        ("现场招聘", "offline"),
        ("线上线下都行", None),
        ("招聘会", None),
        ("直播带货培训", None),
        ("直播电商班", None),
    ],
)
def test_the_mode_is_read_unless_both_would_do(text, mode):
    assert read_ask(text, NOW).filter.mode == mode


@pytest.mark.parametrize(
    ("text", "district"),
    [("御东有招聘会吗", "平城区"), ("口泉的培训", "云冈区"), ("阳高和天镇", "阳高县"), ("招聘会", None)],
)
def test_the_district_is_read_by_its_nickname_the_first_of_several(text, district):
    assert read_ask(text, NOW).filter.district == district


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("明天有啥活动", (11, 25), (11, 25)),
        ("这周末有啥活动", (11, 28), (11, 29)),
        ("下周三的招聘会", (12, 2), (12, 2)),
        ("12月5号有没有", (12, 5), (12, 5)),
        ("这个月的招聘会", (11, 24), (11, 30)),
        ("这周有啥活动", (11, 24), (11, 29)),
        ("今天有招聘会没", (11, 24), (11, 24)),
    ],
)
def test_days_are_whole_days_of_datong_from_today_on(text, first, last):
    wanted = read_ask(text, NOW).filter

    assert (wanted.first, wanted.last) == (date(2026, *first), date(2026, *last))


@pytest.mark.parametrize("text", ["昨天的招聘会", "最近有啥活动", "招聘会要带几份简历"])
def test_what_is_past_or_names_no_day_asks_for_no_day(text):
    wanted = read_ask(text, NOW).filter

    assert (wanted.first, wanted.last) == (None, None)


def test_the_day_is_that_of_datong_where_it_is_another_day_in_utc():
    late = datetime(2026, 11, 24, 0, 30, tzinfo=SHANGHAI)

    assert read_ask("今天有啥活动", late).filter.first == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "do"),
    [
        ("最近有啥活动", "list"),
        ("线上的有没有", "list"),
        ("还有别的吗", "more"),
        ("还有哪些", "more"),
        ("还有哪些企业", "details"),
        ("换一批", "more"),
        ("还有没有线上的", "list"),
        ("第二个详细说说", "details"),
        ("最后一场", "details"),
        ("有哪些企业", "details"),
        ("这场几点", "details"),
        ("报名第一个", "sign_up"),
        ("我要报名", "sign_up"),
        ("帮我占个名额", "sign_up"),
        ("我想去第三场", "sign_up"),
        ("不去了", "cancel"),
        ("取消报名", "cancel"),
        ("我不参加了", "cancel"),
        ("我报的活动", "mine"),
        ("我报名了哪些", "mine"),
        ("签到码给我", "mine"),
        ("票在哪", "mine"),
    ],
)
def test_what_is_to_be_done_is_read(text, do):
    assert read_ask(text, NOW).do == do


@pytest.mark.parametrize("text", ["怎么报名", "咋报名", "如何报名"])
def test_how_to_sign_up_is_no_sign_up(text):
    assert read_ask(text, NOW).do != "sign_up"


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("第一个", 1),
        ("第2场", 2),
        ("报名第十个", 10),
        ("第两个", 2),
        ("最后一个", -1),
        ("最后那场", -1),
        ("招聘会", None),
    ],
)
def test_the_place_on_the_page_is_read(text, index):
    assert read_ask(text, NOW).index == index


@pytest.mark.parametrize(
    ("text", "near"), [("附近有啥活动", True), ("离我近的招聘会", True), ("云冈区附近有啥", False), ("有啥活动", False)]
)
def test_near_me_is_near_only_where_no_district_is_named(text, near):
    assert read_ask(text, NOW).near is near


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("线上的呢", True),
        ("12月的", True),
        ("阳高的呢", True),
        ("第二个", True),
        ("还有吗", True),
        ("报名", True),
        ("你好", False),
        ("灵活就业社保补贴谁能领", False),
        ("好的", False),
        ("确定报名", True),
        ("不报了", True),
        ("好的 失业金怎么领", False),
    ],
)
def test_what_goes_on_about_a_list_of_events(text, about):
    assert is_about_events(text, NOW) is about


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("对", True), ("确定", True), ("确定报名", True), ("好的，报吧", True), ("嗯嗯可以", True), ("确定取消", True),
        ("不", False), ("先不报", False), ("不用了", False), ("不取消了", False), ("算了 不去了", False), ("等一下", False),
        ("好的 对了失业金怎么领", None), ("第二个", None), ("报名要啥材料", None), ("不要平城区的", None), ("你好", None),
    ],
)  # fmt: skip
def test_a_yes_or_a_no_is_one_only_where_nothing_stands_beside_it(text, answer):
    assert read_answer(text) is answer


def test_a_bare_yes_answers_only_a_question_that_is_open():
    assert answers_pending("对", {"pending": "confirm"}, NOW)
    assert not answers_pending("对", {"pending": None}, NOW)
    assert not answers_pending("好的 对了失业金怎么领", {"pending": "confirm"}, NOW)


def test_a_later_wish_goes_beside_the_earlier_ones_and_days_are_replaced_whole():
    before = Filter(kind="job_fair", district="平城区", first=date(2026, 11, 28), last=date(2026, 11, 29))

    after = before.beside(Filter(mode="online", first=date(2026, 12, 1), last=date(2026, 12, 1)))

    assert after == Filter("job_fair", "online", "平城区", date(2026, 12, 1), date(2026, 12, 1))
    assert before.beside(Filter()) == before


def test_a_filter_comes_back_as_it_was_written():
    wanted = Filter("training", "offline", "云冈区", date(2026, 11, 28), date(2026, 11, 29))

    assert wanted.to_dict()["first"] == "2026-11-28"
    assert Filter.from_dict(wanted.to_dict()) == wanted
    assert Filter.from_dict(Filter().to_dict()) == Filter()


def test_an_ask_of_nothing_lists():
    assert read_ask("", NOW) == Ask("list")
