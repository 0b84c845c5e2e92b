"""Charts as SVG images, drawn on the server by pygal; each stands beside its table on the page.

An image runs no script and takes no style of the page, so it brings its own, for light and for dark.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import pygal
from pygal.style import Style

_FONT = "-apple-system, 'PingFang SC', 'HarmonyOS Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"
_LIGHT = ("#0b6a62", "#8a9794", "#b4542f", "#6d5ba8")
_DARK = ("#74d2c5", "#93a29e", "#e59a79", "#b7a8ea")
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#55625e",
    foreground_strong="#1a2523",
    foreground_subtle="#dde3e0",
    colors=_LIGHT,
    font_family=_FONT,
    label_font_size=15,
    major_label_font_size=15,
    legend_font_size=16,
    value_font_size=15,
    no_data_font_size=20,
    opacity=0.85,
)
_LINES = """
#chart-chart .axis .guide.line { stroke: #dde3e0 !important; stroke-dasharray: none !important; }
#chart-chart .series .line { stroke-width: 2.5 !important; }
"""
_IN_THE_DARK = "\n".join(
    [
        "@media (prefers-color-scheme: dark) {",
        "#chart-chart text { fill: #e5ebe9 !important; }",
        "#chart-chart .axis .guide.line { stroke: #2a3532 !important; }",
        *(
            f"#chart-chart .color-{n} rect, #chart-chart .color-{n} .dot, #chart-chart .legend .color-{n}"
            f" {{ fill: {color} !important; stroke: {color} !important; }}"
            f"#chart-chart .color-{n} .line {{ stroke: {color} !important; }}"
            for n, color in enumerate(_DARK)
        ),
        "}",
    ]
)
NAMED_AT_MOST = 12
"""Labels along the bottom that still can be read on a phone."""

Series = Mapping[str, Sequence[int | float | None]]


def _config(**more: Any) -> dict[str, Any]:
    return {
        "style": _STYLE,
        "css": ("file://style.css", "file://graph.css", f"inline:{_LINES}{_IN_THE_DARK}"),
        "js": (),
        "width": 900,
        "height": 320,
        "explicit_size": False,
        "disable_xml_declaration": True,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 4,
        "order_min": 0,
        "margin": 12,
        "margin_bottom": 34,
        "include_x_axis": True,
        "min_scale": 2,
        "max_scale": 6,
        "no_data_text": "没有数据",
        "value_formatter": lambda value: f"{value:,.0f}",
        **more,
    }


def line_chart(labels: Sequence[str], series: Series) -> str:
    """Lines over time; the second one and those after it are dashed. The image's address."""
    chart = pygal.Line(
        **_config(
            show_dots=len(labels) <= 31, dots_size=2.5, show_minor_x_labels=False, truncate_label=-1,
            show_legend=len(series) > 1, stroke_style={"width": 2.5},
        )
    )  # fmt: skip
    _label(chart, labels)
    for n, (name, values) in enumerate(series.items()):
        chart.add(name, list(values), stroke_style={"width": 2, "dasharray": "6, 5"} if n else None)
    return _address(chart)


def bar_chart(labels: Sequence[str], series: Series, *, stacked: bool = False) -> str:
    """Upright bars, on one another where `stacked`. The image's address."""
    kind = pygal.StackedBar if stacked else pygal.Bar
    chart = kind(**_config(show_legend=len(series) > 1, show_minor_x_labels=False, truncate_label=-1))
    _label(chart, labels)
    for name, values in series.items():
        chart.add(name, list(values))
    return _address(chart)


def ranking_chart(rows: Sequence[tuple[str, int]]) -> str:
    """One lying bar for each row, the first on top, with its value. The image's address."""
    chart = pygal.HorizontalBar(
        **_config(
            show_legend=False, height=60 + 34 * max(len(rows), 2), print_values=True, print_values_position="top",
            truncate_label=-1, show_y_guides=False, margin_right=50, margin_left=70, margin_bottom=12,
        )
    )  # fmt: skip
    chart.x_labels = [shortened(name) for name, _ in reversed(rows)]
    chart.add("", [value for _, value in reversed(rows)])
    return _address(chart)


LONGEST_NAME = 10  # characters beside a lying bar


def shortened(name: str) -> str:
    """A name that fits beside its bar; the table has it whole."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _label(chart: Any, labels: Sequence[str]) -> None:
    chart.x_labels = list(labels)
    step = -(-len(labels) // NAMED_AT_MOST) or 1
    chart.x_labels_major = list(labels[::step])


def _address(chart: Any) -> str:
    chart.uuid = "chart"
    return "data:image/svg+xml;base64," + b64encode(chart.render(is_unicode=True).encode()).decode()
