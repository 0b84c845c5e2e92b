"""A scam that somebody tells of is named, with what not to do and the topic that has to do with it."""

import pytest
from ruamel.yaml import YAML

from bot.care import wording_scams
from bot.reply import Choice, Reply
from bot.settings import ROOT
from bot.text import scam_tales, scams
from bot.text.scam_tales import signs_told

TOLD = [
    ("面试完让我交八百押金", "押金"),
    ("公司收了五百培训费人跑了", "收费"),
    ("要我办分期学java 学完包就业", "培训贷"),
    ("他们把我毕业证扣了不还", "扣证件"),
    ("刷单被骗三千 提不出来", "刷单"),
    ("同学让我把银行卡借他用几天", "出借账户"),
    ("叫我去缅北干客服", "境外高薪"),
    ("hr要内推费三百", "收费"),
    ("有人说花五万能进烟草", "花钱买岗位"),
    ("让我开屏幕共享领工资", "要验证码和屏幕"),
    ("我把验证码念给他了", "要验证码和屏幕"),
    ("自称人社局的人要我卡号", "冒充官方"),
    ("帮人收款再转出去 说是兼职", "出借账户"),
    ("入职要去他指定的地方交体检费", "收费"),
    ("被骗到传销窝了 天天上课", "传销"),
    ("公司不让走 门也锁了", "不让走"),
    ("拿我身份证去贷款了", "用你的名字贷款"),
]


@pytest.mark.parametrize(("text", "name"), TOLD)
def test_what_is_told_has_its_sign(text, name):
    assert name in {sign.name for sign in signs_told(text)}


@pytest.mark.parametrize(
    "text",
    [
        "档案放哪里",
        "社保怎么交",
        "创业担保贷款谁能申请",
        "毕业证丢了怎么补办",
        "想找个会计的活",
        "面试穿什么",
        "公积金能提取吗",
        "见习补贴多少钱",
    ],
)
def test_honest_talk_has_none(text):
    assert signs_told(text) == ()


@pytest.mark.parametrize(("text", "name"), TOLD)
def test_the_reply_names_the_words_and_says_what_not_to_do(text, name):
    signs = signs_told(text)

    lines = wording_scams.named(signs).paragraphs

    assert signs[0].words in lines[0] and signs[0].name in lines[0]
    assert len(lines) >= 2


def test_every_sign_has_its_advice():
    names = {name for name, _ in scams._SIGNS} | {name for name, _ in scam_tales._TALES}

    assert names <= set(wording_scams._DO_NOT)


def test_the_topics_offered_exist_and_are_called_as_they_are_called():
    titles = {path.stem: YAML(typ="safe").load(path)["title"] for path in (ROOT / "data/knowledge").glob("*.yml")}

    offered = [*wording_scams._MORE.values(), wording_scams._INTERN]

    assert all(titles[topic] == title for topic, title in offered)


def test_the_topic_that_has_to_do_with_it_is_offered_once_before_the_others():
    answer = Reply(paragraphs=("【求职陷阱】",), choices=(Choice(label="谁可以", payload="/policy{}"),))

    told = wording_scams.beside(answer, signs_told("他们把我毕业证扣了不还"), "他们把我毕业证扣了不还")
    again = wording_scams.beside(told, signs_told("他们把我毕业证扣了不还"), "他们把我毕业证扣了不还")

    assert [c.label for c in told.choices] == ["看看：劳动仲裁与维权", "谁可以"]
    assert again == told


def test_an_intern_is_shown_the_rights_of_interns():
    text = "实习公司收我五百押金"

    told = wording_scams.beside(Reply(paragraphs=("答",)), signs_told(text), text)

    assert [c.label for c in told.choices] == ["看看：实习权益"]
