"""Personal details of our own making, as people write them, and a search for them in everything that is kept."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.conversations.masking.numbers import _CHECKS, _WEIGHTS, luhn

_HANZI, _FULL, _CAPITAL = "零一二三四五六七八九", "０１２３４５６７８９", "零壹贰叁肆伍陆柒捌玖"
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄吴徐孙朱高林郭", ("沐霖", "晗煜", "佳禾", "梓萱", "奕辰", "钰婷", "浩然", "雨桐")
_STREETS, _COMMUNITIES = ("永泰街", "迎宾街", "御河西路", "魏都大道"), ("柳航里小区", "御锦家园", "凯德花园")


@dataclass(frozen=True)
class Secret:
    """A personal detail: as it is written (in one or two messages), and what must be found nowhere."""

    kind: str
    texts: tuple[str, ...]
    needles: tuple[str, ...]


def _map(digits: str, letters: str) -> str:
    return "".join(letters[int(digit)] if digit.isdigit() else digit for digit in digits)


def _cut(digits: str, sizes: tuple[int, ...], mark: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(digits[at : at + size])
        at += size
    return mark.join(part for part in [*parts, digits[at:]] if part)


def _mobile(r: random.Random) -> str:
    return f"1{r.choice('3456789')}{r.randrange(10**9):09}"


def _identity(r: random.Random) -> str:
    born = f"{r.randint(1998, 2005)}{r.randint(1, 12):02}{r.randint(1, 28):02}"
    first = f"1402{r.choice(['12', '13', '14', '26'])}{born}{r.randrange(1000):03}"
    return first + _CHECKS[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]


def _card(r: random.Random) -> str:
    first = f"6222{r.randrange(10**14):014}"
    return next(first + str(d) for d in range(10) if luhn(first + str(d)))


def _forms(kind: str, digits: str, r: random.Random) -> list[str]:
    """The same number in ever other ways."""
    sizes = {"mobile": (3, 4), "identity": (6, 8), "card": (4, 4, 4, 4), "landline": (4,), "old identity": (6, 6)}[kind]
    forms = [
        digits,
        _map(digits, _FULL),
        _cut(digits, sizes, " "),
        _cut(digits, sizes, "-"),
        _cut(digits, sizes, "　"),
        _map(digits, _HANZI),
    ]
    if kind == "mobile":
        forms += [
            _cut(digits, sizes, "."), f"+86 {digits}", _map(digits, _CAPITAL), " ".join(digits), _map(digits, _HANZI).replace("一", "幺"),
            digits[:3] + _map(digits[3:7], _HANZI) + digits[7:], "".join(f"{d}\ufe0f\u20e3" for d in digits),
            digits.replace("0", "O").replace("1", "l") if set(digits) & set("23456789") else digits, _cut(digits, (3,), " "), _cut(digits, (4, 3), " "),
        ]  # fmt: skip
    return forms


def secrets(count: int, seed: int = 5) -> list[Secret]:
    """So many personal details of every kind, each in another form."""
    r = random.Random(seed)
    found: list[Secret] = []
    makers = {
        "mobile": _mobile,
        "landline": lambda r: f"0352{r.choice('25678')}{r.randrange(10**6):06}",
        "identity": _identity,
        "old identity": lambda r: (
            f"1402{r.choice(['12', '13'])}{r.randint(75, 95)}{r.randint(1, 12):02}{r.randint(1, 28):02}{r.randrange(1000):03}"
        ),
        "card": _card,
    }
    turn = 0
    while len(found) < count:
        turn += 1
        for kind, make in makers.items():
            digits = make(r)
            written = _forms(kind, digits, r)[turn % len(_forms(kind, digits, r))]
            found.append(Secret(kind, (_said(kind, written, r),), (digits, written)))
        slip = _identity(r)
        slip = slip[:-1] + ("0" if slip[-1] != "0" else "1")
        found.append(Secret("mistyped identity", (f"证件号{slip}",), (slip,)))
        halves = _mobile(r)
        at = r.choice([3, 4, 5, 7])
        found.append(
            Secret(
                "in two", (f"我电话{halves[:at]}", halves[at:]), (halves, halves[:at] if at > 4 else halves, halves[3:])
            )
        )
        mail = f"{r.choice(['zhang', 'liwei', 'wx'])}{r.randrange(10**6):06}"
        at_sign = r.choice(["@", "＠", " @ ", "艾特"])
        found.append(Secret("mail", (f"发我邮箱{mail}{at_sign}qq.com",), (mail,)))
        chat = f"{r.choice(['xy', 'dt', 'ok'])}_{r.randrange(10**7):07}"
        found.append(Secret("wechat", (f"加我{r.choice(['微信', 'vx', '薇信', 'wx：'])}{chat}",), (chat,)))
        qq = f"{r.randrange(10**8, 10**9)}"
        found.append(Secret("qq", (r.choice([f"我QQ{qq}", f"扣扣 {qq}", f"qq号是{qq}"]),), (qq,)))
        number, door = r.randint(100, 999), f"{r.randint(1, 9)}号楼{r.randint(1, 5)}单元{r.randint(1000, 3000)}"
        street = r.choice([f"{r.choice(_STREETS)}{number}号{door}", f"{r.choice(_COMMUNITIES)}{door}"])
        found.append(Secret("address", (f"我家住平城区{street}",), (street, door)))
        name = r.choice(_SURNAMES) + r.choice(_GIVEN)
        found.append(
            Secret(
                "name",
                (r.choice([f"我叫{name}", f"我儿子叫{name}，想问问", f"姓名：{name}", f"本人{name}，大专"]),),
                (name,),
            )
        )
    return found[:count]


def _said(kind: str, written: str, r: random.Random) -> str:
    what = {"mobile": "手机", "landline": "座机", "identity": "身份证", "old identity": "老身份证号", "card": "卡号"}[
        kind
    ]
    return r.choice(
        [f"我{what}是{written}，有事找我", f"{what} {written}", f"{written} 这是我{what}", f"记一下{written}"]
    )


# -- everything that is kept ---------------------------------------------------------------------------------------------


def _values(file: Path) -> Iterator[tuple[str, str]]:
    """Every value of every table of a SQLite file, with where it stands; a full text's own tables left out."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as database:
        stored = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL TABLE%'"
        for (table,) in database.execute(stored).fetchall():
            for row in database.execute(f'SELECT * FROM "{table}"'):
                yield from ((f"{file.name}:{table}", str(value)) for value in row if value is not None)


