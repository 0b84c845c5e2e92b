"""Texts that somebody means ill with, in every place that people write into, and the look at what the pages make of them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import openpyxl
from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation, Feedback, Identity, Message, Person, Turn
from bot.events.sample import load_sample_events
from bot.guidance.sample import load_sample_advisers
from bot.handover.tables import CannedReply, Handover
from bot.jobs.sample import load_sample_jobs
from bot.knowledge.files import read_topic
from bot.knowledge.loading import row_of
from bot.outbox.tables import Delivery
from bot.settings import ROOT
from bot.store import Base
from tests.console.conftest import Client, Console

HOSTILE = """=HYPERLINK("http://evil.example")'><img src=x onerror=hit()><script>hit()</script>{{ 7*191 }}${7*191}"""
READ = {
    # Columns that are read by our code, not written by people: another value is no text but a broken row.
    "*": {"code", "key", "sender", "token", "payload", "digest", "hash", "fingerprint", "kind", "channel", "state"},
    "account": {"password", "totp_secret"},
    "adviser": {"modes"},
    "topic_source": {"date", "seen_at"},
    "turn": {"intent", "topic", "aspect", "outcome"},
}
"""By table: what stays as it is when every other text is made hostile."""


async def seed(console: Console) -> None:
    """Samples of everything, and somebody who wants a person, is in danger, has booked and complained."""
    now = console.clock()
    async with console.sessions.begin() as db:
        await load_sample_jobs(db, console.clock, ROOT / "data/sample")
        await load_sample_events(db, console.clock, ROOT / "data/sample/events.yml")
        await load_sample_advisers(db, console.clock, ROOT / "data/sample/advisers.yml")
        topics = [read_topic(ROOT / "data/knowledge" / f"{name}.yml")[0] for name in ("archive-lookup", "startup-loan")]
        db.add_all(row_of(topic, position=i, version=1, fingerprint=None) for i, topic in enumerate(topics))
    async with console.sessions.begin() as db:
        for n, state in enumerate(("waiting", "message")):
            await _person(db, n, state, now)


async def _person(db: AsyncSession, n: int, state: str, now: Any) -> None:
    person = Person(code=f"7K3Q-9QF{n}", created_at=now)
    db.add(person)
    await db.flush()
    identity = Identity(person_id=person.id, channel="web", sender=f"s{n}", created_at=now)
    db.add(identity)
    await db.flush()
    talk = Conversation(
        code=f"c0ffee0{n}", person_id=person.id, identity_id=identity.id, channel="web", started_at=now, last_at=now
    )
    db.add(talk)
    await db.flush()
    turn = Turn(
        conversation_id=talk.id, state="answered", received_at=now, retry_at=now, intent="ask_policy",
        topic="archive-lookup", aspect="how", outcome="served", milliseconds=30,
    )  # fmt: skip
    db.add(turn)
    await db.flush()
    place = {"conversation_id": talk.id, "identity_id": identity.id, "turn_id": turn.id, "at": now}
    asked = Message(**place, direction="in", kind="text", text="问")
    body = {
        "paragraphs": [HOSTILE],
        "source": {"text": HOSTILE, "url": "https://www.gov.cn/"},
        "choices": [{"label": HOSTILE, "token": "t"}],
        "cards": [{"title": HOSTILE, "badge": HOSTILE, "lines": [HOSTILE]}],
        "caveat": HOSTILE,
    }
    answered = Message(**place, direction="out", kind="reply", text="答", body=body)
    db.add_all((asked, answered))
    await db.flush()
    about = {"person_id": person.id, "conversation_id": talk.id}
    db.add_all(
        (
            Handover(**about, identity_id=identity.id, state=state, question="问", opened_at=now),
            CareAlert(**about, turn_id=turn.id, kind="self", words="问", found_by="rule", at=now),
            Feedback(message_id=answered.id, verdict="down", reasons=["wrong"], comment="差", at=now),
            Delivery(message_id=answered.id, identity_id=identity.id, state="dead", next_at=now, refs=[], reason="r"),
            CannedReply(title="t", text="x", at=now),
        )
    )


async def poison(console: Console) -> list[str]:
    """Put HOSTILE into every text of every row that people could have written; returns which columns."""
    done = []
    async with console.sessions.begin() as db:
        for table in Base.metadata.sorted_tables:
            if table.name == "audit_entry":  # only ever added to; the forms write into it
                continue
            kept = READ["*"] | READ.get(table.name, set()) | _checked(table)
            for column in table.columns:
                if not isinstance(column.type, String | Text) or column.primary_key or column.foreign_keys:
                    continue
                if column.name in kept or column.unique:
                    continue
                await db.execute(update(table).where(column.is_not(None)).values({column.name: HOSTILE}))
                if await db.scalar(select(func.count()).select_from(table)):
                    done.append(f"{table.name}.{column.name}")
    return done


def _checked(table: Any) -> set[str]:
    """Columns with a rule of their own, or that must differ from row to row."""
    found: set[str] = set()
    for rule in table.constraints:
        if isinstance(rule, CheckConstraint):
            found |= set(re.findall(r"\w+", str(rule.sqltext)))
        elif isinstance(rule, UniqueConstraint):
            found |= {column.name for column in rule.columns}
    for index in table.indexes:
        if index.unique:
            found |= {column.name for column in index.columns}
    return found


