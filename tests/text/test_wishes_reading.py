"""A whole wish in one sentence."""

import json
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.settings import ROOT
from bot.text.districts import DISTRICTS
from bot.text.wishes import BENEFITS, Wishes, is_job_wish, read_refinement, read_wishes
from bot.text.wishes.model import EDUCATION, JOB_TYPES

DEV = ROOT / "tests" / "evaluation" / "dev"
ROWS = [json.loads(line) for line in (DEV / "jobs.jsonl").read_text(encoding="utf-8").splitlines()]


def wishes(text: str, **more) -> dict:
    found = read_wishes(text, **more).to_dict()
    found.pop("approx", None)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("平城区 文员 三千五往上", {"district": "平城区", "keyword": "文员", "salary_min": 3500}),
        (
            "学机械的 大专 想去云冈那边 别是销售",
            {"major": "机械", "education": "大专", "district": "云冈区", "exclude": ["销售"]},
        ),
        ("想换工作 现在做房产销售 不想干了 想做行政", {"keyword": "行政"}),
        ("家在浑源 想在平城找个仓管", {"keyword": "仓管", "district": "平城区"}),
        (
            "人力资源专业，想找人事，4-6k",
            {"keyword": "人事", "major": "人力资源", "salary_min": 4000, "salary_max": 6000},
        ),
        ("挖掘机司机 浑源", {"keyword": "挖掘机司机", "district": "浑源县"}),
        ("没经验 初中毕业 保洁", {"keyword": "保洁", "education": "不限"}),
        ("平城 云冈都行 出纳", {"keyword": "出纳", "district": "平城区 云冈区"}),
        ("出纳或者文员都行", {"keyword": "出纳 文员"}),
        ("kuaiji 有吗", {"keyword": "会计"}),
        ("平城區 文員 雙休", {"district": "平城区", "keyword": "文员", "benefits": ["双休"]}),
        ("给娃找个暑假工", {"job_type": "兼职"}),
        ("考研没考上 想找个文员", {"keyword": "文员"}),
        ("初中数学老师 5k", {"keyword": "初中数学老师", "salary_min": 5000}),
        ("在云中商城附近的导购", {"keyword": "导购"}),
        ("左云矿上要不要电工", {"keyword": "电工", "district": "左云县"}),
        ("上夜班的不要 平城区 护工", {"benefits": ["不上夜班"], "district": "平城区", "keyword": "护工"}),
        ("能不能在市里找个文员", {"district": "平城区", "keyword": "文员"}),
        ("灵丘来的 想在城里当学徒 理发", {"district": "平城区", "keyword": "理发"}),
        ("不找兼职 只看全职 司机", {"exclude": ["兼职"], "job_type": "全职", "keyword": "司机"}),
        ("工资三千以下的别给我看 出纳", {"salary_min": 3000, "keyword": "出纳"}),
        ("5000块上下的 内勤", {"salary_min": 4500, "salary_max": 5500, "keyword": "内勤"}),
        ("日语 外贸 二本", {"major": "日语", "keyword": "外贸", "education": "本科"}),
        ("教师资格证有 语文", {"keyword": "语文"}),
        ("干过两年超市 现在想找个轻松点的", {}),
        ("放映员 影院", {"keyword": "放映员"}),
        ("酒吧驻唱 兼职", {"keyword": "驻唱", "job_type": "兼职"}),
        ("装空调的 夏天干", {"keyword": "装空调"}),
        ("税筹 本科 一万", {"keyword": "税筹", "education": "本科", "salary_min": 10000}),
        ("想做翻译或者外贸", {"keyword": "翻译 外贸"}),
        ("教资 高中化学 七千", {"keyword": "高中化学", "salary_min": 7000}),
        ("前台or文员 4k", {"keyword": "前台 文员", "salary_min": 4000}),
        ("技校出来 焊工", {"education": "高中", "keyword": "焊工"}),
    ],
)
def test_a_wish_is_read_whole_and_nothing_is_invented(text, expected):
    assert wishes(text) == expected


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("不要销售", ["销售"]),
        ("除了幼师都行", ["幼师"]),
        ("除了保险和房产中介以外", ["保险", "房产中介"]),
        ("别推荐销售和客服", ["销售", "客服"]),
        ("保险就算了", ["保险"]),
        ("平城区，销售除外", ["销售"]),
        ("不想去工厂 也不想做销售", ["工厂", "销售"]),
        ("不跑长途 不出差", ["长途", "出差"]),
        ("不要中介不要劳务派遣", ["中介", "劳务派遣"]),
        ("拒绝电销岗位", ["电销"]),
        ("会计 除了左云", ["左云县"]),
        ("不是销售的工作", ["销售"]),
        ("不下井的", ["下井"]),
        ("售楼处的不要", ["售楼处"]),
        ("天镇阳高的不去", ["天镇县", "阳高县"]),
        ("餐饮不干 服务员不干 其它都行", ["餐饮", "服务员"]),
        ("销售类的一律不考虑", ["销售"]),
        ("电话销售别推给我", ["电话销售"]),
        ("煤矿不下 机电维修", ["煤矿"]),
        ("会计以外的都行", ["会计"]),
        ("除左云以外 老师", ["左云县"]),
        ("不找兼职", ["兼职"]),
    ],
)
def test_what_is_not_wanted_is_excluded_and_never_wished_for(text, unwanted):
    found = read_wishes(text)

    assert list(found.exclude) == unwanted
    assert not set(unwanted) & {*found.keywords, found.industry, *found.districts}


