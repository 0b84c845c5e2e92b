"""Moments and days as the bot says them, in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime

from bot.text.times.model import SHANGHAI

_NEAR = ("今天", "明天", "后天")


def spoken(moment: datetime) -> str:
    """“11月26日 周四 15:30”, in Asia/Shanghai whatever the zone of `moment` (aware)."""
    local = moment.astimezone(SHANGHAI)
    return f"{spoken_day(local.date())} {local:%H:%M}"


def spoken_day(day: date, today: date | None = None) -> str:
    """“11月26日 周四”; with `today`, the next three days are named too: “后天 11月26日 周四”."""
    plain = f"{day.month}月{day.day}日 周{'一二三四五六日'[day.weekday()]}"
    away = (day - today).days if today else -1
    return f"{_NEAR[away]} {plain}" if 0 <= away < len(_NEAR) else plain
