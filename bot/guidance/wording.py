"""How guidance is worded: what is asked, offered, read back, refused, and what people are told unasked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.clock import SHANGHAI
from bot.guidance import rules
from bot.guidance.talk_state import NobodyElse, NotThatDay, NotTheirTopic, OthersBusy, StretchFull
from bot.guidance.views import AdviserView, Slot
from bot.reply import Card, Choice, Day, Reply
from bot.text.times import When, spoken, spoken_day

INTENT = "book_guidance"
SAMPLE = "示例"
SAMPLE_NOTE = "带“示例”的是演示用的老师，不是真人，别跑空。"
_FEW = 4  # times that are plain choices
_MOST_TIMES = 12  # times of one day in a picker
MODE_NAMES = {"线下": "线下，当面聊", "电话": "电话", "线上": "线上，视频聊"}


def press(do: str, of: int | str | None = None, key: str | None = None) -> str:
    """The payload of a press."""
    told = {"do": do} | ({"of": str(of)} if of is not None else {}) | ({"key": key} if key else {})
    return f"/{INTENT}" + json.dumps(told, ensure_ascii=False, separators=(",", ":"))


STOP = Choice(label="先不约了", payload=press("stop"))
MINE = Choice(label="我的预约", payload=press("mine"))
BOOK = Choice(label="约老师", payload=press("book"))
OTHER_TIME = Choice(label="换个时间", payload=press("other_time"))
OTHER_ADVISER = Choice(label="换个老师", payload=press("other_adviser"))
OTHER_MODE = Choice(label="换个方式", payload=press("other_mode"))
OTHER_TOPIC = Choice(label="换个话题", payload=press("other_topic"))
NO_CONTACT = Choice(label="不用留", payload=press("no_contact"))


def iso(moment: datetime) -> str:
    """A moment as a press carries it."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="minutes")


def session(starts_at: datetime, mode: str, adviser: AdviserView, topic: str) -> str:
    """11月26日 周四 15:30，线上，张老师，聊简历."""
    return f"{spoken(starts_at)}，{mode}，{adviser.name}，{about(topic)}"


# -- what is asked -----------------------------------------------------------------------------------------------------


def ask_topic(topics: Sequence[str], noted: str = "") -> Reply:
    """What to talk about; `noted` is what was said of the time already."""
    choices = [Choice(label=topic, payload=press("topic", topic)) for topic in topics]
    choices.append(Choice(label="说不清，先聊聊", payload=press("topic", rules.ANY_TOPIC)))
    lead = noted or "行，给你约个老师，一对一聊。"
    return Reply(paragraphs=(f"{lead}想聊哪方面？",), choices=(*choices, STOP))


def heard(option: When, today: date) -> str:
    """That a time was heard, before anything else is known."""
    first = option.start.date()
    last = (option.end - timedelta(minutes=1)).date() if option.end else first
    if last != first:
        return f"{spoken_day(first)}到{spoken_day(last)}，记下了。"
    return f"{_option(option, today)}，记下了。"


def no_topic(topic: str, topics: Sequence[str]) -> Reply:
    """That nobody advises on it."""
    lead = f"聊{topic}的老师眼下没有，能聊的是这些，换一个看看？"
    return ask_topic(topics).model_copy(update={"paragraphs": (lead,)})


def instead_of(topic: str, near: str) -> str:
    """Who helps where nobody has just that topic."""
    return f"{topic}的事找聊{near}的老师就行。"


def about(topic: str) -> str:
    """聊简历, or 先聊聊 where no topic was named."""
    return "先聊聊" if topic == rules.ANY_TOPIC else f"聊{topic}"


def when_for(topic: str) -> str:
    """Asks for the time, above the places."""
    return f"{about(topic)}，哪天方便？能约的在下面，也可以直接说“周四下午”。"


def which_of(topic: str, days: Sequence[tuple[date, Sequence[datetime]]]) -> str:
    """Asks for one of the places that were offered; of one day, which."""
    day = f"{spoken_day(days[0][0])}，" if len(days) == 1 else ""
    return f"{about(topic)}，{day}看哪个时间？"


