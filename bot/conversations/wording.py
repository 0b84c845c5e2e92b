"""The few things the gateway itself says, when the engine has nothing to do with it or cannot be reached."""

from __future__ import annotations

from bot.reply import Choice, Reply

GREETING = Reply(
    paragraphs=(
        "你好，我是小同，“对话青春”的就业小助手。",
        "政策补贴、档案户口、劳动合同随便问，也能帮你找岗位、报招聘会。大白话就行。",
    ),
    choices=(
        Choice(label="我能领什么补贴", payload="/eligibility_check"),
        Choice(label="找岗位", payload="/job_search"),
        Choice(label="最近的活动", payload="/job_fair_or_event"),
        Choice(label="档案放哪里", payload='/policy{"topic":"archive-transfer","aspect":"where"}'),
        Choice(label="创业担保贷款", payload='/policy{"topic":"startup-loan"}'),
        Choice(label="你会什么", payload="/help"),
    ),
)

_HOLDING = "我这边有点慢，你的话我收到了，正在查，马上回你。"
_HOLDING_AGAIN = "还在查，没忘。急事可以先打12333（社保、补贴、劳动）或12345（找不到部门时）。"
_APOLOGY = "对不起，这一条我没能答上来，已经记下来让工作人员查。你可以换个说法再发一次，急事打12333或12345。"
_APOLOGY_AGAIN = "抱歉，这一条又没答上来。先打12333或12345问，最稳当；我这边的毛病会有人修。"
_AGAIN = ("再跟你说一遍。", "还是刚才那句话。")
_SIGNS = (
    "表情收到。想问什么，打几个字我就能查。",
    "看到啦。有啥想问的，用字告诉我就行。",
)
_MEDIA = {
    "［图片］": (
        "图片收到了，可我看不了图。把想问的打成字发我，或者把图上关键的一句抄给我。",
        "这张我也看不了，打字告诉我上面写了啥吧。",
    ),
    "［语音］": ("语音我还听不了，麻烦打字跟我说，一句话就行。", "这条语音我也没法听，打几个字我就能查。"),
    "［视频］": ("视频我看不了，想问什么打字告诉我。", "这段我也看不了，打几个字我就能查。"),
    "［位置］": (
        "位置收到了，我不会看地图。告诉我在哪个区县，比如“平城区”，我帮你找附近的岗位和活动。",
        "还是得打字，告诉我在哪个区县就行。",
    ),
    "［名片］": ("这个联系方式我没存。要留电话的时候我会问你，到时候打字发我。", "名片我不存，想问什么打字告诉我。"),
    "［文件］": (
        "文件我打不开。简历想让人看看，可以跟我说“约个老师看简历”；别的打字问我。",
        "这个我也打不开，打字告诉我想问啥。",
    ),
}
_NOTHING = ("好像没打上字，再发一次？", "还是空的，打几个字试试？")


def _fresh(wordings: tuple[str, ...], last: str | None) -> Reply:
    """The first wording that is not what was said just before."""
    return Reply(paragraphs=(next((w for w in wordings if w != last), wordings[0]),))


def unlike(reply: Reply, last: str | None) -> Reply:
    """The reply, with a few words before it where it would be what was said just before, to the letter."""
    said = "\n".join(reply.paragraphs)
    if last is None or last.removeprefix(_AGAIN[0]).removeprefix(_AGAIN[1]) != said:
        return reply
    lead = _AGAIN[1] if last.startswith(_AGAIN[0]) else _AGAIN[0]
    return reply.model_copy(update={"paragraphs": (lead + reply.paragraphs[0], *reply.paragraphs[1:])})


def holding(last: str | None) -> Reply:
    """That the message is kept and the answer is on its way."""
    return _fresh((_HOLDING, _HOLDING_AGAIN), last)


def apology(last: str | None) -> Reply:
    """That there will be no answer, and whom to ask."""
    return _fresh((_APOLOGY, _APOLOGY_AGAIN), last)


def wordless(kind: str, last: str | None) -> Reply:
    """To a message with nothing to read in it."""
    return _fresh(_SIGNS if kind == "signs" else _NOTHING, last)


def media(shown: str, last: str | None) -> Reply:
    """To something that holds no text for us, by how the record shows it."""
    return _fresh(_MEDIA.get(shown, _SIGNS), last)


def too_long(length: int, limit: int) -> str:
    """Why a message was not taken."""
    return f"这条有{length}个字，一次最多{limit}个字。挑最要紧的说，或者分两条发。"


def too_fast(seconds: float) -> str:
    """Why a message was not taken."""
    return f"发得有点快，歇{max(1, round(seconds))}秒再发，你打的字还在。"


CHOICE_GONE = "这个选项找不到了，可能是开了新对话。直接打字问我就行。"
NOT_TO_US = "这个选项是给别人的，想问什么直接跟我说。"
UNREADABLE = "这条消息没看懂，刷新一下页面再试。"
