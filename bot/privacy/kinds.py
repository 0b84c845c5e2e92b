"""What people are told of what is stored of them: every table that hangs on a person, under the kind it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is stored. `tables` are counted; `parts` belong to them and are told of with them."""

    name: str
    measure: str
    tables: tuple[str, ...]
    parts: tuple[str, ...] = ()


KINDS = (
    Kind(
        "聊天记录", "条", ("message",), ("conversation", "turn", "choice", "identity", "person", "forgetting", "asked")
    ),
    Kind("在聊天软件里回你用的地址（加密）", "个", ("address",), ("delivery", "handed_out")),
    Kind("同意收的微信通知", "次", ("notice_consent",)),
    Kind("绑在一起的聊天软件", "个", ("joined",), ("join_code", "join_guess")),
    Kind("发给你的网页链接", "个", ("signed_link",)),
    Kind("点的有用没用", "个", ("feedback",)),
    Kind("指导预约", "个", ("booking",), ("booking_key", "person_busy", "adviser_busy", "guidance_reminder")),
    Kind("给预约留的联系方式（加密）", "个", ("booking_contact",)),
    Kind("老师写的指导记录", "份", ("guidance_outcome",)),
    Kind("给指导打的分", "个", ("guidance_rating",)),
    Kind("指导候补", "个", ("guidance_wait",)),
    Kind("活动报名", "个", ("registration",), ("event_reminder",)),
    Kind("收藏的岗位", "个", ("job_favourite",)),
    Kind("订阅的岗位", "个", ("job_subscription",)),
    Kind("政策体检时说的情况", "份", ("eligibility_facts",)),
    Kind("转给工作人员的问题", "个", ("handover",)),
    Kind("给工作人员留的联系方式（加密）", "个", ("handover_contact",)),
    Kind("担心你的安全时给工作人员的提醒", "条", ("care_alert",)),
    Kind(
        "给节目的提问",
        "个",
        ("radio_question",),
        ("radio_asker", "radio_call", "radio_tag", "programme_item", "radio_live_sent"),
    ),
    Kind("绑着工作账号的聊天软件", "个", ("radio_host_chat",)),
    Kind(
        "工作人员看对话时记的话",
        "条",
        ("conversation_note",),
        ("conversation_tag", "conversation_review", "conversation_viewing", "search_entry"),
    ),
)
HIDDEN: Mapping[str, tuple[str, ...]] = {  # columns that tell a person nothing, left out of what they take away
    "person": ("id",),
    "identity": ("id", "person_id", "sender"),
    "address": ("identity_id", "sealed", "fetched_until"),
    "notice_consent": ("id", "identity_id", "template", "event", "used_for", "answer", "receipt"),
    "message": ("identity_id", "turn_id", "key", "body"),
    "turn": ("retry_at", "claimed_until", "attempts", "ranking", "payload", "slots", "actions", "answer_version"),
    "handover": ("person_id", "identity_id"),
    "radio_asker": ("person_id", "identity_id", "key", "claimed_until"),
    "radio_question": ("programme_answer", "programme_version"),
    "radio_tag": ("question_id",),
    "radio_host_chat": ("account_id", "identity_id"),
    "conversation_note": ("conversation_id", "account_id", "version"),
    "conversation_tag": ("conversation_id", "key"),
    "joined": ("identity_id", "was", "code", "things"),
    "signed_link": ("token", "person_id", "browser"),
}
LEFT_OUT = frozenset(
    {
        "asked",
        "choice",
        "delivery",
        "handed_out",
        "adviser_busy",
        "person_busy",
        "booking_key",
        "forgetting",
        "join_code",
        "join_guess",
        "search_entry",
        "conversation_viewing",
        "conversation_review",
        "radio_call",
        "programme_item",
        "radio_live_sent",
    }
)
"""Tables of what only the machine needs; what they say stands in others too."""


def kind_of(table: str) -> Kind | None:
    """The kind that a table belongs to."""
    return next((kind for kind in KINDS if table in kind.tables or table in kind.parts), None)


def by_kind(rows: Mapping[str, int]) -> dict[str, int]:
    """Rows by table as how many of each kind there are; kinds of which there is none left out."""
    found: dict[str, int] = {}
    for kind in KINDS:
        if total := sum(rows.get(table, 0) for table in kind.tables):
            found[kind.name] = total
    return found
