"""Degrees by the words people use for them, lowest first."""

from __future__ import annotations

LEVELS = ("不限", "高中", "大专", "本科", "硕士", "博士")

SPELLINGS = {
    "不限": "不限", "学历不限": "不限", "无要求": "不限", "无学历要求": "不限", "初中": "不限", "初中及以上": "不限",
    "高中": "高中", "中专": "高中", "技校": "高中", "职高": "高中", "中技": "高中", "职专": "高中", "高中中专": "高中",
    "大专": "大专", "专科": "大专", "高职": "大专", "高职高专": "大专", "专科生": "大专", "大专生": "大专",
    "本科": "本科", "大本": "本科", "学士": "本科", "统招本科": "本科", "全日制本科": "本科", "一本": "本科", "二本": "本科",
    "本科生": "本科", "双非": "本科", "985": "本科", "211": "本科",
    "硕士": "硕士", "研究生": "硕士", "硕士研究生": "硕士", "研": "硕士",
    "博士": "博士", "博士研究生": "博士",
}  # fmt: skip
"""A school-leaver's certificate below 高中 is no condition a search could help with, so it counts as 不限."""


def rank(level: str) -> int:
    """How high a level is; 不限 is 0. Raises ValueError for what is none of LEVELS."""
    return LEVELS.index(level)
