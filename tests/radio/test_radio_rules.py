"""What may be asked, what becomes of it, and who may be called how."""

from datetime import UTC, date, datetime

import pytest

from bot.radio import rules

RECEIVED_AT = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # past midnight of the 25th in 大同


def outcomes(consent: str) -> dict[tuple[str, str], type[Exception] | None]:
    """What each step between two states comes to."""
    found = {}
    for state in rules.STATES:
        for wanted in rules.STATES:
            try:
                rules.check_becomes("ABC234", state, wanted, consent)
                found[state, wanted] = None
            except rules.Refusal as refusal:
                found[state, wanted] = type(refusal)
    return found


def test_a_question_is_received_then_selected_then_aired_and_no_other_way():
    allowed = {pair for pair, refused in outcomes("air").items() if refused is None}

    assert allowed == {
        ("received", "selected"), ("selected", "aired"),
        ("received", "withdrawn"), ("selected", "withdrawn"),
        ("received", "declined"), ("selected", "declined"),
    }  # fmt: skip


def test_what_is_not_to_be_read_out_is_never_selected_nor_aired():
    steps = outcomes("reply")

    assert steps["received", "selected"] is rules.NotForAir
    assert steps["received", "withdrawn"] is None and steps["received", "declined"] is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"), ("😀😀😀", "empty"), ("？？？", "empty"), ("你好", "empty"), ("〔手机号〕〔姓名〕", "empty"),
        ("问" * 301, "long"), ("嘉宾是不是傻逼啊", "rude"), ("怎么骗补贴才不会被查", "cheating"), ("哪里能办假毕业证", "cheating"),
    ],
)  # fmt: skip
def test_what_is_no_question_for_the_programme_is_refused(text, why):
    with pytest.raises(rules.Unfit) as refusal:
        rules.check_question(text)

    assert refusal.value.why == why


@pytest.mark.parametrize(
    "text",
    ["大专去国企有没有前途", "老板骂我傻逼该不该走", "培训费被骗了还能要回来吗", "问" * 300, "怎么防止被骗钱"],
)
def test_a_question_somebody_has_is_taken(text):
    rules.check_question(text)


def test_what_is_stored_is_what_was_shown():
    rules.check_masked("我的电话是〔手机号〕，能进国企吗")

    with pytest.raises(rules.NotAsShown) as refusal:
        rules.check_masked("我的电话是13812345678，能进国企吗")
    assert "13812345678" not in refusal.value.text and "能进国企吗" in refusal.value.text


@pytest.mark.parametrize("name", ["小北", "大同小刀", "云冈一枝花", "98年的小王", "一" * 12])
def test_a_nickname_is_taken(name):
    rules.check_nickname(name)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("一" * 13, "long"),
        ("13812345678", "personal"),
        ("〔姓名〕", "personal"),
        ("138-1234", "personal"),
        ("傻逼", "rude"),
    ],
)
def test_a_nickname_that_cannot_be_read_out_is_refused(name, why):
    with pytest.raises(rules.BadNickname) as refusal:
        rules.check_nickname(name)

    assert refusal.value.why == why


def test_a_question_was_on_air_between_the_day_it_came_and_today():
    rules.check_aired_on(date(2026, 11, 25), RECEIVED_AT, today=date(2026, 12, 3))
    rules.check_aired_on(date(2026, 12, 3), RECEIVED_AT, today=date(2026, 12, 3))

    for day in (date(2026, 11, 24), date(2026, 12, 4)):
        with pytest.raises(rules.NotThatDay):
            rules.check_aired_on(day, RECEIVED_AT, today=date(2026, 12, 3))


def test_blanks_and_marks_make_no_other_question():
    assert rules.same_text("大专 去国企，有没有前途？") == rules.same_text("大专去国企有没有前途")
    assert rules.same_text("大专去国企有没有前途") != rules.same_text("本科去国企有没有前途")
