"""The job or the trade that a wish names, read from what is left when all else is taken."""

from __future__ import annotations

import re

from bot.text.wishes.scanning import EDGE, Scan, any_of
from bot.text.wishes.stories import GIVEN_UP, told_spans
from bot.text.wishes.unlisted import Named, bare, blot_word, district_by_sound, named_by_form
from bot.text.wishes.vocabulary import FILLERS, MAJORS, PLACES, SEARCH_TALK, SYNONYMS, TRADE_OF

_ACTING = frozenset((
    "光伏", "风电", "储能", "电厂", "发电", "物流", "电商", "采矿", "大数据", "外贸", "游戏", "社区", "环保", "物业", "家政", "康复", "美容",
    "制药", "it", "后勤", "研学", "婚庆", "宠物", "殡葬",
))  # fmt: skip
# Trades that people also name for the job itself (“家政 御河东”): a trade only where another word names the job.
_RATHER_JOBS = frozenset(("家政", "外贸", "社区", "美容", "后勤", "康复", "研学", "婚庆", "宠物", "殡葬"))
_TRADES = {word for word in TRADE_OF if word not in PLACES and (word not in SYNONYMS or word in _ACTING)} - {
    "数据", "加工", "工程", "运输", "培训", "文化", "网络", "社区服务", "投资", "工业", "装饰", "装修", "市政", "呼叫", "交通", "中药", "能源企业",
}  # fmt: skip
_JOBS = {word for word in SYNONYMS if len(word) > 1 and (word not in _TRADES or word in _RATHER_JOBS)}
_TRADE_SUFFIX = r"(?:行业|产业|领域|方面|类?(?:的)?(?:大|小)?(?:公司|企业|单位|厂子|工厂|机构)|类|这块|这一?块|这行|这一行|系统|口儿?|圈|行当)"
_TRADE_SAID = re.compile(
    rf"(?P<trade>{any_of([*TRADE_OF])})(?:行业|产业|领域|类?公司|类?企业|这一?行)(?:的|里)?|(?P<some>{any_of(_TRADES)})(?:类|相关|方向)?{_TRADE_SUFFIX}(?:的|里)?"
)
_TRADE_UNKNOWN = re.compile(r"(?P<other>[一-龥]{2,10})(?:行业|产业|领域)(?:的)?")
_TRADE_ALONE = re.compile(
    rf"(?:(?<=^)|(?<={EDGE})|(?<=[干做进找搞去]))(?P<trade>{any_of(_TRADES)})(?:上)?(?:的|类|相关)*(?:工作|岗位?|活|班)?(?={EDGE}|$|有|招|都|也|或|和)"
)

