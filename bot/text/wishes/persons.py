"""What a person says of himself in a wish: degree, major, kind of work, and where."""

from __future__ import annotations

import re

from bot.text.districts import districts_in
from bot.text.schooling import SPELLINGS
from bot.text.wishes.scanning import EDGE, Scan, any_of
from bot.text.wishes.spelling import sounds_like
from bot.text.wishes.vocabulary import MAJORS, SYNONYMS

_OPEN_TO_ALL = re.compile(
    r"(?:学历|文凭)(?:的)?(?:都|也|倒)?(?:不限|没有?(?:啥|什么)?要求|无要求|不要求|不做要求|不作要求|无所谓|不卡|不看|不重要|不高也行|低点?也行)|"
    r"(?:不限|不看|不要求?|不卡|没有?|无|啥|什么)(?:学历|文凭)(?:要求|限制)?(?:都行|也行|都可以)?|初中(?:毕业|学历|文凭)"
)
_DEGREE = re.compile(
    r"(?:全日制|统招|普通|正规|自考|函授|应届|成人)*"
    r"(?P<degree>专升本|大专|专科|高职高专|高职|本科|大本|学士|一本|二本|三本|双非|硕士研究生|博士研究生|研究生|硕士|博士|专硕|学硕|研[一二三](?![一-龥])|"
    rf"(?:中专|技校|职高|中技|职专)(?={any_of(MAJORS)})|"
    r"(?:高中|中专|技校|职高|中技|职专)(?=毕业|出来|刚|学历|文凭|生|能|也|可|就|都|的|以上|学(?!校)|\s|\||$))"
    r"(?!医院|院校|学校|目|楼)(?:在读|毕业|出来|学历|文凭|学位|应届|生|及|以上|起步|或以上|就行|也行|的|刚|娃)*"
)
_NO_DEGREE = re.compile(
    r"(?:考|读|上|保|念)(?:不上|个|了|完)?(?:研究生?|博士?|硕士|专升本)(?:没?考?上|失败|落榜|没过)?|考研(?:没?上?岸?|失败|落榜)|博士后|专升本没考?上"
)
_TYPE = re.compile(
    r"(?P<实习>(?:暑期|寒假|带薪|短期)?实习(?:生|岗|的)?(?!期|经[历验]|过|完|结束|证明|老师|报告))"
    r"|(?P<见习>(?:就业|青年)?见习(?:生|岗|期)?(?!过|完|补贴))"
    r"|(?P<兼职>(?:周末|寒假|暑假|网上|线上)?兼职(?!过|经)(?:的)?|(?:寒|暑)假工|暑期工|假期工|周末工|小时工|临时工|打零工|零工)"
    r"|(?P<全职>全职(?!太太|妈妈|儿女|在家)(?:的)?)"
)
_TYPE_PAST = re.compile(r"实习(?:期|经[历验]|过|完|结束)|兼职(?:过|经[历验])|见习(?:过|完)")
_ORIGIN_BEFORE = re.compile(r"(?:家|老家|户口|户籍|本人|我|他|她|孩子|来自|住)(?:就|也|都)?(?:是|在)?$")
_ORIGIN_AFTER = re.compile(
    r"^(?:区|县|市)?(?:的)?(?:人(?!事|力|员|多)|老家|户口|户籍|本地|娃|来的|出来的|过来的|上来的|长大|嫁过来)"
)
# “市里”, the town itself; not “县里市里都行”, and not the city as an authority (“市里发的补贴”).
_IN_TOWN = re.compile(
    r"(?:大同)?市(?:里头?|内|中心)(?:面|边)?(?:的)?(?!(?:医院|中学|学校|给|发|有没有|招|县|管|出|补|规定|政策|领导|也行)|[、和跟或/]?县)|(?<=在)城里头?|大同城里?"
)
# Sights that stand for the county they lie in, where no other place is named.
_SIGHTS = {
    "悬空寺": "浑源县", "恒山": "浑源县", "北岳": "浑源县", "永安寺": "浑源县", "平型关": "灵丘县", "觉山寺": "灵丘县", "空中草原": "灵丘县",
    "火山群": "云州区", "大同火山": "云州区", "土林": "云州区", "得胜堡": "新荣区", "李二口": "天镇县", "守口堡": "阳高县", "大泉山": "阳高县",
    "摩天岭": "左云县", "水神堂": "广灵县",
}  # fmt: skip
_SIGHT = re.compile(rf"(?:{any_of(_SIGHTS)})(?:风景区|景区|那边|那块|附近)*")
_TO = re.compile(r"(?:想|要|愿意?|打算|准备|就|只|找个?)在$|(?:去|到|回|来|离|往)$")
_NO_DISTRICT = re.compile(r"(?:太原|北京|上海|天津|西安|朔州|忻州|呼市|张家口|外地|外省)(?:市区|城区|市)?")

