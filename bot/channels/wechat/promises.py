"""What is said beside a reminder that is promised, where WeChat may keep us from sending it. No I/O."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.base import Shown

WITHIN = timedelta(hours=48)  # after they wrote that 客服消息 are taken


@dataclass(frozen=True)
class Promises:
    """What an account can keep: `writes` 客服消息, sends notices of some `kinds`, is subscribed to on a `page`."""

    writes: bool = False
    kinds: Container[str] = ()
    page: str | None = None

    def beside(self, message: Shown) -> str | None:
        """What to say beside a message; None where it promises nothing, or nothing that could fail."""
        promise = message.body.get("promise")
        if promise is None or (self.writes and datetime.fromisoformat(promise["of"]) - message.at <= WITHIN):
            return None
        if promise["kind"] not in self.kinds:
            if self.writes:
                return "不过隔了两天没聊，公众号就不让我主动发了。怕错过的话，临近了来问我一句。"
            return "不过公众号不让我主动发消息，到时候得你来跟我说一句，我才提醒得到。"
        where = f"在这儿点一下订阅：{self.page}" if self.page else "在公众号的图文里点一下“订阅”"
        if self.writes:
            return f"不过隔了两天没聊，公众号就不让我主动发了。{where}，点一次我能提醒一次。"
        return f"不过公众号要你先点头才让我提醒：{where}，点一次提醒一次。"
