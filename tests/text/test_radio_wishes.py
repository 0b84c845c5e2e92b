"""The question in a sentence, and what belongs to a question that is being taken."""

from datetime import datetime, timedelta

import pytest

from bot.text import radio_wishes as wishes

NOW = datetime.fromisoformat("2026-11-24T10:00:00+08:00")


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("我想问嘉宾 大专去国企有没有前途", "大专去国企有没有前途"),
        ("我想问嘉宾，大专去国企有没有前途？", "大专去国企有没有前途？"),
        ("大专去国企有没有前途，帮我问问嘉宾", "大专去国企有没有前途"),
        ("能帮我在节目里问问35岁转行来得及不", "35岁转行来得及不"),
        ("替我问问主持人 当主持人要学啥专业", "当主持人要学啥专业"),
        ("替我妈问一下节目里的专家 孩子不想上班咋劝", "孩子不想上班咋劝"),
        ("让嘉宾讲讲创业头一年咋熬的", "创业头一年咋熬的"),
        ("给对话青春提个问题：学护理的男生好找工作不", "学护理的男生好找工作不"),
        ("我是大三的，想请教一下嘉宾现在该准备啥", "我是大三的，现在该准备啥"),
        ("主持人您好，麻烦问下嘉宾，家里反对我创业怎么办", "家里反对我创业怎么办"),
        ("捎句话给主持人 下期聊聊加班呗", "下期聊聊加班呗"),
        ("问问那位创业的大姐 一个人带孩子还能创业不", "一个人带孩子还能创业不"),
        ("想问问嘉宾 老板不给交社保咋办", "老板不给交社保咋办"),
        ("匿名提问 别说我名字 我在单位被排挤了怎么处", "我在单位被排挤了怎么处"),
        ("能不能让嘉宾推荐几本书", "推荐几本书"),
        ("就说一个听众问的 快三十了考编还行不", "快三十了考编还行不"),
    ],
)
def test_the_question_is_taken_out_of_the_sentence(said, question):
    assert wishes.question_in(said) == question


@pytest.mark.parametrize(
    "said",
    ["我想问嘉宾", "能帮我在节目里问问吗", "我想给节目提个问题", "提问", "帮我把问题转给嘉宾", "替我问问主持人", "我有问题想问主持人",
     "能现场连线问嘉宾吗 我想连线", "失业金怎么领", "你好", ""],
)  # fmt: skip
def test_a_wish_alone_has_no_question_in_it(said):
    assert wishes.question_in(said) is None


@pytest.mark.parametrize(
    "said", ["想" * 2000, "帮我问嘉宾" * 400, "我想问 " * 600, "节目" * 1000, " " * 2000, "不" * 2000]
)
def test_a_long_text_is_read_quickly(said):
    state = {"step": "consent", "at": NOW.isoformat()}
    started = datetime.now(tz=NOW.tzinfo)

    wishes.question_in(said)
    wishes.is_about_programme(said)
    wishes.names_programme(said)
    wishes.asks_for_own(said)
    wishes.belongs(said, state, NOW)

    assert datetime.now(tz=NOW.tzinfo) - started < timedelta(seconds=2)


@pytest.mark.parametrize(
    "said",
    [
        "我的提问",
        "我上次提的问题播了没",
        "我提的问题有回复了吗",
        "嘉宾回答我了没",
        "哪一期回答我的",
        "上周问嘉宾的那个念了没",
        "我给节目提的那个有下文没",
        "我递的那个问题入选了吗",
        "我问的那个啥时候播",
        "我的留言念了没",
        "看下我给节目提的",
    ],
)
def test_own_questions_are_asked_for(said):
    assert wishes.asks_for_own(said) and not wishes.is_about_programme(said)


@pytest.mark.parametrize(
    "said", ["我想问嘉宾 大专去国企有没有前途", "我想给节目提个问题", "我的预约", "我的补贴下来没"]
)
def test_other_things_are_not_taken_for_one_s_own_questions(said):
    assert not wishes.asks_for_own(said)


def test_a_question_is_wanted_back_or_changed():
    assert wishes.takes_back("把我那个问题撤了") and wishes.takes_back("把我给主持人的留言删掉")
    assert not wishes.takes_back("我想问嘉宾 辞职信怎么撤回")
    assert wishes.changes_sent("我给嘉宾的问题写错字了 改一下") and not wishes.changes_sent("改一下")


