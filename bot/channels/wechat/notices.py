"""订阅通知: a few words to somebody who has not written for long, one for each time that they agreed to one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.channels.base import Desk, Outgoing
from bot.channels.wechat.api import Api, Declined
from bot.clock import SHANGHAI
from bot.text.notice_templates import NoticeTemplate, fitted

logger = logging.getLogger(__name__)

_NOTHING = {"where": "见详情", "what": "对话青春", "note": "点开看看"}  # a field may not be empty
_NOT_USED_UP = {40037, 47003}  # the template, or what we put into it, is wrong: WeChat still has their yes


class Notices:
    """Sends notices by the account's templates."""

    def __init__(self, api: Api, templates: Sequence[NoticeTemplate]) -> None:
        self._api = api
        self._of = {template.kind: template for template in templates}
        self._kinds = {template.id: template.kind for template in templates}

    def kind_of(self, template: str) -> str | None:
        """The kind that a template of the account stands for; None for one that is not in the settings."""
        return self._kinds.get(template)

    async def send(self, outgoing: Outgoing, desk: Desk) -> bool:
        """Send a stored message as a notice: whether one is out for it. Raises Later or Gone.

        The consent is used up before WeChat is asked, and stays used where WeChat says that there was none.
        """
        notice = outgoing.message.body.get("notice")
        template = self._of.get(notice["kind"]) if notice else None
        if notice is None or template is None:
            return False
        number = outgoing.message.id
        used = await desk.use_consent(number, template.kind, template.id)
        if used != "fresh":
            return used == "sent"
        try:
            page = await desk.link(outgoing.person, notice["url"]) if notice["url"] else ""
            await self._api.notice(desk, outgoing.address, template.id, _data(template, notice), page)
        except Declined as refusal:
            logger.error("a notice (%s) was refused: %s", template.kind, refusal)
            await desk.notice_answered(number, None if refusal.code in _NOT_USED_UP else refusal.code)
            return False
        except Exception:
            await desk.notice_answered(number, None)
            raise
        await desk.notice_answered(number, 0)
        return True


def _data(template: NoticeTemplate, notice: dict[str, Any]) -> dict[str, dict[str, str]]:
    """What the template's fields say."""
    return {field: {"value": _value(part, field, notice)} for part, field in template.fields}


def _value(part: str, field: str, notice: dict[str, Any]) -> str:
    if part == "when":
        when = datetime.fromisoformat(notice["when"]).astimezone(SHANGHAI)
        return f"{when.year}年{when.month}月{when.day}日 {when:%H:%M}"
    return fitted(field, notice[part] or "") or fitted(field, _NOTHING[part])