_SUFFIX = r"(?:专员|助理|主管|经理|实习生|学徒|老师|师傅|人员|工程师|员|师|工(?![作资])|岗(?!位)|长)"
_LEFT = any_of({w for w in {*TRADE_OF, *MAJORS, *PLACES} if len(w) > 1} | {
    "小学", "初中", "高中", "数学", "英语", "语文", "物理", "化学", "生物", "政治", "地理", "历史", "美术", "音乐", "舞蹈", "体育", "钢琴", "书法", "瑜伽",
    "电话", "网络", "汽车", "医疗", "器械", "煤矿", "矿山", "高级", "初级", "高压", "低压", "小车", "货车", "大车", "车间", "生产", "设备", "仓库", "快递",
    "挖掘机", "铲车", "装载机", "吊车", "塔吊", "客车", "公交", "出租", "校车", "大货", "三甲", "母婴", "手机", "家具", "珠宝", "化妆品", "服装",
    "家电", "保健品", "餐厅", "饭店", "ktv", "小区", "学校", "工厂", "企业", "品牌", "短视频", "民宿", "政府", "视频", "广告", "活动", "售后", "电力", "项目", "工程", "景区",
})  # fmt: skip
_JOB = re.compile(
    rf"(?P<left>(?:(?:{_LEFT})|[a-z+#]{{2,8}})?)(?P<job>{any_of(_JOBS)})(?P<right>{_SUFFIX}?)(?!场|电站|站|厂|店|院|馆|园区|公司|集团|事务所)"
)
_PLACE = re.compile(
    any_of(PLACES - {"工厂", "厂子", "加工厂", "矿上", "工地", "大学", "高铁站", "火车站", "机场", "学校"})
)
_SUBJECTS = frozenset((
    "数学", "英语", "语文", "物理", "化学", "生物", "历史", "地理", "政治", "美术", "音乐", "舞蹈", "体育", "日语", "书法", "钢琴", "编程",
))  # fmt: skip
_SCHOOL = re.compile(r"^(?:小学|初中|高中|中学|中考|高考)")
_TEACHING = re.compile(r"老师|教师|家教|辅导|助教|教员|代课|教资|教书|任教|讲课")
# Words for a job and for a major that more often stand for the major.
_MAJOR_RATHER = frozenset((
    "护理", "机电", "电气", "电气自动化", "采矿", "地质", "测绘", "康复", "园林", "兽医", "环保", "药剂", "人工智能", "人力资源", "市场营销",
    "物流管理", "采煤", "通风",
))  # fmt: skip
_NOT_JOBS = re.compile(
    r"(?:回(?:来|家|大同|老家|村)?|为了|方便|得|要|还得|能|顺便|在家)(?:照顾|伺候|看|带|接送?)(?:老人|孩子|娃|小孩)(?!的(?:活|工作|保姆|阿姨))|社区卫生|(?:招聘|招工|岗位|用工)信息|开发区|经开区|人才市场|就业市场|市场价|技术含量|有技术|没技术|学技术|测试题|安全感|安装包|工人文化宫|社区医院|社区里|电话|"
    r"计算机[一二]级|普通话|教师资格证?|教资|会计证|初级(?:会计)?证|驾照|驾驶证|[abc][123](?:本|照|证|驾照)?(?=\s|$|\||的)|电工证|焊工证|护士证|资格证|从业证|健康证|技能证|英语[四六]级|[四六]级|cet\d|证书|"
    r"体面点|专业对口|业务能力|检测站|工作人员|管理层|管理岗(?=也|都)|晚托(?!班?老师)|开车(?=[去上\d一二三四五六七八九十])|装修房|直播间?看"
)
# Words of the lists that are as well the place where another job is done: “值班员 电厂”, “仓库搬货”.
_WORKPLACES = frozenset((
    "电厂", "选煤厂", "食堂", "后厨", "厨房", "仓库", "库房", "药房", "4s店", "加油站", "呼叫中心", "化验室", "试验室", "中控室", "监控室",
    "值班室", "图文店", "供应室", "检验科", "放射科", "换热站", "游客中心", "客房部", "门岗", "大棚", "光伏电站", "前厅", "吧台", "收费站",
))  # fmt: skip
_WHO = re.compile(
    r"(?:员|师|工|手|长|生|人|嫂|岗|专员|助理|经理|主管|顾问|老师|教练|司机|师傅|阿姨|大夫|会计|出纳|保安|学徒|干事)$"
)
_STRIP = re.compile(rf"(?:{any_of(FILLERS)})")
# Work named by what one drives: “开A2大车”, “开货车”.
_DRIVES = re.compile(
    r"(?<!会)(?<!不想)开(?:个|的|过)?(?:[abc][123](?:本|照)?的?)?(?P<what>大车|大货|大挂|半挂|挂车|货车|罐车|水泥罐|搅拌车|渣土车|自卸车?|公交车?|班车|校车|客车|网约车|出租车?|小车)"
)
_SKILL = re.compile(r"(?<![机社协])会(?:点|一点|些|用|干|做)?$|懂(?:点|一点)?$")  # “会剪辑” tells what one can do


def take_industry(scan: Scan) -> str | None:
    """The trade, where a word says that it is one (“煤炭行业”, “新能源方面”) or where it stands alone (“光伏 技术员”)."""
    story = told_spans(scan.rest)
    for m in _TRADE_SAID.finditer(scan.rest):
        if any(start <= m.start() < end for start, end in story):
            continue
        word = m["trade"] or m["some"]
        scan.blot(*m.span())
        return word
    for m in _TRADE_UNKNOWN.finditer(scan.rest):
        word = bare(m["other"])
        if 2 <= len(word) <= 4 and word not in SYNONYMS:
            scan.blot(m.end() - len(word), m.end())
            return word
    for m in _TRADE_ALONE.finditer(scan.rest):
        if any(start <= m.start() < end for start, end in story):
            continue
        if m["trade"] in _RATHER_JOBS and not _JOB.search(scan.rest[: m.start()] + " " + scan.rest[m.end() :]):
            continue
        scan.blot(*m.span())
        return m["trade"]
    return None


