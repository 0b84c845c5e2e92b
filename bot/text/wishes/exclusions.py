"""What a person does not want: “不要销售”, “除了幼师都行”, “保险就算了”, “别是贷款那种”."""

from __future__ import annotations

import re

from bot.text.districts import DISTRICTS, NICKNAMES, districts_in
from bot.text.wishes.scanning import EDGE, Scan, any_of
from bot.text.wishes.vocabulary import PLACES, SYNONYMS, TRADE_OF

# Unwanted things that are no job and no trade.
_THINGS = (
    "长途", "工地", "贷款", "网贷", "催收", "临时", "外包", "劳务派遣", "派遣", "劳务", "中介", "房产中介", "体力活", "重体力", "重活",
    "流水线", "井下", "下井", "应酬", "喝酒", "出差", "驻外", "外派", "坐班", "单休", "大小周", "加班", "夜班", "倒班", "无责底薪", "无底薪",
    "纯提成", "提成", "外勤", "外贸", "培训机构", "电话", "陪酒", "ktv", "夜场", "酒吧", "直销", "传销", "理财", "推销", "高空",
    "室外", "户外", "化工厂", "厂", "工厂", "电子厂", "车间", "煤矿", "矿上", "矿", "私企", "个体", "小公司", "私立", "民办", "农村", "乡镇",
    "县城", "外地", "考核", "业绩", "试岗", "押金", "实习", "兼职", "见习", "全职", "实习生", "短期", "日结", "合同工", "临时工", "上门", "地推",
    "扫街", "刷单", "直播", "主播", "带货", "跑腿", "外卖", "站着", "久站", "露天",
)  # fmt: skip
_KNOWN_OBJECTS = {*_THINGS, *SYNONYMS, *TRADE_OF, *PLACES, *NICKNAMES, *DISTRICTS}
_OBJECT = any_of(_KNOWN_OBJECTS)
_SKIP = r"(?:(?!下井|外卖|外包|外贸|外勤|外派|跑腿|中介|在家|做账|做饭|开车|到店|当铺|进出口|有氧|打包)(?:给我|我|再|推荐?|介绍|发|有|是|要|想|去|做|干|当|进|跑|搞|弄|碰|那种|那些|这种|什么|啥|任何|沾|和|跟|与|在|来|找|看|让我|从事|到|下|老|的|类似|关于|一个|个))*"
_BEFORE = (
    r"(?:坚决|绝对|千万|就是|反正|但|但是|可|可是)?(?:(?<!要)不要(?!求|紧|钱|学历|经验|太|那么|离)|(?<!想)不想要?(?!考|上学|读|那么|太|离|啃|在家|闲|动|多|麻烦|回|出大同|离开)|"
    rf"不愿意?|不(?=下井|出差|跑长途|喝酒|应酬|驻外|外派|上门|扫街|坐班|站着)|(?<!是)不是(?={_OBJECT})|(?<!做)不做|(?<!干)不干(?!了)|不当|(?<!去)不去|不进|不碰|不找|不看(?!学历|经验|专业)|不跟|不学|(?<!考虑)不考虑|不打算|没兴趣[做干]|不跑(?!空)|不下|不搞|不接受|不喜欢|不推|拒绝|谢绝|远离|避免|不乐意|排除|避开|去掉|讨厌|受不了|不(?:让|许|准|叫|同意)(?:我|他|她|娃|孩子)?(?=去|再|干|做|当|{_OBJECT})|"
    r"别(?:要|是|给|再|推荐?|来|做|去|介绍|发|让|搞|找|当|干|进)(?!太)|除了?(?!非|夕)|除开|除去|不含|非(?=销售|电销)|干不了|做不了)"
)
_WORD = rf"(?:(?:{_OBJECT}){{1,2}}(?:类|岗位?|公司|行业|员|性质|人员|工作|机构|之类)*|[一-龥a-z]{{1,6}}?(?=的|都|就|以外|之外|外|其[他它]|别的|也|想|有没有|最好|那种|这种|之类|一类|类|公司|行业|岗|[、和跟或]|{EDGE}|$))"
_TAIL = r"(?:那种|这种|之类|一类|这类|类|岗位?|公司|行业|工作|什么|啥|的|活|了|职位|以外|之外|外面?|,)*"
_AND = rf"(?:\s*(?:[、和跟或与及/]|或者|还有|以及)\s*{_SKIP})"
_CUED = re.compile(
    rf"(?:(?<![一-龥a-z]){_BEFORE}{_SKIP}\s?|{_BEFORE}{_SKIP})(?P<items>{_WORD}{_TAIL}(?:{_AND}(?:{_WORD}){_TAIL})*)(?:(?:,|\s)?(?:都行|都可以|都成|都中|其[他它]的?都?|别的都?|全都?|都|哪都)(?:行|可以|能|看|成|中|考虑|接受)*)?"
)
_NO_AFTER = (
    r"(?:就?算了(?!学历)|(?<!要)不要(?!求|紧|学历|经验)|(?<!考虑)不(?:予)?考虑|(?<!行)不行|(?:(?<!干)不干|(?<!做)不做|(?<!去)不去|(?<!看)不看|(?<!找)不找|不[进碰投选沾下])(?![一-龥]*的)|除外|以外|之外|别推?(?:荐)?(?:给我)?(?:了|来)?(?=\s|\||$)|别来|别推荐?|别给我|别[看找提发]|"
    r"免了|免谈|免|不想[看做干去当要]|不愿意?[做干去当]|不接受|不感兴趣|没兴趣|不喜欢|pass|勿扰|勿推|绕[道行]|干不[来了]|做不[来了]|可不[去干做要]|一律不\S|排除|不用(?:给我)?(?:推|发|看))"
)
# The whole phrase says no to what it begins with, be that known or not: “售楼处的不要”, “天镇阳高的不去”.
_CLOSED = re.compile(
    rf"(?:(?<=^)|(?<={EDGE}))(?:但是?|可是?|就是|所以|因为|那|反正|还有|另外|那个)?(?P<items>(?:(?:{_OBJECT})|(?![除不别没非])[一-龥a-z]{{1,7}}?)(?:{_AND}?(?:{_OBJECT}))*{_TAIL})(?:我|咱|都|也|就|可|真|那|是|坚决|绝对|千万|全|统统|一律|一概)*"
    rf"{_NO_AFTER}(?:[看推发介绍荐了的来吧啊哈给我这种])*(?:都行|都可以|都成|都能干|也行)?(?={EDGE}|$)"
)
_AFTER = re.compile(
    rf"(?P<items>(?:{_OBJECT}){_TAIL}(?:{_AND}?(?:{_OBJECT}){_TAIL})*)(?:我|咱|都|也|就|可|真|那|是|,)*"
    rf"{_NO_AFTER}(?:了|的)?"
)
# Work named by what one has to do in it: “不拉存款的那种”, “不扛东西”.
_DOING = re.compile(
    rf"(?:(?<=^)|(?<={EDGE}))(?:但|就是|最好|得|要|只要|是|那种)*不(?:让)?(?P<items>(?:[拉卖推陪扛搬爬背冲站押催露熬算](?!求|么)|打(?!卡|扰|算|架))[一-龥]{{1,3}}?)(?:的|那种|的那种|的活|的工作|就行|的就行)*(?={EDGE}|$)"
)
# Work that one has had enough of: “送了两年外卖 不想再跑了”, “销售干够了”.
_ENOUGH = re.compile(
    rf"[送跑卖做干当开教]了?(?:[一两二三四五六七八九十半几\d]+多?个?[年月]|好几年|仨月)?的?(?P<items>{_OBJECT})[^|]{{0,14}}?不想再[干做跑送当卖去碰]了?"
)
_FED_UP = re.compile(
    rf"(?P<items>{_OBJECT})(?:真的|真|实在|我|也|都|早就?|已经)*[干做跑送当卖开](?:够|怕|伤|腻|烦|不动|不下去)了"
)
_CUT = re.compile(r"[、/]|\s|或者|还有|以及|[和跟与及或](?=[一-龥]{2})|\|")
_TRIM_FRONT = re.compile(r"^(?:跑|下|去|干|做|当|进|搞|是|给我|推荐?|那种|什么|啥|太|的|再|有|我|想|到)+(?=[一-龥a-z])")
_TRIM_BACK = re.compile(
    r"(?:那种|这种|之类|一类|这类|类|岗位?|公司|行业|工作|什么|啥|的|活|了|职位|以外|之外|外面?|机构|性质|人员)+$"
)
_WHOLE = {*_THINGS, *SYNONYMS, "在家"}
_VAGUE = re.compile(
    r"^(?:太|那么|很|离|工作|上班|找|读书|特别|这么|非常|加班|远|累|别的|其[他它]|这个|那个|这些|那些|一个|人|我|求|的|钱|经验|脸|急|动|班|学|书|家|活|忙|苦|多|了|再|等|大同|说|问|骗|工资|薪|待遇|低|少|高|大|小|没有?|不|非诚|有|要|会|能|可|学历|专业|年|是|就|都|也|只|啥|什么|哪|怎么)"
)

