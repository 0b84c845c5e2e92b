"""Personal numbers out of a text; what else is in it stays."""

from __future__ import annotations

import pytest

from bot.conversations.masking import ACCOUNT, CARD, EMAIL, IDENTITY, LANDLINE, NUMBER, PHONE, mask
from bot.conversations.masking.numbers import checks_out, luhn


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
        "138·1234·5678",
        "138—1234—5678",
        "138/1234/5678",
        "138，1234，5678",
        "138、1234、5678",
        "138_1234_5678",
        "138*1234*5678",
        "138~1234~5678",
        "138…1234…5678",
        "(138)1234-5678",
        "（138）1234 5678",
        "1381 234 5678",
        "138 123 45678",
        "138 12345678",
        "1381234 5678",
        "13812 345678",
        "138123 45678",
        "13800 138 000",
        "138 0013 80 00",
        "1380 0138 000",
        "1 3 8 1 2 3 4 5 6 7 8",
        "1-3-8-1-2-3-4-5-6-7-8",
        "1，3，8，1，2，3，4，5，6，7，8",
        "138\n1234\n5678",
        "+8613812345678",
        "+86 138-1234-5678",
        "8613812345678",
        "0086 13812345678",
        "013812345678",
        "一三八零零一三八零零零",
        "幺三八零零幺三八零零零",
        "一三八〇〇一三八〇〇〇",
        "一三八 零零一三 八零零零",
        "壹叁捌零零壹叁捌零零零",
        "138零零一三8000",
        "幺三八0013八零零零",
        "一3八0零1三8零0零",
        "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣",
        "①③⑧①②③④⑤⑥⑦⑧",
        "𝟭𝟯𝟴𝟭𝟮𝟯𝟰𝟱𝟲𝟳𝟴",
        "138OO138OOO",
        "l38 OOl3 8OOO",
        "I3812345678",
        "138\u200b1234\u200b5678",
    ],
)
def test_a_mobile_number_is_masked_however_it_is_written(number):
    assert mask(f"我电话是{number}，有事打我") == f"我电话是{PHONE}，有事打我"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("星期一13812345678", f"星期一{PHONE}"),
        ("打一三八零零一三八零零零一下", f"打{PHONE}一下"),
        ("tel13812345678", f"tel{PHONE}"),
        ("我妈18612345678，我爸13912345678", f"我妈{PHONE}，我爸{PHONE}"),
        ("1381234567813912345678", PHONE),
        ("工资5000，电话13812345678", f"工资5000，电话{PHONE}"),
        ("我手机号13812345678微信同号", f"我手机号{PHONE}微信同号"),
        ("手机189571642496", f"手机{NUMBER}"),  # a digit too many
        ("手机1381234567", f"手机{NUMBER}"),  # a digit too few
    ],
)
def test_a_mobile_number_is_masked_whatever_stands_around_it(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "number",
    [
        "0352-5023456",
        "03525023456",
        "0352 5023456",
        "(0352)5023456",
        "（0352）5023456",
        "0352—502 3456",
        "０３５２－５０２３４５６",
        "010-62345678",
        "021 6234 5678",
        "零三五二五零二三四五六",
    ],
)
def test_a_landline_with_its_area_code_is_masked(number):
    assert mask(f"座机{number}，白天打") == f"座机{LANDLINE}，白天打"


def test_a_landline_without_its_area_code_is_masked_where_it_is_called_one():
    assert mask("家里电话5023456") == f"家里电话{LANDLINE}"


@pytest.mark.parametrize(
    "number",
    [
        "140202199901011125",
        "140202 19990101 1125",
        "140202-1999-0101-1125",
        "１４０２０２１９９９０１０１１１２５",
        "1402 0219 9901 0111 25",
        "一四零二零二一九九九零一零一一一二五",
        "14020219990101123X",
        "14020219990101123x",
        "14020219990101123Ｘ",
        "140202 19990101 123X",
        "140202990101123",
        "140202 990101 123",
    ],
)
def test_an_identity_card_number_is_masked_however_it_is_written(number):
    assert mask(f"身份证{number}查下") == f"身份证{IDENTITY}查下"