# -- the look at a page ------------------------------------------------------------------------------------------------


def faults(text: str) -> list[str]:
    """What of a page came out as more than text."""
    if not text.strip():
        return []
    page, found = lxml.html.fromstring(text), []
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and not (element.get("src") or "").startswith("/console/static/"):
            found.append(f"a script: {lxml.html.tostring(element)[:120]!r}")
        if element.tag == "img" and element.get("src") == "x":
            found.append("a picture of theirs")
        for name, value in element.attrib.items():
            if name.startswith("on") or name == "style":
                found.append(f"{element.tag} {name}")
            if name in ("href", "src", "action", "formaction") and _leads_away(value):
                found.append(f"{element.tag} {name}={value[:60]}")
    if "1337" in page.text_content():
        found.append("a template within the text was carried out")
    return found


def _leads_away(value: str) -> bool:
    place = urlsplit(value.strip())
    return place.scheme not in ("", "https", "http", "mailto", "tel", "data") or "evil.example" in place.netloc


def formulas(name: str, content: bytes) -> list[str]:
    """Cells of a table that a spreadsheet would carry out."""
    if name.endswith(".csv"):
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
        return [cell[:60] for cell in cells if cell[:1] in ("=", "@", "\t", "\r") or re.match(r"[+-]\D", cell)]
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [c.coordinate for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


# -- the walk ----------------------------------------------------------------------------------------------------------


STARTS = ("/console", "/console/reception/7K3Q-9QF0", "/console/conversations/c0ffee00", "/console/options")


def kind_of(path: str) -> str:
    """Paths that differ in a row only are of one kind."""
    return re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}|[0-9a-f]{8,}|\d+|(?<=figures/)\w+", "*", path)


@dataclass
class Form:
    """A form as a page has it: where it goes and the fields it has, by name, with type and value."""

    action: str
    fields: dict[str, tuple[str, str]]
    upload: str | None = None

    @property
    def kind(self) -> tuple[str, tuple[str, ...]]:
        """Forms that do the same on other rows are one kind."""
        return kind_of(self.action.split("?")[0]), tuple(sorted(self.fields))


@dataclass
class Walk:
    """Every page that leads from another one, a few of each kind."""

    client: Client
    each: int = 2
    seen: dict[str, int] = field(default_factory=dict)
    forms: dict[tuple[str, tuple[str, ...]], Form] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    pages: int = 0

    async def go(self, *more: str) -> None:
        """Open pages from STARTS and these on, breadth first."""
        waiting, known = [*STARTS, *more], {*STARTS, *more}
        while waiting:
            path = waiting.pop(0)
            kind = kind_of(path.split("?")[0]) + "?" * ("?" in path)
            if self.seen.get(kind, 0) >= self.each or "/events?" in path or kind.endswith("/reception/events"):
                continue
            self.seen[kind] = self.seen.get(kind, 0) + 1
            for link in await self.open(path):
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    async def open(self, path: str) -> list[str]:
        """Open one page; returns where it leads."""
        answer = await self.client.get(path)
        self.pages += 1
        if answer.status >= 400:
            self.wrong.append(f"{answer.status} {path}")
        if answer.status in (301, 302, 303):
            return [answer.headers["Location"]] if answer.headers["Location"].startswith(("/console", "/desk")) else []
        kind = answer.headers.get("Content-Type", "")
        name = path.split("?")[0]
        if "html" not in kind:
            if name.endswith((".csv", ".xlsx")):
                self.wrong += [f"{path}: {cell}" for cell in formulas(name, await answer.read())]
            return []
        text = await answer.text()
        self.wrong += [f"{path}: {fault}" for fault in faults(text)]
        page = lxml.html.fromstring(text)
        page.make_links_absolute(path, resolve_base_href=False)
        for element in page.iter("form"):
            self._note(element, path)
        links = [str(a.get("href")).split("#")[0] for a in page.iter("a") if a.get("href")]
        return [link for link in links if link.startswith(("/console", "/desk"))]

    def _note(self, element: Any, path: str) -> None:
        if (element.get("method") or "get").lower() != "post":
            return
        fields: dict[str, tuple[str, str]] = {}
        upload = None
        for one in element.iter("input", "textarea", "select", "button"):
            name, kind = one.get("name"), one.get("type", one.tag)
            if not name or (one.tag == "button" and name in fields):
                continue
            if kind == "file":
                upload = name
            elif one.tag == "select":
                options = [option.get("value", option.text) for option in one.iter("option")]
                chosen = [o.get("value", o.text) for o in one.iter("option") if o.get("selected") is not None]
                fields[name] = ("select", (chosen or options or [""])[0] or "")
            elif kind not in ("checkbox", "radio") or one.get("checked") is not None or name not in fields:
                fields[name] = (kind, one.get("value") or (one.text or ""))
        form = Form(element.get("action") or path, fields, upload)
        self.forms.setdefault(form.kind, form)
