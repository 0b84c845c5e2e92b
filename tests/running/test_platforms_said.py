"""The start says which platforms are on, and how their messages come."""

from __future__ import annotations

from bot.running.platforms import platforms
from bot.settings import Settings


def said(**values: object) -> list[tuple[str, str]]:
    return platforms(Settings(_env_file=None, port=8080, **values))


def test_nothing_is_said_of_platforms_that_are_not_set():
    assert said() == []


def test_each_platform_has_its_line_and_wechat_the_address_to_enter_there():
    both = said(telegram_token="t", wechat_token="abc", public_url="https://d.example.cn")

    assert both == [
        ("Telegram", "自己去取，不用公网地址"),
        ("微信公众号", "https://d.example.cn/wechat（明文模式，晚到的答案随下一句给）"),
    ]


def test_a_mode_that_was_chosen_is_said():
    (line,) = said(
        wechat_token="abc", wechat_app_id="wx", wechat_aes_key="a" * 43, wechat_secret="s", wechat_customer_service=True
    )

    assert line[1] == "http://127.0.0.1:8080/wechat（加密模式，晚到的答案用客服消息发）"