def take_keyword(
    scan: Scan,
    *,
    industry: str | None,
    major: str | None,
    district: str | None,
    company: str | None,
    with_degree: bool = False,
) -> Named:
    """The job that is wished for, with the words beside it that tell which (英语老师, java开发)."""
    scan.take(_NOT_JOBS)
    story = told_spans(scan.rest)
    alone = _standing_alone(scan.rest)
    subject = next((w for w in alone if _SCHOOL.sub("", w) in _SUBJECTS), None) if _TEACHING.search(scan.text) else None
    found_major = _major_alone(alone, subject, with_degree) if major is None else None
    if (
        found_major
        and not found_major.endswith("学")
        and not with_degree
        and re.search(rf"(?<![学读念是]){found_major}的", scan.rest)
        and _JOB.search(scan.rest)
    ):
        found_major = None  # “无人机飞手 植保的” tells of the job
    for word in filter(None, (subject, found_major)):
        blot_word(scan, word)
    wished = _wished(scan, story)
    if subject and wished and not any(subject in word for word in wished):
        wished[0] = subject + wished[0]
    keyword = " ".join(_distinct(wished)) or subject
    place_by_sound = district_by_sound(scan) if keyword and not district else None
    if keyword:
        return Named(keyword, major=found_major, district=place_by_sound)
    driven = next((m for m in _DRIVES.finditer(scan.rest) if not any(s <= m.start() < e for s, e in story)), None)
    if driven:
        scan.blot(*driven.span())
        return Named("司机", major=found_major)
    place = next((m for m in _PLACE.finditer(scan.rest) if not any(s <= m.start() < e for s, e in story)), None)
    if place:
        scan.blot(*place.span())
        there = named_by_form(scan, found_major, district, True)
        if there.keyword:
            return there
        return Named(None if company or industry else _without_shop(place[0]), major=there.major)
    return named_by_form(scan, found_major, district, bool(company or major or industry))


def _wished(scan: Scan, story: list[tuple[int, int]]) -> list[str]:
    """The jobs of the list that are wished for; those told of only where no other is, those given up never."""
    found: list[tuple[str, int, int]] = []
    for m in _JOB.finditer(scan.rest):
        word, start = m[0].removesuffix("岗"), m.start()
        if word.endswith("的") and word[:-1] in SYNONYMS:
            word = word[:-1]
        if found and found[-1][0] in SYNONYMS and scan.rest[found[-1][2] : start] == "的":
            scan.blot(*found.pop()[1:])  # “装监控的弱电” tells which
        if found and found[-1][2] == start and _goes_with(found[-1][0], word):
            last, start, _ = found.pop()
            word = last + word
        found.append((word, start, m.end()))
    told = [
        any(s <= start < e for s, e in story) or _SKILL.search(scan.rest[:start]) is not None for _, start, _ in found
    ]
    given_up = [
        any(s <= start < e and GIVEN_UP.search(scan.rest, s, min(e + 6, len(scan.rest))) for s, e in story)
        for _, start, _ in found
    ]
    words = [word for (word, _, _), past in zip(found, told) if not past] or [
        word for (word, _, _), over in zip(found, given_up) if not over
    ]
    scan.blot_all((start, end) for _, start, end in found)
    return [word for word in words if not _at_work(word)] or words


def _at_work(word: str) -> bool:
    return word.endswith(tuple(_WORKPLACES))


def _goes_with(first: str, second: str) -> bool:
    """Whether two words side by side name one job: where it is done and what (后厨切配), or what and who (集控运行值班员)."""
    return _at_work(first) or first in _ACTING or (bool(_WHO.search(second)) and not _WHO.search(first))


def _distinct(words: list[str]) -> list[str]:
    """Each job once; 老师 beside 英语老师 says nothing more."""
    return [w for i, w in enumerate(words) if w not in words[:i] and not any(w != o and w in o for o in words)]


def _without_shop(word: str) -> str:
    return (
        word[:-1]
        if word.endswith(("奶茶店", "咖啡店", "火锅店", "蛋糕店"))
        else word.removesuffix("场")
        if word == "养殖场"
        else word
    )


def _major_alone(phrases: list[str], subject: str | None, with_degree: bool) -> str | None:
    """A phrase that is a major's name and no job's; one that is both counts beside a degree or beside a job."""
    for word in phrases:
        if word in MAJORS and word != subject and word not in SYNONYMS and word not in PLACES:
            return word
    several = any(m[0] not in _MAJOR_RATHER for phrase in phrases for m in _JOB.finditer(phrase))
    return next((word for word in phrases if word in _MAJOR_RATHER and (several or with_degree)), None)


def _standing_alone(text: str) -> list[str]:
    """The phrases of a text once greetings, pronouns and question words are gone from both their ends."""
    return [re.sub(r"(?:的|类|方面|相关|方向|毕业|应届)+$", "", phrase) for phrase in re.split(EDGE, text) if phrase]


def left_over(scan: Scan) -> str:
    """What was not understood, without blanks and common words."""
    return "".join(_STRIP.sub("", piece) for piece in re.split(EDGE, scan.rest) if piece)


_SEARCH_TALK = any_of(SEARCH_TALK)
_TALK = re.compile(rf"(?:{_SEARCH_TALK})|[^\w]")


def strange(scan: Scan) -> str:
    """What was not understood and is no word that searches are made of."""
    return "".join(_TALK.sub("", piece) for piece in re.split(EDGE, scan.rest) if piece)