_M = any_of(MAJORS)
_STUDIED = re.compile(
    rf"(?<![奖大中小同入上留自开放升退辍助教就好文数科医化美法力])(?:学|读|念)(?:了|过|得|出来)?(?:个|几年|[三四两]年)?(?:的)?(?:是|专业是)?(?:的)?"
    rf"(?P<major>(?:{_M})(?=专业|的|毕业|出身|方向|类|{EDGE}|$|想|找|能|有|和)|(?![历校生徒习院车期费位点技东手啥什的了前完]|会(?!计))[^\W\da-z的]{{2,7}}?(?=专业|的|毕业|出身|方向|{EDGE}|$|想|找|能|有)|(?:{_M}))"
    rf"(?:专业|方向|系)?(?:毕业|出身|出来|科班)*(?:的|生)?"
)
_CALLED_MAJOR = re.compile(
    rf"(?:专业(?:是|[:：])(?P<after>(?:{_M})(?={EDGE}|$|的|想)|[一-龥]{{2,8}}?(?={EDGE}|$|的|想)|{_M}))|"
    rf"(?P<known>{_M})(?:类|相关|这个|这)?(?:的)?(?:专业|系(?!统|列)|科班)(?:对口|相关|毕业|出身)*(?:的|生)?|"
    rf"(?P<unknown>[一-龥]{{2,8}}?)(?:类|这个)?专业(?:毕业|出身)?(?:的|生)?|"
    rf"(?P<left>{_M})(?:毕业生?|出身|应届生?)(?:的)?"
)
_NO_MAJOR = re.compile(
    r"专业(?:不限|无所谓|对口|都行|没要求|不对口|不匹配)|(?:对口|相关|不限|本|什么|啥|我的|别的|任何|非|跨|所学)(?:的)?专业|专业(?:性|技能|技术|人员|知识|点)"
)
_LEAD = re.compile(
    r"^(?:是|的|我|他|她|读|念|大学|本人|孩子|娃|儿子|闺女|女儿|就|一个|个|有没有|有|找|找个|想找|和|刚|家里?|那个|我们?|招|技校|中专|职高|大学|学院)+"
)


_DEGREE_WORD = r"(?:全日制|统招|普通|正规|在读|民办)*(?:大专|专科|高职|本科|大本|硕士|研究生|博士|专升本|二本|一本|三本|中专|技校|职高|学士)"
# “医学检验本科”, “口腔医学的大专”, “硕士思政”: what stands beside a degree was studied.
_BESIDE_DEGREE = re.compile(
    rf"(?P<before>{_M})(?:专业|系|类|方向)?(?:的)?(?={_DEGREE_WORD})|(?:{_DEGREE_WORD})(?:毕业|学历|生)?(?P<after>{_M})(?:类|方向)?(?={EDGE}|$)"
)


def take_major_of_degree(scan: Scan) -> str | None:
    """The major that stands right beside a degree; after one only where it is no job as well (“大专会计”)."""
    for m in _BESIDE_DEGREE.finditer(scan.rest):
        name = "before" if m["before"] else "after"
        if name == "after" and m["after"] in SYNONYMS:
            continue
        scan.blot(*m.span(name))
        return m[name]
    return None


def take_education(scan: Scan) -> str | None:
    """The degree that is said, the first one of several."""
    scan.take(_NO_DEGREE)
    open_to_all = scan.take(_OPEN_TO_ALL)
    found = scan.take(_DEGREE)
    if open_to_all:
        return "不限"
    levels = [m["degree"] for m in found]
    if not levels:
        return None
    level = levels[0]
    if level in ("专升本", "三本"):
        return "本科"
    return "硕士" if level.startswith("研") or level.endswith("硕") else SPELLINGS[level]


def take_type(scan: Scan) -> str | None:
    """全职, 实习, 见习 or 兼职, where one is asked for."""
    scan.take(_TYPE_PAST)
    found = [m.lastgroup for m in scan.take(_TYPE)]
    return found[0] if found else None


def take_districts(scan: Scan) -> str | None:
    """Where the job is to be; where the person comes from only if no other place is named."""
    scan.take(_NO_DISTRICT)
    named = districts_in(scan.rest)
    wanted: list[str] = []
    origins: list[str] = []
    for full, start, end in named:
        before, after = scan.rest[:start], scan.rest[end:]
        origin = (_ORIGIN_BEFORE.search(before) or _ORIGIN_AFTER.match(after)) and not _TO.search(before)
        (origins if origin else wanted).append(full)
    for _, start, end in named:
        tail = re.match(r"(?:区|县|县?城|县里|市)(?:里|那边|这边)?", scan.rest[end:])
        scan.blot(start, end + (tail.end() if tail else 0))
    town = scan.take(_IN_TOWN)
    if town and (not wanted or re.search(r"(?:或者?|和|跟|、)$", scan.text[: town[0].start()])):
        wanted.append("平城区")
    sights = [_SIGHTS[name] for m in scan.take(_SIGHT) for name in _SIGHTS if m[0].startswith(name)]
    return " ".join(dict.fromkeys(wanted or origins or sights[:1])) or None


def take_major(scan: Scan) -> str | None:
    """The major, where a word says that it is one: “学会计的”, “会计专业”, “幼师毕业”."""
    scan.take(_NO_MAJOR)
    major: str | None = None
    for pattern in (_CALLED_MAJOR, _STUDIED):
        for m in pattern.finditer(scan.rest):
            word = next(group for group in m.groups() if group)
            start = m.start()
            lead = _LEAD.match(word) if word not in MAJORS else None
            if lead:
                word, start = word[lead.end() :], start + lead.end()
            if (
                word not in MAJORS
                and (studied := re.match(r"^.*?学(?=.{2,}$)(?:的)?", word))
                and not word.endswith("学")
            ):
                word = word[studied.end() :]
            if len(word) < 2:
                continue
            if word not in MAJORS:
                word = _mended_major(word)
            if word not in MAJORS and not re.search(r"专业|的|毕业|系", m[0]) and len(word) > 4:
                continue
            if word not in MAJORS and re.search(r"[吗么呢吧不没]$", word):
                continue  # “学个修车行不”
            scan.sure = scan.sure and word in MAJORS
            if len(word) < 2:
                continue
            scan.blot(start, m.end())
            major = major or word
    return major


def _mended_major(word: str) -> str:
    word = re.sub(r"(?:方面|相关|类|的)$", "", word)
    alike = sounds_like(word) if word not in SYNONYMS else None
    return alike if alike in MAJORS else word
