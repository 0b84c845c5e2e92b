"""Wishes inside of stories, and the classes of sentences that people write who do not list conditions."""

import pytest

from bot.text.wishes import is_job_wish, read_wishes
from bot.text.wishes.stories import clauses, told_spans


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("以前在工地干了三年钢筋工 现在想找个保安", "保安"),
        ("之前去了个保险公司干了俩月 想找个文员", "文员"),
        ("老公下井十年不干了 想给他找个门卫", "门卫"),
        ("原来在厂里做质检 厂子黄了 想换个文员 云州", "文员"),
        ("我在北京做了五年前端现在想回大同找个前端开发七千左右", "前端开发"),
        ("我姐以前开过小饭馆 想找个食堂帮厨 三千来块", "食堂帮厨"),
        ("上家公司倒闭了 做了六年会计 想找个财务主管", "财务主管"),
        ("回大同照顾老人 想找设备维修的", "设备维修"),
        ("想找个照顾老人的活", "照顾老人"),
    ],
)
def test_the_wish_of_a_story_is_its_job_and_a_former_one_is_not(text, keyword):
    assert read_wishes(text).keyword == keyword


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("集控运行值班员 电厂", "集控运行值班员"),
        ("后厨切配 管饭", "后厨切配"),
        ("酒店前厅接待 灵丘", "酒店前厅接待"),
        ("搬货理货", "搬货 理货"),
        ("网络维护或者装监控的弱电也行", "网络维护 弱电"),
        ("贴砖刮腻子 都能干", "贴砖 刮腻子"),
        ("厨师 单位食堂 五千", "厨师"),
        ("看大门的或者保安", "看大门 保安"),
    ],
)
def test_a_workplace_beside_a_job_is_no_job_of_its_own_and_two_jobs_stay_two(text, keyword):
    assert read_wishes(text).keyword == keyword


@pytest.mark.parametrize(
    ("text", "keyword", "district"),
    [
        ("han gong 4500以上", "焊工", None),
        ("chu na", "出纳", None),
        ("wo xiang zhao ge kuai ji de gong zuo", "会计", None),
        ("bao an ping cheng", "保安", "平城区"),
        ("java 6k", "java", None),
        ("c++ 后端", "后端", None),
    ],
)
def test_words_in_pinyin_are_read_and_words_of_the_trade_left_alone(text, keyword, district):
    found = read_wishes(text)

    assert (found.keyword, found.district) == (keyword, district)


@pytest.mark.parametrize(
    ("text", "major", "keyword"),
    [
        ("检验师 医学检验本科", "医学检验", "检验师"),
        ("人力资源专员 人资本科", "人资", "人力资源专员"),
        ("监理员 土木大专", "土木", "监理员"),
        ("我对象口腔医学的大专 有没有招导医的", "口腔医学", "导医"),
        ("大同大学辅导员 硕士思政", "思政", "辅导员"),
        ("大专会计", None, "会计"),
        ("无人机飞手 植保的", None, "无人机飞手"),
    ],
)
def test_what_stands_beside_a_degree_was_studied(text, major, keyword):
    found = read_wishes(text)

    assert (found.major, found.keyword) == (major, keyword)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("三千五四千都行 收银", 3500, 4000), ("两千八三千都行 收银", 2800, 3000), ("三千五六 收银", 3500, 3600)],
)
def test_two_pays_said_in_one_breath(text, low, high):
    found = read_wishes(text)

    assert (found.salary_min, found.salary_max) == (low, high)


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("书法老师 小机构不去", "小机构"),
        ("银行客户经理 不拉存款的那种", "拉存款"),
        ("爸妈不让下井 调度员", "下井"),
        ("播音主持毕业 除了卖货直播", "卖货直播"),
        ("销售真的干够了 想找行政", "销售"),
        ("送了三年快递 不想再跑了 找个看仓库的", "快递"),
        ("所以广灵不考虑 保安", "广灵县"),
        ("家里不让去外地 会计", "外地"),
    ],
)
def test_what_is_refused_by_a_clause_is_excluded(text, unwanted):
    found = read_wishes(text)

    assert found.exclude == (unwanted,)
    assert not {unwanted} & {*found.keywords, *found.districts}


def test_a_home_that_is_refused_is_no_place_to_look_in():
    found = read_wishes("老家广灵 但平时住御东 所以广灵不考虑 会计")

    assert (found.district, found.exclude) == ("平城区", ("广灵县",))


@pytest.mark.parametrize(
    "text", ["安检员 白天班", "制药厂车间工 上白班", "护士 夜班真的上够了", "护士 夜班倒怕了", "正常白班 质检员"]
)
def test_day_shifts_are_no_nights_and_no_bus(text):
    assert read_wishes(text).benefits == ("不上夜班",)


@pytest.mark.parametrize(
    "text", ["在苏州干了一年 想找个化验员", "就想在大同踏踏实实上班 文员", "她在五医院 我想找个护士"]
)
def test_what_stands_after_at_is_no_employer_by_that_alone(text):
    assert read_wishes(text).company is None


def test_a_sight_stands_for_its_county_where_no_other_place_is_named():
    assert read_wishes("悬空寺那边招导游吗").district == "浑源县"
    assert read_wishes("悬空寺那边招导游吗 平城也行").district == "平城区"


def test_a_long_phrase_is_parted_where_it_turns_to_the_wish():
    text = "我老公以前在矿上下井去年不行了现在想给他找个看大门的"

    parts = [text[start:end] for start, end in clauses(text)]

    assert parts[-1] == "现在想给他找个看大门的"
    assert "".join(parts) == text
    assert all(end <= text.index("现在想") for _, end in told_spans(text))


@pytest.mark.parametrize(
    "text",
    [
        "钳工",
        "家教",
        "宠物美容",
        "钳工学徒",
        "面点师 学徒工资多少都行 就想学手艺",
        "消防中控 有证 上一休二",
        "五险一金的",
        "zhao ge gong zuo",
        "有没有轻松点钱还多的",
        "招聘信息发我看看呗",
        "应届生好找工作不 有啥推荐的",
        "给介绍个工作呗",
        "想回大同上班 有机会吗",
        "现在这活太累了 想换一个",
        "我姐离婚了带个娃 以前开过小饭馆 想找个食堂帮厨 能按点下班 三千来块 平城区",
        "退伍回来 在部队是炊事兵 想找个厨师 五千五 包吃住",
    ],
)
def test_titles_stories_and_asking_for_any_work_are_searches(text):
    assert is_job_wish(text)


@pytest.mark.parametrize(
    "text",
    [
        "浑源超市收银 月薪一千八 差多少",
        "跑网约车 车是租的 公司说我是老板 算不算劳动关系",
        "我是高中老师 能请你们来讲讲不",
        "老板拖欠我三个月工资 想找个人问问",
        "国有企业招聘信息都在哪儿发布",
        "求职创业补贴",
        "活着没意思 不想找工作了",
    ],
)
def test_a_job_named_in_a_question_about_rights_makes_no_search(text):
    assert not is_job_wish(text)
