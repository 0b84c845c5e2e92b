"""What staff read for the words of the code."""

from __future__ import annotations

import json
from collections.abc import Mapping

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

_ACTIONS = {
    "sign-in": "登录",
    "sign-in.refused": "登录没成",
    "sign-out": "退出登录",
    "account.add": "开账号",
    "account.roles": "改角色",
    "account.disable": "停用账号",
    "account.enable": "恢复账号",
    "account.reset": "重置密码",
    "account.password": "改自己的密码",
    "account.totp-on": "打开两步验证",
    "account.totp-off": "关掉两步验证",
    "session.end": "退出一处登录",
    "session.end-others": "退出别处登录",
    "session.end-all": "退出全部登录",
    "audit.export": "导出操作记录",
    "letter.retry": "重发消息",
    "letter.give-up": "不再发消息",
}


def name_actions(names: dict[str, str]) -> None:
    """Put down what staff read for actions of the log: `name_actions({"job.import": "导入岗位"})`."""
    for action, said in names.items():
        if _ACTIONS.setdefault(action, said) != said:
            raise ValueError(f"action {action} is called something else already")


def action_said(action: str) -> str:
    """What staff read for an action; its name where nobody put a word down."""
    return _ACTIONS.get(action, action)


_DETAILS = {
    "roles": "角色",
    "before": "原来",
    "after": "现在",
    "adviser": "指导老师",
    "ended": "退出几处",
    "totp": "连两步验证",
    "session": "哪一处",
    "who": "谁",
    "action": "动作",
    "target": "对象",
    "since": "从",
    "until": "到",
    "rows": "行数",
    "reason": "原因",
}


def name_details(names: dict[str, str]) -> None:
    """Put down what staff read for the names of details: `name_details({"file": "文件"})`."""
    for name, said in names.items():
        if _DETAILS.setdefault(name, said) != said:
            raise ValueError(f"detail {name} is called something else already")


def details_said(details: Mapping[str, object]) -> str:
    """What staff read for the details of an entry; what says nothing is left out."""
    told = [
        f"{_DETAILS.get(name, name)}：{_plain(value)}" for name, value in details.items() if value not in (None, "", [])
    ]
    return "；".join(told)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(_plain, value))
    if isinstance(value, str):
        return ROLES[Role(value)] if value in set(Role) else value
    return json.dumps(value, ensure_ascii=False)