def kept(folder: Path, exports: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Everything: values of tables, files as they are, exports."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or "models" in path.parts or "secrets" in path.parts:
            continue
        if path.suffix == ".db":
            yield from _values(path)
        yield f"file {path.name}", path.read_bytes().decode("utf-8", "ignore")
    yield from exports.items()


_TO_DIGITS = str.maketrans(_FULL + _HANZI + "幺壹贰叁肆伍陆柒捌玖Ol", "0123456789" * 2 + "1123456789" + "01")
_MARKS = re.compile(r"[\s\-.·,，、()（）_\u200b\ufe0f\u20e3\u3000]")


def _standing(needle: str) -> str:
    """What to look for: a short run of digits only where it stands by itself, since a share or a time may contain it."""
    pattern = re.escape(needle)
    return rf"(?<![\d.]){pattern}(?!\d)" if needle.isdecimal() and len(needle) < 7 else pattern


def leaks(secrets_: list[Secret], everything: Iterator[tuple[str, str]]) -> list[str]:
    """Where something personal stands in clear: as it was written, or in plain digits whatever stands between them."""
    needles = {needle for secret in secrets_ for needle in secret.needles}
    digits = {needle for needle in needles if needle.isdecimal() and len(needle) >= 7}
    found = []
    plain = re.compile("|".join(sorted(map(_standing, needles), key=len, reverse=True)))
    squeezed = re.compile("|".join(sorted(digits, key=len, reverse=True)) or r"(?!)")
    for place, text in everything:
        found += [f"{place}: {match}" for match in plain.findall(text)]
        if not place.startswith("file ") and len(text) < 100_000:
            found += [
                f"{place} (spelt otherwise): {m}" for m in squeezed.findall(_MARKS.sub("", text.translate(_TO_DIGITS)))
            ]
    return sorted(set(found))
