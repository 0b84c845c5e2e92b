"""What single cells of a posting say: degrees, numbers of people, years, lists. No cell is known here, only its words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.text.districts import districts_in
from bot.text.numbers import hanzi_value
from bot.text.pay import Pay, UnreadablePay, read_pay
from bot.text.schooling import LEVELS, SPELLINGS

LONGEST = {"title": 80, "company": 120, "trade": 40, "size": 20, "source": 80}
_YES = {"是", "y", "yes", "true", "1", "√", "有", "会员", "成员"}
_NO = {"否", "n", "no", "false", "0", "×", "无", "不是", "非成员"}


class Unreadable(ValueError):
    """A cell refused; the text says why, in Chinese."""


def short(text: str, name: str) -> str:
    """One line, no longer than its column holds."""
    text = re.sub(r"\s+", " ", text)
    if len(text) > LONGEST[name]:
        raise Unreadable(f"太长（{len(text)} 字），最多 {LONGEST[name]} 字")
    return text


def named(text: str, name: str, column: str) -> str:
    """The same for what must be there."""
    if not text:
        raise Unreadable(f"没有写{column}")
    if not re.search(r"\w", text):
        raise Unreadable(f"看不出{column}")
    return short(text, name)


@lru_cache(maxsize=4096)
def read_ends(low: str, high: str) -> Pay:
    """Pay out of two columns; one of them alone is both ends. Raises UnreadablePay."""
    low, high = ("" if end.strip() in ("面议", "不限") else end for end in (low, high))
    if not low and not high:
        return read_pay("面议")
    if low in ("0", "0.0") and high:  # “以下”, as exports write it
        return read_pay(f"{high}以下")
    least, most = (read_pay(end) if end else None for end in (low, high))
    least, most = least or most, most or least
    assert least is not None and most is not None
    if least.low is None or most.high is None:
        return read_pay("面议")
    if least.low > most.high:
        raise UnreadablePay("最低薪资比最高薪资还高，请核对")
    return Pay(least.low, most.high, max(least.months, most.months), least.note or most.note)


def months_a_year(text: str) -> int:
    """13薪 is 13."""
    found = re.fullmatch(r"(\d{1,2})\s*(?:薪|个月|月)?", text)
    if not found or not 1 <= int(found[1]) <= 24:
        raise Unreadable("不是一年的发薪月数，请写 12 到 24 之间的数")
    return int(found[1])


def industry_letter(text: str) -> str:
    """The section of GB/T 4754 that a cell begins with."""
    letter = unicodedata.normalize("NFKC", text).upper()[:1]
    if not "A" <= letter <= "T":
        raise Unreadable("不是行业门类（A 到 T 的字母）")
    return letter


def yes_or_no(text: str) -> bool:
    """是 or 否."""
    plain = text.lower()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise Unreadable("请写“是”或“否”")


_JOB_TYPE_WORDS = (
    ("见习", "见习"), ("实习", "实习"), ("兼职", "兼职"), ("小时工", "兼职"), ("钟点工", "兼职"), ("临时", "兼职"),
    ("非全日制", "兼职"), ("灵活", "兼职"), ("全职", "全职"), ("全日制", "全职"), ("正式", "全职"), ("合同", "全职"),
    ("社招", "全职"), ("校招", "全职"), ("校园", "全职"), ("社会", "全职"), ("派遣", "全职"), ("外包", "全职"),
    ("长期", "全职"), ("编", "全职"), ("固定", "全职"), ("民营", "全职"), ("不限", "全职"), ("自主", "全职"),
)  # fmt: skip


def job_type_of(text: str) -> str:
    """全职, 实习, 见习 or 兼职, by the words for them."""
    for word, job_type in _JOB_TYPE_WORDS:
        if word in text and not (word == "全职" and "兼职" in text):
            return job_type
    raise Unreadable("看不出工作性质")


def type_of_title(title: str) -> str:
    """What the title says of it; 全职 where it says nothing."""
    return next((kind for kind in ("见习", "实习", "兼职") if kind in title), "全职")


_STATUS = {"在招": "open", "招聘中": "open", "open": "open", "已下架": "withdrawn", "下架": "withdrawn", "停招": "withdrawn",
           "停止招聘": "withdrawn", "已停招": "withdrawn", "已招满": "withdrawn", "招满": "withdrawn", "重复": "open"}  # fmt: skip


def status_of(text: str) -> str:
    """`open` or `withdrawn`."""
    if text not in _STATUS:
        raise Unreadable("看不出状态，请写“在招”或“已下架”")
    return _STATUS[text]


@lru_cache(maxsize=4096)
def district_of(text: str) -> str | None:
    """The first district that a place's words name; 大同县 and the like by their new names."""
    found = districts_in(unicodedata.normalize("NFKC", text))
    return found[0][0] if found else None


