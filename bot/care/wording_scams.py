"""How a scam is named to somebody who tells of one: the sign, what not to do about it, and what it has to do with."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.reply import Choice, Reply
from bot.text.scams import Sign

_SAID = 3  # signs named at most; more would bury what to do

_DO_NOT = {
    "押金": "押金、保证金一分不用交，招人的不许收。",
    "收费": "招聘不许收钱，培训费、服装费、体检费、名额费都别交。",
    "花钱买岗位": "花钱进不了正规单位，“内部名额”别信，钱别给。",
    "代替考试招工": "花钱进不了正规单位，“内部名额”别信，钱别给。",
    "培训贷": "别签分期、别做贷款的人脸识别，工作没有，贷款是真的。",
    "用你的名字贷款": "别用自己的名字替人贷款、办卡、当法人，债会算在你头上。",
    "扣证件": "证件原件不交给任何人，招人的没权扣。",
    "刷单": "别再垫钱，也别为了“提现”再充钱，前头返的小钱是饵。",
    "出借账户": "银行卡、手机卡、收款码别借别卖，帮人走账可能犯法。",
    "传销": "别交入会钱，也别拉亲友，找机会离开；出不来就打110。",
    "拉人头": "别交入会钱，也别拉亲友，找机会离开；出不来就打110。",
    "境外高薪": "别去，别把护照交出去；人已经走了，家里马上打110。",
    "异地高薪包吃住": "别急着动身，先核实单位；人已经被带走，马上打110。",
    "要验证码和屏幕": "验证码、密码谁也不给，屏幕共享马上关掉，给过了就先冻结卡再打110。",
    "冒充官方": "真的人社、公安、学校不会要你转账，按公开电话打回去核实。",
    "假证和代办": "假证、代办、卖答案都别碰，钱要不回来，还可能担责任。",
    "不让走": "先顾人：能打电话就打110，说清在哪儿、有谁。",
    "约到私下": "别一个人去，去了也别喝陌生人给的东西；不对劲马上走，打110。",
    "色情陪侍": "别去，押金和照片都别给；被逼着就打110。",
    "主播和加盟": "合同别急着签，违约金写多少先看清；钱别先交。",
    "白干活": "干了活就该给钱，考勤、聊天记录都留着。",
    "日结高薪无门槛": "活轻钱多又啥也不要的，先当骗局看。",
    "加私人账号": "别离开招聘平台去陌生软件里谈。",
}
"""What not to do, by the name of a sign. No sums: what is true of an amount stands in the topics."""

_MORE = {
    "白干活": ("probation", "试用期"),
    "扣证件": ("labor-dispute", "劳动仲裁与维权"),
    "押金": ("labor-contract", "劳动合同"),
    "主播和加盟": ("gig-work-rights", "新就业形态权益"),
    "花钱买岗位": ("soe-recruitment", "国有企业招聘"),
    "代替考试招工": ("public-institution-exam", "事业单位招聘"),
    "假证和代办": ("degree-verification", "学历学位验证"),
    "用你的名字贷款": ("hotlines", "热线与窗口"),
    "冒充官方": ("hotlines", "热线与窗口"),
    "境外高薪": ("hotlines", "热线与窗口"),
    "不让走": ("hotlines", "热线与窗口"),
}
"""The topic beside that on scams that has to do with a sign, and its title."""

_INTERN = ("internship-rights", "实习权益")


def named(signs: Sequence[Sign]) -> Reply:
    """What in somebody's own words is a sign of a scam, and what not to do."""
    shown = signs[:_SAID]
    said = "、".join(f"“{sign.words}”（{sign.name}）" for sign in shown)
    advice = dict.fromkeys(_DO_NOT[sign.name] for sign in shown if sign.name in _DO_NOT)
    return Reply(paragraphs=(f"你说的里头，{said}是骗局常见的苗头。", *advice))


def beside(reply: Reply, signs: Sequence[Sign], text: str) -> Reply:
    """The answer on scams with the choice of the topic that has to do with what was told."""
    topics = [_MORE[sign.name] for sign in signs if sign.name in _MORE]
    topics = [_INTERN] if "实习" in text else topics
    more = tuple(
        Choice(label=f"看看：{title}", payload="/policy" + json.dumps({"topic": topic}, separators=(",", ":")))
        for topic, title in dict.fromkeys(topics[:1])
    )
    known = {choice.payload for choice in reply.choices}
    return reply.model_copy(update={"choices": (*(c for c in more if c.payload not in known), *reply.choices)})
