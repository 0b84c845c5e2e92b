"""The employer that a wish names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Collection

from bot.text.districts import DISTRICTS, NICKNAMES
from bot.text.wishes.scanning import EDGE, Scan, any_of
from bot.text.wishes.vocabulary import EMPLOYERS, MAJORS, PLACES, SYNONYMS, TRADE_OF

_LEGAL = re.compile(r"\(.*?\)|(?:股份|有限|责任|集团|总|分|控股)*公司$|集团$|示例")
_REGION = re.compile(r"^(?:山西省?|大同市?|" + any_of([*DISTRICTS, *NICKNAMES]) + r")+")
_LINE = re.compile(
    r"(?:信息|数据|网络|软件|科技|技术|服务|实业|商贸|贸易|餐饮|物流|传媒|文化|教育|医药|能源|新能源|装备|机械|制造|食品|农业|酒店|管理|咨询|建筑|工程|发展|投资|电子商务|旅游|药业|生物|开发|家政|物业|运输|贸易|装饰|劳务)$"
)
# Where a name is a landmark or a school and not the one who is to hire.
_NEAR = re.compile(
    r"^(?:的)?(?:附近|那边|那块|边上|旁边|周边|周围|跟前|对面|(?:今年|去年|前年|刚|应届|本科|大专|\d+届)*毕业|的?学生|上学|大[一二三四]|读|念|学(?!校)|在读)"
)
_AWAY = re.compile(r"(?:离|挨着|靠近|住在?|家在)$")
# Where one worked before, or where somebody else works: “在富士康干过”, “老公在同煤上班”.
_ONCE = re.compile(
    r"干过|做过|待过|呆过|以前|之前|原来|原先|从前|辞了|辞职|出来的|裁员|被裁|离职|倒闭|(?:干|做|待|呆|上)了\S{0,3}[年月]|不想干了|退下来|退休"
)
_OTHERS = re.compile(
    r"(?:老公|老婆|对象|媳妇|她|他|我?爸|我?妈|男朋友|女朋友|同学|朋友|哥|姐|丈夫|亲戚|家里人)[^\s]{0,3}(?:在|是)$"
)
_KNOWN = re.compile(any_of(EMPLOYERS) + r"(?:集团|公司|大同分?公司)?")
_ORGAN = re.compile(
    rf"(?P<name>(?:大同市?)?(?:第?[一二三四五六七]|市|县|区|中)+(?:人民|中|附属)?(?:医院|中学|小学|中)(?=招|上班|当|做|还|的|{EDGE}|$|有)|"
    r"(?:大同市?)?(?:妇幼保健院|妇幼|总医院|大同大学附属医院)|[一-龥a-z]{2,12}?(?:股份有限公司|有限责任公司|有限公司|集团|公司))"
)
_ASKED = re.compile(
    rf"(?:^|{EDGE}|(?<=想去)|(?<=问下)|(?<=问问)|(?<=请问)|(?<=一下))(?P<name>[一-龥a-z][一-龥a-z0-9]{{1,9}}?)(?:那边|那儿|那里)?(?:最近|现在|今年|目前)?"
    r"(?:还|在|都|也)*(?:招不招|招没招|招着没|招人(?:吗|不|么|没|了)|要人(?:吗|不|么|没)|招(?:应届|大学)?|缺人(?:吗|不))"
)
_JOINED = re.compile(
    r"(?:去|进|到|在|应聘|投)(?P<name>[一-龥a-z][一-龥a-z0-9]{1,9}?)(?:里面?|那边|那儿)?(?:上班|做(?!饭)|当|实习|工作|应聘|干|里干)"
)
_GENERIC = re.compile(
    r"(?:.*(?P<twice>[^大])(?P=twice)(?P<again>.)(?P=again)|(?:大同)?(?:踏实|安稳|老实|好好|安心|正经|长期|本本)|(?:苏州|深圳|广州|杭州|南京|成都|重庆|武汉|西安|郑州|石家庄|呼市|呼和浩特|青岛|济南|宁波|无锡|昆山|东莞|佛山|厦门|上海|天津|长沙|合肥|沈阳|大连|包头|鄂尔多斯|朔州|忻州|阳泉|长治|临汾|运城|晋中|张家口|河北|江苏|浙江|广东|南方|国外|部队|市区|城区)|.*[上里场位多下内]$|.*(?:网站|微信|同城|缅甸|网上|说|看到|招聘|哪|什么|啥|谁|有没有|没有|附近|单位|企业|公司$|国企|央企|私企|外企|民企|事业|工厂|厂子|厂里|大学生|应届|毕业|学生|地方|网上|线上|家里|老家|大同$|本地|外地|这边|那边|"
    r"里头?$|一个|这个|那个|想|找|能|会|要|我|你|他|她|谁家|现在|最近|目前|今年|明年|年底|过年|周末|暑|寒|还|都|有|的|不|好|大厂|小厂|机关|政府|街道|体制|办公室|室内|店里|超市|工地|车间|门店|附近|市里|县|区|村|太原|北京|家|男|女))"
)


@lru_cache(maxsize=8)
def _short_names(companies: tuple[str, ...]) -> re.Pattern[str] | None:
    names: set[str] = set()
    for company in companies:
        full = company.lower()
        core = _LEGAL.sub("", _LEGAL.sub("", full))
        own = _REGION.sub("", core)
        names |= {full, core, own}
        while (shorter := _LINE.sub("", own)) != own:
            own = shorter
            names.add(own)
    names = {name for name in names if len(name) >= 2 and not _is_common(name)}
    return re.compile(any_of(names)) if names else None


def _is_common(word: str) -> bool:
    return (
        word in SYNONYMS
        or word in TRADE_OF
        or word in PLACES
        or word in MAJORS
        or word in NICKNAMES
        or word in DISTRICTS
    )


def take_company(scan: Scan, companies: Collection[str]) -> str | None:
    """An employer by name: one of `companies` (or the part of its name that tells it apart), or one that people know."""
    given = _short_names(tuple(sorted(companies)))
    for pattern in (given, _KNOWN):
        for m in pattern.finditer(scan.rest) if pattern else ():
            if _elsewhere(scan.rest, *m.span()):
                scan.blot(*m.span())
                continue
            if _NEAR.match(scan.rest[m.end() :]) or _AWAY.search(scan.rest[: m.start()]):
                if re.match(r"云冈", m[0]):
                    continue  # “云冈石窟那边” is a place in 云冈区
                scan.blot(*m.span())
                continue
            scan.blot(*m.span())
            return m[0]
    return None


def _elsewhere(text: str, start: int, end: int) -> bool:
    """Whether a name is told of what was or of somebody else's work."""
    phrase_start = text.rfind(" ", 0, start) + 1
    phrase_end = text.find(" ", end)
    phrase = text[phrase_start : phrase_end if phrase_end >= 0 else len(text)]
    if _OTHERS.search(text[phrase_start:start]):
        return True
    return _ONCE.search(phrase) is not None and re.search(r"想|找|有没有|招", text[phrase_start:start]) is None


