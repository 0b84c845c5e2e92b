"""What somebody wants of the programme: the question in their words, its nickname, its consent. Patterns, no model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.text.normal import normalise
from bot.text.radio_words import ASKING, GUEST, OBJECT, WHO, WISHES

State = dict[str, Any]

STALE = timedelta(hours=2)
"""After so long a typed turn is not taken for the next step of a question any more."""
NICKNAME_LENGTH = 12
_READ = 400  # characters in which a question is looked for
_FEWEST = 4  # letters or 汉字 of a question

_WORDS = re.compile(r"[^\W_]")
_LABEL = re.compile("〔[^〔〕]*〕")
_EDGE = ' \t\n，,。.；;：:、—-~～“”"「」'
_BREAKS = re.compile(r"[\s，,。；;：:！!？?、]+")
_GREETING = re.compile(
    rf"^(?:{GUEST}|小同|节目组?|各位)?(?:你好|您好|好|在吗|在不在|哈喽|嗨)(?:呀|啊|吗)?[\s，,。！!~]*", re.IGNORECASE
)
_FILLER = re.compile(
    r"^(?:[吗不么嘛呢吧呗没行]+(?=[\s，,。？?])|(?:就是|就说|说是|说(?!说|不|明|法|话)|我的问题(?:就)?是|的问题(?:是)?)|(?:然后|顺便|再|还)?(?:我)?想(?:要)?(?:知道|请教)|"
    r"(?:然后|顺便|再|还)?(?:我|就)?(?:想)?问(?!题)(?:问|一?下(?!一步|期))?|关于(?=.{4})|个问题|一个问题|那个(?=[\s，,])|"
    r"(?:别|不要|不)(?:说|念|露|用)我?(?:的)?(?:真)?名字?|匿名|用化名|就[叫写][^\s，,]{1,12}(?=[\s，,])|谢谢你?们?(?=[\s，,]))[\s，,：:。]*"
)
_NOTHING = re.compile(
    r"(?:一?[个下句些条]|几个)?(?:问题|问|事儿?|话|提问|留言|想法)*(?:要问|要说|想说|想问|想连线|可以|行|好|能|成|中)*(?:不行|不|吗|么|嘛|呢|吧|呗|哈|呀|啊|哦|了)*"
    r"|我(?:有(?:好多|话|个|些)?[^，]{0,4}(?:问|说)?|现在就想问|想连线)|谢谢(?:你们|你|了)?|喽|听着呢|先这样"
)
_BY_WAY = re.compile(r"听|节目|直播|嘉宾|主持|广播|重播|刚才|昨晚|上期|那期|小同|你好")
_ASKS = re.compile(r"[？?吗么呢咋啥甚哪谁]|怎么|什么|多少|几|[不没]$|(.)不\1|有没有|要不要|该|还是|如何|为何")
_SPEAKER = re.compile(r"^(?:我|俺|咱|本人|今年|家里|孩子|我家|\d|大[一二三四专]|应届|刚毕业|毕业)")


def question_in(text: str) -> str | None:
    """The question that a sentence wants asked, without the wish around it; None where it is only the wish.

    “我想问嘉宾 大专去国企有没有前途” → “大专去国企有没有前途”; “我想给节目提个问题” → None.
    """
    plain = text[:_READ].strip()
    while (after := _GREETING.sub("", plain, count=1)) != plain:
        plain = after
    found = _wish(plain) or _span(ASKING.search(plain))
    if found is None:
        return None
    start, end = found
    before, after = plain[:start], _without_wishes(plain[end:])
    if _is_question(after):
        return _joined(before, after)
    before = _trimmed(before)
    if loose := ASKING.search(after):  # “正听着呢，想问一句 …”
        rest = _without_wishes(after[loose.end() :])
        if _is_question(rest):
            return rest
    asks = _is_question(before) and _ASKS.search(before) and not _BY_WAY.search(before)
    return before if asks else None


def as_question(text: str) -> str:
    """What somebody who was asked for the question has said, greetings and wishes taken off; empty where that is all."""
    if (found := question_in(text)) is not None:
        return found
    plain = text.strip()
    while (after := _GREETING.sub("", plain, count=1)) != plain:
        plain = after
    wish = _wish(plain[:_READ])
    if wish is not None and letters_in(plain[: wish[0]] + plain[wish[1] :]) < _FEWEST:
        return ""
    return plain


def _wish(text: str) -> tuple[int, int] | None:
    """Where the first wish stands: the earliest, of those the longest."""
    spans = [match.span() for pattern in WISHES if (match := pattern.search(text))]
    return min(spans, key=lambda span: (span[0], -span[1])) if spans else None


def _span(match: re.Match[str] | None) -> tuple[int, int] | None:
    return match.span() if match else None


def _without_wishes(text: str) -> str:
    """What follows a wish, without more of the same (“帮我记下来念给嘉宾 …”) and without fillers."""
    while True:
        rest = _trimmed(text)
        rest = _FILLER.sub("", rest, count=1)
        ends = [match.end() for pattern in WISHES if (match := pattern.match(rest))]
        rest = rest[max(ends, default=0) :]
        if rest == text:
            return rest
        text = rest


def _trimmed(text: str) -> str:
    return text.strip(_EDGE)


def _is_question(text: str) -> bool:
    """Whether there is enough in it to be read out."""
    return letters_in(text) >= _FEWEST and not _NOTHING.fullmatch(_BREAKS.sub("", text))


def letters_in(text: str) -> int:
    """Letters, digits and 汉字 in a text, the labels of what was masked left out."""
    return len(_WORDS.findall(_LABEL.sub("", text)))


def _joined(before: str, after: str) -> str:
    """With who somebody said they are (“我是大三的，…”), where they said so in a clause of its own."""
    who = _trimmed(before)
    own_clause = bool(before) and before[-1] in " \t\n，,。；;：:、！!"
    if own_clause and _SPEAKER.match(who) and not _BY_WAY.search(who) and letters_in(who) >= 3:
        return f"{who}，{after}"
    return after


# -- other wishes ------------------------------------------------------------------------------------------------------

_OWN = re.compile(
    rf"^(?:看看?|查查?|翻)?(?:一?下)?(?:我|俺)(?:的|给{OBJECT}的?)?(?:提问|提的问题|留言)(?:记录|列表|呢)?[吗呢？?。]*$"
    rf"|(?:我|俺)(?:的|(?:上次|上回|上周|之前|前天|昨天|刚才|那天)?(?:给{OBJECT})?(?:提|问|留|捎|投)(?:过|到)?的?|上次|上回)(?:那个|那条|这个|的那个)?"
    r"(?:提问|问题|留言|话)?[^，,\s]{0,4}?(?:播了?|念了?|选上|选中|入选|排到|轮到|采纳|有回复|回复|审|有信儿?|有消息|啥时候播|咋样了|怎么样了|到哪|捎到)"
    r"|(?:节目|电台|广播|直播)[里上]?念(?:了)?我|(?:[嘉佳]宾|主持人?|他|她|节目)(?:里)?(?:回答|回复|答复|看见|看到|说|咋回|回)(?:了)?我"
    r"|(?:上周|上次|之前|上回|我)(?:问的)?那个问题(?:节目里)?(?:说|播|念|答|咋答)|哪一?期(?:回答|回复|答)我"
    rf"|(?:看|查)(?:看|一?下)?(?:我|俺)(?:都)?(?:给{OBJECT})?(?:提|问)(?:过)?的|我都?问过{OBJECT}|我的提问记录"
    r"|我(?:上回|上次|之前)问的"
    rf"|(?:上回|上次|上周|之前|昨天|前天|我)(?:我)?(?:给{OBJECT})?(?:交|递|报|问|提)(?:给)?(?:{OBJECT})?的(?:那个|那条)?(?:问题)?[^，,\s]{{0,3}}?(?:播|念|选上|入选|回复|答复|有信|咋样)"
    rf"|(?:有(?:没有)?(?:回音|信儿?|着落|下文)[没了吗].{{0,8}}|^)我(?:给{OBJECT})?(?:提|问|交|递)的(?:那个|那条|问题)?(?:有(?:没有)?(?:回音|信儿?|着落|下文)[没了吗]?)?$",
    re.IGNORECASE,
)
_TAKE_BACK = re.compile(
    rf"(?:把)?(?:我|俺|之前|刚才)(?:的|那个|那条|给{OBJECT}的|前天|上次|之前|问{OBJECT}的|提|问|留|的)*(?:提问|问题|留言|那个)[^，,\s]{{0,4}}?(?:撤|删|收回|不要播|不想播|别播|别念|不要念)",
    re.IGNORECASE,
)
_CHANGE_SENT = re.compile(
    rf"(?:改|补充|更正)(?:一?下|改)?(?:我|俺)(?:的|给{OBJECT}的)(?:那个)?(?:提问|问题|留言)|我给{OBJECT}的(?:那个)?(?:问题|提问|留言)[^，,]{{0,6}}(?:改|错)|刚才(?:的|那个|我的)*(?:提问|问题)(?:再)?(?:加一?句|补充|改)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"几点(?:播|开始|有|到)|(?:啥|什么|甚)时候(?:播|开始|有|放)|(?:周|星期|礼拜)几|哪天播|重播|回放|往期|(?:在哪|哪儿?|怎么|咋|如何|哪里)(?:能)?收?听|频率|频道|多少兆|调到"
    r"|(?:[嘉佳]宾|主持人?)(?:是|都是|都有|有)(?:谁|哪些)|(?:谁|哪些人)(?:是|当|来)(?:当)?(?:[嘉佳]宾|主持)|(?:下期|这期|今天|今晚|明天|下周)(?:节目)?(?:的?[嘉佳]宾)?(?:是)?(?:请谁|谁来|谁|讲啥|讲什么|啥主题|什么主题|来谁)"
    r"|请(?:的)?(?:是)?谁|(?:怎么|咋|如何)(?:才能)?(?:参加|参与|报名|联系|上节目)|现场连线|打(?:进|热线)|热线|当[嘉佳]宾|上节目(?!问)|(?:一共|播了|有)几期|多长时间|是(?:个)?(?:啥|什么|甚)(?:节目|栏目)?$"
    r"|(?:要|收|花)(?:不要)?(?:钱|费)|免费|(?:谁|哪个单位|哪家)(?:办|主办)",
    re.IGNORECASE,
)


_NAMED = re.compile(rf"{WHO.pattern}|[这下上]期|播", re.IGNORECASE)
_ALONE = re.compile(r"(?:请问)?(?:怎么|咋|如何)(?:才能)?(?:参加|参与)(?:呢|呀|啊)?[？?。]*")


def asks_for_own(text: str) -> bool:
    """Whether they ask what became of what they asked (“我的提问”, “我上次提的问题播了没”)."""
    return bool(_OWN.search(text.strip())) and not _CHANGE_SENT.search(text)


def takes_back(text: str) -> bool:
    """Whether they want a question back that is with the programme (“把我那个问题撤了”)."""
    return bool(_TAKE_BACK.search(text.strip()))


def changes_sent(text: str) -> bool:
    """Whether they want to change a question that is with the programme (“改一下我的问题”)."""
    return bool(_CHANGE_SENT.search(text.strip()))


def is_about_programme(text: str) -> bool:
    """Whether it is the programme itself that is asked about: when, where, who, how to take part."""
    if asks_for_own(text):
        return False
    asked = question_in(text) or text
    return bool(_ALONE.fullmatch(text.strip())) or (bool(_NAMED.search(text)) and bool(_ABOUT.search(asked)))


def names_programme(text: str) -> bool:
    """Whether programme, guest or host are named, or somebody is asked to ask for them."""
    return bool(WHO.search(text)) or _wish(text[:_READ].strip()) is not None


# -- while a question is being taken -----------------------------------------------------------------------------------

_STOP = re.compile(
    r"(?:那|哎|唉|嗯|还是)*(?:算了|不(?:想)?(?:问|提|投|弄|要|搞)了|取消(?:提问)?|退出|先?不(?:问|提)(?:了|吧)|先不问|放弃|停(?:止)?|别问了)(?:吧|了|谢谢|哈|啊)*[。.!！~\s]*"
)
_EDIT = re.compile(
    r"^(?:等等|等下|等一下|不对|不是|错了)?[，,。\s]*(?:(?:我)?(?:想|要)?(?:改一?下|改改|重(?:新)?(?:写|说|来|问)|换个?(?:说法|问题|问法)|写错(?:字)?了?|打错(?:字)?了?|不对|不是这个|问错了)"
    r"(?:吧|呗|问题)?|改[成为](?P<new>.*)|(?:应该)?是?改?(?:再)?(?:加一?句|补充(?:一?[下句点])?)(?P<more>.*))(?P<rest>.*)$",
    re.DOTALL,
)
_ANONYMOUS = re.compile(
    r"(?:我?(?:要|想|就|还是)?)?(?:匿名|不(?:用|要|留|起|写|说|填|取|想[说留写起填]?)|随便|都行|无所谓|保密|没有|无|(?:就)?(?:写|说|叫)?(?:一?[个位])?(?:听众|网友))"
    r"(?:昵称|名字|称呼|化名|提问|了|吧|就行|就好|好了|呗|的|朋友)*[。.!！\s]*"
)
_CALLED = re.compile(
    r"^(?:那)?(?:就|你?就|请)?(?:叫我?|喊我|我叫|称呼我?|写|用|昵称(?:是|叫|用)?|化名(?:是|叫|用)?|名字(?:是|叫|用)?|就说)[：:\s“\"「]*(?P<name>.+)$",
    re.DOTALL,
)
_ENDING = re.compile(r"(?:吧|就行|就好|好了|呗|得了|就可以|的名字)+[。.!！\s]*$")
_HINT_ANONYMOUS = re.compile(
    r"匿名|(?:别|不要|不)(?:说|念|露|提|报)(?:出)?(?:我)?(?:的)?(?:真)?(?:名字?|姓名)|不露名|一个听众问的"
)
_HINT_NAME = re.compile(r"(?:就叫|就写|叫我)(?P<name>[^\s，,。问：:]{1,12})(?=[\s，,。：:]|$)")
_YES = re.compile(
    r"(?:嗯+|哦|好|行|成|中|得|可以|能|同意|愿意|没问题|没事|当然|对|是|要|ok|都行|随便|没关系|想|尽管|就|你们)*(?:给我|帮我)?(?:念|播|读)?(?:出来|出去)?(?:的|吧|呀|啊|呗|了|哈|可以|就行|没事|没问题)*[。.!！~\s]*",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^[^？?]{0,6}?(?:不(?:要|能|用|想|可以|愿意|同意|行|给|许|太)?(?:念|播|读|在节目|上节目|公开)|别(?:念|播|读|公开)|只(?:要|给|告诉|回|想要?)(?:我|答复)|私下|单独|悄悄)[^？?]{0,10}$"
    r"|^(?:不(?:要|能|用|想|可以|愿意|同意|行|了)?|别|否|no)(?:吧|了|哈|啊|的)*[。.!！~\s]*$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"[？?]|吗|呢$|怎么|咋|什么|啥|甚|多少|为何|为什么|哪|谁|几点|能不能|有没有|是不是|没$|不$|如何"
    r"|你好|您好|在吗|谢谢|再见|拜拜|找|招聘|招人|岗位|工作|活儿?$|政策|补贴|约个?|预约|社保|失业|简历|报名|招聘会|人工|真人|退休|贷款|落户|档案|我的"
)
_PLEASANTRY = re.compile(
    r"(?:嗯+|哦|好的?|行|可以|对|是的?|ok|知道了|收到|继续|接着)(?:吧|呀|啊|呗|了)*[。.!！~\s]*", re.IGNORECASE
)


def stops(text: str) -> bool:
    """Whether they give up asking (算了, 不问了)."""
    return bool(_STOP.fullmatch(text.strip()))


@dataclass(frozen=True)
class Edit:
    """A wish to change the question that was shown: to this text, by adding this one, or to be asked again."""

    new: str | None = None
    more: str | None = None


def edit_in(text: str) -> Edit | None:
    """What is to be changed in the question that was shown; None where nothing is said of it."""
    match = _EDIT.match(text.strip())
    if match is None:
        return None
    if (more := match["more"]) is not None:
        more = _trimmed(more)
        return Edit(more=more) if letters_in(more) >= 2 else Edit()
    new = _trimmed((match["new"] or "") + (match["rest"] or ""))
    return Edit(new=new) if _is_question(new) else Edit()


def nickname_in(text: str) -> str | None:
    """What they want to be called, as they said it: "" for no name at all, None where that is no answer."""
    said = text.strip().strip(_EDGE)
    if _ANONYMOUS.fullmatch(said):
        return ""
    called = _CALLED.match(said)
    name = _ENDING.sub("", called["name"] if called else said).strip(_EDGE)
    if _ANONYMOUS.fullmatch(name):
        return ""
    if called:
        return name or None
    if not name or _PLEASANTRY.fullmatch(name) or _ELSEWHERE.search(name):
        return None
    return name


def nickname_hint(text: str) -> str | None:
    """The nickname in the sentence that asks (“别用我真名 就叫小李 …”): "" for none, None where nothing is said."""
    if match := _HINT_NAME.search(text):
        return match["name"]
    return "" if _HINT_ANONYMOUS.search(text) else None


def consent_in(text: str) -> Literal["air", "reply"] | None:
    """Whether the question may be read out, or is only to be answered; None where that is not what was said."""
    said = normalise(text).strip(_EDGE)
    if not said:
        return None
    if _NO.search(said):
        return "reply"
    return "air" if _YES.fullmatch(_BREAKS.sub("", said)) else None


def belongs(text: str, state: State, now: datetime) -> bool:
    """Whether a typed turn belongs to the question that is being taken; what does not is answered by others.

    `state` is the value of the slot `question`.
    """
    if now - datetime.fromisoformat(state["at"]) >= STALE:
        return False
    if stops(text):
        return True
    match state["step"]:
        case "question":
            return True
        case "nickname":
            if edit_in(text) or (_CALLED.match(text.strip()) and len(text.strip()) <= 2 * NICKNAME_LENGTH):
                return True
            short = len(text.strip()) <= NICKNAME_LENGTH
            return short and (nickname_in(text) is not None or bool(_PLEASANTRY.fullmatch(text.strip())))
        case "consent":
            return consent_in(text) is not None or edit_in(text) is not None
    return False


# -- what is not taken -------------------------------------------------------------------------------------------------

_RUDE = re.compile(
    r"傻[逼屄比叉]|傻\s?[bx](?![a-z])|煞笔|沙比|(?<![a-z])sb(?![a-z])|[操草艹肏日]你|[操草]泥马|尼玛|你妈(?:的|逼|死)|去死吧|去你(?:妈|大爷)|狗屁(?:节目|嘉宾|专家)|滚(?:蛋|犊子)|脑残|智障|王八蛋|婊子|贱人|全家死|垃圾(?:节目|嘉宾|主持)",
    re.IGNORECASE,
)
_TOLD = re.compile(r"骂|说我|叫我|喊我|羞辱|被人")
_CHEATS = re.compile(
    r"(?:怎么|咋|如何|怎样|教(?:我|我们|教)?|想|能不能|可以|有没有(?:办法|门路)|哪里?能?)[^，。,]{0,8}?(?<!防)(?<!被)(?<!不)(?<!受)(?<!反)(?:"
    r"骗(?:点|他|她|人|钱|别人|老人|学生|补贴|贷款|保险|低保|失业金)|套取?[^，。]{0,4}?(?:补贴|社保|公积金|国家的?钱)|骗(?:补|保|贷)|(?:替|代)考|考试作弊|办(?:个|张)?假(?:证|学历|文凭|病历|毕业证)|买(?:个|张)?假?(?:文凭|学历|毕业证|学位证)|"
    r"伪造|造假|洗钱|跑分|拉人头|发展下线|卖(?:银行卡|电话卡|公民信息|客户信息)|吃空饷|逃税|偷税)"
)
_GUARDS = re.compile(r"被骗|防骗|识破|识别|举报|避免|防止|上当|发现|是不是骗|同学|老板让|公司让|让我|逼我")


def is_rude(text: str) -> bool:
    """Whether it insults; what somebody tells of insults (“老板骂我傻逼”) does not."""
    return bool(_RUDE.search(text)) and not _TOLD.search(text)


def wants_to_cheat(text: str) -> bool:
    """Whether it asks how to cheat others; what somebody was made to do, or fears, is no such thing."""
    return bool(_CHEATS.search(text)) and not _GUARDS.search(text)
