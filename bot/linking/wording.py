"""How links and joining are worded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.clock import SHANGHAI
from bot.linking.rules import CODE_FOR
from bot.reply import Choice, Reply

CHANNELS = {"web": "网页", "telegram": "Telegram", "wechat": "微信"}
JOIN, LET_BE, PART = "gateway:join:", "gateway:join-not:", "gateway:part:"
"""What presses on joining and parting stand for; the gateway carries them out by itself."""

WHAT = "约的指导、报的活动、收藏和订阅的岗位、政策体检说的情况、给节目和工作人员的提问"
_MINUTES = int(CODE_FOR.total_seconds()) // 60
ASK_AGAIN = "要绑的话，在另一边说“绑定”，重新要一个码。"


def name(channel: str) -> str:
    """What people call a channel."""
    return CHANNELS.get(channel, channel)


def _names(channels: Sequence[str]) -> str:
    return "、".join(dict.fromkeys(name(channel) for channel in channels))


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%H:%M}"


# -- together ----------------------------------------------------------------------------------------------------------


def code(given: str, until: datetime, joined: Sequence[str]) -> Reply:
    """The code, where to type it, and whom not to tell."""
    lines = [
        f"绑定码：{given}\n在另一边（比如微信、Telegram 或网页）的小同里发这句：绑定 {given}",
        f"{_MINUTES} 分钟内有效，到 {_clock(until)} 为止，只能用一次。绑上以后两边算一个人，{WHAT}，两边都能看能改。"
        "别把码告诉别人，谁拿去用，谁就能看到你的。",
        "要是码在另一边，直接把那个码发给我就行。",
    ]
    if joined:
        lines.insert(0, f"这边已经和{_names(joined)}绑在一起了。还要再绑一个的话：")
    return Reply(paragraphs=tuple(lines))


def ask(channel: str, key: str) -> Reply:
    """What would be joined, before anything is."""
    return Reply(
        paragraphs=(
            f"这个码是{name(channel)}那边给的。绑上以后，这边和那边算一个人：{WHAT}，会放到一起，两边都能看、都能改；"
            "聊天记录也归到一个人名下。",
            "那边也是你自己，才点“绑定”。别人发给你的码，千万别点。以后想分开，说“解绑”。",
        ),
        choices=(
            Choice(label="是我自己，绑定", payload=JOIN + key, said="绑定"),
            Choice(label="先不绑", payload=LET_BE + key),
        ),
    )


def together(channels: Sequence[str], events: Sequence[str]) -> Reply:
    """That it is done, and what both had of which one is left."""
    lines = [f"绑好了，{_names(channels)}现在是一个人。在哪边约的、报的，两边都找得到；提醒只在你最近聊的那边说一次。"]
    if events:
        lines.append(f"{'、'.join(f'“{title}”' for title in events)}两边都报了，留了一个名额，另一个让出来了。")
    lines.append("想分开，随时说“解绑”。")
    return Reply(paragraphs=tuple(lines))


def joined_elsewhere(channel: str) -> Reply:
    """What the side is told whose code was used."""
    return Reply(
        paragraphs=(
            f"你刚在{name(channel)}上用这边的码绑定了，两边现在算一个人。不是你弄的，马上说“解绑”，或者打 12355。",
        )
    )


NOT_JOINED = Reply(paragraphs=("行，没绑，那个码作废了。两边还是各是各的。",))
OWN_CODE = Reply(paragraphs=("这个码是给另一边用的。在另一边的小同里发“绑定”加上这个码。",))
SAME = Reply(paragraphs=("这两边已经绑在一起了，不用再绑。",))
IN_GROUP = Reply(paragraphs=("群里大家都看得见，绑定和解绑请跟我单独聊的时候说。",))
CODE_GONE = Reply(paragraphs=(f"这个码过时或者用过了。{ASK_AGAIN}",))
DELETING = Reply(paragraphs=("有一边正在删除记录，删完再绑。",))
TALKING = Reply(paragraphs=("工作人员正在跟你说话，等说完再弄这个，码过了时间就重新要一个。",))


def wrong(left: int) -> Reply:
    """That there is no such code."""
    return Reply(
        paragraphs=(f"没有这个码，看看是不是打错了，或者过了 {_MINUTES} 分钟。还能再试 {left} 次。{ASK_AGAIN}",)
    )


def locked(until: datetime) -> Reply:
    """That too many were wrong."""
    return Reply(paragraphs=(f"错的次数太多了，{_clock(until)} 以后再试。不是你在试的话，不用管它，绑不上。",))


def overlap(here: datetime, there: datetime) -> Reply:
    """That both have a session at the same time."""
    when = " 和 ".join(f"{one.astimezone(SHANGHAI):%-m月%-d日 %H:%M}" for one in sorted((here, there)))
    return Reply(paragraphs=(f"两边约的指导撞时间了（{when}），一个人去不了两处。先说“取消”退掉一个，再来绑。",))


# -- apart -------------------------------------------------------------------------------------------------------------


def ask_part(here: str, others: Sequence[str]) -> Reply:
    """What becomes of everything, before they are parted."""
    there = _names(others)
    return Reply(
        paragraphs=(
            f"这边（{name(here)}）现在和{there}绑在一起。解绑以后是两个人：绑定前各自的东西、各自的聊天记录，各归各。",
            "绑定以后新约的指导、新报的活动、新收藏的岗位，留给哪边？",
        ),
        choices=(
            Choice(label="留在这边", payload=PART + "here", said="解绑，新的留在这边"),
            Choice(label=f"留给{there}", payload=PART + "there", said=f"解绑，新的留给{there}"),
            Choice(label="不解绑了", payload=PART + "not"),
        ),
    )


def apart(others: Sequence[str]) -> Reply:
    """That it is done."""
    return Reply(paragraphs=(f"解绑了，这边和{_names(others)}现在各是各的。以前发的网页链接都作废了，要用再跟我要。",))


def parted_elsewhere(channel: str, newer: str) -> Reply:
    """What the other side is told. `newer` is as seen from where it was said."""
    where = "归那边了" if newer == "here" else "留在这边"
    return Reply(
        paragraphs=(
            f"你在{name(channel)}上解绑了，两边现在各是各的。绑定前的各归各，绑定以后新约的、新报的{where}。不是你弄的，打 12355。",
        )
    )


ALONE = Reply(
    paragraphs=("这边没有和别处绑在一起，不用解。想绑的话说“绑定”；想让我把存的记录删掉，说“删除我的记录”。",)
)
KEPT = Reply(paragraphs=("行，还绑着。",))
