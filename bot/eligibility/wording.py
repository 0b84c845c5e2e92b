"""How the eligibility check speaks: its questions, its result, and what stands on a benefit's card."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from bot.eligibility.forms import Fact
from bot.eligibility.rules import Judged
from bot.eligibility.views import Benefit, Line, Result
from bot.knowledge.rules import Standing
from bot.knowledge.wording import CAVEAT, source_line, spoken_day, topic_choice
from bot.reply import Card, Choice, Link, Reply, SourceLine

PAGE = 3  # cards in one reply
SHORT = 70  # characters of what a card says of when and of what to bring
_BARE = 3  # characters of an answer that say little without what was asked
REASONS = 12  # benefits that are not met, in one reply
PATH = "/chat/eligibility"
VERDICTS = {"likely": "很可能符合", "possible": "可能符合", "no": "不符合"}
APPROVED = "以经办机构审核为准"
UNCONFIRMED = "这是查得到的最近一份公开说法，现在还办不办没有查到"


def act(label: str, do: str, of: str | None = None, key: str | None = None, *, said: str | None = None) -> Choice:
    """A choice of the check."""
    told = {"do": do, **({"of": of} if of else {}), **({"key": key} if key else {})}
    payload = "/eligibility_check" + json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Choice(label=label, payload=payload, said=said)


START = act("政策体检", "start")
AGAIN = act("重新体检", "restart")

OPENING = "我问你几个问题，最多{most}个，把能领的政策挨个对一遍。说不准的点“不清楚”，不想说的点“跳过”，都不碍事。"
NOTED = "记下了：{facts}。"
CORRECTED = "好，改过来了：{facts}。"
NOT_UNDERSTOOD = "这句我没对上，你点一个，或者换个说法。"
GO_ON = "咱接着刚才的体检。"
STOPPED = Reply(paragraphs=("好，体检先不做了。想做的时候跟我说“政策体检”就行。",), choices=(START,))
NOTHING_OPEN = Reply(paragraphs=("这会儿没有在做的体检。要不现在做一个？几个问题就完。",), choices=(START,))
NO_BENEFITS = Reply(
    paragraphs=("这会儿我手里没有能对照的政策，体检做不成。急的话打12333问，他们管补贴和社保的事。",),
    choices=(Choice(label="找人问问", payload="/human"),),
)
KEEP = "后面回答你的时候，要不要用上这些情况？"
AGREED = Reply(paragraphs=("好，记着了。后面聊到哪项政策，我顺带说说你对得上对不上。哪天不想用了，说“忘掉我的情况”。",))
NOT_AGREED = Reply(paragraphs=("行，那就不用。清单还在那个页面上，说“忘掉我的情况”就一起删了。",))
FORGOTTEN = Reply(paragraphs=("忘掉了，你说的情况和那份清单都删了。",), choices=(START,))
NOTHING_KEPT = Reply(paragraphs=("我这里没有存着你的情况，放心。",))
NOTHING_LEFT = Reply(paragraphs=("就这些了，没有别的了。",), choices=(AGAIN,))


def question(fact: Fact, left: Sequence[str], *, number: int, most: int, named: bool, lead: str = "") -> Reply:
    """A fact's question with its choices. `left`: those not named yet; `named`: whether some were."""
    ask = f"{fact.short}：还有别的吗？" if named else fact.ask
    choices = [act(fact.label(one), "answer", fact.id, one) for one in left]
    if fact.none:
        label = "没有别的了" if named else fact.none.label
        choices.append(act(label, "none", fact.id))
    return Reply(
        paragraphs=tuple(filter(None, (lead, f"（{number}/{most}）{ask}"))),
        choices=(
            *choices,
            act("不清楚", "unknown", fact.id),
            act("跳过", "skip", fact.id),
            act("就看结果", "result"),
        ),
    )


def summed_up(facts: Iterable[tuple[str, str]]) -> str:
    """Facts in one breath: 毕业时间：今年毕业；学历：大专."""
    return "；".join(f"{what}：{how}" for what, how in facts)


def noted(line: str, facts: Iterable[tuple[str, str]]) -> str:
    """What was taken from a turn; what a short answer belongs to is named with it (社保：自己交)."""
    said = [f"{what}：{how}" if len(how) <= _BARE or how[0] in "没不是" else how for what, how in facts]
    return line.format(facts="；".join(said)) if said else ""


def result(found: Result, facts: Sequence[tuple[str, str]], *, ask: bool, lead: str = "") -> Reply:
    """The first page of a result. `ask`: whether to ask if the facts may be used later."""
    counts = f"对照了{found.total}项政策：很可能符合{len(found.likely)}项，可能符合{len(found.possible)}项，不符合{len(found.no)}项。"
    if found.employer:
        counts += f"另有{len(found.employer)}项是单位能领、跟你有关的。"
    paragraphs = [lead, counts]
    if facts:
        paragraphs.append("按你说的：" + summed_up(facts) + "。")
    if found.possible:
        gaps = [_gap(line) for line in found.possible[:PAGE]]
        gaps += [f"· 另外{len(found.possible) - PAGE}项，往后翻，或者看清单"] if len(found.possible) > PAGE else []
        paragraphs.append("可能符合的：\n" + "\n".join(gaps))
    if found.ended:
        paragraphs.append("已到期、别当成现在还有的：" + "、".join(map(_ended, found.ended[:PAGE])) + "。")
    paragraphs.append(f"这只是按公开条件对照的，{APPROVED}。")
    if ask:
        paragraphs.append(KEEP)
    choices = _onward(found, 0)
    if ask:
        choices = (act("用上", "keep"), act("不用", "not_keep"), *choices)
    return Reply(
        paragraphs=tuple(filter(None, paragraphs)),
        cards=(*(card(line) for line in found.shown[:PAGE]), *((_LIST,) if found.total else ())),
        choices=choices,
    )


