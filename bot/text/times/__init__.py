"""When somebody wants a session: times in plain Chinese, read in the sense of office hours (9–18, Asia/Shanghai)."""

from bot.text.times.model import SHANGHAI, ClockPart, DayPart, Parts, Reading, Shift, When
from bot.text.times.reading import combine, read_parts, read_times, settle
from bot.text.times.speaking import spoken, spoken_day

__all__ = [
    "SHANGHAI", "ClockPart", "DayPart", "Parts", "Reading", "Shift", "When",
    "combine", "read_parts", "read_times", "settle", "spoken", "spoken_day",
]  # fmt: skip
