"""What editors read: what a field is called, and what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.knowledge.checking import Finding

ASPECTS = {
    "who": "谁可以", "amount": "多少钱", "materials": "要什么材料", "process": "怎么办", "where": "去哪办",
    "when": "什么时候", "contact": "找谁问", "notes": "要注意什么",
}  # fmt: skip
ASKED = {"general": "总的", **ASPECTS}
GROUPS = ("补贴", "创业", "毕业手续", "劳动权益", "基层与考录", "求职能力", "联盟服务")
REGIONS = ("全国", "山西", "大同")
STATES = {"current": "现行", "unknown": "没查到还办不办", "expired": "已经到期"}
CHECKS = {"verified": "都核对过", "partly": "部分核对过", "unverified": "还没核对", "expired": "政策已到期"}
SEEN = {"": "没看到原文", "official": "官网原文", "law-text": "法条转录", "reprint": "转载"}
DRAFTS = {"editing": "草稿", "waiting": "待审批", "approved": "已通过", "dropped": "丢掉了"}

_FIELDS = {
    "title": "标题", "group": "类别", "scope": "范围", "region": "地区", "aliases": "别的叫法", "valid_from": "从哪天起",
    "valid_until": "到哪天止", "state": "现在还办吗", "checked_on": "哪天核对的", "check_status": "核对情况",
    "answer": "先说的答案", "answer_sources": "答案的来源", "after_expiry": "到期以后怎么办", "s30": "30 秒播报",
    "s60": "60 秒播报", "eligibility": "政策体检的条件", "figures": "数字", "sources": "来源", "terms": "名词",
    "related": "相关的主题", "id": "代号", "note": "给审批人的话",
}  # fmt: skip
ROWS = {
    "label": "说明", "value": "数字", "source": "来源编号", "n": "编号", "title": "名称", "number": "文号", "issuer": "发文单位",
    "date": "日期", "url": "官网网址", "text_seen": "看过原文", "seen_at": "在哪看到的", "term": "名词", "aliases": "别的叫法",
    "text": "意思", "topic": "主题",
}  # fmt: skip


def field_said(name: str) -> str:
    """What a field of the form is called."""
    if name in _FIELDS:
        return _FIELDS[name]
    if name.startswith("asks_"):
        return f"问法（{ASKED[name.removeprefix('asks_')]}）"
    if row := re.fullmatch(r"([a-z]+)-(\d+)-([a-z_]+)", name):
        return f"{_FIELDS[row[1]]}第 {int(row[2]) + 1} 行的{ROWS[row[3]]}"
    aspect, _, part = name.partition("_")
    return ASPECTS[aspect] + {"": "", "says": "（有没有）", "gap": "（还缺什么）", "sources": "的来源"}[part]


_FORMS = {
    "missing": "请填写。",
    "string_too_short": "请填写。",
    "string_type": "请填写。",
    "int_parsing": "只写来源的编号，几个就用顿号隔开。",
    "int_type": "只写来源的编号，几个就用顿号隔开。",
    "date_type": "请填日期。",
    "date_from_datetime_parsing": "日期要像 2026-11-24 这样写。",
    "date_parsing": "日期要像 2026-11-24 这样写。",
    "literal_error": "请重新选。",
    "too_short": "还不够：来源至少 1 个，相关的主题至少 2 个。",
    "extra_forbidden": "这里有不认识的一项。",
}
_VALUES = (
    ("has either `text` or `none`", "写这一方面的话；没有这一方面，就选“没有”并写为什么。"),
    ("`gap` goes with `text`", "选了“没有”，就不用写还缺什么。"),
    ("names its `sources`", "写上来源的编号；没有来源，就写清还缺什么。"),
    ("exactly one of `fact`", "每个条件只能是 fact、any、open 里的一种。"),
    ("needs `say`", "条件要有 say：人读到的话。"),
    ("either `is` or", "条件要么写 is，要么写 at_least、at_most。"),
    ("go with `fact`", "is、at_least、at_most、say 只跟 fact 一起写。"),
    ("`at_least` is above", "at_least 比 at_most 大了。"),
    ("`any` needs two", "any 里至少两个条件。"),
    ("`any` holds no other", "any 里不能再有 any。"),
)


def form_said(kind: str, message: str) -> str:
    """Why a field has not the right form, by pydantic's kind and message."""
    if kind == "value_error":
        return next((said for part, said in _VALUES if part in message), "这样写不行，请照着别的主题改。")
    return _FORMS.get(kind, "这样写不行，请照着别的主题改。")


def condition_said(line: int | None) -> str:
    """Why the conditions cannot be read."""
    where = f"第 {line} 行" if line else "这里"
    return f"{where}的写法读不出来，请照着别的主题的条件写。"


_FINDINGS = {
    "source-twice": "有两个来源是同一个编号。",
    "figure-source": "“{label}”写的来源 {n} 不在来源表里。",
    "source-missing": "没有编号是 {n} 的来源。",
    "condition": "条件里有不认识的一项：{reason}",
    "long": "{length} 个字，最多 {most} 个。",
    "no-figure": "“{text}”不在数字表里：先在“数字”里加上它和来源，或者改掉。",
    "aspect-missing": "“{aspect}”这一方面还没写。",
    "aspect-unknown": "没有“{aspect}”这一方面。",
    "spoken": "{length} 个字，要 {least} 到 {most} 个。",
    "ends": "写了到哪天止，就要写“到期以后怎么办”。",
    "no-topic": "没有这个主题，或者就是它自己。",
    "few": "现在 {count} 句问法，存成文件要够 {least} 句。",
    "near": "“{text}”和“{other}”差不多是一句，去掉一句。",
    "elsewhere": "“{text}”已经是“{topic}”的问法。",
}


def finding_said(finding: Finding, titles: Mapping[str, str]) -> str:
    """What there is to mend, beside its field."""
    facts = dict(finding.facts)
    if "topic" in facts:
        facts["topic"] = titles.get(facts["topic"], facts["topic"])
    if "aspect" in facts:
        facts["aspect"] = ASKED.get(facts["aspect"], facts["aspect"])
    return _FINDINGS[finding.kind].format_map(facts)
