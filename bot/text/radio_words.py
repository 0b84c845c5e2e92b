"""How people of 大同 name the programme, its guests and hosts, and the wish to have something asked there."""

from __future__ import annotations

import re

PROGRAMME = r"(?:对话青春|fm\s?96[.。点]?1|96[.。点]1|961|九六点?一|节目|栏目|电台|广播|直播|台)"
GUEST = (
    r"(?:(?:[嘉佳家]宾|[嘉加]兵)(?:老湿|老师)?|主持人?(?:姐姐|哥哥|老师)?|zhuchiren|企业家|老板|老总|专家|老师|创业者|"
    r"(?:创业|当老板|种黄花|养牛)的?(?:大姐|大哥|那些人|人)?|(?:团市委)?领导)"
)
WHO = re.compile(rf"{PROGRAMME}|[嘉佳家]宾|[嘉加]兵|主持|zhuchiren", re.IGNORECASE)
"""What tells that the programme is meant at all."""

_OF = (
    r"(?:(?:今天|今晚|明天|明晚|昨晚|昨天|这|那|下|上|刚才?|请来|节目|台|做|开|种|养|讲|创业|当|搞)"
    r"[^，。,：:；;？?！!\s]{0,8}?)?"
)
OBJECT = rf"(?:{_OF}(?:{PROGRAMME}组?(?:[里上中])?(?:的)?(?:{GUEST})?|{GUEST})们?|(?:刚|那|这)[^，。,\s]{{0,6}}?位(?:大姐|大哥)?)"
_END = r"(?=[\s，,：:。？?]|$)"
_LEAD = (
    r"(?:(?:嗯+|哎|那个|就|也|还|再|先|然后|顺便|提前|主要|其实|小同|请|麻烦(?:你|您|一?下)?|能不能|能否|可不可以|可以|能|想|要|"
    r"求|有(?:个|道|些)?(?:问题|事儿?|难题|疑问)|我们?|俺们?|你们?|您|匿名|听众(?:朋友)?|当[爹妈娘]的|"
    r"(?:我|俺)(?:妈|爸|室友|同学|同桌|宿舍[^\s]{0,3})(?:让我|想)?(?:匿名)?)\s?){0,7}"
)
_WHOM = r"(?:忙|我们?|俺们?|全班|大家|咱|(?:我|俺)?[^\s，,问把捎提]{1,3})"
_FOR = rf"(?:(?:帮|替|给|让|请|代){_WHOM}?\s*)?"
_AT = rf"(?:(?:在|上|到|往|从|拿到|通过|借)?{PROGRAMME}组?[里上中]?\s*)?"
_DOWN = r"下(?!一步|期|周|个?月|次|午)"
_ASK_ONCE = rf"问(?!题)(?:问|一问|一?句|一?{_DOWN})?(?:一?个(?:问题|事儿?|{_END}))?"
_ASK = rf"(?:提前|再)?(?:{_ASK_ONCE}|(?:请教|采访|追问|反问|咨询|打听)(?:一?{_DOWN}|一?句)?)"
_PUT = (
    r"(?:提|投|留|递|发|捎|传|写|出|点|交|转|记|说)(?:上|下来?|一下)?(?:[一几]?[个条句张点道]|一?些)?"
    r"(?:问题|提问|选题|留言|条子|纸条|消息|题|问|话|言|稿)?"
)
_A_QUESTION = rf"(?:\s*(?:一?句|一?{_DOWN}|一?个(?:问题|事儿?|{_END})|(?:这个)?问题|几个问题))?"
_SAY = r"(?:给(?:我|俺|大家)?)?(?:(?:说|讲|聊|谈)一?(?:说|讲|聊|谈)|[说讲聊谈])(?:一?下(?!期|一步))?"

WISHES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 我想问问嘉宾…, 替我问嘉宾…, 请教那位专家…
        rf"{_LEAD}{_FOR}{_LEAD}{_AT}{_ASK}{OBJECT}(?:的)?{_A_QUESTION}",
        # 能帮我在节目里问问…, 帮我在广播上问一句…, 节目里能不能问问…
        rf"{_LEAD}{_FOR}{_LEAD}(?:在|上|拿到|到|往){PROGRAMME}组?[里上中]?\s*{_LEAD}{_FOR}"
        rf"(?:{_ASK}|念一?[下念](?:我的事|我这个)?|{_SAY})(?:{OBJECT})?",
        rf"{_LEAD}{OBJECT}(?:的)?\s*{_LEAD}(?:帮|替|给)(?:我|俺|我们|忙)*\s*(?:{_ASK}|念一?[下念])(?:{OBJECT})?{_A_QUESTION}",
        # 让嘉宾说说…, 想听企业家讲讲…, 节目里能不能说说…
        rf"{_LEAD}(?:让|请|听|想听|希望|建议)\s*{OBJECT}\s*{_LEAD}{_SAY}",
        rf"{_LEAD}{PROGRAMME}组?[里上中]?\s*(?:能不能|能|可以)\s*(?:念一?[下念]|{_SAY})",
        # 让嘉宾点评一下我的想法, 嘉宾能不能给俺出个主意: what is wished for stays
        rf"{_LEAD}(?:让|请)?{OBJECT}\s*{_LEAD}(?=点评|推荐|劝|指条路|支个?招|给(?:我|俺)(?:支|指|出|推))",
        # 给节目提个问题, 给主持人留言, 捎个话给嘉宾, 把这个问题交给主持人
        rf"{_LEAD}(?:给|向|跟|对|往){OBJECT}\s*{_LEAD}{_PUT}",
        rf"{_LEAD}(?:给|跟|对){OBJECT}{_END}",
        rf"{_LEAD}{_FOR}(?:把(?:这个|我这句|我的|这)?(?:问题|话)?)?{_PUT}\s*(?:给|到){OBJECT}{_A_QUESTION}",
        rf"{_LEAD}(?:转告|告诉|告知|念给)\s*{OBJECT}(?:一声|一?句)?",
        rf"{_LEAD}(?:给(?:我|俺))?念(?:一?[念下]|给大家听|出来)(?:我(?:这个|的事|的问题)?)?{_END}",
        # 帮我问问…, 替我儿子问一下 (nobody named)
        rf"{_LEAD}(?:帮|替){_WHOM}\s*{_LEAD}{_ASK}",
        rf"{_LEAD}(?:帮|替)(?:我|俺){_PUT}{_END}",
        # 听众提问, 匿名提问, 投稿, 我要提问, 提个问题
        r"(?:听众(?:朋友)?|匿名|电台|节目|现场)?(?:我)?(?:想|要)?(?:提问|投稿|留(?:个)?言|liuyan)(?:一?[个下条](?:问题)?)?",
        rf"{_LEAD}[提投留](?:一?[个条])(?:问题|提问|选题)?{_END}",
    )
)
"""Each from its beginning to where the question may begin."""

ASKING = re.compile(
    rf"(?:(?<=^)|(?<=[\s，,。；;、！!？?])){_LEAD}(?:{_FOR}{_ASK}|让(?:他们?|她们?|你们){_SAY}|我这(?:里|儿)?有(?:一)?个)(?:(?:他们?|她们?){_END})?",
    re.IGNORECASE,
)
"""A wish to ask that names nobody; it tells where the question begins, but not that the programme is meant."""
