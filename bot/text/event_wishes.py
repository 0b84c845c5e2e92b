"""What somebody asks of the alliance's events: which ones, when and where, and what to do with one. Pure text code."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.text.districts import districts_in
from bot.text.numbers import hanzi_value
from bot.text.times import SHANGHAI, read_times

_KINDS = (
    ("experience_day", re.compile(r"体验日|体验活动|开放日|走进企业|企业里?头?(?:转转|看看)|进企业")),
    ("training", re.compile(r"培训|上课|课程|学技能|技能班|直播电商班|讲座|公开课")),
    ("job_fair", re.compile(r"招聘[会大]|双选|宣讲|专场|人才市场|带岗|招聘活动")),
)
_ONLINE = re.compile(r"线上|网上|网络招聘|直播(?!带货|电商|运营)|云招聘|不用出门")
_OFFLINE = re.compile(r"线下|现场|当面")
_NEAR = re.compile(r"附近|离我近|我这边|身边|周边|就近")
_MINE = re.compile(
    r"我(?:都)?(?:报|参加)(?:名)?(?:的|了|过)|我的(?:活动|报名|票|签到码)|报过(?:名的|的|哪些)|(?:票|签到码|二维码)(?:呢|在哪|给我)"
)
_STEP_BACK = re.compile(r"取消|不去了|去不了|退(?:了|掉)?(?:这个|那个)?报名|不报了|不参加了")
_SIGN_UP = re.compile(
    r"(?<!怎么)(?<!咋)(?<!如何)报(?:名|上|个)|(?:我)?(?:要|想|就)?(?:去|参加|报)(?:第|这场|那场|这个|那个)|占个名额|留个位"
)
_MORE = re.compile(r"还有(?:没|别|其他|吗|么|啥|哪些(?!企业|公司|单位))|更多|再(?:来|看)(?:几|一)|下一页|换一批|往后的")
_DETAILS = re.compile(
    r"详细|详情|具体|介绍|有哪些(?:企业|公司|单位)|哪些(?:企业|公司|单位)|(?:企业|单位)名单|多少家|第.{1,2}[个场]|这场|那场|刚才那"
)
_INDEX = re.compile(r"第([一二两三四五六七八九十\d]{1,2})[个场条]")
_LAST = re.compile(r"最后(?:一|那)?[个场]")


_YES = re.compile(
    r"(?:(?:对|是|嗯|好|行|可以|确[定认]|没错|ok|没问题|要|报|就(?:这个|报这个|它)|确定(?:报名|取消)|报名|取消)"
    r"(?:[的了啊呀吧哈呢嘛滴]|[,，。!！~\s])*){1,4}",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:(?:先|那|还是|就|我|嗯|算了)*(?:不(?:了|用|要|是|行|报|去|取消|退|参加)?|别(?:取消|报)?|算了|再想想|等等|等一下)(?:[的了啊呀吧哈名]|[,，。!！~\s])*){1,3}"
)


_OF_A_SIGN_UP = re.compile(r"报|取消|参加|不去")


@dataclass(frozen=True)
class Filter:
    """Which events are looked for; days are days of 大同, both included."""

    kind: str | None = None
    mode: str | None = None
    district: str | None = None
    first: date | None = None
    last: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """Only what is set, days as ISO texts."""
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(self).items() if v}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Filter:
        """What `to_dict` wrote."""
        return cls(**{k: date.fromisoformat(v) if k in ("first", "last") else v for k, v in values.items()})

    def beside(self, more: Filter) -> Filter:
        """What was asked before with what is asked now in its place."""
        changes = {k: v for k, v in asdict(more).items() if v}
        if more.first:
            changes["last"] = more.last
        return replace(self, **changes)


@dataclass(frozen=True)
class Ask:
    """One turn: `do` is list, more, details, sign_up, cancel or mine; `index` counts from 1, -1 is the last."""

    do: str
    filter: Filter = Filter()
    index: int | None = None
    near: bool = False


def read_ask(text: str, now: datetime) -> Ask:
    """What a turn about events asks for. `now` is aware."""
    wanted = Filter(_kind(text), _mode(text), _district(text), *_days(text, now))
    index = _index(text)
    if _MINE.search(text):
        do = "mine"
    elif _STEP_BACK.search(text):
        do = "cancel"
    elif _SIGN_UP.search(text):
        do = "sign_up"
    elif _MORE.search(text) and not wanted.to_dict():
        do = "more"
    elif index is not None or _DETAILS.search(text):
        do = "details"
    else:
        do = "list"
    return Ask(do, wanted, index, near=bool(_NEAR.search(text)) and wanted.district is None)


def read_answer(text: str) -> bool | None:
    """Whether a turn is a yes or a no and nothing else; None for whatever else it is."""
    plain = text.strip()
    if _NO.fullmatch(plain):
        return False
    return True if _YES.fullmatch(plain) else None


def answers_pending(text: str, looking: dict[str, Any], now: datetime) -> bool:
    """Whether a turn answers the question before a sign-up or a stepping back; `looking` is the talk's slot."""
    return bool(looking.get("pending")) and read_answer(text) is not None


def is_about_events(text: str, now: datetime) -> bool:
    """Whether a turn after a list of events goes on about them."""
    if read_answer(text) is not None:
        return _OF_A_SIGN_UP.search(text) is not None  # a bare 对 may answer something else: see answers_pending
    ask = read_ask(text, now)
    return ask.do != "list" or bool(ask.filter.to_dict())


def _kind(text: str) -> str | None:
    return next((kind for kind, words in _KINDS if words.search(text)), None)


def _mode(text: str) -> str | None:
    online, offline = bool(_ONLINE.search(text)), bool(_OFFLINE.search(text))
    return None if online == offline else "online" if online else "offline"


def _district(text: str) -> str | None:
    found = districts_in(text)
    return found[0][0] if found else None


def _days(text: str, now: datetime) -> tuple[date | None, date | None]:
    reading = read_times(text, now)
    if not reading.options or reading.past:
        return None, None
    first = min(when.start for when in reading.options).astimezone(SHANGHAI)
    last = max(when.end or when.start for when in reading.options).astimezone(SHANGHAI)
    begin = max(first.date(), now.astimezone(SHANGHAI).date())  # “这个月” begins today: what is over is not looked for
    return begin, max(begin, (last - timedelta(seconds=1)).date())


def _index(text: str) -> int | None:
    if match := _INDEX.search(text):
        return int(match[1]) if match[1].isdecimal() else hanzi_value(match[1])
    return -1 if _LAST.search(text) else None
