"""A job that is in no list, known by its form or by its place in the wish, or written by its sound."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.districts import DISTRICTS, NICKNAMES
from bot.text.wishes.scanning import BLOT, EDGE, Scan, any_of
from bot.text.wishes.spelling import sounds_like
from bot.text.wishes.stories import clauses, told_spans
from bot.text.wishes.vocabulary import FILLERS, MAJORS, SYNONYMS

_FILLER = any_of(FILLERS)
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


def district_by_sound(scan: Scan) -> str | None:
    """The district that a misspelt part sounds like."""
    for piece in re.split(EDGE, scan.rest):
        for word in _cores(piece):
            alike = sounds_like(word) if _tells(word, piece) else None
            if alike in NICKNAMES or alike in DISTRICTS:
                blot_word(scan, word)
                return NICKNAMES.get(alike or "", alike)
    return None


def _tells(core: str, phrase: str) -> bool:
    """Whether a part is enough of its phrase to be read by its sound; in a long one any two characters sound like a job."""
    return 2 * len(core) >= len(phrase) or core[-1] in "区县"


def blot_word(scan: Scan, word: str) -> None:
    """Mark a word as understood where it first stands."""
    at = scan.rest.find(word)
    if at >= 0:
        scan.blot(at, at + len(word))


def named_by_form(scan: Scan, major: str | None, district: str | None, sure: bool) -> Named:
    """A job that is in no list, a word written by its sound, or nothing."""
    story = told_spans(scan.rest)
    for start, end in clauses(scan.rest):
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
                    blot_word(scan, word)
                    again = named_by_form(scan, major, NICKNAMES.get(alike or "", alike or ""), sure)
                    return Named(again.keyword, again.industry, again.major, NICKNAMES.get(alike or "", alike))
                continue
            if alike in SYNONYMS:
                blot_word(scan, word)
                scan.sure = False
                return Named(alike, major=major)
            if alike in MAJORS and major is None:
                blot_word(scan, word)
                return Named(None, major=alike)
            if len(word) <= 8 and _TYPE_OF_JOB.search(word) and len(word) > 1:
                blot_word(scan, word)
                scan.sure = False
                return Named(word, major=major)
    for m in _NAMED.finditer(scan.rest):
        word = m["doing"] or bare(m["after"] or m["before"])
        if 2 <= len(word) <= 5 and not _SENTENCE.search(word) and not any(s <= m.start() < e for s, e in story):
            blot_word(scan, word)
            scan.sure = False
            return Named(word, major=major)
    return Named(_by_place(scan, story), major=major)


def _by_place(scan: Scan, story: list[tuple[int, int]]) -> str | None:
    """A whole phrase beside understood ones that is nothing else: “1w+ 架构” in a city where nobody hires for it yet."""
    if BLOT not in scan.rest:
        return None
    for start, end in clauses(scan.rest):
        phrase = scan.rest[start:end].strip(BLOT)
        word = bare(re.sub(r"岗位?$", "", phrase))
        if (start, end) in story or len(phrase) > 7 or not re.fullmatch(r"[一-龥]{2,5}|[a-z][a-z+#]{1,9}", word):
            continue
        if not _SENTENCE.search(word) and not _NO_JOB_NAME.search(word):
            blot_word(scan, word)
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


def bare(piece: str) -> str:
    """A phrase without the common words at both its ends."""
    while True:
        shorter = re.sub(rf"^(?:{_FILLER})|(?:{_FILLER})$", "", piece)
        if shorter == piece:
            return piece
        piece = shorter
