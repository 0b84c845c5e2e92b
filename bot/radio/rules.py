"""What may be asked of the programme, what becomes of a question, and every refusal with its facts. No I/O here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from bot.clock import SHANGHAI
from bot.conversations.masking import mask
from bot.text.radio_wishes import NICKNAME_LENGTH, is_rude, letters_in, wants_to_cheat

if TYPE_CHECKING:
    from bot.radio.views import QuestionView

Consent = Literal["air", "reply"]
"""What somebody agreed to: to be read out and told the answer, or to be told only."""

RECEIVED, SELECTED, AIRED, WITHDRAWN, DECLINED = "received", "selected", "aired", "withdrawn", "declined"
STATES = (RECEIVED, SELECTED, AIRED, WITHDRAWN, DECLINED)
OPEN = (RECEIVED, SELECTED)
_AFTER = {
    RECEIVED: {SELECTED, WITHDRAWN, DECLINED},
    SELECTED: {AIRED, WITHDRAWN, DECLINED},
    AIRED: set(),
    WITHDRAWN: set(),
    DECLINED: set(),
}

LONGEST = 300  # characters of a question: a minute and more when it is read out
SHORTEST = 4  # letters or 汉字
CLAIM_FOR = timedelta(minutes=1)  # how long a worker may take over one message before another one tries
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for something else when read out
CODE_LENGTH = 6


class Refusal(Exception):
    """Something that cannot be done as asked; each kind has its own facts."""


class Unfit(Refusal):
    """A text that is no question for the programme."""

    def __init__(self, why: Literal["empty", "long", "rude", "cheating"]) -> None:
        super().__init__(why)
        self.why = why


class NotAsShown(Refusal):
    """The text holds what is taken out before it is shown; `text` is what would be."""

    def __init__(self, text: str) -> None:
        super().__init__("personal details in a question")
        self.text = text


class BadNickname(Refusal):
    """A nickname that cannot be read out."""

    def __init__(self, why: Literal["long", "personal", "rude"]) -> None:
        super().__init__(why)
        self.why = why


class TooMany(Refusal):
    """The person has as many open questions as anybody may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} open questions")
        self.limit = limit


class AlreadyAsked(Refusal):
    """The person has the same question open."""

    def __init__(self, question: QuestionView) -> None:
        super().__init__(f"asked before as {question.code}")
        self.question = question


class UnknownQuestion(Refusal):
    """No such question, or none that this one may see."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no question {code}")
        self.code = code


class CannotBecome(Refusal):
    """A question in this state does not get into that one."""

    def __init__(self, code: str, state: str, wanted: str) -> None:
        super().__init__(f"question {code} is {state} and does not become {wanted}")
        self.code, self.state, self.wanted = code, state, wanted


class NotForAir(Refusal):
    """The person did not agree that it is read out."""

    def __init__(self, code: str) -> None:
        super().__init__(f"question {code} is not to be read out")
        self.code = code


class NotThatDay(Refusal):
    """It cannot have been on air that day: before it came, or after today."""

    def __init__(self, day: date, first: date, last: date) -> None:
        super().__init__(f"{day} is not between {first} and {last}")
        self.day, self.first, self.last = day, first, last


class AlreadyTold(Refusal):
    """The person has the answer; it is not changed behind their back."""

    def __init__(self, code: str, at: datetime) -> None:
        super().__init__(f"question {code} was answered and told")
        self.code, self.at = code, at


def check_question(text: str) -> None:
    """Raise Unfit unless it may be taken as a question."""
    if letters_in(text) < SHORTEST:
        raise Unfit("empty")
    if len(text) > LONGEST:
        raise Unfit("long")
    if is_rude(text):
        raise Unfit("rude")
    if wants_to_cheat(text):
        raise Unfit("cheating")


def check_masked(text: str) -> None:
    """Raise NotAsShown unless the text is stored just as it was shown: with nothing left to take out."""
    if (masked := mask(text)) != text:
        raise NotAsShown(masked)


def check_nickname(name: str) -> None:
    """Raise BadNickname unless it may be read out."""
    if "〔" in name or mask(name) != name or mask(f"我叫{name}") != f"我叫{name}" or sum(c.isdigit() for c in name) > 4:
        raise BadNickname("personal")
    if len(name) > NICKNAME_LENGTH:
        raise BadNickname("long")
    if is_rude(name):
        raise BadNickname("rude")


def check_becomes(code: str, state: str, wanted: str, consent: str) -> None:
    """Raise CannotBecome or NotForAir unless a question may get from one state into the other."""
    if wanted not in _AFTER[state]:
        raise CannotBecome(code, state, wanted)
    if wanted in (SELECTED, AIRED) and consent != "air":
        raise NotForAir(code)


def check_aired_on(day: date, received_at: datetime, *, today: date) -> None:
    """Raise NotThatDay unless the question can have been on air that day."""
    first = received_at.astimezone(SHANGHAI).date()
    if not first <= day <= today:
        raise NotThatDay(day, first, today)


def same_text(text: str) -> str:
    """What two questions have in common that are the same but for blanks and marks."""
    return "".join(c for c in text.lower() if c.isalnum())