_LIST = Card(
    title="我的政策体检清单",
    lines=("每一项的条件、金额、要带的东西和出处都在里头，能打印，也能存着。",),
    link=Link(label="打开清单", url=PATH),
)


def more(found: Result, offset: int) -> Reply:
    """The cards from `offset` on."""
    lines = found.shown[offset : offset + PAGE]
    if not lines:
        return NOTHING_LEFT
    return Reply(
        paragraphs=(f"接着看，第{offset + 1}到{offset + len(lines)}项。{APPROVED}。",),
        cards=tuple(card(line) for line in lines),
        choices=_onward(found, offset),
    )


def _onward(found: Result, offset: int) -> tuple[Choice, ...]:
    left = len(found.shown) - offset - PAGE
    choices = [act(f"还有{left}项", "more", str(offset + PAGE))] if left > 0 else []
    if found.no:
        choices.append(act(f"不符合的{len(found.no)}项", "why"))
    return (*choices, AGAIN)


def why_not(found: Result) -> Reply:
    """What is not met, each with the condition that fails."""
    if not found.no:
        return Reply(paragraphs=(f"没有哪项是明摆着不符合的。{APPROVED}。",), choices=(AGAIN,))
    lines = [f"· {line.benefit.name}：不符合，因为要求{_also(line.judged.failed)}" for line in found.no[:REASONS]]
    if len(found.no) > REASONS:
        lines.append(f"还有{len(found.no) - REASONS}项，在清单里。")
    choices = [topic_choice(line.benefit.topic, line.benefit.name) for line in found.no[:PAGE]]
    return Reply(
        paragraphs=("按你说的情况，这几项对不上：\n" + "\n".join(lines), f"说错了的告诉我，我改了重新对。{APPROVED}。"),
        cards=(_LIST,),
        choices=(*choices, AGAIN),
    )


def card(line: Line) -> Card:
    """One benefit: how much, what is missing or to be confirmed, when, what to bring, and where it was read."""
    benefit, judged = line.benefit, line.judged
    lines = [f"多少：{benefit.eligibility.amount}"]
    if judged.missing:
        lines.append(_lacking(judged))
    if judged.open:
        lines.append(f"还要确认：{_also(judged.open)}")
    if benefit.when:
        lines.append(f"啥时候：{shortened(benefit.when)}")
    if benefit.materials:
        lines.append(f"材料：{shortened(benefit.materials)}")
    if note := caveat(benefit.standing, benefit.check_status):
        lines.append(note)
    lines.append(sourced(benefit).text + f"，{spoken_day(benefit.checked_on)}核对")
    verdict = VERDICTS[judged.verdict]
    badge = f"单位能领 · {verdict}" if benefit.eligibility.for_ == "employer" else verdict
    return Card(
        title=benefit.name, badge=badge, lines=tuple(lines), choices=(topic_choice(benefit.topic, "看看怎么办"),)
    )


def sourced(benefit: Benefit) -> SourceLine:
    """The first source of a benefit's conditions."""
    if not benefit.sources:
        return SourceLine(text="来源：见这项政策的说明")
    return source_line(benefit.sources[0])


def caveat(stands: Standing, check_status: str) -> str | None:
    """What is said beside a benefit whose figures are not all verified, or that may not go on."""
    if stands == "unconfirmed":
        return f"{UNCONFIRMED}，{CAVEAT}。"
    return None if check_status == "verified" else f"{CAVEAT}。"


def remark(line: Line) -> str:
    """One line under a policy answer."""
    return f"按你说的情况：{verdict_in_words(line.judged)}。{APPROVED}。"


def verdict_in_words(judged: Judged) -> str:
    """很可能符合 · 可能符合，还差… · 不符合，因为…."""
    if judged.verdict == "no":
        return f"不符合，因为要求{_also(judged.failed)}"
    if judged.verdict == "possible":
        return f"可能符合，{_lacking(judged)}"
    return "很可能符合" + (f"，还要确认：{_also(judged.open)}" if judged.open else "")


def _also(conditions: Sequence[str]) -> str:
    return "；".join(conditions)


def _gap(line: Line) -> str:
    return f"· {line.benefit.name}（{_lacking(line.judged)}）"


def _lacking(judged: Judged) -> str:
    """What nobody told yet: 还差这2条：…."""
    count = len(judged.missing)
    return f"还差这{count if count > 1 else ''}条：{_also(judged.missing)}"


def _ended(benefit: Benefit) -> str:
    return benefit.name + (f"（到{spoken_day(benefit.valid_until)}为止）" if benefit.valid_until else "")


def shortened(text: str, most: int = SHORT) -> str:
    """The beginning of an editors' text as one line of a card, whole sentences or items only.

    A list gives its items, without the line that leads to it; sentences go on as long as there is room.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    items = [re.sub(r"^(?:·|\d+[.、])\s*", "", line) for line in lines if re.match(r"(?:·|\d+[.、])\s*", line)]
    pieces = items or re.findall(r"[^。！？]+[。！？]?", "".join(lines))
    joint = "；" if items else ""
    kept = pieces[0]
    for piece in pieces[1:]:
        if len(kept) + len(joint) + len(piece) > most:
            return kept.rstrip("；。") + ("等，点开看全" if items else "。")
        kept += joint + piece
    return kept