@pytest.mark.parametrize(
    "number", ["140202199901011234", "140202 19990101 1234", "140202-1999-0101-1234", "14020219990101112X"]
)
def test_an_identity_card_number_with_a_slip_in_it_is_masked_too(number):
    assert mask(f"我的是{number}") == f"我的是{NUMBER}"


def test_the_check_of_an_identity_number_is_that_of_the_standard():
    assert checks_out("11010519491231002X") and checks_out("440524188001010014")
    assert not checks_out("110105194912310021")


@pytest.mark.parametrize(
    "number",
    [
        "6222021234567890128",
        "6222 0212 3456 7890 128",
        "6222-0212-3456-7890-128",
        "６２２２０２１２３４５６７８９０１２８",
        "6222021234567890",
        "622202 1234567890128",
        "4000123456789017",
        "六二二二零二一二三四五六七八九零一二八",
    ],
)
def test_a_bank_card_number_is_masked_however_it_is_written(number):
    assert mask(f"打到{number}上") in (f"打到{CARD}上", f"打到{NUMBER}上")
    assert mask(f"卡号：{number}") in (f"卡号：{CARD}", f"卡号：{NUMBER}")


def test_a_bank_card_is_told_by_luhn():
    assert luhn("6222021234567890128") and not luhn("6222021234567890123")
    assert mask("6222021234567890128") == CARD and mask("6222021234567890123") == NUMBER


@pytest.mark.parametrize(
    "address",
    [
        "zhang.san@qq.com",
        "zh@163.com",
        "a_b-c＠mail.example．com",
        "a @ qq.com",
        "12345678@qq.com",
        "zhangsan@stu.sxdtdx.edu.cn",
        "zhangsan艾特qq点com",
        "zhangsan(at)qq.com",
        "zhangsan[at]qq[dot]com",
        "zhangsan at qq dot com",
        "zhangsan#qq.com",
        "zhangsan@qq。com",
    ],
)
def test_an_e_mail_address_is_masked(address):
    assert mask(f"发我{address}") == f"发我{EMAIL}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("微信号abc_12345", f"微信号{ACCOUNT}"),
        ("加我 wechat: foo_bar1", f"加我 wechat: {ACCOUNT}"),
        ("vx:zhang123456", f"vx:{ACCOUNT}"),
        ("VX zhang123456", f"VX {ACCOUNT}"),
        ("薇信是zhang-123456", f"薇信是{ACCOUNT}"),
        ("我的QQ是12345678", f"我的QQ是{ACCOUNT}"),
        ("QQ 1234 5678", f"QQ {ACCOUNT}"),
        ("qq一二三四五六七八", f"qq{ACCOUNT}"),
        ("扣扣 1234567", f"扣扣 {ACCOUNT}"),
        ("加v：zhangsan_99", f"加v：{ACCOUNT}"),
        ("我的q是123456789", f"我的q是{ACCOUNT}"),
        ("zhangsan_99是我微信", f"{ACCOUNT}是我微信"),
        ("1234567是我的QQ", f"{ACCOUNT}是我的QQ"),
        ("抖音号dy_zhang99", f"抖音号{ACCOUNT}"),
        ("微信13812345678", f"微信{PHONE}"),
        ("12345678的QQ邮箱", f"{EMAIL}的QQ邮箱"),
        ("护照E12345678", f"护照{ACCOUNT}"),
    ],
)
def test_a_chat_account_is_masked_and_its_kind_stays(text, masked):
    assert mask(text) == masked


def test_everything_personal_in_one_message_is_masked():
    text = "电话13812345678 身份证140202199901011125 卡6222021234567890128 邮箱a@b.cn"

    assert mask(text) == f"电话{PHONE} 身份证{IDENTITY} 卡{CARD} 邮箱{EMAIL}"
