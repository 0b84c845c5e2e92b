"""The parts of a long story: which tell of what was, of others, or of the way here, and where the wish begins."""

from __future__ import annotations

import re

# Where somebody who types without marks goes on to something else: to the wish, to himself, to what was.
_WISH_BEGINS = (
    r"(?:现在|所以|如今|就|还|也|只|这|才)*(?:我|俺|咱)?(?:现在|就|也|还|只|是)*"
    r"(?:(?<!不)(?<!没)(?<!敢)想(?:给|帮|让|替)(?:他|她|它|我|娃|孩子|你)?|(?<!不)(?<!没)想(?:先|着)?(?:找|换|转|去|回|当|做|干|进|应聘|问|学)|"
    r"(?<!都)最好(?:是|能)?|(?<!不)(?<!可)能(?:做|当|干|找|给)个?(?=[一-龥])|有没有|有木有|求推荐|打算(?:找|换|去|当|做))"
)
_OTHER_BEGINS = r"(?:我|俺|她|他)(?:在|以前|之前|原来|是|也在)(?!想)|(?:以前|之前|原来|去年|前年|从前|后来)(?!的)"
_TURN = re.compile(f"(?:{_WISH_BEGINS})|(?:{_OTHER_BEGINS})")
_WISHES = re.compile(_WISH_BEGINS)
_LONG = 14
"""Up to so many characters without a blank are one thing said, however they are put."""

# Told of the past or of the way here: jobs named in such a phrase are not the wish.
_PAST = re.compile(
    r"干了|做了|过了(?!法考|司考|初级|[四六]级)|以前|之前(?!要|给)|原来|原先|从前|[干做当]过|[送跑卖教开修搬管带站]了(?:[一二两三四五六七八九十半几\d]+(?:多|来)?(?:个)?(?:年|月|天|阵)|好几年|大半年|仨月|几年|俩月)|"
    r"没考上|考公|考编|辞了|辞职|倒闭|没活干|闲了|上一份|上份|干够了|不想(?:再)?干了|干腻|转行|裁员|被裁|没了|黄了|在(?:太原|北京|上海|天津|西安|外地|老家|南方|厂里给)|"
    r"毕业后|毕业以后|经验|学过|会点|[干做]的是|上家|(?:现在|目前|正在)(?:在|是|[做干当])|有证|考了|考过|持有|去了个|待了|呆了|不干了|[干做](?:不动|不下去|怕|烦|伤)了|累了|说要去|退下来|退休|上过班"
)
_OF_OTHERS = re.compile(
    r"(?:老公|老婆|对象|媳妇|爸|妈|男朋友|女朋友|同学|朋友|哥|姐|她|他|亲戚)[^|]{0,3}(?:在|是)(?!学|读|大专|本科|中专)"
)
_WISH_IN = re.compile(r"想(?!干了|再)|有没有|(?<!听说)招")


GIVEN_UP = re.compile(
    r"不(?:再|想再?)?[干做跑送当]了|不想(?:再)?[干做跑送当去开]|[干做跑送当上](?:不动|不下去|够|怕|烦|伤|腻)了|黄了|倒闭|没卖"
)
"""Told of work that one has left for good."""


def clauses(text: str) -> list[tuple[int, int]]:
    """Where each thing said stands: phrases between blanks, the long ones parted where they turn to something else."""
    found: list[tuple[int, int]] = []
    for phrase in re.finditer(r"\S+", text):
        start, end = phrase.span()
        if end - start > _LONG:
            for turn in _TURN.finditer(text, start + 1, end):
                if turn.start() - start > 1:
                    found.append((start, turn.start()))
                    start = turn.start()
        found.append((start, end))
    return found


def told_spans(text: str) -> list[tuple[int, int]]:
    """The parts that tell a story; up to its wish, where a part has one."""
    found: list[tuple[int, int]] = []
    for start, end in clauses(text):
        past = _PAST.search(text, start, end)
        if past is None:
            if _OF_OTHERS.match(text, start, end):
                found.append((start, end))
            continue
        wish = _WISHES.search(text, start, end)
        if wish and wish.start() >= past.start():
            found.append((start, wish.start()))
        elif wish is None and not _WISH_IN.search(text, start, end):
            found.append((start, end))
    return found
