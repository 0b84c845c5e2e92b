"""What somebody in danger reads, and what a scam is answered with. Reviewed texts: they do not vary by chance."""

from __future__ import annotations

from bot.reply import Choice, Reply

SERIOUS = Reply(
    paragraphs=(
        "听到你这么说，我很担心你。你的安全最要紧，现在请先做这几件事：\n"
        "· 马上有危险，打110或120\n"
        "· 打12356，全国心理援助热线，会有人听你说\n"
        "· 也可以打12355，青少年服务台\n"
        "· 告诉一个在身边的人，让他现在陪着你\n"
        "如果是你认识的人有危险，别让他一个人待着，马上替他打110或120。\n"
        "我是机器人，没法替代真人。请现在就打一个电话。",
    )
)
"""The one text for danger; `utter_distress_serious` in data/nlu/care.yml is the same (a test compares them)."""

_WAITING = (
    "你写的我都收着，也已经提醒工作人员来看。现在难受就打12356，有危险马上打110或120。",
    "收到了。别一个人扛：12356、12355都有人听你说；有危险打110或120，让身边的人陪着你。",
    "我在这儿，你的话工作人员看得到。等人的时候先打个电话，12356听你说，急了打110、120。",
)


def danger(last: str | None) -> Reply:
    """To a signal: the reviewed text; a short line where it is what was said just before."""
    return SERIOUS if last != "\n".join(SERIOUS.paragraphs) else waiting(last)


def waiting(last: str | None) -> Reply:
    """To whatever somebody in danger writes until a member of staff is there; never the same line twice in a row."""
    following = _WAITING.index(last) + 1 if last in _WAITING else 0
    return Reply(paragraphs=(_WAITING[following % len(_WAITING)],))


SESSION = Choice(label="约老师聊聊（求职心理）", payload='/book_guidance{"do":"topic","of":"求职心理"}')
"""Beside a kind word: a session about what weighs on them."""
