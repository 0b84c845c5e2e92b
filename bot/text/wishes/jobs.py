"""The job or the trade that a wish names, read from what is left when all else is taken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.districts import DISTRICTS, NICKNAMES
from bot.text.wishes.scanning import BLOT, EDGE, Scan, any_of
from bot.text.wishes.spelling import sounds_like
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
    r"开发区|经开区|人才市场|就业市场|市场价|技术含量|有技术|没技术|学技术|测试题|安全感|安装包|工人文化宫|社区医院|社区里|电话|"
    r"计算机[一二]级|普通话|教师资格证?|教资|会计证|初级(?:会计)?证|驾照|驾驶证|[abc][123](?:本|照|证|驾照)?(?=\s|$|\||的)|电工证|焊工证|护士证|资格证|从业证|健康证|技能证|英语[四六]级|[四六]级|cet\d|证书|"
    r"体面点|专业对口|业务能力|检测站|工作人员|管理层|管理岗(?=也|都)|晚托(?!班?老师)|开车(?=[去上\d一二三四五六七八九十])|装修房|直播间?看"
)
# Told of the past or of the way here: jobs named in such a phrase are not the wish.
_STORY = re.compile(
    r"干了|做了|过了|以前|之前|原来|原先|[干做当]过|没考上|考公|考编|辞了|辞职|倒闭|没活干|闲了|上一份|上份|干够了|不想干了|干腻|转行|裁员|被裁|没了|黄了|在(?:太原|北京|上海|天津|西安|外地|老家)|"
    r"毕业后|经验|学过|会点|[干做]的是|上家|(?:现在|目前|正在)(?:在|是|[做干当])|有证|考了|考过|持有"
)

_FILLER = any_of(FILLERS)
_STRIP = re.compile(rf"(?:{_FILLER})")
_SKILL = re.compile(r"(?<![机社协])会(?:点|一点|些|用|干|做)?$|懂(?:点|一点)?$")  # “会剪辑” tells what one can do
_TYPE_OF_JOB = re.compile(
    r"(?:员|师|工|手|长|专员|助理|经理|主管|顾问|老师|教练|司机|管家|代表|干事|学徒|总监|客服|销售|设计|开发|运营|维修|管理|操作|服务|护理|加工|制作|安装|检测|策划|编辑)$"
)
_SENTENCE = re.compile(r"[的了不要给想没有到把被让说是很谁哪啥又都就也还跟和我你他她它]")
# What stands alone in a wish and is no job: who one is, what one has, where and when.
_NO_JOB_NAME = re.compile(
    r"[你他她我咱俺谁您吗呢吧么啊呀嘛哈会能可行得着过无别不未已即就才再应该求谢试早晚年月日天周岁届级省市县区乡镇村证本照休假班]|时间|学历|学校|经验|毕业|年龄|结婚|离异|离婚|身体|残疾|退伍|退役|当兵|军人|党员|团员|家里|家庭|老人|父母|照顾|房租|房贷|车贷|压力|能力|认真|吃苦|耐劳|性格|"
    r"内向|外向|开朗|身高|个子|形象|口才|口齿|电脑|软件$|普通话|自己|社恐|随时|到岗|入职|面试|培训|提成|奖金|社保|补贴|补助|转正|临时|季节|体制|编制|国企|央企|外企|民企|私企|国营|上市|稳定|轻松|前途|发展|晋升|空间|氛围|环境|领导|同事|推荐|在线|文科|理科|工科|应届|往届|基础|小白|"
    r"新手|打工|外地|本地|太原|北京|天津|上海|西安|苏州|深圳|广州|杭州|内蒙|河北|山西|大同|朔州|忻州|宝妈|妈妈|老公|老婆|媳妇|对象|学生|青年|中年|女|男|小时|专业|工资|薪|待遇|收入|合同|正式|长期|短期|单位|公司|企业|岗|工作|职业|行业|上班|距离|方便|附近|周边|门口|急|谢|帮忙|抽烟|喝酒|纹身|"
    r"四级|六级|雅思|驾驶|自驾|私家|有车|小车|大车|身份|户口|本人|个人|双方|两口|夫妻|一家|人员|岁数|年纪|力气|体力|眼睛|近视|视力|听力|高考|成绩|名校|双一流|回国|留学|海归|成人|自考|函授|在职|脱产|实践|项目$|文化|没|咋|啥|怎|样|怀孕|哺乳|孩子|小孩|低|高|多|少|大专|民办|二本|三本|公办"
)
_NAMED = re.compile(
    rf"(?:^|{EDGE}|有没有|招|找个?|当个?|做个?)(?P<doing>[装修卖送教画种养洗炸烤磨剪缝刷贴搬拉拆扛抬编刻绣烫擦扫喂接织铺砌焊][一-龥]{{1,3}}?)的(?:活儿?|工作|师傅|学徒|人|岗位?)?(?={EDGE}|$|有|吗|不|没)|"
    rf"(?:找个|想找|想[当做干]个?|当个|招|应聘|求职|从事)(?P<after>[一-龥a-z+#]{{2,8}}?)(?:的)?(?:工作|岗位?|职位|活儿?|班|营生|的|方面|类|吗|不|{EDGE}|$)|"
    rf"(?P<before>[一-龥a-z+#]{{2,8}}?)(?:方面的?|类的?|相关的?)?(?:的)?(?:岗位?|职位|工作|活儿?)(?={EDGE}|$|有|吗|不|没)"
)


@dataclass(frozen=True)
class Named:
    """What the left-over part of a wish names. A word that stands alone may turn out a major, a trade or a misspelt place."""

    keyword: str | None = None
    industry: str | None = None
    major: str | None = None
    district: str | None = None


def take_industry(scan: Scan) -> str | None:
    """The trade, where a word says that it is one (“煤炭行业”, “新能源方面”) or where it stands alone (“光伏 技术员”)."""
    for m in _TRADE_SAID.finditer(scan.rest):
        word = m["trade"] or m["some"]
        scan.blot(*m.span())
        return word
    for m in _TRADE_UNKNOWN.finditer(scan.rest):
        word = _bare(m["other"])
        if 2 <= len(word) <= 4 and word not in SYNONYMS:
            scan.blot(m.end() - len(word), m.end())
            return word
    story = _story_spans(scan.rest)
    for m in _TRADE_ALONE.finditer(scan.rest):
        if any(start <= m.start() < end for start, end in story):
            continue
        if m["trade"] in _RATHER_JOBS and not _JOB.search(scan.rest[: m.start()] + " " + scan.rest[m.end() :]):
            continue
        scan.blot(*m.span())
        return m["trade"]
    return None


def _phrases(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer(r"[^\s]+", text)]


def _story_spans(text: str) -> list[tuple[int, int]]:
    return [
        (s, e)
        for s, e in _phrases(text)
        if _STORY.search(text[s:e]) and not re.search(r"(?:想|有没有|招)[^|]*$", text[s:e])
    ]


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
    story = _story_spans(scan.rest)
    alone = _standing_alone(scan.rest)
    subject = next((w for w in alone if _SCHOOL.sub("", w) in _SUBJECTS), None) if _TEACHING.search(scan.text) else None
    found_major = _major_alone(alone, subject, with_degree) if major is None else None
    for word in filter(None, (subject, found_major)):
        _blot_word(scan, word)
    jobs: list[tuple[str, bool]] = []
    for m in _JOB.finditer(scan.rest):
        told = (
            any(start <= m.start() < end for start, end in story) or _SKILL.search(scan.rest[: m.start()]) is not None
        )
        jobs.append((m[0].removesuffix("岗"), told))
        scan.blot(*m.span())
    wished = [word for word, told in jobs if not told] or [word for word, _ in jobs]
    if subject and wished and not any(subject in word for word in wished):
        wished[0] = subject + wished[0]
    keyword = " ".join(_distinct(wished)) or subject
    place_by_sound = _district_by_sound(scan) if keyword and not district else None
    if keyword:
        return Named(keyword, major=found_major, district=place_by_sound)
    place = next((m for m in _PLACE.finditer(scan.rest) if not any(s <= m.start() < e for s, e in story)), None)
    if place:
        scan.blot(*place.span())
        there = _unknown(scan, found_major, district, True)
        if there.keyword:
            return there
        return Named(None if company or industry else _without_shop(place[0]), major=there.major)
    return _unknown(scan, found_major, district, bool(company or major or industry))


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


def _district_by_sound(scan: Scan) -> str | None:
    for piece in re.split(EDGE, scan.rest):
        for word in _cores(piece):
            alike = sounds_like(word) if _tells(word, piece) else None
            if alike in NICKNAMES or alike in DISTRICTS:
                _blot_word(scan, word)
                return NICKNAMES.get(alike or "", alike)
    return None


def _tells(core: str, phrase: str) -> bool:
    """Whether a part is enough of its phrase to be read by its sound; in a long one any two characters sound like a job."""
    return 2 * len(core) >= len(phrase) or core[-1] in "区县"


def _standing_alone(text: str) -> list[str]:
    """The phrases of a text once greetings, pronouns and question words are gone from both their ends."""
    return [re.sub(r"(?:的|类|方面|相关|方向|毕业|应届)+$", "", phrase) for phrase in re.split(EDGE, text) if phrase]


def _blot_word(scan: Scan, word: str) -> None:
    at = scan.rest.find(word)
    if at >= 0:
        scan.blot(at, at + len(word))


def _unknown(scan: Scan, major: str | None, district: str | None, sure: bool) -> Named:
    """A job that is in no list, a word written by its sound, or nothing."""
    story = _story_spans(scan.rest)
    for start, end in _phrases(scan.rest):
        if (start, end) in story:
            continue
        for piece in re.split(EDGE, scan.rest[start:end]):
            cores = _cores(piece)
            if not cores:
                continue
            word, alike = next(
                ((c, like) for c in cores if _tells(c, piece) and (like := sounds_like(c))), (cores[-1], None)
            )
            if alike in NICKNAMES or alike in DISTRICTS:
                if district is None:
                    _blot_word(scan, word)
                    again = _unknown(scan, major, NICKNAMES.get(alike or "", alike or ""), sure)
                    return Named(again.keyword, again.industry, again.major, NICKNAMES.get(alike or "", alike))
                continue
            if alike in SYNONYMS:
                _blot_word(scan, word)
                scan.sure = False
                return Named(alike, major=major)
            if alike in MAJORS and major is None:
                _blot_word(scan, word)
                return Named(None, major=alike)
            if len(word) <= 8 and _TYPE_OF_JOB.search(word) and len(word) > 1:
                _blot_word(scan, word)
                scan.sure = False
                return Named(word, major=major)
    for m in _NAMED.finditer(scan.rest):
        word = m["doing"] or _bare(m["after"] or m["before"])
        if 2 <= len(word) <= 5 and not _SENTENCE.search(word) and not any(s <= m.start() < e for s, e in story):
            _blot_word(scan, word)
            scan.sure = False
            return Named(word, major=major)
    return Named(_by_place(scan, story), major=major)


def _by_place(scan: Scan, story: list[tuple[int, int]]) -> str | None:
    """A whole phrase beside understood ones that is nothing else: “1w+ 架构” in a city where nobody hires for it yet."""
    if BLOT not in scan.rest:
        return None
    for start, end in _phrases(scan.rest):
        phrase = scan.rest[start:end].strip(BLOT)
        word = _bare(phrase)
        if (start, end) in story or len(phrase) > 7 or not re.fullmatch(r"[一-龥]{2,5}|[a-z][a-z+#]{1,9}", word):
            continue
        if not _SENTENCE.search(word) and not _NO_JOB_NAME.search(word):
            _blot_word(scan, word)
            scan.sure = False
            return word
    return None


def _cores(piece: str) -> list[str]:
    """A phrase, and what is left of it as common words fall off its ends, one after another."""
    found: list[str] = []
    while piece:
        found.append(piece)
        shorter = re.sub(rf"^(?:{_FILLER})", "", piece)
        shorter = re.sub(rf"(?:{_FILLER})$", "", piece) if shorter == piece else shorter
        if shorter == piece:
            return found
        piece = shorter
    return []


def _bare(piece: str) -> str:
    """A phrase without the common words at both its ends."""
    while True:
        shorter = re.sub(rf"^(?:{_FILLER})|(?:{_FILLER})$", "", piece)
        if shorter == piece:
            return piece
        piece = shorter


def left_over(scan: Scan) -> str:
    """What was not understood, without blanks and common words."""
    return "".join(_STRIP.sub("", piece) for piece in re.split(EDGE, scan.rest) if piece)


_SEARCH_TALK = any_of(SEARCH_TALK)
_TALK = re.compile(rf"(?:{_SEARCH_TALK})|[^\w]")


def strange(scan: Scan) -> str:
    """What was not understood and is no word that searches are made of."""
    return "".join(_TALK.sub("", piece) for piece in re.split(EDGE, scan.rest) if piece)