@pytest.mark.parametrize(
    "said",
    [
        "几点播",
        "嘉宾是谁",
        "怎么参加",
        "对话青春几点播",
        "这期嘉宾是谁",
        "怎么参加节目",
        "下期谁来",
        "节目在哪听",
        "我想上节目",
    ],
)
def test_what_is_asked_about_the_programme_is_told_from_a_question_for_it(said):
    assert wishes.is_about_programme(said)


@pytest.mark.parametrize("said", ["我想问嘉宾 大专去国企有没有前途", "我想给节目提个问题", "怎么提问", "失业金在哪领"])
def test_a_question_for_it_is_not_about_the_programme(said):
    assert not wishes.is_about_programme(said)


@pytest.mark.parametrize(
    ("said", "name"),
    [("小北", "小北"), ("叫我小北", "小北"), ("就叫大同小刀吧", "大同小刀"), ("叫我哪吒", "哪吒"), ("云冈一枝花就行", "云冈一枝花"), ("匿名", ""),
     ("不用", ""), ("不用了", ""), ("不想留名字", ""), ("随便", ""), ("就说一个听众", ""), ("失业金咋领", None), ("你好", None), ("好的", None)],
)  # fmt: skip
def test_a_nickname_is_read(said, name):
    assert wishes.nickname_in(said) == name


@pytest.mark.parametrize(
    ("said", "consent"),
    [("能念", "air"), ("可以", "air"), ("嗯嗯可以", "air"), ("念吧", "air"), ("都行", "air"), ("ＯＫ", "air"), ("不念", "reply"), ("别念", "reply"),
     ("不念，只给我答复", "reply"), ("不用念", "reply"), ("不行", "reply"), ("私下告诉我就行", "reply"), ("能念吗", None), ("你好", None),
     ("好 对了失业金怎么领", None), ("找个会计的工作", None), ("", None)],
)  # fmt: skip
def test_consent_is_read_and_never_guessed(said, consent):
    assert wishes.consent_in(said) == consent


def belongs(said, step, later=timedelta(0)):
    return wishes.belongs(said, {"step": step, "at": NOW.isoformat()}, NOW + later)


@pytest.mark.parametrize("said", ["大专去国企有没有前途", "失业金怎么领", "找个会计的工作", "你好", "算了"])
def test_whatever_is_typed_where_the_question_is_asked_for_belongs_to_it(said):
    assert belongs(said, "question")


@pytest.mark.parametrize(
    ("said", "yes"),
    [("小北", True), ("匿名", True), ("叫我小北", True), ("改一下", True), ("算了", True), ("好的", True), ("13812345678", True),
     ("失业金怎么领", False), ("你好", False), ("平城区有会计的活没", False), ("我想找个双休的会计工作工资四千以上", False)],
)  # fmt: skip
def test_a_short_text_belongs_where_the_nickname_is_asked_for(said, yes):
    assert belongs(said, "nickname") is yes


@pytest.mark.parametrize(
    ("said", "yes"),
    [("能念", True), ("不念，只给我答复", True), ("好", True), ("不行", True), ("改成 本科去国企有没有前途", True), ("不问了", True),
     ("你好", False), ("找个会计的工作", False), ("失业金怎么领", False), ("好 对了失业金怎么领", False)],
)  # fmt: skip
def test_a_yes_or_a_no_belongs_where_consent_is_asked_for(said, yes):
    assert belongs(said, "consent") is yes


@pytest.mark.parametrize("step", ["question", "nickname", "consent"])
def test_after_hours_nothing_belongs_to_it_by_itself(step):
    assert belongs("可以", step, timedelta(minutes=90))
    assert not belongs("可以", step, timedelta(hours=3))


def test_what_somebody_tells_of_insults_and_cheats_is_neither():
    assert wishes.is_rude("嘉宾是傻逼吧") and not wishes.is_rude("老板骂我傻逼")
    assert wishes.wants_to_cheat("怎么套取创业补贴") and not wishes.wants_to_cheat("同学骗补贴被查了会影响我吗")
