"""What a turn after a list of postings asks for."""

import json

import pytest

from bot.settings import ROOT
from bot.text.wishes import Refinement, Wishes, read_refinement, refined

DEV = ROOT / "tests" / "evaluation" / "dev"
CURRENT = Wishes(keyword="文员", district="云冈区", salary_min=3500, education="大专")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("换一批", "more"), ("还有吗", "more"), ("下一页", "more"), ("再来几条", "more"), ("后面还有没", "more"), ("换几个看看", "more"), ("还有别的吗", "more"),
        ("都不行 重新来一拨", "more"), ("上一页", "back"), ("我的收藏", "kept"), ("看看收藏的", "kept"), ("有新的告诉我", "subscribe"), ("订阅", "subscribe"),
        ("有合适的通知我", "subscribe"), ("退订", "unsubscribe"), ("别再给我推了", "unsubscribe"), ("重新找", "restart"), ("清空条件", "restart"),
        ("工资高点的", "higher_pay"), ("钱再多点", "higher_pay"), ("工资太低了", "higher_pay"),
    ],
)  # fmt: skip
def test_a_short_turn_is_known_by_its_form(text, kind):
    assert read_refinement(text, CURRENT) == Refinement(kind)


@pytest.mark.parametrize(
    ("text", "kind", "index"),
    [
        ("第二个详细说说", "detail", 2), ("最后一个", "detail", -1), ("第2条", "detail", 2), ("刚才那个", "detail", None), ("第十个", "detail", 10),
        ("第三个要大专不", "detail", 3), ("最上头那个还招着没", "detail", 1), ("刚才第二个双休吗", "detail", 2), ("双休吗", "detail", None),
        ("收藏第一个", "keep", 1), ("把第二个收藏了", "keep", 2), ("收藏", "keep", None), ("取消收藏第二个", "unkeep", 2),
        ("怎么投第一个", "apply", 1), ("第三个怎么联系", "apply", 3), ("电话多少", "apply", None), ("我就投第一个吧 咋递", "apply", 1),
    ],
)  # fmt: skip
def test_a_turn_about_a_posting_names_which(text, kind, index):
    assert read_refinement(text, CURRENT) == Refinement(kind, index=index)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("只要平城区的", {"district": "平城区"}),
        ("云冈的呢", {"district": "云冈区"}),
        ("五千以上的", {"salary_min": 5000}),
        ("要双休的", {"benefits": ("双休",)}),
        ("有五险一金的吗", {"benefits": ("五险一金",)}),
        ("不要夜班的", {"benefits": ("不上夜班",)}),
        ("不要销售", {"exclude": ("销售",)}),
        ("本科的有吗", {"education": "本科"}),
        ("全职的", {"job_type": "全职"}),
        ("换成司机", {"keyword": "司机"}),
        ("也看看保安", {"keyword": "文员 保安"}),
    ],
)
def test_a_narrower_wish_keeps_the_rest(text, changes):
    asked = read_refinement(text, CURRENT)

    assert asked is not None
    assert asked.kind == "narrow"
    assert refined(CURRENT, asked) == Wishes(**{**CURRENT.__dict__, **changes})


@pytest.mark.parametrize(
    ("text", "drop"),
    [
        ("学历不限", ("education",)),
        ("不管学历了", ("education",)),
        ("算了学历不限", ("education",)),
        ("地方无所谓", ("district",)),
        ("哪都行", ("district",)),
        ("远点也行", ("district",)),
        ("工资无所谓", ("salary_min", "salary_max")),
        ("不看工资了", ("salary_min", "salary_max")),
        ("专业不限", ("major",)),
        ("双休无所谓", ("benefits",)),
    ],
)
def test_a_condition_can_be_dropped(text, drop):
    asked = read_refinement(text, CURRENT)

    assert asked == Refinement("drop", drop=drop)
    assert not {*drop} & refined(CURRENT, asked).to_dict().keys()


def test_dropping_one_thing_and_asking_another_can_be_one_turn():
    asked = read_refinement("学历不限 只要平城区的", CURRENT)

    assert asked is not None
    assert refined(CURRENT, asked) == Wishes(keyword="文员", district="平城区", salary_min=3500)


def test_another_job_is_a_new_search():
    asked = read_refinement("平城区 司机 五千", CURRENT)

    assert asked == Refinement("new", wishes=Wishes(keyword="司机", district="平城区", salary_min=5000))
    assert refined(CURRENT, asked) == asked.wishes


def test_another_word_for_the_same_job_is_no_new_search():
    asked = read_refinement("行政 双休", CURRENT)

    assert asked is not None
    assert asked.kind == "narrow"


def test_a_new_pay_replaces_both_ends_of_the_old_one():
    current = Wishes(salary_min=7200, salary_max=8800, approx=True)

    assert refined(current, Refinement("narrow", Wishes(salary_min=5000))) == Wishes(salary_min=5000)


def test_higher_pay_goes_up_from_what_was_asked():
    assert refined(Wishes(salary_min=3500), Refinement("higher_pay")) == Wishes(salary_min=4200)
    assert refined(Wishes(salary_min=4500, salary_max=5500, approx=True), Refinement("higher_pay")) == Wishes(
        salary_min=5400
    )
    assert refined(Wishes(keyword="文员"), Refinement("higher_pay")).salary_min == 4000


def test_what_is_no_longer_wanted_leaves_the_keyword():
    assert refined(Wishes(keyword="销售 客服"), Refinement("narrow", Wishes(exclude=("销售",)))) == Wishes(
        keyword="客服", exclude=("销售",)
    )


@pytest.mark.parametrize(
    "kind", ["more", "back", "detail", "keep", "kept", "unkeep", "subscribe", "unsubscribe", "apply"]
)
def test_a_turn_about_postings_leaves_the_search_as_it_is(kind):
    assert refined(CURRENT, Refinement(kind, index=1)) == CURRENT


def test_starting_over_wishes_for_nothing():
    assert refined(CURRENT, Refinement("restart")) == Wishes()


@pytest.mark.parametrize(
    "text",
    [
        "社保补贴怎么领", "五险一金是啥", "见习有工资吗", "大专能考公务员吗", "你好", "谢谢", "算了", "今天天气怎么样", "失业金怎么申请", "公积金怎么提取", "三方协议丢了咋办",
        "我想约个老师聊聊", "招聘会哪天", "实习期要交社保吗", "兼职被骗了怎么办", "转人工", "试用期不给交社保合法吗", "毕业两年还算应届生吗", "实习证明怎么开",
        "创业贷款能贷多少", "云州区创业贷款", "平城区人社局在哪", "人社局电话多少", "灵活就业社保补贴 平城区", "考教师资格证有补贴吗", "护士资格证怎么考", "学会计的考什么证",
        "不想找工作了", "我好焦虑", "", "？",
    ],
)  # fmt: skip
def test_a_question_or_a_greeting_refines_nothing(text):
    assert read_refinement(text, CURRENT) is None


@pytest.mark.parametrize(("file", "key"), [("topics", "text"), ("followups", "second")])
def test_hardly_a_policy_question_is_taken_for_a_refinement(file, key):
    texts = [json.loads(line)[key] for line in (DEV / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()]

    taken = [text for text in texts if read_refinement(text, CURRENT)]

    assert len(taken) <= 0.02 * len(texts), taken
