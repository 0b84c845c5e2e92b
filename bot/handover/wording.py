"""What people read when they want a person, wait for one, or leave a message."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from bot.clock import SHANGHAI
from bot.reply import Choice, Reply
from bot.text.times import spoken_day

INTENT = "human"
WEEKDAYS = "一二三四五六日"


def press(do: str) -> str:
    """The payload of a press."""
    return f"/{INTENT}" + json.dumps({"do": do}, separators=(",", ":"))


FIND = Choice(label="找真人问", payload=press("begin"))
NOT_NOW = Choice(label="先不找了", payload=press("stop"))
HOW_LONG = Choice(label="还要多久", payload=press("place"))
NO_WAIT = Choice(label="不等了", payload=press("leave"))
NOTE = Choice(label="不等了，留个话", payload=press("note"))
NO_CONTACT = Choice(label="不留，在这儿回我", payload=press("no_contact"))

ASK = Reply(paragraphs=("行，给你找真人。想问啥，先说一句，工作人员好接上。",), choices=(NOT_NOW,))
ASK_AGAIN = Reply(paragraphs=("接着找真人的事：想问啥，说一句就行。",), choices=(NOT_NOW,))
STOPPED = Reply(paragraphs=("好，不找了。有啥接着问我。",))
LEFT = Reply(paragraphs=("好，给你退出排队了。有啥接着问我，想找人随时说“转人工”。",))
NOT_WAITING = Reply(paragraphs=("你这会儿没在排队。要找真人，点一下就行。",), choices=(FIND,))
CONTACT_NOTED = Reply(paragraphs=("记好了，加密存着，只有接待你的工作人员能看。回复到了我也在这儿告诉你。",))
CONTACT_SKIPPED = Reply(paragraphs=("行，不留也成，回复就发在这儿，你常来看看。",))
CONTACT_AGAIN = Reply(
    paragraphs=("这个号我没认出来，再发一遍？手机号、微信号、邮箱都行，写成“微信号：xxx”最清楚。",),
    choices=(NO_CONTACT,),
)


def hours(week: Sequence[tuple[int, tuple[tuple[int, int], ...]]]) -> str:
    """The weekly hours, days of the same hours together: “周一到周五 9:00–17:30”."""
    told: list[str] = []
    days = list(week)
    while days:
        first, spans = days[0]
        run = 1
        while run < len(days) and days[run] == (first + run, spans):
            run += 1
        name = f"周{WEEKDAYS[first - 1]}" + (f"到周{WEEKDAYS[first + run - 2]}" if run > 1 else "")
        told.append(f"{name} {'、'.join(f'{_clock(a)}–{_clock(b)}' for a, b in spans)}")
        days = days[run:]
    return "，".join(told)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def opening(moment: datetime, today: date) -> str:
    """When somebody is there next: “明天 11月25日 周三 9:00”."""
    local = moment.astimezone(SHANGHAI)
    return f"{spoken_day(local.date(), today)} {local.hour}:{local:%M}"


def ask_message(opens: datetime | None, today: date, week: Sequence[tuple[int, tuple[tuple[int, int], ...]]]) -> Reply:
    """Nobody is there: when somebody is, and that a message can be left."""
    when = f"，{opening(opens, today)}有人" if opens else ""
    return Reply(
        paragraphs=(
            f"这会儿工作人员不在，{hours(week)}在（节假日除外）{when}。",
            "先留个话吧：啥事、卡在哪儿，写下来，上班了回你，就回在这儿。",
        ),
        choices=(NOT_NOW,),
    )


def queued(position: int, *, again: bool = False) -> Reply:
    """In the queue: the place, and what happens meanwhile."""
    place = "你排第1个，前面没人" if position == 1 else f"你排第{position}个，前面还有{position - 1}人"
    lead = "还在等着，" if again else "记下了，已经喊工作人员。"
    return Reply(
        paragraphs=(f"{lead}{place}。来了会有名字，你看得见；等的时候接着问我也行。",),
        choices=(HOW_LONG, NOTE, NO_WAIT),
    )


def added(position: int) -> Reply:
    """Something more for the question that waits already."""
    return Reply(paragraphs=(f"这句也给工作人员带上了。你排第{position}个，别急。",), choices=(HOW_LONG, NOTE, NO_WAIT))


def left_message(opens: datetime | None, today: date, *, has_contact: bool) -> Reply:
    """The message is kept; a contact may be left."""
    when = f"{opening(opens, today)}上班后" if opens else "工作人员上班后"
    if has_contact:
        return Reply(paragraphs=(f"留好了，{when}回你，就回在这儿。你的联系方式也记下了，加密存着。",))
    return Reply(
        paragraphs=(f"留好了，{when}回你，就回在这儿。", "怕错过的话，留个手机号或微信号？会加密存着。不留也行。"),
        choices=(NO_CONTACT,),
    )


def hours_over(opens: datetime | None, today: date) -> Reply:
    """The day ended before anybody came: the question stays."""
    when = f"{opening(opens, today)}上班后" if opens else "上班后"
    return Reply(paragraphs=(f"不好意思，今天下班了还没轮到你。你的问题给你留着，{when}先回你，就回在这儿。",))


def joined(by: str) -> str:
    """A member of staff is there."""
    return f"{by}来了，接下来是真人跟你说。"


def gone(by: str, *, stopped: bool) -> str:
    """A member of staff has given the talk back; the bot goes on, unless it must not."""
    return f"{by}先去忙了。" if stopped else f"{by}先去忙了，我接着。有啥继续问。"


def quiet(by: str) -> str:
    """A member of staff wrote nothing for too long: the bot goes on."""
    return f"{by}这会儿没顾上，我先接着答。还要找真人，再说一声“转人工”。"


def answered(by: str, question: str | None, text: str) -> tuple[str, ...]:
    """An answer to a message that was left, with what it was about."""
    about = f"你之前留的话：“{question if len(question) <= 40 else question[:40] + '…'}”" if question else ""
    return tuple(part for part in (about, text) if part)


def offered(reply: Reply) -> Reply:
    """A reply that is the second in a row without an answer, with the offer of a person."""
    others = tuple(choice for choice in reply.choices if not choice.payload.startswith(f"/{INTENT}"))
    return reply.model_copy(
        update={
            "paragraphs": (*reply.paragraphs, "连着两回没帮上你，要不找个真人问？"),
            "choices": (FIND, *others),
        }
    )


OFFER = Reply(paragraphs=("连着两回没答到点上，对不住。要不找个真人问？",), choices=(FIND,))
