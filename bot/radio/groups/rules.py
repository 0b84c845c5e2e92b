"""What of people's questions may be shown to the programme, in which words, and how groups stay what they were. No I/O.

Nothing is shown for want of a reason against it: a text has to be cleared, and what is not is neither shown nor counted.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from bot.conversations.masking import mask
from bot.text.distress import danger_in, may_be_meant
from bot.text.districts import districts_in
from bot.text.normal import normalise
from bot.text.radio_wishes import is_rude, letters_in, wants_to_cheat
from bot.text.scam_tales import signs_told
from bot.text.schooling import SPELLINGS

INTENTS = ("policy", "out_of_scope")
"""The intents of turns that are questions one can answer for all; everything else is between a person and the bot."""
OUTCOMES = ("served", "offered", "refused")
SHORTEST, LONGEST = 4, 60  # letters of a question that says what it asks without telling a life
CLEAR = (7, 26)  # letters of a wording that reads well
DEGREES = {"below": "高中", "college": "大专", "bachelor": "本科", "master": "硕士"}
"""Degrees by what the eligibility check has for them."""

_LABEL = re.compile(r"〔[^〕]*〕")
_EDGE = " \t\n,，.。:：;；、!！~～-—"
_PRIVATE = re.compile(
    "强奸|强暴|猥亵|性侵|性骚扰|摸我|裸照|裸聊|家暴|打我妈|打胎|堕胎|流产|人流|性病|艾滋|梅毒|坐过?牢|案底|前科|吸毒|嫖|出轨|小三(?!阳)"
    "|赌债|赌博|网赌|自残|割腕|抑郁|躁郁|双相|精神病|精神科|吃药|住院|确诊|化疗|癌|白血病|截瘫|欠了?一?屁股债|催收|爆通讯录"
)
_OWN = re.compile(r"(?:我|俺|本人|我家|我爸|我妈|我娃|我对象|我老公|我媳妇|我男朋友|我女朋友)")
_OF_ONE = re.compile(r"离婚|怀孕|乙肝|肝炎|大小三阳|小三阳|癫痫|残疾证?|病|手术|被拘|判刑|失信|黑户|负债|逾期")


def wording(text: str) -> str | None:
    """A text as it may be shown, None where it may not: labels at its ends are left out, one in the middle bars it."""
    shown = without_labels(text)
    if shown is None or not SHORTEST <= letters_in(shown) <= LONGEST:
        return None
    if mask(shown) != shown or is_rude(shown) or wants_to_cheat(shown):
        return None
    if danger_in(shown) is not None or danger_in(text) is not None or may_be_meant(shown) or signs_told(shown):
        return None
    if _PRIVATE.search(shown) or (_OWN.search(shown) and _OF_ONE.search(shown)):
        return None
    return shown


def without_labels(text: str) -> str | None:
    """A text without the labels at its ends; None where one stands inside, or nothing else is there."""
    parts = [part.strip(_EDGE) for part in _LABEL.split(text)]
    said = [part for part in parts if letters_in(part)]
    if len(said) != 1:
        return None
    return re.sub(r"\s+", " ", said[0])


def key_of(text: str) -> str:
    """What texts that are the same after normalising have in common."""
    plain = "".join(char for char in normalise(text) if char.isalnum())
    return hashlib.sha1(plain.encode(), usedforsecurity=False).hexdigest()


def district_of(text: str) -> str | None:
    """The district that a text names, if it names one."""
    named = {name for name, _, _ in districts_in(text)}
    return named.pop() if len(named) == 1 else None


def degree_of(text: str) -> str | None:
    """The degree that a text names, if it names one."""
    named = {SPELLINGS[word] for word in SPELLINGS if len(word) > 1 and SPELLINGS[word] != "不限" and word in text}
    return named.pop() if len(named) == 1 else None


def clearest_first(found: Iterable[tuple[str, int]]) -> list[str]:
    """Wordings with how many asked that way: those of a good length first, the shortest of them in front."""
    low, high = CLEAR

    def place(one: tuple[str, int]) -> tuple[bool, int, int, str]:
        letters = letters_in(one[0])
        return not low <= letters <= high, letters if letters >= low else 1000 - letters, -one[1], one[0]

    return [text for text, _ in sorted(found, key=place)]


def settled(labels: Sequence[int], before: Sequence[int], pinned: Sequence[bool]) -> list[int]:
    """The group of each text after grouping anew: an id of before where a new group has its texts, else -1 - label.

    What was put somewhere by hand stays there: two groups that people keep apart are never made one, and those that they
    put together never fall apart. A text like pinned ones goes with them; an id goes to whoever has most of its texts.
    """
    held: dict[int, Counter[int]] = defaultdict(Counter)
    overlap: Counter[tuple[int, int]] = Counter()
    for label, group, fixed in zip(labels, before, pinned, strict=True):
        overlap[label, group] += 1
        if fixed:
            held[label][group] += 1
    goes: dict[int, int] = {label: groups.most_common(1)[0][0] for label, groups in held.items()}
    taken = {group for groups in held.values() for group in groups}
    for (label, group), _ in sorted(overlap.items(), key=lambda pair: (-pair[1], pair[0])):
        if label not in goes and group not in taken:
            goes[label] = group
            taken.add(group)
    found = []
    for label, group, fixed in zip(labels, before, pinned, strict=True):
        stays = fixed or group in held.get(label, ())
        found.append(group if stays else goes.get(label, -1 - label))
    return found


class Refusal(Exception):
    """Something about groups that cannot be done as asked; each kind has its own facts."""


class UnknownGroup(Refusal):
    """No such group."""

    def __init__(self, group: int) -> None:
        super().__init__(f"no group {group}")
        self.group = group


class CannotMerge(Refusal):
    """A group with itself, or two that are each of a topic: the topics are what keeps them apart."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"groups {one} and {other} stay two")
        self.one, self.other = one, other


class CannotSplit(Refusal):
    """None or all of the texts: nothing would be left on one side."""

    def __init__(self, group: int) -> None:
        super().__init__(f"group {group} would be empty on one side")
        self.group = group


class NotMerged(Refusal):
    """The group was not put into another one."""

    def __init__(self, group: int) -> None:
        super().__init__(f"group {group} is not part of another")
        self.group = group


class HasAnswer(Refusal):
    """The editors need not be asked: the group has an answer that holds."""

    def __init__(self, group: int) -> None:
        super().__init__(f"group {group} has an answer")
        self.group = group


class AlreadyRequested(Refusal):
    """The editors were asked and have not answered yet."""

    def __init__(self, group: int) -> None:
        super().__init__(f"an answer to group {group} is asked for")
        self.group = group


class UnknownRequest(Refusal):
    """No such request is open."""

    def __init__(self, request: int) -> None:
        super().__init__(f"no open request {request}")
        self.request = request
