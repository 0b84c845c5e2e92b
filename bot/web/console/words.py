"""What staff read for the words of the code."""

from __future__ import annotations

from bot.people.rules import Role

ROLES = {
    Role.REVIEWER: "审阅",
    Role.EDITOR: "编辑",
    Role.ADVISER: "指导老师",
    Role.HOST: "主持人",
    Role.ADMIN: "管理员",
}

ROLE_SAYS = {
    Role.REVIEWER: "看对话（号码已遮住）、打标签、接待",
    Role.EDITOR: "改知识、岗位、活动、指导老师的安排",
    Role.ADVISER: "只看自己的预约和日程",
    Role.HOST: "只用电台工作台",
    Role.ADMIN: "什么都能做，包括管账号",
}
