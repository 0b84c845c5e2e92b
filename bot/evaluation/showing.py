"""A summary as a table on the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table


def show(console: Console, kind: str, summary: dict[str, Any]) -> None:
    """Print the figures; for intents a line a kind, worst first."""
    table = Table(title=f"评测 {kind}", show_header=False)
    for key, value in summary.items():
        if not isinstance(value, dict):
            table.add_row(key, "—" if value is None else str(value))
    console.print(table)
    if "per_kind" in summary:
        detail = Table("kind", "precision", "recall", "f1", "n", "混到")
        for name, figures in sorted(summary["per_kind"].items(), key=lambda item: item[1]["f1"] or 0):
            others = {k: n for k, n in summary["confusion"][name].items() if k != name}
            mixed = "、".join(f"{k} {n}" for k, n in sorted(others.items(), key=lambda item: -item[1])[:4])
            detail.add_row(name, *(str(figures[key]) for key in ("precision", "recall", "f1", "n")), mixed)
        console.print(detail)