def take_unknown_company(scan: Scan) -> str | None:
    """An employer that only the form of the sentence gives away: “……招人吗”, “去……当客服”, “……有限公司”."""
    for pattern in (_ORGAN, _ASKED, _JOINED):
        for m in pattern.finditer(scan.rest):
            name, start = m["name"], m.start("name")
            lead = re.match(r"^(?:.*(?:想去|想进|去|进|到|在|找|有没有|请问|问下|问一下|一下|一家|个))(?=.{2})", name)
            if lead:
                name, start = name[lead.end() :], start + lead.end()
            stem = re.sub(r"(?:股份有限|有限责任|有限)?公司$|集团$", "", name)
            if _NEAR.match(scan.rest[m.end("name") :]) or not _is_name(stem, pattern is _ORGAN):
                continue
            scan.blot(start, m.end("name"))
            scan.sure = scan.sure and pattern is _ORGAN
            return name
    return None


_COMMON = re.compile(
    any_of({*(w for w in SYNONYMS if len(w) > 1), *TRADE_OF, *PLACES, *(m for m in MAJORS if len(m) > 1)})
)
_JOBLIKE = re.compile(
    r"(?:员|师|工|长|岗|手|生|专员|助理|经理|主管|老师|人员|司机|活|营生|人|娃|孩子|的|方面|类|学徒)$"
)
_ADJECTIVE = re.compile(
    r"^(?:大|小|好|正规|外包|中介|国有|私人|私营|民营|外资|上市|劳务|派遣|靠谱|外贸|本地|当地|新|老|贸易|代账|家|一|几|这|那|哪|什么|啥|个|各|些|有)+(?:的|点|一点)?$"
)


def _is_name(stem: str, organ: bool) -> bool:
    if len(stem) < 2 or _is_common(stem) or _ADJECTIVE.match(stem):
        return False
    if organ:
        return not _GENERIC.match(stem) or (
            bool(re.match(r"(?:大同|第|[一二三四五六]|市|县|区)", stem)) and not _COMMON.fullmatch(stem)
        )
    return not _GENERIC.match(stem) and not _COMMON.search(stem) and not _JOBLIKE.search(stem)
