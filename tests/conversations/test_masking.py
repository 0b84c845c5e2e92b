"""Personal numbers out of a text; what else is in it stays."""

import pytest

from bot.conversations.masking import ACCOUNT, CARD, EMAIL, IDENTITY, PHONE, mask


@pytest.mark.parametrize(
    "number",
    [
        "13812345678",
        "１３８１２３４５６７８",
        "138 1234 5678",
        "138-1234-5678",
        "138　1234　5678",
        "１３８　１２３４　５６７８",
        "138.1234.5678",
        "1 3 8 1 2 3 4 5 6 7 8",
        "138\n1234\n5678",
        "+8613812345678",
        "+86 138-1234-5678",
        "8613812345678",
    ],
)
def test_a_phone_number_is_masked_however_it_is_written(number):
    assert mask(f"我电话是{number}，有事打我") == f"我电话是{PHONE}，有事打我"


@pytest.mark.parametrize(
    "number",
    [
        "140202199901011234",
        "14020219990101123X",
        "14020219990101123x",
        "１４０２０２１９９９０１０１１２３Ｘ",
        "140202 19990101 1234",
        "140202-1999-0101-1234",
    ],
)
def test_an_identity_card_number_is_masked_however_it_is_written(number):
    assert mask(f"身份证{number}查下") == f"身份证{IDENTITY}查下"


@pytest.mark.parametrize(
    "number", ["6222021234567890123", "6222 0212 3456 7890", "６２２２０２１２３４５６７８９０１２３"]
)
def test_a_bank_card_number_is_masked_however_it_is_written(number):
    assert mask(f"打到{number}上") == f"打到{CARD}上"


@pytest.mark.parametrize(
    "address", ["zhang.san@qq.com", "ＺＨ@163.com".replace("ＺＨ", "zh"), "a_b-c＠mail.example．com", "a @ qq.com"]
)
def test_an_e_mail_address_is_masked(address):
    assert mask(f"发我{address}") == f"发我{EMAIL}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("微信号abc_12345", f"微信号{ACCOUNT}"),
        ("加我 wechat: foo_bar1", f"加我 wechat: {ACCOUNT}"),
        ("vx:zhang123456", f"vx:{ACCOUNT}"),
        ("我的QQ是12345678", f"我的QQ是{ACCOUNT}"),
        ("扣扣 1234567", f"扣扣 {ACCOUNT}"),
        ("微信13812345678", f"微信{PHONE}"),
    ],
)
def test_a_chat_account_is_masked_and_its_kind_stays(text, masked):
    assert mask(text) == masked


def test_everything_personal_in_one_message_is_masked():
    text = "张三 13812345678 身份证140202199901011234 卡6222021234567890123 邮箱a@b.cn"

    assert mask(text) == f"张三 {PHONE} 身份证{IDENTITY} 卡{CARD} 邮箱{EMAIL}"


@pytest.mark.parametrize(
    "text",
    [
        "12333打得通吗",
        "打12345还是12356",
        "110 120 12355",
        "2026年毕业的",
        "2026年12月31日截止",
        "2025-07-24",
        "2025-07-24到2026-06-30",
        "20250724",
        "一个月5000元",
        "5000-8000",
        "1500元、2000元、3000元",
        "人社部发〔2026〕39号",
        "FM96.1几点播",
        "微信怎么加你们",
        "QQ群在哪",
        "16—24岁",
        "订单123456201901011234567",
        "",
    ],
)
def test_hotlines_dates_amounts_and_document_numbers_stay(text):
    assert mask(text) == text


@pytest.mark.parametrize("text", ["2026.01.01-2026.12.31", "2026-01-01 2026-12-31", "3000-4000 5000-6000哪个准"])
def test_two_dates_or_pay_ranges_side_by_side_stay(text):
    assert mask(text) == text


def test_amounts_side_by_side_stay():
    assert mask("1500 2000 800元") == "1500 2000 800元"


@pytest.mark.parametrize("number", ["138/1234/5678", "(138)1234-5678", "138，1234，5678", "138_1234_5678"])
def test_a_phone_number_parted_by_other_marks_is_masked(number):
    assert mask(number) == PHONE


def test_masking_twice_is_masking_once():
    once = mask("微信号abc_12345 13812345678 a@b.cn")

    assert mask(once) == once
