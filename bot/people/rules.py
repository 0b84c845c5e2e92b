"""Who may do what, what a password must be, when a sign-in has to wait. No I/O here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for; an account may have several."""

    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADVISER = "adviser"
    HOST = "host"
    ADMIN = "admin"


class Permission(StrEnum):
    """What one may do; each page of the staff names one."""

    SIGNED_IN = "signed-in"  # whoever has an account
    STATUS_READ = "status.read"
    CONVERSATIONS_READ = "conversations.read"  # masked
    CONVERSATIONS_LABEL = "conversations.label"  # tags, notes, assigning, reviewed
    CONVERSATIONS_REVEAL = "conversations.reveal"  # what is masked or sealed, with a reason
    CONVERSATIONS_EXPORT = "conversations.export"
    RECEPTION_TAKE = "reception.take"  # talk in the place of the bot
    TRAINING_MEND = "training.mend"  # right intent or topic, regression cases
    TRAINING_RUN = "training.run"  # train, activate, roll back
    KNOWLEDGE_READ = "knowledge.read"
    KNOWLEDGE_EDIT = "knowledge.edit"
    KNOWLEDGE_APPROVE = "knowledge.approve"
    JOBS_READ = "jobs.read"
    JOBS_EDIT = "jobs.edit"
    EVENTS_READ = "events.read"
    EVENTS_EDIT = "events.edit"
    EVENTS_CHECK_IN = "events.check-in"
    GUIDANCE_READ = "guidance.read"  # every adviser's sessions
    GUIDANCE_EDIT = "guidance.edit"
    GUIDANCE_OWN = "guidance.own"  # one's own sessions
    GUIDANCE_SESSIONS = "guidance.sessions"  # sessions: every adviser's with guidance.read, else one's own
    FIGURES_READ = "figures.read"
    BRIEF_WRITE = "brief.write"
    RADIO_READ = "radio.read"
    RADIO_EDIT = "radio.edit"  # groups, running sheets, questions
    RADIO_LIVE = "radio.live"
    ACCOUNTS_MANAGE = "accounts.manage"
    AUDIT_READ = "audit.read"
    SETTINGS_READ = "settings.read"
    OUTBOX_MANAGE = "outbox.manage"


_P = Permission
_REVIEWER = {
    _P.SIGNED_IN, _P.STATUS_READ, _P.CONVERSATIONS_READ, _P.CONVERSATIONS_LABEL, _P.CONVERSATIONS_EXPORT,
    _P.RECEPTION_TAKE, _P.TRAINING_MEND, _P.KNOWLEDGE_READ, _P.FIGURES_READ,
}  # fmt: skip
_EDITOR = {
    _P.SIGNED_IN, _P.STATUS_READ, _P.CONVERSATIONS_READ, _P.CONVERSATIONS_LABEL, _P.RECEPTION_TAKE, _P.TRAINING_MEND,
    _P.TRAINING_RUN, _P.KNOWLEDGE_READ, _P.KNOWLEDGE_EDIT, _P.KNOWLEDGE_APPROVE, _P.JOBS_READ, _P.JOBS_EDIT,
    _P.EVENTS_READ, _P.EVENTS_EDIT, _P.EVENTS_CHECK_IN, _P.GUIDANCE_READ, _P.GUIDANCE_EDIT, _P.GUIDANCE_SESSIONS,
    _P.FIGURES_READ, _P.BRIEF_WRITE, _P.RADIO_READ,
}  # fmt: skip
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.REVIEWER: frozenset(_REVIEWER),
    Role.EDITOR: frozenset(_EDITOR),
    Role.ADVISER: frozenset({_P.SIGNED_IN, _P.GUIDANCE_OWN, _P.GUIDANCE_SESSIONS}),
    Role.HOST: frozenset({_P.SIGNED_IN, _P.RADIO_READ, _P.RADIO_EDIT, _P.RADIO_LIVE}),
    Role.ADMIN: frozenset(Permission),
}
"""What each role may do. An admin may do everything; one's own sessions need a tie to an adviser besides."""


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """What somebody with these roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))


@dataclass(frozen=True)
class Staff:
    """An account that is signed in."""

    id: int
    name: str
    roles: frozenset[Role]
    adviser_id: int | None = None
    must_change: bool = False
    has_totp: bool = False
    session_id: int = 0

    def can(self, permission: Permission) -> bool:
        """Whether they may do it."""
        return permission in permissions_of(self.roles)


class Refusal(Exception):
    """Something that cannot be; the kind says why."""


class WrongPassword(Refusal):
    """The name, the password or the code is not right, or the account is closed: which one is not told."""


class MustWait(Refusal):
    """Too many wrong tries: wait so long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait}")
        self.wait = wait


