"""A few real topics for tests that write them."""

from __future__ import annotations

import re

from bot.clock import Clock
from bot.knowledge.files import Topic, read_topic
from bot.knowledge.loading import LOADER, content_of_row, row_of
from bot.knowledge.tables import TopicRow, TopicVersion
from bot.settings import ROOT
from bot.store import Sessions

REAL = ROOT / "data" / "knowledge"
TOPIC = "startup-loan"
NEW = "说清楚：先找担保中心问，再去银行。"


def read_three() -> dict[str, Topic]:
    """Two real topics, and the numbers that every topic may name."""
    return {name: read_topic(REAL / f"{name}.yml")[0] for name in ("archive-transfer", "hotlines", TOPIC)}


def _title(topic: str) -> str:
    found = re.search(r"^title: (.+)$", (REAL / f"{topic}.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1]


async def put_three(sessions: Sessions, clock: Clock, three: dict[str, Topic]) -> None:
    """These in the database, as a load leaves them, and the topics that they name as related, as good as empty."""
    async with sessions.begin() as db:
        for position, (name, topic) in enumerate(three.items()):
            row = row_of(topic, position=position, version=1, fingerprint=f"of {name}")
            db.add(row)
            await db.flush()
            db.add(TopicVersion(topic_id=name, version=1, content=content_of_row(row), author=LOADER, at=clock()))
        for other in sorted({one for topic in three.values() for one in topic.related} - set(three)):
            db.add(
                TopicRow(
                    id=other, position=9, title=_title(other), group="补贴", scope="", region="全国", aliases=[], related=[],
                    state="current", checked_on=clock().date(), check_status="verified", version=1,
                )
            )  # fmt: skip
