"""What a turn after a list of postings asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Collection

from bot.text.numbers import hanzi_value
from bot.text.wishes.benefits import benefits_in
from bot.text.wishes.model import Refinement, Wishes
from bot.text.wishes.reading import asks_otherwise, asks_rules, read
from bot.text.wishes.spelling import mended
from bot.text.wishes.vocabulary import synonyms_of

_SAYING = r"(?:嗯+|哦+|啊|那|那么|好的?|行|可以|谢谢|麻烦|请|你|帮我|给我|再|就|能不能|可不可以|能|我想|我要|我|想|算了|都不行|都不合适|不满意|不喜欢|没有?合适的|,|\s)*"
_END = r"(?:吧|吗|么|呗|呢|呀|啊|了|一下|下|看|给|我|没|不|谢|,|\s|啦|哈|的|嘛)*"
_COUNT = r"(?:[几两三一二四五]|\d)?(?:个|条|家|份|批|些|点|页|波|拨|轮|组)"

_MORE = re.compile(
    rf"{_SAYING}(?:(?:换|来|看|推|发|找|出|重新?来|来上|推荐|列|翻)(?:一)?{_COUNT}(?:别的|新的|其[他它]的?|不一样的)?|(?:换|看看?|来点|推点)(?:别的|其[他它]的?|不一样的|新的)|"
    rf"(?:后面|下面|后头|底下|往后)?(?:还有|有)(?:没有|没|别的|其[他它]的?|更多|多的|哪些|啥|什么)*(?:别的|其[他它]的?|更多)?(?:岗位?|工作|职位|推荐|的)?|还有(?:没有?|不)?|更多|下一?页|下一?[批组条个]|往下翻?|翻页|继续|接着(?:看|来|推|说)?|"
    rf"后面(?:的|还有没|呢)|多来{_COUNT}|其[他它]的?(?:呢|有吗)?|别的(?:呢|有吗|有没有|岗位)?|换){_END}"
)
_BACK = re.compile(
    rf"{_SAYING}(?:(?:返?回|退回?|看看?|回到?|往)?(?:到)?(?:上|前)(?:一|面)?(?:页|批|组|波|拨|面|一?次)(?:的)?(?:那些?|那几个|看看)?|往前翻?|前一页|返回|刚才那(?:批|页|几个|些)){_END}"
)
_KEPT = re.compile(
    r"(?:我|看看?|查看?|打开|翻|列|把|的|之前|刚才|过|一下|那些|那几个|都|\s)*(?:收藏(?:夹|的岗位|的工作|的职位|列表|了(?:哪些|啥|什么|几个)|过?的(?:那些|那几个)?|呢)|(?:的|我)收藏|存(?:了|过)?的(?:岗位|工作|职位|那几个)|关注的岗位)(?:岗位|工作|职位|在哪|有哪些|有啥|都有啥|呢|看看|吧|\s)*|我的收藏|收藏"
)
_UNKEEP = re.compile(r"(?:取消|删[除掉]?|去掉|移除|不要|别)[^,。]{0,6}收藏|收藏.{0,5}(?:取消|删|去掉|不要了)|不收藏")
_KEEP = re.compile(r"收藏|(?:存|记|留|标记|保存)(?:下来|一下|起来|着|下)|加(?:到|入)收藏|先留着|存了|mark|码住")
_UNSUBSCRIBE = re.compile(
    r"退订|取消(?:订阅|提醒|推送|关注|通知)|(?:别|不要|不用|不想|停止|关掉?)(?:再)?(?:给我)?(?:(?:推|发)(?:了|来)?$|推送|提醒|订阅|通知|发(?:消息|新岗位|岗位)|收到)(?:了|我)?|不(?:再)?订阅|td$"
)
_SUBSCRIBE = re.compile(
    r"订阅|(?:有|出|来|上)(?:了)?(?:新|合适|更好)(?:的|岗位?|工作|职位|消息)*(?:了|时|的时候|就|请|再|记得|麻烦|一定|随时|及时|第一时间|,|\s)*(?:告诉|通知|提醒|喊|叫|发|推|联系|说|跟我说|给我|和我)|"
    r"(?:有|出|来|上)(?:了)?新的?[^,。]{1,16}(?:告诉|通知|提醒|喊)(?:我|一声|一下)|(?:帮我)?(?:盯着|留意|关注着|留心)(?:点|一下|着)?|新岗位(?:提醒|推送|通知)|每天(?:给我)?(?:推|发)|(?:以后|后面|随时)(?:有了?)?.{0,4}(?:通知|告诉|提醒)我"
)
_SUBSCRIBE_WORDS = re.compile(
    r"订阅|(?:以后|后面|随时)?(?:有|出|来|上)(?:了)?(?=新|合适|更好)|新的?|(?:请|再|记得|就|的话|时候)*(?:告诉|通知|提醒|喊|推给?|发给?)(?:我|一声|一下)+|(?:帮我)?(?:盯着|留意|关注着|留心)(?:点|一下|着)?"
)
"""What of a wish to be told is about the telling; the rest may name another search."""
_RESTART = re.compile(
    rf"{_SAYING}(?:重新?(?:开始|来过?|找|搜|查|选|来一遍|再来|筛选?|输入|设置条件|搜索|找工作)|(?:清空|清除|清掉|重置|删掉|取消|去掉)(?:所有|全部|一切)?(?:的)?(?:条件|筛选|选项|要求|搜索)?|从头(?:来|开始|找)?|(?:条件|要求)?(?:全部|都)?(?:重置|清空|清掉|全?不要了|作废)|"
    rf"(?:条件|要求)(?:全部?|都)(?:不要|去掉|取消)|换个?(?:条件|方向)重新?(?:找|来)|推倒重来|重来){_END}"
)
_NTH = re.compile(
    r"第(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:个|条|家|份|项|款|岗位?|号|则|(?=$|的|呢|详|说|怎|咋|具|看))|(?P<last>最后(?:一)?(?:个|条|家|那个)|最下[面边头](?:那个|的)?|末尾那个|倒数第一个?)|"
    r"(?P<first>最?(?:上头|上面|前面|开头|上边)(?:的)?(?:那个|那条|的那个|一个|第一个)|头一?(?:个|条|家))|(?<![\d第])(?P<no>\d|10)(?:号|#)(?:岗|的)?|^(?:no\.?|#)?(?P<bare>\d)$|中间(?P<middle>那个|的)"
)
_THAT = re.compile(
    r"(?:刚才|刚刚|上面|这|那|前面|方才)(?:的)?(?:说的)?(?:那|这)?(?:个|条|家|份|岗位?|公司|职位|家公司)|它"
)
_DETAIL = re.compile(
    r"详细|详情|细说|具体|多(?:说|讲|介绍)|展开|介绍|说说|讲讲|了解|看看|看一下|是(?:干|做)(?:啥|什么)|干(?:啥|什么)的|咋样|怎么样|怎样|啥情况|什么情况|要求|地址|在哪|哪[里儿个]|位置|几点|上下?班|多少|几个人|工资|"
    r"待遇|双休|五险|包吃|包住|加班|吗|不$|没$|么$|呢|要.{0,6}(?:不|吗|么)|还(?:在)?招|截止|哪天|什么时候|啥时候|行不|远|招几|要几|学历|经验|年龄|多给|福利|点开|打开|名字|叫啥"
)
_APPLY = re.compile(
    r"(?:怎么|咋|如何|怎样|哪里|在哪|哪儿|想|要|我?就|能|可以|帮我|直接)(?:去|能|才能|样)?(?:投(?!诉)|应聘|递|报名|申请|联系|面试)|投(?:简历|递|这个|第|那个|它|一下|了吧|吧|给)|(?:联系方式|联系电话|电话|招聘电话|hr微信|微信)(?:是?多少|呢|有吗|给我|发我|是啥|号|$)?|联系(?:人|谁|他们|哪个)|找谁(?:投|应聘|报)|简历(?:发|投|给|往)(?:哪|谁|到|哪里)"
)
_APPLY_BARE = re.compile(
    rf"{_SAYING}(?:(?:怎么|咋|如何|怎样|去?哪里?|在哪|哪儿|想|要|直接|现在)(?:去|能|才能)?(?:投(?:简历|递)?|应聘|投递|递简历|联系(?:他们|公司|单位)?)|(?:联系)?(?:电话|方式|微信)(?:是)?(?:多少|呢|有吗|给我|发我|是啥|号)*|投简历|"
    rf"简历(?:发|投|递)(?:到|给|往)?(?:哪|谁|哪里|哪儿)){_END}"
)
_HIGHER = re.compile(
    r"(?:工资|薪资|待遇|钱|薪水|月薪|收入|给的|开的?)?(?:能不能|能|可以|有没有|要|得|给|开|想要|还)?(?:再|更|稍微|还|稍)?(?:高|多|好)(?:一)?(?:点|些)(?:的|儿)*|(?:工资|薪资|待遇|钱|薪水)(?:太|有点|都|也|给的|有些)*(?:太)?(?:低|少)|"
    r"(?:嫌|觉得)?(?:工资|钱|薪资|薪水|待遇)(?:低|少)了?|更高(?:的)?(?:工资|薪资|待遇)|涨点|(?:有没有|有)(?:工资|薪资|待遇|钱)?(?:更|再)(?:高|多)的"
)
_BENEFIT_ASKED = re.compile(r"^(?!.*(?:有没有|的|要|找|有不))\S{2,6}(?:吗|么|不)$")
_PAY_WORD = re.compile(r"工资|薪|待遇|钱|收入|开的|给的")

_NAMES = {
    "education": r"(?:学历|文凭)(?:要求|条件)?",
    "district": r"(?:地方|地点|区域|地区|位置|哪个区|区|哪儿|哪里|离家|远近|距离|县|位置|在哪)",
    "salary_min": r"(?:工资|薪资|薪水|待遇|钱|收入|月薪|薪酬|工资要求)",
    "major": r"(?:专业)",
    "industry": r"(?:行业)",
    "keyword": r"(?:岗位?|职位|工种|职业|干啥|做什么|干什么|做啥)",
    "job_type": r"(?:全职兼职|兼职全职|类型|工作类型|性质|工作性质|全职)",
    "company": r"(?:公司|单位|企业|哪家公司|哪家)",
    "benefits": r"(?:福利(?:待遇)?|双休|五险一金|五险|社保|公积金|包吃住|包吃|包住|加班|夜班|班车|休息|住宿|吃住|周末|倒班)",
}
_INDIFFERENT = (
    r"(?:的)?(?:要求|条件|限制)?(?:也|都|就|啥的|什么的|这个|那个|先|可以|倒|其实)*(?:不限|无所谓|随便|不管|不重要|不挑|不卡|不看|没要求|不要求|没关系|不讲究|都行|都可以|都成|都能|都中|放宽|不在乎|不强求|不限制|不用管|不考虑|去掉|取消|删了|删掉|不要了|"
    r"别管|不做要求|好说|哪都行|哪里都行|放开|不用(?:限制|卡|看)|低(?:一)?点(?:也|都)?(?:行|可以|没事)|少点也行|低也行|没有也行|也行|也可以|也能接受|不加也行|高低无所谓|多少都行|多少无所谓)"
)
_LET_GO = r"(?:不管|不限|别管|不看|去掉|取消|不要|不考虑|不卡|放宽|不用管|不挑|删掉?|忽略|别卡|别看|不用看|不在乎|不计较|去了|不要求)(?:了|掉)?(?:什么|啥|这个|那个)?"
_DROPS = {
    name: re.compile(
        rf"(?:{words}(?:和|跟|、|,|{'|'.join(_NAMES.values())})*{_INDIFFERENT}|{_LET_GO}(?:(?:和|跟|、|,)|{'|'.join(_NAMES.values())})*?{words}(?:了|条件|要求|限制|的)*(?!公司))"
    )
    for name, words in _NAMES.items()
}
_ANYWHERE = re.compile(
    r"(?:哪|哪里|哪儿|哪个区|远点|远一点|远近|全市|全大同|整个大同)(?:都|也)?(?:行|可以|成|中|能去|看看|范围)|别的(?:区|县|地方)(?:的)?(?:也|都)?(?:行|可以|看看|有吗|有没有|呢)|(?:不限|不管)(?:区域|地点|在哪|哪里)"
)
_ANY_JOB = re.compile(r"(?:啥|什么|干啥|干什么)(?:工作|岗位|活|岗|职位)?都(?:行|可以|成|中|能干|干)")
_SWAP = re.compile(r"换成|改成|换|改|还是")
_SMALL_TALK = re.compile(
    r"^(?:你好|您好|谢谢|多谢|好的?|嗯+|哦+|行|可以|再见|拜拜|好吧|知道了|明白了?|不错|哈哈|早|在吗|辛苦了|没事了|不用了|不要了|算了|ok|好滴)*(?:你|了|啊|呀|哈|啦|吧|您)*[。!?,\s]*$"
)

_SHORT, _LONGEST = 16, 80
_OF_LAW = re.compile(r"最低工资|工资标准|社保基数")  # figures of a place that a law sets, not wishes


def read_refinement(text: str, current: Wishes, *, companies: Collection[str] = ()) -> Refinement | None:
    """What a turn after a list of postings asks for; None when it is plainly something else."""
    words = re.sub(r"[。!?！？~～…]+", " ", mended(text)).strip()
    if not words or _SMALL_TALK.match(words) or _OF_LAW.search(words):
        return None
    if len(words) > _LONGEST:  # nobody asks for a page or a posting in so many words
        return None
    for kind, pattern in (("more", _MORE), ("back", _BACK), ("restart", _RESTART)):
        if len(words) <= _SHORT and pattern.fullmatch(words):
            return Refinement(kind)
    asked = _about_postings(words, companies)
    if asked is not None:
        return asked
    return _about_wishes(words, current, companies)


def _index(words: str) -> int | None:
    m = _NTH.search(words)
    if m is None:
        return None
    if m["last"]:
        return -1
    if m["first"]:
        return 1
    if m["middle"]:
        return 2
    number = m["n"] or m["no"] or m["bare"]
    value = int(number) if number.isascii() else hanzi_value(number)
    return value or None


def _about_postings(words: str, companies: Collection[str]) -> Refinement | None:
    """A turn that does something with the postings shown, or with the search as a whole."""
    index, that = _index(words), any(_THAT.match(said) for said in (words, re.sub(rf"^{_SAYING}", "", words)))
    if asks_rules(words, strict=True):
        return None
    if _UNSUBSCRIBE.search(words):
        return Refinement("unsubscribe")
    if _UNKEEP.search(words):
        return Refinement("unkeep", index=index)
    if len(words) <= _SHORT and _KEPT.fullmatch(words):
        return Refinement("kept") if words != "收藏" else Refinement("keep")
    if _KEEP.search(words) and len(words) <= 20:
        return Refinement("keep", index=index)
    if _SUBSCRIBE.search(words):
        return Refinement("subscribe", wishes=read(_SUBSCRIBE_WORDS.sub(" ", words), companies=companies).wishes)
    short = len(words) <= 24
    if (len(words) <= _SHORT and _APPLY_BARE.fullmatch(words)) or (
        short and _APPLY.search(words) and (index is not None or that)
    ):
        return Refinement("apply", index=index)
    if (
        short
        and index is not None
        and not re.search(r"第[一二三\d]+(?:年|学历|次|天|批|产业|医院|中学|人民|步|名)", words)
    ):
        return Refinement("detail", index=index)
    if len(words) <= 16 and that and _DETAIL.search(words) and not asks_otherwise(words):
        return Refinement("detail")
    if _BENEFIT_ASKED.match(words) and len(benefits_in(words)[1]) == 1:
        return Refinement("detail")
    if re.fullmatch(
        r"(?:详细|详情|具体)(?:说说?|讲讲|的|介绍|内容|看看|一点|点|信息|一下|情况|说一下)*(?:呢|吧|吗)?|(?:刚才|刚刚|上面)?那个(?:呢|吧)?",
        words,
    ):
        return Refinement("detail")
    return None


def _about_wishes(words: str, current: Wishes, companies: Collection[str]) -> Refinement | None:
    drop = _dropped(words)
    rest = words
    for name in drop:
        for pattern in _patterns(name):
            rest = pattern.sub(lambda m: " " * len(m[0]), rest)
    reading = read(rest, companies=companies)
    wishes = reading.wishes
    if wishes.education == "不限":
        drop, wishes = tuple(dict.fromkeys((*drop, "education"))), replace(wishes, education=None)
    if asks_rules(reading.left) or asks_otherwise(words) or len(reading.strange) > (2 if reading.sure else 0):
        return None
    if drop and not wishes:
        return Refinement("drop", drop=drop)
    if not wishes:
        higher = _HIGHER.search(words)
        if higher and (_PAY_WORD.search(words) or re.search(r"高|多", higher[0])) and len(words) <= 16:
            return Refinement("higher_pay")
        return None
    if wishes.keyword and _is_another(wishes, current) and not _extends(words):
        swap = _SWAP.search(words) and set(wishes.to_dict()) == {"keyword"}
        if not swap:
            return Refinement("new", wishes=wishes)
    elif _extends(words) and wishes.keyword and current.keyword and _is_another(wishes, current):
        wishes = replace(wishes, keyword=f"{current.keyword} {wishes.keyword}")
    return Refinement("narrow", wishes=wishes, drop=drop)


def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    if name == "salary_max":
        name = "salary_min"
    extra = {"district": (_ANYWHERE,), "keyword": (_ANY_JOB,)}
    return (_DROPS[name], *extra.get(name, ()))


def _dropped(words: str) -> tuple[str, ...]:
    found = [name for name in _DROPS if any(pattern.search(words) for pattern in _patterns(name))]
    if "benefits" in found and set(benefits_in(words)[0]) & {"不加班", "不上夜班"}:
        found.remove("benefits")  # “不要夜班”
    if "salary_min" in found:
        found.insert(found.index("salary_min") + 1, "salary_max")
    return tuple(found)


def _extends(words: str) -> bool:
    return re.search(r"(?:也行|也可以|也看看|也想看|也要|也成|也中|也能|也考虑|或者)", words) is not None


def _is_another(wishes: Wishes, current: Wishes) -> bool:
    """Whether another job is named than the one searched for."""
    if not current.keyword:
        return False
    known = {word for keyword in current.keywords for word in synonyms_of(keyword)}
    return not any(w in known or any(w in k or k in w for k in current.keywords) for w in wishes.keywords)
