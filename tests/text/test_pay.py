"""Pay as postings write it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.text.pay import HIGHEST, LOWEST, UNLIKELY, Pay, UnreadablePay, read_pay

SAID = {
    "4000-6000元/月": (4000, 6000, 12),
    "4-6K·13薪": (4000, 6000, 13),
    "8千-1.2万": (8000, 12000, 12),
    "8000元-1万元": (8000, 10000, 12),
    "年薪10-15万": (8333, 12500, 12),
    "10万-15万/年": (8333, 12500, 12),
    "200元/天": (4350, 4350, 12),
    "200-300元/天": (4350, 6525, 12),
    "25元/小时": (4350, 4350, 12),
    "底薪3000+提成": (3000, 3000, 12),
    "3000以上": (3000, 3000, 12),
    "5000元以下": (0, 5000, 12),
    "5000左右": (5000, 5000, 12),
    "6000": (6000, 6000, 12),
    "3500.0": (3500, 3500, 12),
    "0.6-1万/月": (6000, 10000, 12),
    "3k~5k": (3000, 5000, 12),
    "４０００－６０００": (4000, 6000, 12),
    "4,000—6,000": (4000, 6000, 12),
    "4000至6000元": (4000, 6000, 12),
    "一万二": (12000, 12000, 12),
    "四千五": (4500, 4500, 12),
    "4千5": (4500, 4500, 12),
    "五六千": (5000, 6000, 12),
    "4-6": (4000, 6000, 12),
    "月薪6-8万": (60000, 80000, 12),
    "3500-5000元/月 14薪": (3500, 5000, 14),
    "4000-6000元/月（含五险一金）": (4000, 6000, 12),
    "试用期3000，转正4000-5000": (4000, 5000, 12),
}


@pytest.mark.parametrize("words", SAID)
def test_pay_is_read_as_people_write_it(words):
    pay = read_pay(words)

    assert (pay.low, pay.high, pay.months) == SAID[words]


@pytest.mark.parametrize("words", ["面议", "薪资面议", "工资可面谈", "保密", "-", "按规定执行"])
def test_pay_to_be_agreed_has_no_figures(words):
    assert read_pay(words) == Pay(None, None)


@pytest.mark.parametrize(
    "words",
    ["200元/天", "25元/小时", "底薪3000+提成", "3000以上", "5000左右", "年薪10-15万", "3000/4000", "5000元以下"],
)
def test_words_that_the_figures_do_not_say_are_kept(words):
    assert read_pay(words).note == words


@pytest.mark.parametrize("words", ["4000-6000元/月", "4-6K·13薪", "6000", "8千-1.2万"])
def test_plain_figures_need_no_note(words):
    assert read_pay(words).note is None


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("6000-4000", "最低薪资比最高薪资还高"),
        ("500000", "500000元，不合常理"),
        ("1", "只有1元，不合常理"),
        ("6-8万", "月薪还是年薪"),
        ("", "没有写薪资"),
        ("看情况", "看不出薪资"),
        ("3元/件", "按件"),
        ("4000-6000·30薪", "30个月"),
    ],
)
def test_what_names_no_pay_is_refused_with_a_reason(words, reason):
    with pytest.raises(UnreadablePay, match=reason):
        read_pay(words)


def yuan(amount: int) -> str:
    return f"{amount}"


def wan(amount: int) -> str:
    return f"{amount / 10000:g}万"


def thousand(amount: int) -> str:
    return f"{amount / 1000:g}K"


FORMS = {yuan: (1, LOWEST), wan: (100, 10_000), thousand: (100, 1000)}


@given(
    st.sampled_from(list(FORMS)),
    st.integers(3, 490),
    st.integers(0, 300),
    st.sampled_from(["-", "~", "—", "至", "到", "－", " - "]),
    st.sampled_from(["", "元/月", "/月", "元"]),
    st.sampled_from([None, 13, 14, 16]),
)
def test_a_range_written_in_any_unit_comes_back_as_it_was(form, hundreds, more, dash, unit, months):
    low, high = hundreds * 100, (hundreds + more) * 100
    assume(low >= FORMS[form][1] and high < UNLIKELY)
    unit = "" if form is not yuan and unit == "元" else unit

    pay = read_pay(f"{form(low)}{dash}{form(high)}{unit}" + (f"·{months}薪" if months else ""))

    assert (pay.low, pay.high, pay.months) == (low, high, months or 12)


@given(st.integers(4, 49), st.integers(1, 30), st.sampled_from("kK千"))
def test_the_unit_after_the_second_figure_is_the_first_one_s_too(low, more, unit):
    assume(low + more < 50)

    pay = read_pay(f"{low}-{low + more}{unit}")

    assert (pay.low, pay.high) == (low * 1000, (low + more) * 1000)


@given(st.integers(2, 9), st.integers(1, 8))
def test_a_range_that_runs_backwards_is_never_turned_round(low, more):
    with pytest.raises(UnreadablePay):
        read_pay(f"{(low + more) * 1000}-{low * 1000}")


@given(st.text(alphabet="0123456789.-~万千kK元/月年天薪·面议+底以上下零一二五十，（） ", max_size=24))
def test_whatever_is_written_is_either_within_reason_or_refused(words):
    try:
        pay = read_pay(words)
    except UnreadablePay:
        return

    if pay.low is None:
        assert pay.high is None
    else:
        assert 0 <= pay.low <= pay.high and LOWEST <= pay.high <= HIGHEST
    assert 12 <= pay.months <= 24


@given(st.text(max_size=40))
def test_any_text_at_all_is_read_or_refused_never_more(words):
    try:
        read_pay(words)
    except UnreadablePay as error:
        assert str(error)
