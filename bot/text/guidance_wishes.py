"""What a turn about one-on-one guidance says: what to do, and the topic, way, adviser named. Pure text code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from bot.text.guidance_words import (
    ACTS,
    AGREEING,
    ANY_DAY,
    ANY_MODE,
    ANY_TOPIC,
    ASKING,
    AVAILABLE,
    FILLER,
    GUIDANCE,
    INDEX,
    LAST,
    MODES,
    NO_CONTACT,
    OTHER_MATTER,
    POLITE,
    REFUSING,
    SOONEST,
    SURNAMES,
    TOPICS,
    TRADITIONAL,
)
from bot.text.normal import normalise
from bot.text.numbers import hanzi_value
from bot.text.times import Reading, read_times

_ADVISER = re.compile(rf"(?P<name>[{SURNAMES}])(?:老师|导师|老湿|律师|教练)")
_HANZI = re.compile(r"[一-鿿a-z0-9]")
_MARKS = re.compile(r"[\s,，。.!！?？~～、;；:：…]+")
_DENIED_BEFORE = re.compile(r"(?:不(?:要|想|用|方便|能|是|太想)?(?:打|走|用)?|别(?:打|用)?|没法)$")
_DENIED_AFTER = re.compile(
    r"^(?:的|聊|沟通|指导)?(?:就|也|我)?(?:不(?!要紧|错|贵|知道|会)(?:要|行|方便|用|想|太行|去|去了)?(?!$)|不(?:要|行|了|方便|想|用)|太远|算了|去不了)"
)
_CHANGED_AFTER = re.compile(r"^(?:的|那个|方式)?(?:能不能|可以|能)?(?:改|换)(?!简历|成?$)")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_WECHAT = re.compile(r"(?:微信|vx|wx|v信)号?(?:是|[:：])?\s*([a-z][\w-]{5,19})")
_MASKED = re.compile(r"(?:微信|手机|电话|邮箱)?(?:号码?)?(?:是|[::])?\s*[〔\[](?:手机号|电话|邮箱|账号)[〕\]]")
_LITTLE = 2  # characters that may be left over in a turn that goes on with a booking
_LITTLE_MORE = 6  # beside a contact: “我的手机号是”
_SHORT = 6  # characters of an answer to yes or no that the lists below do not know


@dataclass(frozen=True)
class GuidanceWish:
    """One turn. `act`: book, change, cancel, stop, mine, another_adviser, wait, resume, restart, queue, more, refuse, confirm.

    Facts stand beside it: “改到周五” is `change` with a time, “不对，是周四” is `refuse` with one. `adviser` is a surname.
    `masked`: a contact was named that the gateway masked on its way in. `index` counts from 1, -1 is the last. `rest` is how many characters nothing here accounts for.
    """

    act: str | None = None
    topic: str | None = None
    mode: str | None = None
    adviser: str | None = None
    any_day: bool = False
    any_mode: bool = False
    any_topic: bool = False
    soonest: bool = False
    index: int | None = None
    contact: str | None = None
    masked: bool = False
    no_contact: bool = False
    times: Reading = field(default_factory=Reading)
    rest: int = 0

    @property
    def facts(self) -> bool:
        """Whether it names anything about a session."""
        named = self.topic or self.mode or self.adviser or self.any_day or self.any_mode or self.any_topic
        return bool(named or self.soonest or self.index or self.times.parts)

    @property
    def agrees(self) -> bool:
        """Whether it is agreement and nothing else: what stands beside a yes may be another matter."""
        return self.act == "confirm" and not self.rest


def read_guidance_wish(text: str, now: datetime) -> GuidanceWish:
    """What a turn says. `now` is aware. Never raises, whatever the text."""
    plain = normalise(text).translate(TRADITIONAL)
    times = read_times(plain, now)
    covered = list(times.spans)
    mode, any_mode = _mode(plain, covered)
    topic = _topic(plain, covered)
    adviser, unwanted = _adviser(plain, covered)
    contact = contact_in(plain, covered)
    flags = {
        name: _cover(pattern, plain, covered)
        for name, pattern in (
            ("any_day", ANY_DAY),
            ("any_topic", ANY_TOPIC),
            ("soonest", SOONEST),
            ("no_contact", NO_CONTACT),
            ("masked", _MASKED),
        )
    }
    act = _act(plain, covered)
    index = _index(plain, covered)
    if act is None and not any(flags.values()):
        act = _answer(plain, covered)
    if any(flags.values()) and act == "stop" and flags["no_contact"]:
        act = None
    if unwanted and adviser is None and act in (None, "refuse", "change"):
        act = "another_adviser"
    _cover(REFUSING, plain, covered)
    _cover(AGREEING, plain, covered)
    return GuidanceWish(
        act, topic, mode, adviser, index=index, contact=contact, times=times, any_mode=any_mode,
        rest=_rest(plain, covered, POLITE if act == "confirm" else FILLER), **flags,
    )  # fmt: skip


def is_about_guidance(text: str, state_open: bool, now: datetime) -> bool:
    """Whether a typed turn belongs to the booking that is open, or plainly opens one; a policy question never does."""
    wish = read_guidance_wish(text, now)
    plain = normalise(text).translate(TRADITIONAL)
    if wish.act == "mine":
        return True
    if OTHER_MATTER.search(plain) and not (state_open and wish.rest == 0):
        return False
    if not state_open:
        return bool(GUIDANCE.search(plain)) and wish.act in ("book", "change", "cancel", "another_adviser", "queue")
    if wish.contact or wish.masked or wish.no_contact:
        return wish.rest <= _LITTLE_MORE
    if wish.act in ("confirm", "refuse") and not wish.facts:
        return wish.rest == 0
    if wish.topic and not GUIDANCE.search(plain) and (wish.topic == "政策" or ASKING.search(plain)):
        return "政策" in plain and wish.rest <= _LITTLE and not ASKING.search(plain)
    if wish.times.options and AVAILABLE.search(plain) and not ASKING.search(plain):
        return True
    named = bool(wish.act or wish.facts)
    telling = wish.act or wish.topic or wish.mode or wish.adviser  # a day or a number may belong to anything
    return named and (wish.rest <= (_LITTLE if telling else 1) or bool(GUIDANCE.search(plain)))


def changes_booking(text: str, now: datetime) -> bool:
    """Whether a turn after a look at what is booked changes it or calls it off: “取消”, “改到周五”."""
    wish = read_guidance_wish(text, now)
    return wish.act in ("change", "cancel", "another_adviser") and wish.rest <= _LITTLE


def names_only_topic(text: str, now: datetime) -> bool:
    """Whether a turn names what could be talked about, and nothing else of a session: no time, no way, no wish to change."""
    wish = read_guidance_wish(text, now)
    others = wish.act or wish.mode or wish.adviser or wish.times.parts or wish.index or wish.soonest or wish.any_day
    return wish.topic is not None and not others and not GUIDANCE.search(normalise(text).translate(TRADITIONAL))


def gives_contact(text: str, now: datetime) -> bool:
    """Whether a turn after a booking answers the question for a contact, and says nothing else."""
    wish = read_guidance_wish(text, now)
    return bool(wish.contact or wish.masked or wish.no_contact) and wish.rest <= _LITTLE_MORE


def is_short_answer(text: str) -> bool:
    """Whether a turn is so short that it can be nothing but a yes or a no, where the classifier took it for one."""
    plain = normalise(text)
    return len(_HANZI.findall(plain)) <= _SHORT and not OTHER_MATTER.search(plain) and not _MARKS.search(plain.strip())


def contact_in(text: str, covered: list[tuple[int, int]] | None = None) -> str | None:
    """A telephone number, a mail address or a WeChat name in a text; the place it stands at is added to `covered`."""
    for pattern in (_PHONE, _MAIL, _WECHAT):
        if match := pattern.search(text):
            if covered is not None:
                covered.append(match.span())
            return match[match.lastindex or 0]
    return None


def _cover(pattern: re.Pattern[str], text: str, covered: list[tuple[int, int]]) -> bool:
    places = [match.span() for match in pattern.finditer(text)]
    covered += places
    return bool(places)


def _mode(text: str, covered: list[tuple[int, int]]) -> tuple[str | None, bool]:
    """The way meant; where several are named the last that was not refused. And whether any will do."""
    any_mode = _cover(ANY_MODE, text, covered)
    found = sorted(
        (match.start(), match.end(), mode) for mode, pattern in MODES.items() for match in pattern.finditer(text)
    )
    covered += [(start, end) for start, end, _ in found]
    meant = []
    for start, end, mode in found:
        after = text[end:]
        if _DENIED_BEFORE.search(text[:start]) or _DENIED_AFTER.match(after) or _CHANGED_AFTER.match(after):
            continue
        meant.append(mode)
    if len(set(meant)) > 1 and re.search(r"[都也](?:行|可以|成|能)|或者?|还是", text):
        return None, True
    return (meant[-1] if meant else None), any_mode


def _topic(text: str, covered: list[tuple[int, int]]) -> str | None:
    """The topic meant: the last named where one is changed for another, else the first."""
    found = sorted(
        (match.start(), -match.end(), name) for name, pattern in TOPICS.items() for match in pattern.finditer(text)
    )
    if not found:
        return None
    covered += [(start, -end) for start, end, _ in found]
    kept = [one for one in found if not re.search(r"(?:不(?:聊|谈|看|是|要)|别(?:聊|谈))$", text[: one[0]])] or found
    changed = re.search(r"改成|换成|改为|改聊|换个?话题|应该是|改(?:约)?", text[-kept[0][1] : kept[-1][0]])
    return (kept[-1] if changed else kept[0])[2]


def _adviser(text: str, covered: list[tuple[int, int]]) -> tuple[str | None, bool]:
    """The surname of the adviser meant: of several the last, and none that is refused. And whether one is refused."""
    meant, unwanted = None, False
    for match in _ADVISER.finditer(text):
        covered.append(match.span())
        if re.search(r"(?:不要|不想要|不是|别找|别约|不找)$", text[: match.start()]) or re.match(
            r"(?:的)?(?:不行|不要|换|改)", text[match.end() :]
        ):
            unwanted = True
        else:
            meant = match["name"]
    return meant, unwanted


def _act(text: str, covered: list[tuple[int, int]]) -> str | None:
    """The first act that the words name, in the order of ACTS; all of them are accounted for."""
    named = None
    for act, pattern in ACTS:
        if _cover(pattern, text, covered) and named is None:
            named = act
    return named


def _answer(text: str, covered: list[tuple[int, int]]) -> str | None:
    """Refusal or agreement that a text begins with, or is."""
    start = len(text) - len(text.lstrip(" ,，。!！~"))
    if match := REFUSING.match(text, start):
        covered.append(match.span())
        return "refuse"
    if AGREEING.match(text, start):
        return "confirm"
    return None


def _index(text: str, covered: list[tuple[int, int]]) -> int | None:
    if match := INDEX.search(text):
        covered.append(match.span())
        return int(match[1]) if match[1].isdecimal() else hanzi_value(match[1])
    if _cover(LAST, text, covered):
        return -1
    return None


def _rest(text: str, covered: list[tuple[int, int]], nothing: re.Pattern[str]) -> int:
    """How many characters are left where everything understood, and words that say nothing, are taken away."""
    left = list(text)
    for start, end in covered:
        left[start:end] = "\n" * (end - start)  # a mark, so that words do not grow together over a gap
    return len(_HANZI.findall(nothing.sub("", "".join(left))))
