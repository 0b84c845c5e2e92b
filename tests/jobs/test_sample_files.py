"""The sample data are enough, true to their form and of nobody real."""

import re
from collections import Counter
from datetime import time

import pytest
from ruamel.yaml import YAML

from bot.settings import ROOT
from bot.text.districts import DISTRICTS

SAMPLE = ROOT / "data" / "sample"
BENEFITS = {
    "五险", "五险一金", "双休", "单休", "包吃", "包住", "餐补", "交通补贴", "年终奖", "带薪年假", "节日福利",
    "不上夜班", "弹性工作", "培训", "班车", "全勤奖",
}  # fmt: skip
MODES = {"线下", "电话", "线上"}
# A mobile number, or a landline with a body that an exchange gives out (0000 is none).
NUMBER = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-?(?!0000)[1-9]\d{6,7}(?!\d)")


def load(name):
    return YAML(typ="safe").load(SAMPLE / f"{name}.yml")[name]


@pytest.fixture(scope="module")
def companies():
    return load("companies")


@pytest.fixture(scope="module")
def postings():
    return load("postings")


@pytest.fixture(scope="module")
def events():
    return load("events")


@pytest.fixture(scope="module")
def advisers():
    return load("advisers")


@pytest.mark.parametrize("name", ["companies", "postings", "events", "advisers"])
def test_the_first_line_says_that_it_is_sample_data(name):
    lines = (SAMPLE / f"{name}.yml").read_text(encoding="utf-8").splitlines()

    assert lines[0].startswith("# Sample data")


