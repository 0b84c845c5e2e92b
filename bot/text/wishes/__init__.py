"""What people wish of a job, read out of what they type. Pure text code for both Pythons."""

from __future__ import annotations

from bot.text.wishes.benefits import BENEFITS
from bot.text.wishes.model import Refinement, Wishes, refined
from bot.text.wishes.pay import read_wished_pay
from bot.text.wishes.reading import is_job_wish, read_wishes
from bot.text.wishes.refining import read_refinement
from bot.text.wishes.vocabulary import MAJORS, SYNONYMS, TRADES, majors_of, section_of, synonyms_of

__all__ = [
    "BENEFITS",
    "MAJORS",
    "SYNONYMS",
    "TRADES",
    "Refinement",
    "Wishes",
    "is_job_wish",
    "majors_of",
    "read_refinement",
    "read_wished_pay",
    "read_wishes",
    "refined",
    "section_of",
    "synonyms_of",
]