class UnfitPassword(Refusal):
    """A password that will not do: `why` is short, simple, name, long or same."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class BadName(Refusal):
    """A name of no or too many characters, or with marks in it."""


class NameTaken(Refusal):
    """Somebody has that name already."""


class NoRole(Refusal):
    """An account without a role can do nothing."""


class AdviserTaken(Refusal):
    """Another account is tied to that adviser."""


class AdviserUnknown(Refusal):
    """There is no such adviser."""


class LastAdmin(Refusal):
    """Nobody would be left who can manage accounts."""


class OnOneself(Refusal):
    """Nobody closes their own account or takes their own rights."""


class Unknown(Refusal):
    """There is no such account or session."""


class NotBegun(Refusal):
    """A second step is confirmed that was not begun."""


# -- names and passwords -----------------------------------------------------------------------------------------------

NAME_LIMIT = 20
PASSWORD_LEAST, PASSWORD_MOST = 10, 128
_SIMPLE = re.compile(r"(?i)password|passw0rd|qwerty|12345\d*|54321|abcdef|111111|000000|666666|888888|admin|duihua")
_SIMPLE_LEFT = 6  # characters that have to be left without what everybody tries


def clean_name(name: str) -> str:
    """The name as it is kept. Raises BadName."""
    name = unicodedata.normalize("NFKC", name).strip()
    if not 1 <= len(name) <= NAME_LIMIT or not re.fullmatch(r"[\w·.\- ]+", name):
        raise BadName
    return re.sub(r" +", " ", name)


def name_key(name: str) -> str:
    """What two spellings of a name have in common."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def clean_password(password: str) -> str:
    """One form for what keyboards of different kinds write."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, name: str) -> None:
    """Raise UnfitPassword unless it will do for that account."""
    if len(password) < PASSWORD_LEAST:
        raise UnfitPassword("short")
    if len(password) > PASSWORD_MOST:
        raise UnfitPassword("long")
    if len(name) > 2 and name_key(name) in password.casefold():
        raise UnfitPassword("name")
    if len(set(password)) < 5 or len(_SIMPLE.sub("", password)) < _SIMPLE_LEFT:
        raise UnfitPassword("simple")


# -- waiting after wrong tries -----------------------------------------------------------------------------------------

FREE_TRIES = {"name": 5, "address": 20}
FORGOTTEN_AFTER = timedelta(hours=24)
_FIRST_WAIT, _LONGEST_WAIT = 30, 15 * 60  # seconds


def wait_after(tries: int, kind: str) -> timedelta:
    """How long the next try has to wait after so many wrong ones in a row."""
    over = tries - FREE_TRIES[kind]
    if over < 0:
        return timedelta()
    return timedelta(seconds=min(_FIRST_WAIT * 2 ** min(over, 10), _LONGEST_WAIT))


# -- devices -----------------------------------------------------------------------------------------------------------

_BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(agent: str) -> str:
    """Browser and system out of a User-Agent, in words: what somebody recognises their own device by."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "其他浏览器")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} · {system}" if system else browser