@pytest.mark.parametrize(
    "text", ["不要求学历", "不要太远", "不想考公", "不想离家太远", "不要紧", "不用喝酒应酬的", "别太累"]
)
def test_a_no_to_something_else_excludes_nothing(text):
    assert read_wishes(text).exclude == ()


@pytest.mark.parametrize(
    ("text", "benefits"),
    [
        ("周末双休", ["双休"]),
        ("周末能歇两天的", ["双休"]),
        ("夜班不上", ["不上夜班"]),
        ("不想倒班", ["不上夜班"]),
        ("长白班", ["不上夜班"]),
        ("别老加班", ["不加班"]),
        ("管吃管住", ["包吃住"]),
        ("包吃 包住", ["包吃住"]),
        ("管饭有宿舍", ["包吃", "包住"]),
        ("上夜班的不要", ["不上夜班"]),
        ("三班倒不干", ["不上夜班"]),
        ("夜班受不了", ["不上夜班"]),
        ("能休周末的", ["双休"]),
        ("一周歇两天", ["双休"]),
        ("到点就走", ["不加班"]),
        ("五险加公积金", ["五险一金"]),
        ("包三餐 能住宿", ["包吃", "包住"]),
        ("有食堂宿舍", ["食堂", "包住"]),
        ("有餐补 有饭补", ["餐补"]),
        ("在家做就行", ["居家办公"]),
        ("有车接送", ["班车"]),
        ("管住就行", ["包住"]),
        ("社保得有", ["五险"]),
        ("社保公积金都交", ["五险一金"]),
        ("六险一金", ["五险一金"]),
        ("餐补 车补 年底双薪", ["餐补", "交通补贴", "年终奖"]),
        ("双休无所谓", []),
        ("没有五险一金也行", []),
        ("有没有五险一金的", ["五险一金"]),
    ],
)
def test_benefits_are_known_by_their_many_names(text, benefits):
    assert list(read_wishes(text).benefits) == benefits


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ("学会计的", "会计"), ("会计专业", "会计"), ("我是学护理的", "护理"), ("幼师毕业", "幼师"), ("学前教育的", "学前教育"),
        ("大学学的是旅游管理", "旅游管理"), ("读的是财务管理", "财务管理"), ("专业是食品科学", "食品科学"), ("护里专业", "护理"),
        ("学葡萄酒酿造的", "葡萄酒酿造"), ("土木工程 施工员", "土木工程"), ("中专 护理 想去养老院", "护理"),
    ],
)  # fmt: skip
def test_a_major_is_what_one_has_studied_and_no_keyword(text, major):
    found = read_wishes(text)

    assert (found.major, major in found.keywords) == (major, False)


@pytest.mark.parametrize("text", ["会计", "有没有学徒", "学历不限", "大学生能干的", "奖学金", "专业不限", "专业对口的"])
def test_what_only_looks_like_studying_gives_no_major(text):
    assert read_wishes(text).major is None


@pytest.mark.parametrize(
    ("text", "industry"),
    [
        ("新能源方面的", "新能源"), ("煤炭行业", "煤炭"), ("找个煤炭行业的 安全员", "煤炭"), ("医药公司 质检", "医药"), ("光伏 技术员", "光伏"),
        ("想进新能源的厂子", "新能源"), ("物业公司 客服", "物业"), ("家政 保洁", "家政"), ("家政 御河东", None), ("其他金融类的", "金融"), ("殡葬行业", "殡葬"), ("财务方面的", None), ("酒店前台", None),
    ],
)  # fmt: skip
def test_an_industry_is_told_from_a_job(text, industry):
    assert read_wishes(text).industry == industry


