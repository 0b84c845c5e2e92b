"""What a turn says in a talk about a person: the question itself, how long it takes, never mind. Pure text code."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from bot.text.guidance_wishes import contact_in
from bot.text.normal import normalise

OPEN_FOR = timedelta(hours=1)
"""For how long what was asked waits for its answer."""

MASKED = re.compile("〔(?:手机号|电话|号码|邮箱|账号)〕")
"""What stands in the place of a contact in the texts that dialogues see."""

_MARKS = re.compile(r"[\s,，。.!！?？~～、;；:：…\-—]+")
# What people need somebody for. A wish for a person that names none of these (“你听不懂 叫个人”) says nothing of it yet.
_MATTER = re.compile(
    r"档案|社保|医保|养老|补贴|补助|贷款|贴息|户口|落户|三方|协议|合同|工资|薪|押金|面试|笔试|岗位|报名|预约|招聘会|毕业|报到|派遣|公积金|失业|工伤|辞职|辞退|离职|"
    r"政策|登记|简历|材料|证明|证书|资格证|身份证|退款|退费|退钱|违约|仲裁|公司|单位|实习|见习|培训|创业|就业|组织关系|党员|团员|学籍|学历|学位|考公|考编|考研|国考|省考|"
    r"三支一扶|西部计划|选调|特岗|入伍|征兵|参军|税|营业执照|执照|注册|场地|房租|租房|低保|学费|助学|怀孕|产假|加班|试用期|转正|骗|举报|投诉(?=[^你您机])|成绩|录取|体检|政审|公示"
)
_WANTED = r"(?:转|找|要|换|接|叫)(?:个|一?下|一个|到|成|给)*(?:人工(?:客服|服务|坐席)?|真人(?:客服)?|活人)"
_WANTS = re.compile(
    rf"^(?:你好|您好|麻烦(?:你|您)?|请|帮我|给我|我要|我想|能不能|能|直接|快)*{_WANTED}|{_WANTED}(?:吧|啊|呀|行不|行吗)?$"
)
_STOP = re.compile(
    r"(?:(?:算了|不用了|不用|不找了?|不问了?|不想(?:问|找|说)了?|没事了?|没啥了?|取消|先?不(?:了|说了?|转了?|找人了?|留了?)|别(?:找|转|叫)了?|拉倒|不需要了?|不转人工了?|跟你说(?:就行|吧)?|还是你(?:答|说)吧?|退出|返回)"
    r"(?:吧|了|啊|哈|谢谢|谢了|你答吧|我自己查)*){1,3}"
)
_NO_WAIT = re.compile(
    r"(?:我|先)?(?:不等了?|别等了?|不排了?|不排队了?|不等人了?|不用等了?|取消排队|退出排队|不找(?:人|真人|人工)了?|算了不等了?|等不(?:了|及|起)了?|不用找人了?)(?:吧|了|啊|哈|谢谢)*"
)
_PLACE = re.compile(
    r"(?:还要?|得|要|需要)?(?:等|排)(?:多久|多长时间|几分钟|多少人|到哪|到我|几个|到几)|(?:还要?|得)多(?:久|长时间)|(?:我)?(?:排|到)(?:第)?几(?:个|位|号|了)?|第几个?|"
    r"前(?:面|头)(?:还)?(?:有)?(?:几|多少)|(?:人|老师|人工|工作人员)(?:呢|来了?(?:没|吗|不)|啥时候来|什么时候来|怎么还(?:不|没)来|咋还(?:不|没)来)|到我了?(?:没|吗|不)|(?:排|等)到(?:没|哪|我)|有人(?:来|接)了?(?:没|吗)|还没(?:人|来|到)|轮到我"
)
_LEAVE_NOTE = re.compile(r"(?:先)?(?:留(?:个|句|一句|下)?(?:话|言)|留言)(?:吧|行不|可以吗|算了)?")
_NO_CONTACT = re.compile(
    r"(?:我)?(?:不(?:用|留|想留|给|方便|要|愿意留|了|必)?|别|没有?|算了|就这(?:儿|里)?|在这(?:儿|里)?|这(?:儿|里)就行|无|免)[^\d]{0,8}"
)


def wants_person(text: str) -> bool:
    """Whether a person is asked for by name, whatever else is said beside it."""
    return _WANTS.search(_MARKS.sub("", normalise(text))) is not None and not stops(text)


def question_in(text: str) -> str | None:
    """What a wish for a person says it is about, as it was written; None for the bare wish."""
    return text.strip() if _MATTER.search(normalise(text)) else None


def stops(text: str) -> bool:
    """Never mind."""
    return _STOP.fullmatch(_MARKS.sub("", normalise(text))) is not None


def waits_no_more(text: str) -> bool:
    """Somebody in the queue does not want to wait."""
    plain = _MARKS.sub("", normalise(text))
    return _NO_WAIT.fullmatch(plain) is not None or _STOP.fullmatch(plain) is not None


def asks_place(text: str) -> bool:
    """Somebody in the queue asks how long it takes."""
    plain = _MARKS.sub("", normalise(text))
    return len(plain) <= 16 and _PLACE.search(plain) is not None


def leaves_note(text: str) -> bool:
    """Somebody in the queue would rather leave a message."""
    return _LEAVE_NOTE.fullmatch(_MARKS.sub("", normalise(text))) is not None


def gives_no_contact(text: str) -> bool:
    """Somebody does not want to leave a contact."""
    plain = _MARKS.sub("", normalise(text))
    return _NO_CONTACT.fullmatch(plain) is not None or _STOP.fullmatch(plain) is not None


def gives_contact(text: str) -> bool:
    """Whether there is a contact in it, or the label that one was masked with."""
    return MASKED.search(text) is not None or contact_in(normalise(text)) is not None


def belongs(text: str, state: dict[str, Any] | None, now: datetime) -> bool:
    """Whether a typed turn belongs to the open talk: what was asked for is whatever is said, if it is said soon."""
    if not state or now - datetime.fromisoformat(state["at"]) >= OPEN_FOR:
        return False
    step = state["step"]
    if step in ("question", "message"):
        return True
    if step == "contact":
        return gives_contact(text) or gives_no_contact(text)
    return asks_place(text) or waits_no_more(text) or leaves_note(text)
