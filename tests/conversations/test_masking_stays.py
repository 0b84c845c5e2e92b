"""What looks like a personal number and is none: it is asked about, and has to reach the answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.masking import mask

PIECES = st.sampled_from(
    ["138", "1234", "5678", "一三八", "零", "①", "-", " ", "　", "我叫", "王建国", "电话", "QQ", "@qq.com", "x", "X", "永泰街", "15号",
     "3单元", "201", "〔手机号〕", "。", "\n", "️⃣", "微信", "abc_123", "号", "元", "14020219990101", "+86", "(", ")", "O", "l"]
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "12333打得通吗",
        "打12345还是12356",
        "110 120 12355",
        "96110是啥",
        "打12329问",
        "95588是工行吗",
        "4006123456是哪的",
        "2026年毕业的",
        "二零二六年毕业",
        "2026年12月31日截止",
        "2025-07-24",
        "2025-07-24到2026-06-30",
        "20250724",
        "2026.01.01-2026.12.31",
        "2026-01-01 2026-12-31",
        "2023 2024 2025 2026",
        "一个月5000元",
        "5000-8000",
        "1500元、2000元、3000元",
        "1500 2000 800元",
        "3000-4000 5000-6000哪个准",
        "3000 4000 5000 6000",
        "工资13800",
        "贷款200000元",
        "贷200000",
        "月薪一万三千八",
        "人社部发〔2026〕39号",
        "晋政办发〔2024〕58号",
        "财税〔2019〕21号",
        "FM96.1几点播",
        "微信怎么加你们",
        "微信公众号叫啥",
        "QQ群在哪",
        "16—24岁",
        "订单123456201901011234567",
        "预约号K7M2XQ4D",
        "签到码7K2M-XQ4D",
        "岗位编号10234",
        "邮编037000",
        "一二三四五上山打老虎",
        "第十四届",
        "9:00-17:30",
        "下午3点半",
        "1月、3月、8月",
        "3到5年",
        "注册资本1000000元",
        "",
    ],
)
def test_hotlines_dates_amounts_and_document_numbers_stay(text):
    assert mask(text) == text


@given(st.lists(PIECES, max_size=12).map("".join))
def test_masking_twice_is_masking_once(text):
    once = mask(text)

    assert mask(once) == once


@given(st.text(st.sampled_from("你好想问下补贴怎么申请，。？！的了吗呢 \n"), max_size=60))
def test_a_text_without_digits_names_and_addresses_is_left_alone(text):
    assert mask(text) == text


@given(st.lists(PIECES, max_size=30).map("".join))
def test_a_label_is_never_longer_than_what_makes_it_and_seven_characters(text):
    masked = mask(text)

    assert len(masked) <= len(text) + 7 * len(re.findall("〔", masked))
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", masked)


def test_a_long_text_takes_little_time():
    import time

    began = time.perf_counter()
    mask("我叫王 1 3 8 " * 200 + "8" * 400)

    assert time.perf_counter() - began < 1.0
