"""A number that comes in two messages: neither part stays readable; what is plainly something else does."""

from __future__ import annotations

import pytest

from bot.conversations.masking import NUMBER, contact_in, joined, mask


def said(*texts: str) -> list[str]:
    """What is stored in the end of messages one after the other."""
    stored: list[str] = []
    for text in texts:
        together = joined(stored[-3:], mask(text))
        stored[-3:] = together.earlier
        stored.append(together.text)
    return stored


@pytest.mark.parametrize(
    "parts",
    [
        ("1380013", "8000"),
        ("我手机1380013", "8000"),
        ("我手机号是138", "00138000"),
        ("138", "00138000"),
        ("138", "0013", "8000"),
        ("13800", "138000"),
        ("138 0013", "8000 记着"),
        ("139-1234", "-5678"),
        ("14020219990101", "1234"),
        ("身份证140202", "199901011125"),
        ("6222021234", "567890128"),
        ("卡号6222 0212", "3456 7890"),
        ("0352502", "3456"),
        ("你好，电话1391234", "5678，打这个"),
        ("幺三八零零幺三", "八零零零"),
        ("１３８００１３", "８０００"),
    ],
)
def test_both_parts_of_a_number_are_masked(parts):
    stored = said(*parts)

    assert all(NUMBER in text for text in stored), stored
    assert not any(char.isdigit() or char in "零一幺三八" for text in stored for char in text), stored


@pytest.mark.parametrize(
    "texts",
    [
        ("想要工资13800", "8000也行"),
        ("月薪5000", "6000更好"),
        ("5000", "8000"),
        ("1500", "2000"),
        ("2026", "2027"),
        ("20250724",),
        ("202507",),
        ("我2026年毕业", "22岁"),
        ("5000", "8000", "2026", "12333"),
        ("1500", "2000", "800"),
        ("打12333", "12345"),
        ("96110",),
        ("12366",),
        ("贷款200000",),
        ("岗位编号10234",),
        ("预约号K7M23456",),
        ("3",),
        ("第3个", "2"),
        ("下午3点", "30"),
        ("注册资本1000000",),
    ],
)
def test_amounts_years_hotlines_and_numbers_of_other_things_stay(texts):
    assert said(*texts) == list(texts)


def test_what_comes_after_a_masked_beginning_and_counts_something_stays():
    assert said("1380013", "5000元以上的") == [NUMBER, "5000元以上的"]


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("一三八零零一三八零零零", "13800138000"),
        ("打138.0013.8000", "13800138000"),
        ("座机0352-5023456", "03525023456"),
        ("zhangsan@qq.com", "zhangsan@qq.com"),
        ("微信abc_12345", "abc_12345"),
        ("不用了", None),
    ],
)
def test_a_contact_is_read_in_whatever_form(text, contact):
    assert contact_in(text) == contact