_TOLD = re.compile(r"[年月]|老公|老婆|媳妇|对象|爸|妈|[他她我]|以前|之前")
_SORT = re.compile(r"[大小](?:机构|作坊|公司|厂|厂子|店|饭店|饭馆|单位|诊所|医院|工地|超市|企业|私企)")


# “跑不跑长途无所谓” refuses nothing.
_EITHER_WAY = re.compile(r"(?P<do>[一-龥])不(?P=do)[^\s|]{0,5}?(?:都|也)?(?:无所谓|都?行|可以|没关系|随便|能接受)")


def take_exclusions(scan: Scan) -> tuple[str, ...]:
    """What is not wanted, in the order of the text; places by their full names."""
    scan.take(_EITHER_WAY)
    found: list[tuple[int, str]] = []
    for pattern in (_ENOUGH, _FED_UP, _DOING, _CLOSED, _CUED, _AFTER):
        for m in pattern.finditer(scan.rest):
            items = list(_items(m["items"]))
            if not items:
                continue
            found += [(m.start(), item) for item in items]
            scan.blot(*m.span())
    if any(item not in _KNOWN_OBJECTS for _, item in found):
        scan.sure = False
    return tuple(dict.fromkeys(item for _, item in sorted(found, key=lambda pair: pair[0])))


def _items(text: str) -> list[str]:
    items: list[str] = []
    for piece in _CUT.split(text):
        word = _trimmed(piece)
        places = districts_in(word)
        if places and sum(end - start for _, start, end in places) == len(word):
            items += [full for full, _, _ in places]
            continue
        parts = re.findall(_OBJECT, word)
        if (
            len(parts) > 1
            and "".join(parts) == word
            and word not in SYNONYMS
            and parts[-1] in SYNONYMS
            and parts[0] in SYNONYMS
        ):
            items += parts
        elif len(parts) > 1 and "".join(parts) == word and parts[-1] in _THINGS:
            items.append(parts[-1])  # 工厂流水线
        elif (
            word
            and (word in _KNOWN_OBJECTS or (not _VAGUE.match(word) and not _TOLD.search(word)) or _SORT.fullmatch(word))
            and (len(word) > 1 or word in ("厂", "矿"))
        ):
            items.append(word)
    return items


def _trimmed(word: str) -> str:
    for _ in range(3):
        if word in _WHOLE or _SORT.fullmatch(word):
            return word
        word = _TRIM_BACK.sub("", word) or word
        if word in _WHOLE:
            return word
        word = _TRIM_FRONT.sub("", word)
    return word
