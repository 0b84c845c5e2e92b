"""The ten districts and counties of 大同, and what people call them."""

from __future__ import annotations

DISTRICTS = (
    "平城区", "云冈区", "新荣区", "云州区", "阳高县", "天镇县", "广灵县", "灵丘县", "浑源县", "左云县",
)  # fmt: skip

NICKNAMES = {
    "平城": "平城区", "城区": "平城区", "市区": "平城区", "御东": "平城区", "御东新区": "平城区", "御河东": "平城区",
    "老城": "平城区", "古城": "平城区", "小南头": "平城区", "城里": "平城区",
    "云冈": "云冈区", "云岗": "云冈区", "云岗区": "云冈区", "口泉": "云冈区", "矿区": "云冈区", "南郊": "云冈区",
    "南郊区": "云冈区", "新平旺": "云冈区", "平旺": "云冈区", "恒安新区": "云冈区", "恒安": "云冈区",
    "新荣": "新荣区", "云州": "云州区", "大同县": "云州区", "西坪": "云州区",
    "阳高": "阳高县", "天镇": "天镇县", "广灵": "广灵县", "灵丘": "灵丘县", "灵邱": "灵丘县",
    "浑源": "浑源县", "浑元": "浑源县", "左云": "左云县", "左云县城": "左云县",
}  # fmt: skip
"""Short names, old names (南郊区 and 矿区 became 云冈区 in 2018, 大同县 became 云州区) and parts that people name."""

_BY_LENGTH = sorted({**{d: d for d in DISTRICTS}, **NICKNAMES}.items(), key=lambda pair: -len(pair[0]))


def districts_in(text: str) -> list[tuple[str, int, int]]:
    """(full name, start, end) of every district a text names, in order; the longest name wins where two overlap."""
    found: list[tuple[str, int, int]] = []
    for name, full in _BY_LENGTH:
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            if all(end <= s or start >= e for _, s, e in found):
                found.append((full, start, end))
            start = text.find(name, end)
    return sorted(found, key=lambda part: part[1])