def district_named(text: str) -> str:
    """The district; refuses a place that is in none of the ten."""
    if (district := district_of(text)) is None:
        raise Unreadable("不是大同的区县")
    return district


_EDUCATION_NOISE = re.compile(
    r"\s|[(（].*?[)）]|及?其?以上|以上|起|学历|学位|毕业生?|毕业|或者?同等|统招|全日制|优先|者|要求|[:：。.,，;；]"
)


@lru_cache(maxsize=2048)
def education_of(text: str) -> str:
    """The lowest degree that will do: 大专/本科 is 大专."""
    plain = unicodedata.normalize("NFKC", text)
    for words in (plain.strip(), re.sub(r"\s", "", plain), _EDUCATION_NOISE.sub("", plain)):
        if words in SPELLINGS:
            return SPELLINGS[words]
    found = [SPELLINGS[word] for part in re.split(r"[/、,，或和及与~至到-]+", plain)
             if (word := _EDUCATION_NOISE.sub("", part)) in SPELLINGS]  # fmt: skip
    if not found:
        raise Unreadable(f"看不出学历要求，请写{'、'.join(LEVELS)}之一")
    return min(found, key=LEVELS.index)


_SEPARATORS = re.compile(r"[、，,；;/|\n\r\t·•]+|(?<![A-Za-z+])\++(?![+])|\s{2,}|(?<=[一-龥])\s+(?=[一-龥])")


def split_list(text: str) -> list[str]:
    """What is listed with 、，/; and the like, each once, in order; brackets hold together."""
    hidden: list[str] = []

    def keep(match: re.Match[str]) -> str:
        hidden.append(match[0])
        return f"\x00{len(hidden) - 1}\x00"

    bare = re.sub(r"[(（][^()（）]*[)）]", keep, text)
    parts = [re.sub(r"\x00(\d+)\x00", lambda m: hidden[int(m[1])], part) for part in _SEPARATORS.split(bare)]
    return list(dict.fromkeys(part.strip(' 。.“”"') for part in parts if part.strip(' 。.“”"')))


def majors_of(text: str) -> list[str]:
    """The majors asked for, none for 专业不限."""
    if re.fullmatch(r"(?:专业)?(?:不限|不作要求|无要求|不限专业|无限制|均可)[。.]?", text) or text in (
        "不限制",
        "无专业要求",
    ):
        return []
    parts = [
        re.sub(r"(?:等)?(?:相关|相近)?(?:专业|类专业)?(?:优先|毕业)?$", "", part) or part for part in split_list(text)
    ]
    return list(dict.fromkeys(part for part in parts if part not in ("不限", "专业不限", "相关", "等")))


@lru_cache(maxsize=2048)
def years_of_experience(text: str) -> int | None:
    """Years asked for at least: 1-3年 is 1, 应届 0, 不限 None."""
    plain = unicodedata.normalize("NFKC", text)
    if re.search(r"应届|在校|毕业生|无需经验|无经验|不需要经验|零经验|经验不要求|无工作经验", plain):
        return 0
    if re.search(r"不限|无要求|不要求|不作要求|均可|优先|面议", plain):
        return None
    if re.search(r"(?:1|一)年(?:以下|以内)|半年|\d个?月|不满", plain):
        return 0
    if found := re.search(r"(\d{1,2})(?:\.\d)?", plain):
        return int(found[1])
    if (found := re.search(r"([一二三两四五六七八九十]+)\s*(?:年|至|到|-)", plain)) and (
        years := hanzi_value(found[1])
    ):
        return years
    raise Unreadable("看不出要几年经验")


@lru_cache(maxsize=2048)
def headcount_of(text: str) -> int | None:
    """How many at most: 3-5名 is 5, 若干 None."""
    plain = unicodedata.normalize("NFKC", text)
    if re.search(r"若干|不限|多名|数名|大量|长期|不定", plain):
        return None
    numbers = [int(n) for n in re.findall(r"\d+", re.sub(r"(\d+)\.0+\b", r"\1", plain))]
    if not numbers and (found := re.search(r"[一二三两四五六七八九十百]+", plain)):
        numbers = [hanzi_value(found[0]) or 0]
    if not numbers or not 1 <= max(numbers) <= 100_000:
        raise Unreadable("看不出招几个人")
    return max(numbers)
