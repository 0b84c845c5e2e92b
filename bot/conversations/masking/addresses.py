"""Addresses from the street or the community on down to the room. Cities, districts and streets alone stay: jobs are
looked for by them.
"""

from __future__ import annotations

import re

from bot.conversations.masking.labels import ADDRESS
from bot.conversations.masking.numbers import Found

_N = r"(?:\d{1,4}|[零〇一二三四五六七八九十百]{1,5})"
_ROOM_N = r"(?:[A-Za-z]?\d{1,4}|[零〇一二三四五六七八九十百]{1,5})"
# Characters in which the name of a street or a community does not begin or go on: what stands before it is another word.
_STOP = "我你他她在住到去是的了跟及与从离往区县市省镇乡，,。：:；;、！!？?（(寄送给于叫有没个这那哪（）()“”\"'址搬租"
_NAME = rf"(?:(?![{_STOP}\s〔〕\d])[一-龥A-Za-z])"
_NO_STREET = r"(?!(?:走|思|出|铁|公|网|半|带|认|迷|问|顺|赶|线|在|上|逛|条|这条|那条|哪条|一条|马)(?:路|街))"
_STREET = rf"{_NO_STREET}(?:{_NAME}{{1,7}}?)(?:路|大街|街|大道|巷|胡同|道|环)(?:东|西|南|北|中)?(?:段|侧|路|街)?"
_COMMUNITY_END = (
    "小区|社区|家园|花园|公寓|嘉园|佳园|新村|佳苑|嘉苑|苑|花苑|名苑|丽苑|雅苑|新居|家属院|大院|宿舍楼?|公馆|华府|国际城|新城|新区|庄园|山庄|广场|大厦|写字楼|"
    "[东西南北]里|里|园|城|府|湾|郡|庭|居|村|庄|屯|堡|窑|沟|坡|院"
)
_COMMUNITY = rf"(?:{_NAME}{{1,10}}?)(?:{_COMMUNITY_END})(?:[东西南北]区|[A-Za-z一二三四]区|\d期|[一二三四]期)?"
_HOUSE = rf"{_N}\s?(?:号院|号楼|号(?!线|公告|文|令|通知|开|截止|前|之前|以前|到|至)|弄|栋|幢|座|院|排)"
_BUILDING = rf"(?:{_N}|[A-Za-z])\s?(?:号楼|号宿舍楼|号院|栋|幢|座|楼|号|排|\#)"
_UNIT = rf"{_N}\s?单元"
_ROOM = rf"{_ROOM_N}\s?(?:室|房间|房|户|号|层|楼)?(?!\d|元|块|万|千|人|个|年|月|天|岁|多|左右)"
_GAP = r"[\s,，\-—]{0,2}"
_BELOW = rf"(?:{_GAP}{_BUILDING})?(?:{_GAP}{_UNIT})?(?:{_GAP}{_ROOM})?"

_PATTERNS = [
    # 永泰街15号（3单元201）
    rf"({_STREET}\s?{_HOUSE}(?:[一-龥]{{2,10}}?(?:{_COMMUNITY_END}))?{_BELOW})",
    # 永泰街柳航里小区3号楼2单元501；柳航里3栋
    rf"((?:{_STREET})?{_COMMUNITY}{_GAP}(?:{_BUILDING}{_GAP}{_UNIT}(?:{_GAP}{_ROOM})?|{_BUILDING}{_GAP}{_ROOM_N}\s?(?:室|房|号|户)|{_N}\s?(?:号楼|栋|幢|号院)(?:{_GAP}{_ROOM})?|{_UNIT}(?:{_GAP}{_ROOM})?|\d{{1,3}}-\d{{1,2}}-\d{{3,4}}))",
    # 西村3组12号；12号院
    rf"({_COMMUNITY}{_GAP}(?:{_N}\s?组{_GAP})?{_N}\s?(?:号院|号(?!线|公告|文|楼梯|开|截止|前|之前|以前|到|至)|排\s?{_N}\s?号|户))",
    # 3号楼2单元501
    rf"({_N}\s?(?:号楼|栋|幢|号院){_GAP}(?:{_UNIT}{_GAP})?{_ROOM_N}\s?(?:室|房|号|户)?(?![\d元块人个年月天]))",
    rf"((?:{_N}\s?(?:号楼|栋|幢|楼){_GAP})?{_UNIT}{_GAP}(?:{_N}\s?(?:层|楼)\s?)?{_ROOM_N}\s?(?:室|房|号|户)?(?![\d元块人个年月天]))",
    # 12号宿舍楼305
    rf"({_N}\s?(?:号|栋)?(?:宿舍楼|公寓楼?|宿舍)\s?\d{{3,4}}(?:室|房|号|寝)?(?!\d|元))",
]
_ADDRESSES = [re.compile(pattern) for pattern in _PATTERNS]
_LIVES = r"(?:(?:我|俺|本人|孩子)?(?:现在|目前|一直)?(?:就)?(?:家住|现住|住在|居住在|住(?!房|宿|院|校|的)|租住在|租在|家在|搬到)|(?:家庭|通讯|收件|收货|户籍|居住|现|详细|邮寄)?(?:住址|地址)(?:就?是|为|在|[:：])?)"
_GENERIC = r"(?![一-龥]{0,4}农村)(?!(?:学校|单位|公司|城中|乡|老家|什么|某|同一|附近|隔壁|旁边|对面|公司)[一-龥]{0,2}(?:村|小区|社区|街|路|公寓|宿舍))"
_PREFIX = r"(?:[一-龥]{2,8}?(?:省|市|区|县|镇|乡|街道)){0,4}"
_HOME = re.compile(
    rf"{_LIVES}\s?{_PREFIX}\s?({_GENERIC}(?:{_NAME}{{2,10}}?)(?:小区|社区|家园|花园|公寓|嘉园|佳园|新村|佳苑|嘉苑|苑|新居|家属院|大院|村|庄|屯|里|路|街|巷|胡同)(?:[东西南北]区)?(?:\d{{1,4}}(?:号|栋|幢|楼)?)?)(?=$|[\s,，。.;；!！?？、〔]|附近|那边|旁边|这边|呢|啊|的|有|离|上班|想|找|电话|手机)"
)


def addresses(text: str) -> list[Found]:
    """Where an address stands, without the city or the district before it."""
    found = [Found(m.start(1), m.end(1), ADDRESS) for pattern in _ADDRESSES for m in pattern.finditer(text)]
    found += [Found(m.start(1), m.end(1), ADDRESS) for m in _HOME.finditer(text)]
    return found
