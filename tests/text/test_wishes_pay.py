"""The pay people wish for, as they type it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.text.normal import normalise
from bot.text.wishes import read_wished_pay


def pay(text: str) -> tuple[int | None, int | None]:
    low, high, _, _ = read_wished_pay(normalise(text))
    return low, high


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("五千以上", 5000, None),
        ("6k-8k", 6000, 8000),
        ("4-5k", 4000, 5000),
        ("八千左右", 7200, 8800),
        ("一万二", 12000, None),
        ("8千到1万2", 8000, 12000),
        ("8k-1w2", 8000, 12000),
        ("不低于四千五", 4500, None),
        ("五六千", 5000, 6000),
        ("三五千", 3000, 5000),
        ("4、5千", 4000, 5000),
        ("三千五六", 3500, 3600),
        ("年薪10万", 8333, None),
        ("年薪八万到十万", 6666, 8333),
        ("10-15万", 8333, 12500),
        ("一年十万", 8333, None),
        ("四千五到手", 4500, None),
        ("3千多", 3000, 4000),
        ("六千多点", 6000, 7000),
        ("5000起", 5000, None),
        ("工资别低于5000", 5000, None),
        ("低于五千的不考虑", 5000, None),
        ("3500以内", None, 3500),
        ("不超过五千", None, 5000),
        ("最少四千 最多六千", 4000, 6000),
        ("一个月七八千", 7000, 8000),
        ("工资在四千到五千之间的", 4000, 5000),
        ("底薪3000", 3000, None),
        ("工资5000-8000元/月", 5000, 8000),
        ("两千八往上", 2800, None),
        ("五k", 5000, None),
        ("４０００－６０００", 4000, 6000),
        ("8,000以上", 8000, None),
        ("过万", 10000, None),
        ("2000块", 2000, None),
        ("四千五千都行", 4000, 5000),
    ],
)
def test_a_wished_pay_is_read_as_it_is_meant(text, low, high):
    assert pay(text) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "2026届", "2026年7月毕业", "2025-2026", "18岁", "24岁", "3年经验", "13812345678", "0352-5123456", "8小时", "985/211", "7天",
        "世界500强", "一千人的厂", "三公里内", "上四休三", "五险一金", "六险二金", "c1驾照", "90后", "第二个", "大三", "两三个人", "一对一",
    ],
)  # fmt: skip
def test_other_figures_are_no_pay(text):
    assert pay(text) == (None, None)


@pytest.mark.parametrize("text", ["20块一小时", "25元/小时", "时薪五十", "一天干8小时", "每天100公里以内"])
def test_a_pay_by_the_hour_is_no_monthly_wish(text):
    assert pay(text) == (None, None)


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("200一天", (4350, None)), ("200元/天", (4350, None)), ("每天150以上", (3262, None)), ("日薪两百", (4350, None)),
        ("一天一百到两百", (2175, 4350)),
    ],
)  # fmt: skip
def test_a_pay_by_the_day_is_a_month_of_working_days(text, wished):
    assert pay(text) == wished


@pytest.mark.parametrize(
    ("text", "approx"), [("八千左右", True), ("三千多", True), ("大概五千", True), ("五千", False), ("五千以上", False)]
)
def test_a_rough_figure_says_so(text, approx):
    assert read_wished_pay(text)[2] is approx


def test_the_place_of_the_pay_in_the_text_is_told():
    _, _, _, spans = read_wished_pay("文员 四千以上 平城")

    assert ["文员 四千以上 平城"[start:end] for start, end in spans] == ["四千以上"]


_DIGITS = "零一二三四五六七八九"
hundreds = st.integers(min_value=10, max_value=199).map(lambda n: n * 100)


def in_hanzi(value: int) -> str:
    """3500 → 三千五, 12000 → 一万二, 10500 → 一万零五百, 11500 → 一万一千五百."""
    wan, rest = divmod(value, 10_000)
    qian, bai = rest // 1000, rest % 1000 // 100
    if not wan:
        return _DIGITS[qian] + "千" + (_DIGITS[bai] if bai else "")
    if qian and bai:
        return f"一万{_DIGITS[qian]}千{_DIGITS[bai]}百"
    if qian:
        return "一万" + _DIGITS[qian]
    return "一万" + (f"零{_DIGITS[bai]}百" if bai else "")


def in_thousands(value: int, unit: str) -> str:
    return f"{value / 1000:g}{unit}"


writings = st.sampled_from([
    str, in_hanzi, lambda v: in_thousands(v, "k"), lambda v: in_thousands(v, "K"), lambda v: in_thousands(v, "千"), lambda v: f"{v}元", lambda v: f"{v:,}",
])  # fmt: skip
floors = st.sampled_from([
    "{}以上", "{}起", "{}往上", "不低于{}", "至少{}", "最少{}", "月薪{}", "工资{}", "工资不低于{}", "一个月{}", "{}到手", "底薪{}", "{}", "工资要{}以上",
])  # fmt: skip
surroundings = st.sampled_from(
    ["{}", "平城区 文员 {}", "{} 双休", "24岁 会计 {} 五险一金", "2026届 本科 {}", "找个司机的活 {} 包吃住"]
)


@given(hundreds, writings, floors, surroundings)
def test_a_least_pay_comes_back_however_it_is_written(value, write, form, around):
    text = around.format(form.format(write(value)))

    assert pay(text) == (value, None), text


@given(hundreds, writings, st.sampled_from(["{}以内", "不超过{}", "最多{}", "{}以下"]), surroundings)
def test_a_most_pay_comes_back_however_it_is_written(value, write, form, around):
    text = around.format(form.format(write(value)))

    assert pay(text) == (None, value), text


@given(hundreds, hundreds, writings, st.sampled_from(["-", "到", "~", "至", "—"]), surroundings)
def test_a_range_comes_back_however_it_is_written(low, high, write, between, around):
    assume(low < high)
    text = around.format(f"{write(low)}{between}{write(high)}")

    assert pay(text) == (low, high), text


@given(
    st.integers(min_value=3, max_value=80),
    st.sampled_from(["年薪{}万", "一年{}万", "{}万一年", "年薪{}w", "年收入{}万以上"]),
)
def test_a_year_s_pay_is_told_by_the_month(wan, form):
    assert pay(form.format(wan)) == (wan * 10_000 // 12, None)


@given(hundreds, writings, st.sampled_from(["{}左右", "{}上下", "大概{}", "差不多{}"]))
def test_about_is_a_tenth_either_way(value, write, form):
    assert pay(form.format(write(value))) == (value * 9 // 10, value * 11 // 10)


@given(st.text(alphabet="一二三五八十千万k0123456789-~到以上左右年月薪不低于 元块岁多,.", max_size=24))
def test_whatever_is_typed_a_pay_is_sound_and_lies_in_the_text(text):
    low, high, _, spans = read_wished_pay(normalise(text))

    assert low is None or low > 0
    assert low is None or high is None or low <= high
    assert all(0 <= start < end <= len(normalise(text)) for start, end in spans)
