"""What the start says of the platforms that are on besides the web chat."""

from __future__ import annotations

from bot.settings import Settings


def platforms(settings: Settings) -> list[tuple[str, str]]:
    """Each platform that the settings have, with how messages come from it."""
    found = []
    if settings.telegram_token is not None:
        found.append(("Telegram", "由 Telegram 推送" if settings.telegram_webhook else "自己去取，不用公网地址"))
    if settings.wechat_token is not None:
        mode = "加密" if settings.wechat_aes_key else "明文"
        late = "晚到的答案用客服消息发" if settings.wechat_customer_service else "晚到的答案随下一句给"
        found.append(("微信公众号", f"{settings.address}/wechat（{mode}模式，{late}）"))
    return found