@pytest.mark.parametrize(
    ("text", "education"),
    [
        ("我大专", "大专"), ("专科", "大专"), ("二本毕业", "本科"), ("研究生在读", "硕士"), ("博士", "博士"), ("学历没要求的", "不限"),
        ("不限学历", "不限"), ("中专毕业", "高中"), ("考研失败", None), ("专科医院", None), ("高中英语老师", None),
    ],
)  # fmt: skip
def test_a_degree_is_read_where_one_is_meant(text, education):
    assert read_wishes(text).education == education


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("想去京东做客服", "京东"), ("中车大同还招人吗", "中车大同"), ("晋能控股招不招应届本科", "晋能控股"), ("想去大同市第三人民医院当护士", "大同市第三人民医院"),
        ("想去云朵朵上班", "云朵朵"), ("塔山煤矿招采煤工不", "塔山煤矿"), ("大秦铁路招应届本科吗 学交通运输的", "大秦铁路"), ("王府至尊酒店招前厅经理吗", "王府至尊酒店"),
        ("我在富士康干过三年 想找个质检", None), ("老公在同煤上班 我想找个会计", None), ("大公司 文员", None), ("医药公司 质检", None), ("大同大学毕业 文员", None), ("大同大学附近的文员", None), ("超市招人吗", None),
    ],
)  # fmt: skip
def test_an_employer_is_known_by_name_or_by_the_form_of_the_sentence(text, company):
    assert read_wishes(text).company == company


def test_an_employer_with_postings_is_known_by_the_part_of_its_name_that_tells_it_apart():
    companies = ["大同市云栖数据科技有限公司", "平城区阳光餐饮有限公司"]

    assert wishes("云栖数据招文员吗", companies=companies) == {"company": "云栖数据", "keyword": "文员"}
    assert read_wishes("想去阳光餐饮当店长", companies=companies).company == "阳光餐饮"
    assert read_wishes("数据标注", companies=companies).company is None


def test_wishes_come_back_from_what_they_were_written_to():
    found = read_wishes("平城区 文员 八千左右 双休 不要销售")

    assert Wishes.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    assert found and not Wishes()
    assert Wishes.from_dict({"keyword": "文员", "colour": "red"}) == Wishes(keyword="文员")


def counted_right(row: dict) -> bool:
    gold, optional = dict(row["slots"]), dict(row.get("optional", {}))
    if "exclude" in row:
        gold["exclude"] = row["exclude"]
    found = wishes(row["text"])

    def same(name, wanted, got):
        if name == "keyword":
            return bool(got) and (wanted in got or got in wanted)
        if isinstance(wanted, list):
            return set(wanted) == set(got.split() if isinstance(got, str) else got or ())
        return wanted == got

    missed = [name for name in gold if not same(name, gold[name], found.get(name))]
    invented = [name for name in found if name not in gold and name not in optional]
    return not missed and not invented


def test_the_rows_for_tuning_stay_read():
    wrong = [row["text"] for row in ROWS if not counted_right(row)]

    assert len(wrong) <= 0.05 * len(ROWS), wrong


@given(
    st.permutations(["district", "keyword", "salary_min", "education", "benefits", "exclude"]),
    st.sampled_from(DISTRICTS),
    st.sampled_from(["文员", "会计", "司机", "保安", "护士", "电工", "前台", "厨师"]),
    st.integers(min_value=20, max_value=150).map(lambda n: n * 100),
    st.sampled_from(["大专", "本科", "硕士"]),
    st.sampled_from(["双休", "五险一金", "包吃住", "年终奖"]),
    st.sampled_from(["销售", "客服", "保险"]),
    st.sampled_from([" ", "，", "、", "。"]),
)
def test_the_order_of_the_parts_and_the_marks_between_do_not_matter(
    order, district, keyword, pay, education, benefit, unwanted, mark
):
    said = {
        "district": district, "keyword": keyword, "salary_min": f"{pay}以上", "education": education, "benefits": benefit, "exclude": f"不要{unwanted}",
    }  # fmt: skip
    if mark == "、" and order[-1] != "exclude":
        return  # “不要销售、保安” is a list of what is not wanted

    found = read_wishes(mark.join(said[name] for name in order))

    assert found == Wishes(
        keyword=keyword,
        district=district,
        salary_min=pay,
        education=education,
        benefits=(benefit,),
        exclude=(unwanted,),
    )