def ask_time(days: Sequence[tuple[date, Sequence[datetime]]], *, today: date, lead: str, sample: bool = False) -> Reply:
    """Real free times to choose from: a few as choices, many as a picker of days and times."""
    moments = [moment for _, of_day in days for moment in of_day]
    notes = (SAMPLE_NOTE,) if sample else ()
    if len(moments) <= _FEW:
        choices = tuple(_slot(moment, whole=len(days) > 1) for moment in moments)
        return Reply(paragraphs=(lead, *notes), choices=(*choices, STOP))
    picker = tuple(
        Day(label=spoken_day(day, today), choices=tuple(_slot(moment) for moment in _spread(of_day)))
        for day, of_day in days
    )
    return Reply(paragraphs=(lead, *notes), days=picker, choices=(STOP,))


def _spread(moments: Sequence[datetime]) -> list[datetime]:
    """At most a dozen, over the whole day."""
    if len(moments) <= _MOST_TIMES:
        return list(moments)
    return [moments[n * len(moments) // _MOST_TIMES] for n in range(_MOST_TIMES)]


def _slot(moment: datetime, *, whole: bool = False) -> Choice:
    label = spoken(moment)
    short = label if whole else label.rsplit(" ", 1)[1]
    return Choice(label=short, payload=press("slot", iso(moment)), said=label)


def no_times(topic: str) -> Reply:
    """That nothing is free at all."""
    return Reply(
        paragraphs=(f"聊{topic}的老师最近几天都约满了。换个话题或者换个老师看看？急的话可以打 12355。",),
        choices=(OTHER_TOPIC, OTHER_ADVISER, STOP),
    )


def ask_which_time(options: Sequence[When], today: date) -> Reply:
    """What was said could be either."""
    choices = tuple(Choice(label=_option(one, today), payload=press("when", n)) for n, one in enumerate(options))
    return Reply(paragraphs=("你说的是哪个时间？",), choices=(*choices, STOP))


def _option(option: When, today: date) -> str:
    if option.grain == "minute":
        return spoken(option.start)
    day = spoken_day(option.start.date(), today)
    if option.end and (option.end - option.start).days > 1:
        return f"{day}那几天"
    return f"{day} {option.start:%H:%M}–{option.end:%H:%M}" if option.grain == "halfday" and option.end else day


def ask_mode(starts_at: datetime, adviser: AdviserView) -> Reply:
    """Which way, of those that the adviser offers."""
    choices = tuple(Choice(label=MODE_NAMES.get(m, m), payload=press("mode", m), said=m) for m in adviser.modes)
    return Reply(paragraphs=(f"{spoken(starts_at)}，{adviser.name}有空。咋聊方便？",), choices=(*choices, STOP))


def ask_mode_again(modes: Sequence[str]) -> Reply:
    """Which way instead."""
    choices = tuple(Choice(label=MODE_NAMES.get(mode, mode), payload=press("mode", mode), said=mode) for mode in modes)
    return Reply(paragraphs=("换成哪种？",), choices=(*choices, STOP))


def adviser_card(adviser: AdviserView, mode: str | None = None) -> Card:
    """Who an adviser is."""
    lines = [f"能聊：{'、'.join(adviser.topics)}"]
    if mode == "线下" and adviser.base:
        lines.append(f"地点：{adviser.base}")
    if adviser.note:
        lines.append(adviser.note)
    return Card(title=adviser.name, badge=SAMPLE if adviser.sample else None, lines=tuple(lines))


def read_back(slot: Slot, *, mode: str, topic: str, booking_id: int, key: str, moving: bool) -> Reply:
    """Everything once more, with date and weekday, before anything is booked."""
    whole = session(slot.starts_at, mode, slot.adviser, topic)
    yes = Choice(
        label="对，就改成这样" if moving else "对，就约这个",
        payload=press("move" if moving else "confirm", booking_id, key),
    )
    no = Choice(label="不改了", payload=press("stop")) if moving else STOP
    other = (OTHER_MODE,) if len(slot.adviser.modes) > 1 else ()
    return Reply(
        paragraphs=(f"改成 {whole}，对吗？" if moving else f"{whole}，对吗？",),
        cards=(adviser_card(slot.adviser, mode),),
        choices=(yes, OTHER_TIME, OTHER_ADVISER, *other, no),
    )


def what_is_wrong(*, moving: bool) -> Reply:
    """After a no to what was read back."""
    no = Choice(label="不改了", payload=press("stop")) if moving else STOP
    others = (OTHER_TIME, OTHER_ADVISER, OTHER_MODE) + (() if moving else (OTHER_TOPIC,))
    return Reply(paragraphs=("哪儿不对？直接说就行，比如“改到周五”“换成电话”。",), choices=(*others, no))


# -- what stands in the way --------------------------------------------------------------------------------------------


def refused(error: rules.Refusal, slots: Sequence[Slot], *, wait_for: date | None = None) -> Reply:
    """Why it cannot be, and the nearest times that can."""
    choices = [_slot(slot.starts_at, whole=True) for slot in slots]
    if isinstance(error, rules.ModeNotOffered):
        choices = [Choice(label=MODE_NAMES.get(m, m), payload=press("mode", m), said=m) for m in error.adviser.modes]
        return Reply(paragraphs=(why(error),), choices=(*choices, OTHER_ADVISER, STOP))
    if wait_for is not None:
        label = f"{wait_for.month}月{wait_for.day}日有空位告诉我"
        choices.append(Choice(label=label, payload=press("wait", wait_for.isoformat())))
    if isinstance(error, NotTheirTopic):
        return Reply(paragraphs=(why(error) + "换个老师，还是换个话题？",), choices=(OTHER_ADVISER, OTHER_TOPIC, STOP))
    if isinstance(error, rules.NoAdviser) and not isinstance(error, NobodyElse):
        more: tuple[Choice, ...] = (OTHER_TOPIC, OTHER_MODE, STOP)
        return Reply(paragraphs=(why(error),), choices=(*choices, *more))
    text = why(error) + ("最近的空档是这几个，看哪个行？" if slots else "往后这几天也没空档，换个老师看看？")
    return Reply(paragraphs=(text,), choices=(*choices, OTHER_TIME if slots else OTHER_ADVISER, STOP))


def why(error: rules.Refusal) -> str:
    """A refusal in a sentence."""
    match error:
        case rules.Past():
            return f"{_named(error.starts_at)}已经过去了。"
        case rules.TooSoon():
            return f"这个点太赶了，最早能约{_named(error.earliest)}以后的。"
        case rules.TooFar():
            return f"太远了，老师的时间只排到{_named(error.latest)}。"
        case rules.ClosedDay():
            return f"{spoken_day(error.day)}{_closed(error)}，老师不上班。"
        case rules.OutsideHours():
            return f"这个点没有老师，{spoken_day(error.day)}能约的是 {error.hours}。"
        case rules.HoldExpired():
            return "给你留的时间过了，这个点已经被别人约走了。"
        case rules.OffGrid():
            return f"老师每 {error.every} 分钟开一场，没有正好这个点的。"
        case rules.SlotTaken():
            return f"{_named(error.starts_at)}已经有人约了。"
        case rules.Overlapping():
            return f"你在{_named(error.starts_at)}已经约了一次，撞上了。"
        case StretchFull():
            return f"{_stretch(error)}没有空了。"
        case OthersBusy():
            return "别的老师这个点都没空。"
        case NotThatDay():
            return _not_that_day(error)
        case NotTheirTopic():
            return f"{error.adviser.name}不聊{error.topic}，能聊的是{'、'.join(error.adviser.topics)}。"
        case NobodyElse():
            return f"能{error.wanted.mode or ''}聊这个的没有别的老师了。"
        case rules.DayFull():
            return f"{spoken_day(error.day)}约满了。"
        case rules.NoAdviser():
            wanted = error.wanted
            how = f"{wanted.mode}" if wanted.mode else ""
            topic = f"聊{wanted.topic}" if wanted.topic else ""
            return f"能{how}{topic}的老师眼下没有，换个话题或者方式看看？" if how or topic else "眼下没有老师能约。"
        case rules.ModeNotOffered():
            return (
                f"{error.adviser.name}没有{error.mode}的，只能{'、'.join(error.adviser.modes)}。换一种，还是换个老师？"
            )
        case rules.NotYet():
            return "这次还没开始，聊完了再打分。"
        case rules.TooLateToChange():
            return f"太近了，{_named(error.until)}以后就改不了了。实在来不了，打 12355 说一声，老师好安排。"
    raise error


def _not_that_day(error: NotThatDay) -> str:
    if error.adviser is not None:
        return f"{spoken_day(error.day)}{error.adviser.name}不在。"
    topic = f"聊{error.wanted.topic}" if error.wanted.topic else "约"
    return f"{spoken_day(error.day)}没有能{error.wanted.mode or ''}{topic}的老师。"


def _closed(error: rules.ClosedDay) -> str:
    return "" if error.reason in spoken_day(error.day) else f"是{error.reason}"


def _stretch(error: StretchFull) -> str:
    first, last = error.option.start, (error.option.end or error.option.start) - timedelta(minutes=1)
    if error.any_day:
        return f"最近几天 {first:%H:%M}–{last + timedelta(minutes=1):%H:%M} 都"
    if first.date() != last.date():
        return f"{spoken_day(first.date())}到{spoken_day(last.date())}"
    return f"{spoken(first)}–{last + timedelta(minutes=1):%H:%M}"


def _named(moment: datetime | date) -> str:
    return spoken(moment) if isinstance(moment, datetime) else spoken_day(moment)


def ended(error: rules.Refusal) -> Reply:
    """What no other time would help against."""
    if isinstance(error, rules.UnknownBooking):
        return GONE
    if isinstance(error, rules.PersonLimit):
        per = "一周最多约" if error.per == "week" else "手里最多同时约着"
        return Reply(
            paragraphs=(f"{per} {error.limit} 次，你已经约到数了。想换时间的话，改现有的就行。",), choices=(MINE,)
        )
    return Reply(paragraphs=(why(error),), choices=(MINE,))


# -- the few sentences around ------------------------------------------------------------------------------------------

AGAIN = "接着刚才的预约："
LATER = "时间回头再挑。"
NOT_UNDERSTOOD = "这句我没听明白。"
NO_HURRY = "好，不急，想好了接着说。"
CONTACT_NOTED = Reply(paragraphs=("记下了，有变动给你打电话。",), choices=(MINE,))
CONTACT_SKIPPED = Reply(paragraphs=("行，不留。到时候我在这儿提醒你。",), choices=(MINE,))
CONTACT_AGAIN = Reply(paragraphs=("把号码发给我就行，不想留就点“不用留”。",), choices=(NO_CONTACT,))
STOPPED = Reply(paragraphs=("行，不约了，啥也没留。想约了随时叫我。",), choices=(BOOK,))
LEFT_ALONE = Reply(paragraphs=("行，原来约的不动。",), choices=(MINE,))
KEPT = Reply(paragraphs=("好，没取消，还是原来的时间。",), choices=(MINE,))
NOTHING_OPEN = Reply(paragraphs=("现在没有正在约的。想约老师就说一声想聊啥、哪天方便。",), choices=(BOOK, MINE))
NONE_YET = "你现在没有约着的指导，给你约个新的。"
NOTHING_TO_CHANGE = Reply(paragraphs=("你现在没有约着的指导，不用改。要不现在约一个？",), choices=(BOOK,))
GONE = Reply(paragraphs=("这个预约已经不在了。",), choices=(BOOK, MINE))
RATED = Reply(paragraphs=("谢谢，记下了。",))
PAUSED = Reply(
    paragraphs=("上次约到一半，还接着约吗？前面说的我都记着。",),
    choices=(
        Choice(label="接着约", payload=press("resume")),
        Choice(label="重新约", payload=press("restart")),
        Choice(label="不约了", payload=press("stop")),
    ),
)


def led(lead: str, reply: Reply) -> Reply:
    """A reply with a short lead before its first sentence."""
    first, *rest = reply.paragraphs
    return reply.model_copy(update={"paragraphs": (lead + first, *rest)})
