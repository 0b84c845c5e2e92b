"""Signs of a scam, and what only looks like one."""

import pytest

from bot.text.scams import signs_in

SIGNS = {
    "收费": [
        "先交300元服装费，入职后退还",
        "试用期收取工装费200元",
        "面试通过后缴纳体检费",
        "培训费自理",
        "内部名额，费用3万元",
    ],
    "押金": ["入职需交押金500元", "我交了押金他们不退", "保证金：1000元", "押一个月工资"],
    "培训贷": ["可办理培训贷款", "学费分期付款，包就业", "先学后付，月入过万"],
    "扣证件": ["身份证原件统一保管", "入职要扣押身份证", "毕业证由公司保管"],
    "刷单": ["刷单兼职，足不出户", "刷信誉，一单一结", "点赞兼职每天结算"],
    "出借账户": ["长期收银行卡，日租300", "跑分项目"],
    "境外高薪": ["境外高薪客服，包机票", "缅甸打字员，包吃住", "高薪招聘，去柬埔寨工作"],
    "异地高薪包吃住": ["外地高薪普工，月入过万，包吃包住，报销路费", "月入过万，路费全报"],
    "日结高薪无门槛": ["日结800元，无需经验", "零门槛，轻松过万", "在家就能日赚500"],
    "拉人头": ["发展下线有提成", "躺赚项目"],
}
HONEST = [
    "不收取任何费用", "本公司不收取任何押金、培训费", "无需交押金", "培训费由公司承担", "免收中介费", "严禁扣押证件",
    "谨防刷单诈骗", "凡收取押金的都是骗子", "缴纳五险一金，提供住宿，包吃住", "月薪6000，包吃住", "日结150元",
    "负责收取物业管理费", "为客人办理押金退还", "办公室缴纳社会保险费", "提供手机卡补贴", "海外客服，英语好，月薪6000，大同",
    "收费员", "银行卡业务推广", "办理入职体检，费用公司报销", "提供岗前培训", "无需经验，带薪培训，月薪3500",
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in SIGNS.items() for text in texts])
def test_a_sign_is_found_with_the_words_that_triggered(name, text):
    found = {sign.name: sign.words for sign in signs_in(text)}

    assert name in found
    assert found[name] in text.replace("：", ":").replace("，", ",") or found[name] in text


@pytest.mark.parametrize("text", HONEST)
def test_what_is_denied_or_only_looks_like_it_is_no_sign(text):
    assert signs_in(text) == ()


def test_a_denial_does_not_cover_the_next_sentence():
    assert [s.name for s in signs_in("不收取任何费用。入职前交押金500元。")] == ["押金"]


def test_full_width_letters_do_not_hide_a_sign():
    assert [s.name for s in signs_in("日结８００，无需经验")] == ["日结高薪无门槛"]


def test_a_sign_is_named_once():
    assert len(signs_in("先交押金，再交押金，还要交押金")) == 1