@given(
    st.text(
        alphabet="平城区云冈文员会计学不要除了都行双休包吃住大专本科销售想去在招人吗公司厂的,。 3千5k年薪以上|",
        max_size=40,
    )
)
def test_whatever_is_typed_what_is_read_is_of_the_known_kinds(text):
    found = read_wishes(text)

    assert set(found.districts) <= set(DISTRICTS)
    assert found.education is None or found.education in EDUCATION
    assert found.job_type is None or found.job_type in JOB_TYPES
    assert set(found.benefits) <= set(BENEFITS)
    assert "|" not in f"{found.keyword}{found.major}{found.industry}{found.company}{found.exclude}"


@pytest.mark.parametrize(
    "text",
    [
        "平城区 文员 三千五往上",
        "有啥工作",
        "找个司机的活",
        "会计 双休",
        "口泉这边有啥工作没",
        "有没有实习",
        "刚毕业 想找个工作",
        "给找个班上",
        "大同最近有啥招人的",
        "电话销售别推给我 前台",
        "考研没考上 专业是环境工程 本科 有没有环评的岗",
        "房租一个月八百 工资咋也得三千五吧 前台文员啥的",
        "我在外面打工好几年了 想回广灵 有没有能干的活",
        "本人男三十五岁a2驾照十年驾龄找个货车司机八千以上包吃住",
    ],
)
def test_a_search_is_known_by_its_form(text):
    assert is_job_wish(text)


@pytest.mark.parametrize(
    "text",
    ["你好", "社保补贴怎么领", "五险一金是啥", "见习有工资吗", "大专能考公务员吗", "应聘司机交了五百保证金 不给上岗也不退", "云州区创业贷款", "平城区人社局在哪",
     "大秦铁路招应届不", "饭店给服务员一个月开一千二 低于标准了吧", "公益岗加班给钱不 有高温补贴没", "会计想跳去做运营 hr能信我吗", "阳高有没有支农的岗", "单位招了25届的去哪个局要那三千"],
)  # fmt: skip
def test_a_question_or_a_greeting_is_no_search(text):
    assert not is_job_wish(text)


def test_no_policy_question_of_the_rows_for_tuning_is_taken_for_a_search():
    rows = [
        json.loads(line)
        for name in ("topics", "followups")
        for line in (DEV / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    texts = [row[part] for row in rows for part in ("text", "first", "second") if part in row]

    assert [text for text in texts if is_job_wish(text)] == []


def test_hardly_a_phrasing_of_the_knowledge_base_is_taken_for_a_search():
    texts = [
        text
        for file in sorted((ROOT / "data" / "knowledge").glob("*.yml"))
        for texts in YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("phrasings", {}).values()
        for text in texts
    ]

    taken = [text for text in texts if is_job_wish(text)]

    assert texts and len(taken) <= 0.015 * len(texts), taken


def test_most_rows_for_tuning_are_known_for_searches():
    missed = [row["text"] for row in ROWS if not is_job_wish(row["text"])]

    assert len(missed) <= 0.05 * len(ROWS), missed


@pytest.mark.parametrize("unit", ["年薪", "1", "可以", "专业", "不要", "一个月能", "看看", "学历不限", "9" * 20])
def test_a_text_that_repeats_itself_is_read_in_no_time(unit):
    started = perf_counter()
    read_wishes(unit * 60)
    read_refinement(unit * 8, Wishes(keyword="文员"))

    assert perf_counter() - started < 2


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("开半挂的活 跑不跑长途无所谓 八千", {"keyword": "司机", "salary_min": 8000}),
        ("除了工厂流水线啥都行 云州区", {"district": "云州区", "exclude": ("流水线",)}),
        ("学个修车行不 汽修学徒 管住", {"keyword": "修车 汽修学徒", "benefits": ("包住",)}),
        ("二十五六岁小伙 想找个保安", {"keyword": "保安"}),
        ("技校焊接 有活吗", {"education": "高中"}),
    ],
)
def test_more_that_people_say_of_themselves_and_refuse(text, wished):
    found = read_wishes(text).to_dict()

    assert {
        name: tuple(value) if isinstance(value, list) else value for name, value in found.items() if name in wished
    } == wished
    assert set(found) - set(wished) <= {"major", "keyword"}


@pytest.mark.parametrize(
    "text", ["幼儿园 保育员 寒暑假放假的", "检修工 能吃苦 出差补助高点", "会计学 研究生 有编最好 找财务岗"]
)
def test_words_of_rules_inside_a_wish_do_not_make_it_a_question(text):
    assert is_job_wish(text)
