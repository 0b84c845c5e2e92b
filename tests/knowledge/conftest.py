"""Topic files to spoil, and a small loaded set."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.knowledge.files import Topic, read_topic
from bot.knowledge.loading import row_of
from bot.knowledge.service import Knowledge
from bot.settings import ROOT

REAL = ROOT / "data" / "knowledge"
SMALL = ("archive-transfer", "job-expansion-subsidy", "job-seeking-subsidy", "startup-loan")


def phrasings(seed: int, count: int) -> str:
    """Lines of phrasings that have no character in common."""
    return "".join(
        "  - " + "".join(chr(0x5000 + 1000 * seed + 8 * i + k) for k in range(8)) + "\n" for i in range(count)
    )


SOUND = f"""\
id: probation
title: 试用期
group: 劳动权益
scope: 试用期的长短和工资
region: 全国
aliases: [试用]
validity: {{from: 2008-01-01, until: null, state: current}}
checked: {{on: 2026-11-23, status: verified}}
related: [overtime, resignation]
figures:
- {{label: 工资下限, value: 80%, source: 1}}
- {{label: 最长, value: 6个月, source: 1}}
sources:
- n: 1
  title: 中华人民共和国劳动合同法
  number: 主席令第65号
  issuer: 全国人大常委会
  date: '2007-06-29'
  url: https://www.gov.cn/law
  text_seen: true
  seen_at: official
answer:
  text: 试用期工资不低于约定工资的80%，最长6个月。
  sources: [1]
aspects:
  who:
    text: 签了劳动合同的都适用。
    sources: [1]
  amount:
    text: 不低于约定工资的80%。
    sources: [1]
  materials:
    text: 留好合同和工资条。
    gap: 大同仲裁院要的材料单
  process:
    text: 先跟单位谈，谈不成去投诉。
    sources: [1]
  where:
    text: 单位所在地的劳动监察。
    sources: [1]
  when:
    none: 随时可以问，没有截止的日子。
  contact:
    text: 打人社热线。
    sources: [1]
  notes:
    text: 试用期也要缴社保。
    sources: [1]
terms:
- term: 试用期
  aliases: [试用]
  text: 合同里写明的互相看看的一段时间。
spoken:
  s30: {"听众朋友，试用期的工资有下限。" * 7}
  s60: {"听众朋友，试用期的工资有下限。" * 14}
phrasings:
  general:
{phrasings(0, 30)}  amount:
{phrasings(1, 20)}"""


class TopicFile:
    """A topic file that is sound until something in it is changed."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.write(text)

    def write(self, text: str) -> None:
        self.text = text
        self.path.write_text(text, encoding="utf-8")

    def change(self, old: str, new: str) -> None:
        """Put `new` where `old` stood for the first time."""
        assert old in self.text
        self.write(self.text.replace(old, new, 1))

    def line(self, words: str) -> int:
        """The line on which these words stand first."""
        return self.text[: self.text.index(words)].count("\n") + 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "topics"
    folder.mkdir()
    for other in ("overtime", "resignation"):
        (folder / f"{other}.yml").write_text("not read here", encoding="utf-8")
    return folder


@pytest.fixture
def probation(folder: Path) -> TopicFile:
    """`probation.yml`, without fault."""
    return TopicFile(folder / "probation.yml", SOUND)


@pytest.fixture
def second(folder: Path) -> Callable[[str], TopicFile]:
    """Makes another sound file, with phrasings of its own."""

    def make(name: str) -> TopicFile:
        text = SOUND.replace("id: probation", f"id: {name}")
        text = text.replace(phrasings(0, 30), phrasings(2, 30)).replace(phrasings(1, 20), phrasings(3, 20))
        return TopicFile(folder / f"{name}.yml", text)

    return make


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A folder with two of the real topics, archive-transfer and startup-loan."""
    folder = tmp_path / "pair"
    folder.mkdir()
    for name in ("archive-transfer", "startup-loan"):
        shutil.copy(REAL / f"{name}.yml", folder)
    return folder


@pytest.fixture(scope="session")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where sentence vectors are kept between tests."""
    return tmp_path_factory.mktemp("vectors") / "phrasings.npz"


@pytest.fixture(scope="session")
def small() -> list[Topic]:
    """Four of the real topics."""
    return [read_topic(REAL / f"{name}.yml")[0] for name in SMALL]


@pytest.fixture
async def knowledge(sessions, clock, small, vectors) -> Knowledge:
    """The service over four real topics."""
    async with sessions.begin() as db:
        db.add_all(row_of(topic, position=i, version=1, fingerprint=None) for i, topic in enumerate(small))
    return Knowledge(sessions, clock, cache=vectors)