@pytest.mark.parametrize("name", ["companies", "postings", "events", "advisers"])
def test_no_number_could_ring_at_somebody_s(name):
    assert NUMBER.findall((SAMPLE / f"{name}.yml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("number", ["13800138000", "0352-2345678", "03522345678", "010-62345678"])
def test_a_number_that_could_ring_would_be_noticed(number):
    assert NUMBER.search(f"电话{number}。")


def test_there_are_enough_companies_of_every_district(companies):
    districts = Counter(company["district"] for company in companies)

    assert len(companies) >= 62
    assert set(districts) == set(DISTRICTS)
    assert min(districts.values()) >= 3
    assert {name for name, _ in districts.most_common(2)} == {"平城区", "云冈区"}


def test_a_company_has_a_name_of_its_own_and_known_labels(companies):
    assert max(Counter(company["name"] for company in companies).values()) == 1
    assert [c["name"] for c in companies if "示例" in c["name"]] == []  # the program marks them
    assert [c["name"] for c in companies if not re.fullmatch("[A-T]", c["industry"])] == []
    assert [c["name"] for c in companies if not re.fullmatch(r"\d+-\d+人|1000人以上", c["size"])] == []
    assert all(c["trade"] for c in companies)


def test_a_third_of_the_companies_are_in_the_alliance(companies):
    members = sum(company["alliance_member"] for company in companies)

    assert 0.25 <= members / len(companies) <= 0.42


def test_there_are_enough_postings_of_every_type_and_district(postings):
    types = Counter(posting["type"] for posting in postings)

    assert len(postings) >= 250
    assert set(types) == {"全职", "实习", "见习", "兼职"}
    assert types["全职"] > len(postings) / 2
    assert types["实习"] >= 25
    assert types["见习"] >= 20
    assert types["兼职"] >= 15
    assert {posting["district"] for posting in postings} == set(DISTRICTS)


def test_every_posting_is_of_a_company_that_is_there_and_every_company_has_one(companies, postings):
    assert {posting["company"] for posting in postings} == {company["name"] for company in companies}


def test_no_company_has_two_postings_of_one_title(postings):
    twice = [key for key, n in Counter((p["company"], p["title"]) for p in postings).items() if n > 1]

    assert twice == []


def test_no_two_postings_say_the_same(postings):
    texts = Counter(posting[part] for posting in postings for part in ("duties", "requirements"))

    assert [text for text, n in texts.items() if n > 1] == []


def test_a_posting_is_filled_in_with_known_words(postings):
    for posting in postings:
        told = (posting["company"], posting["title"])
        for part in ("address", "duties", "requirements", "contact", "apply_how"):
            assert posting[part], (told, part)
        assert posting["education"] in ("不限", "高中", "大专", "本科", "硕士"), told
        assert set(posting["benefits"]) <= BENEFITS, told
        assert isinstance(posting["majors"], list), told
        assert posting["experience_years"] >= 0, told
        assert posting["headcount"] > 0, told
        assert 10 <= posting.get("days_open", 10) <= 90, told


def test_a_few_postings_have_no_closing_day(postings):
    assert 3 <= sum("days_open" not in posting for posting in postings) <= 30


def test_every_pay_can_be_read(postings):
    from bot.text.pay import UnreadablePay, read_pay

    unread = []
    for posting in postings:
        try:
            pay = read_pay(posting["pay"])
        except UnreadablePay as reason:
            unread.append((posting["title"], posting["pay"], str(reason)))
            continue
        if pay.low is not None and not 1700 <= pay.low <= pay.high <= 20_000:
            unread.append((posting["title"], posting["pay"], pay))

    assert unread == []


def test_pay_is_written_in_many_ways(postings):
    cells = [posting["pay"] for posting in postings]

    for way in ("元/月", "K", "薪", "面议", "底薪", "元/天", "元/小时", "年薪", "万"):
        assert any(way in cell for cell in cells), way


def test_no_posting_shows_a_sign_of_a_scam(postings):
    from bot.text.scams import signs_in

    signs = {
        (posting["company"], posting["title"]): found
        for posting in postings
        if (found := signs_in("。".join(str(value) for value in posting.values())))
    }

    assert signs == {}


def test_there_are_events_of_every_kind_both_past_and_to_come(events):
    assert len(events) >= 14
    assert {event["kind"] for event in events} == {"job_fair", "experience_day", "training"}
    assert {event["mode"] for event in events if event["kind"] == "job_fair"} == {"offline", "online"}
    assert all(-30 <= event["days_from_load"] <= -3 or 2 <= event["days_from_load"] <= 45 for event in events)
    assert sum(event["days_from_load"] > 0 for event in events) > len(events) / 2
    assert max(Counter(event["title"] for event in events).values()) == 1


def test_an_event_has_a_place_and_ends_after_it_starts(events):
    for event in events:
        assert time.fromisoformat(event["starts"]) < time.fromisoformat(event["ends"]), event["title"]
        assert "示例" in event["place"], event["title"]
        assert event["about"], event["title"]
        assert event.get("capacity", 1) > 0, event["title"]
        if event["mode"] == "offline":
            assert event["district"] in DISTRICTS, event["title"]


def test_only_what_is_over_has_figures_and_they_add_up(events):
    for event in events:
        assert ("figures" in event) == (event["days_from_load"] < 0), event["title"]
        if figures := event.get("figures"):
            assert set(figures) == {"companies", "posts", "registered", "came", "intents"}
            assert figures["registered"] >= figures["came"] >= figures["intents"] >= 0
            assert figures["registered"] <= event.get("capacity", figures["registered"])


def test_a_title_at_an_event_means_one_posting_of_one_company_there(events, postings, companies):
    names = {company["name"] for company in companies}
    for event in events:
        assert set(event["companies"]) <= names, event["title"]
        offered = Counter(posting["title"] for posting in postings if posting["company"] in event["companies"])

        assert {title: offered[title] for title in event["postings"] if offered[title] != 1} == {}, event["title"]


def test_a_fair_is_with_companies_and_postings(events):
    fairs = [event for event in events if event["kind"] == "job_fair"]

    assert [fair["title"] for fair in fairs if not (fair["companies"] and fair["postings"])] == []


def test_there_are_advisers_for_every_topic_and_way(advisers):
    topics = {topic for adviser in advisers for topic in adviser["topics"]}

    assert len(advisers) >= 9
    assert {"简历", "面试", "职业规划", "创业", "政策", "考公考编", "劳动权益", "求职心理"} <= topics
    assert {mode for adviser in advisers for mode in adviser["modes"]} == MODES
    assert max(Counter(adviser["name"] for adviser in advisers).values()) == 1
    assert [a["name"] for a in advisers if not a["full_name"].startswith(a["name"][0])] == []
    assert Counter(adviser["at_once"] for adviser in advisers)[2] == 1


def test_an_adviser_s_hours_hold_a_session_and_do_not_overlap(advisers):
    for adviser in advisers:
        spans = sorted(
            (hours["weekday"] * 1440 + minutes(hours["from"]), hours["weekday"] * 1440 + minutes(hours["to"]))
            for hours in adviser["hours"]
        )

        assert {hours["weekday"] for hours in adviser["hours"]} <= set(range(1, 8)), adviser["name"]
        assert all(end - start >= adviser["session_minutes"] for start, end in spans), adviser["name"]
        assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:])), adviser["name"]


def minutes(clock):
    at = time.fromisoformat(clock)
    return at.hour * 60 + at.minute
