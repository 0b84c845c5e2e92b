"""Made-up postings in any number, for measuring only; the same seed gives the same ones. Nothing here is a real vacancy;
lengths are those of real ones (about 400 characters of duties and requirements)."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.jobs.words import search_text
from bot.text.districts import DISTRICTS

DAY = date(2026, 11, 24)
_DISTRICT_WEIGHTS = (46, 18, 4, 8, 5, 4, 3, 4, 5, 3)
_TRADES = {
    "B": ("煤电", "煤矿"), "C": ("装备制造", "医药制造", "食品加工", "建材"), "D": ("新能源", "光伏", "供热"),
    "E": ("建筑", "装修"), "F": ("商贸零售", "超市", "汽车销售"), "G": ("物流", "快递", "客运"), "H": ("餐饮", "酒店"),
    "I": ("大数据", "软件", "呼叫客服"), "J": ("银行", "保险"), "K": ("房产中介", "物业"), "L": ("人力资源", "广告"),
    "P": ("教育培训", "幼儿园"), "Q": ("医院", "养老"), "R": ("文旅", "传媒"), "A": ("农业", "养殖"),
}  # fmt: skip
_ROLES = (
    "会计", "出纳", "行政专员", "文员", "前台", "人事专员", "销售代表", "销售顾问", "电话销售", "客服专员", "客服主管", "店长",
    "收银员", "导购", "仓库管理员", "叉车司机", "货车司机", "客车司机", "快递员", "分拣员", "电工", "焊工", "钳工", "机修工",
    "操作工", "质检员", "安全员", "采煤工", "机电工程师", "电气工程师", "光伏运维工程师", "风电运维员", "机械工程师",
    "工艺工程师", "软件开发工程师", "Java开发工程师", "前端开发", "Python开发工程师", "测试工程师", "运维工程师", "数据标注员",
    "数据分析师", "网络管理员", "UI设计师", "平面设计", "新媒体运营", "短视频剪辑", "主播", "文案策划", "导游", "讲解员",
    "护士", "护理员", "药剂师", "药品检验员", "医生助理", "康复治疗师", "小学教师", "英语教师", "幼教老师", "课程顾问",
    "厨师", "服务员", "传菜员", "客房服务员", "酒店前台", "保安", "保洁", "绿化工", "造价员", "施工员", "资料员", "测量员",
    "建筑设计师", "项目经理", "采购专员", "物流调度", "理货员", "柜员", "客户经理", "保险顾问", "法务专员", "审计助理",
    "农业技术员", "养殖技术员", "兽医", "食品研发员", "化验员", "储备干部", "管培生", "总经理助理", "司机", "家电维修工",
)  # fmt: skip
_BEFORE = ("", "", "", "", "", "", "", "高级", "初级", "资深", "实习", "急聘", "应届")
_AFTER = (
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "（双休）",
    "（包吃住）",
    "（五险一金）",
    "（平城区）",
    "（夜班）",
    "（应届可）",
    "/助理",
)
_MAJORS = (
    "会计", "财务管理", "计算机科学与技术", "软件工程", "电气工程及其自动化", "机械设计制造及其自动化", "采矿工程", "护理",
    "临床医学", "药学", "学前教育", "汉语言文学", "英语", "市场营销", "工商管理", "人力资源管理", "旅游管理", "土木工程",
    "工程造价", "物流管理", "农学", "畜牧兽医", "食品科学与工程", "新能源科学与工程", "大数据技术", "视觉传达设计", "法学",
    "计算机类", "机械类", "经济学", "金融学", "测绘工程", "安全工程", "化学工程与工艺", "环境工程",
)  # fmt: skip
_BENEFITS = (
    "五险一金",
    "五险",
    "双休",
    "单休",
    "包吃",
    "包住",
    "包吃住",
    "带薪年假",
    "不上夜班",
    "节日福利",
    "年终奖",
    "班车",
)
_SYLLABLES = "恒源华盛鑫泰宏达兴隆瑞丰云中平城北岳晋北雁门桑干御河方山古都嘉禾金地天成信诚博远智联启航德润康泰万佳"
_DUTY = (
    "负责日常工作的安排与落实", "按流程完成交办的任务并做好记录", "与同事配合，保证按时交付", "接待来访客户，解答咨询",
    "整理资料并归档，定期向主管汇报", "遵守安全规程，检查设备", "配合部门完成月度目标", "维护客户关系，处理反馈意见",
    "参与培训，熟悉产品和系统", "完成领导安排的其他事项",
)  # fmt: skip


@dataclass
class MadeCompany:
    """A company that does not exist."""

    id: int
    name: str
    industry: str
    trade: str
    district: str


@dataclass
class MadePosting:
    """A vacancy that does not exist, with what full text reads of it."""

    id: int
    company_id: int
    title: str
    job_type: str
    district: str
    pay_min: int | None
    pay_max: int | None
    education: str
    majors: list[str]
    benefits: list[str]
    duties: str
    requirements: str
    closes_on: date | None
    status: str
    scam_signs: list[str]
    first_seen: date
    checked_on: date
    search_text: str = field(default="")


def companies(n: int, seed: int = 1) -> list[MadeCompany]:
    """So many companies, no two of one name."""
    dice = random.Random(seed)
    made: dict[str, MadeCompany] = {}
    while len(made) < n:
        industry = dice.choice(list(_TRADES))
        trade = dice.choice(_TRADES[industry])
        name = f"大同市{''.join(dice.choices(_SYLLABLES, k=4))}{trade}{dice.choice(('有限公司', '有限责任公司', '服务部'))}"
        made.setdefault(name, MadeCompany(len(made) + 1, name, industry, trade, _district(dice)))
    return list(made.values())


def _district(dice: random.Random) -> str:
    return dice.choices(DISTRICTS, _DISTRICT_WEIGHTS)[0]


def postings(made: list[MadeCompany], seed: int = 2) -> Iterator[MadePosting]:
    """Postings without end, older ones first; some are over, withdrawn or likely scams."""
    dice = random.Random(seed)
    weights = list(itertools.accumulate(1 / (i + 3) ** 0.6 for i in range(len(_ROLES))))
    for i in itertools.count(1):
        company = dice.choice(made)
        title = dice.choice(_BEFORE) + dice.choices(_ROLES, cum_weights=weights)[0] + dice.choice(_AFTER)
        low = round(dice.lognormvariate(8.45, 0.4) / 500) * 500
        paid = dice.random() > 0.08
        seen = DAY - timedelta(days=dice.randrange(1, 60))
        posting = MadePosting(
            id=i,
            company_id=company.id,
            title=title,
            job_type=dice.choices(("全职", "实习", "见习", "兼职"), (84, 6, 4, 6))[0],
            district=company.district if dice.random() < 0.8 else _district(dice),
            pay_min=low if paid else None,
            pay_max=low + dice.choice((0, 500, 1000, 2000, 3000, 5000)) if paid else None,
            education=dice.choices(("不限", "高中", "大专", "本科", "硕士", "博士"), (34, 14, 30, 19, 2, 1))[0],
            majors=[] if dice.random() < 0.5 else dice.sample(_MAJORS, dice.randrange(1, 4)),
            benefits=dice.sample(_BENEFITS, dice.randrange(5)),
            duties="；".join(dice.choices(_DUTY, k=dice.randrange(14, 27))),
            requirements="；".join(dice.choices(_DUTY, k=dice.randrange(6, 13))),
            closes_on=None if dice.random() < 0.25 else DAY + timedelta(days=dice.randrange(-15, 75)),
            status="open" if dice.random() < 0.95 else "withdrawn",
            scam_signs=["押金"] if dice.random() < 0.01 else [],
            first_seen=seen,
            checked_on=seen + timedelta(days=dice.randrange((DAY - seen).days + 1)),
        )
        posting.search_text = search_text(posting, company)  # type: ignore[arg-type] - only what it reads
        yield posting


COMPANY_COLUMNS = ("id", "name", "industry", "trade", "district", "alliance_member", "sample")
POSTING_COLUMNS = (
    "id", "company_id", "key", "content_hash", "title", "job_type", "district", "pay_min", "pay_max", "pay_months",
    "education", "majors", "duties", "requirements", "benefits", "closes_on", "source", "status", "sample", "scam_signs",
    "first_seen", "checked_on", "search_text",
)  # fmt: skip


def company_row(company: MadeCompany) -> tuple[object, ...]:
    """A company as a row of COMPANY_COLUMNS."""
    return (company.id, company.name, company.industry, company.trade, company.district, False, True)


def posting_row(posting: MadePosting) -> tuple[object, ...]:
    """A posting as a row of POSTING_COLUMNS."""
    key = f"{posting.id:064x}"
    return (
        posting.id, posting.company_id, key, key, posting.title, posting.job_type, posting.district, posting.pay_min,
        posting.pay_max, 12, posting.education, _json(posting.majors), posting.duties, posting.requirements,
        _json(posting.benefits), posting.closes_on, "示例", posting.status, True, _json(posting.scam_signs),
        posting.first_seen, posting.checked_on, posting.search_text,
    )  # fmt: skip


def _json(value: list[str]) -> str:
    return json.dumps(value, ensure_ascii=True)
