"""A small form with five benefits, and somebody who goes through the check with them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from ruamel.yaml import YAML

from bot.eligibility.forms import Eligibility, Facts
from bot.eligibility.rules import checked
from bot.eligibility.service import EligibilityCheck
from bot.eligibility.talk import EligibilityTalk
from bot.eligibility.views import Benefit, Kept
from bot.knowledge.tables import SourceRow, TextRow, TopicRow
from bot.reply import Choice, Reply
from bot.text.facts import FactWords

FACTS_YML = """\
facts:
- id: graduated
  kind: one
  ask: 你是哪年毕业的？
  short: 毕业时间
  choices:
  - {id: in_school, label: 还在校, words: [在校]}
  - {id: final_year, label: 毕业班, words: [大四]}
  - {id: this_year, label: 今年毕业, words: [应届生]}
  - {id: within_2, label: 离校不到2年}
  - {id: earlier, label: 离校2年以上}
- id: degree
  kind: one
  ask: 学历是哪一档？
  short: 学历
  choices:
  - {id: college, label: 大专, words: [大专, 专科]}
  - {id: bachelor, label: 本科, words: [本科]}
- id: hardship
  kind: many
  ask: 有没有下面这些认定？
  short: 困难情况
  choices:
  - {id: subsistence, label: 家里吃低保, words: ['(?<!不是)低保']}
  - {id: disabled, label: 本人有残疾证, words: [残疾]}
  - {id: lifted, label: 脱贫户, words: [脱贫户]}
  none: {label: 都没有}
- id: insurance
  kind: one
  ask: 社保谁在交？
  short: 社保
  choices:
  - {id: self, label: 自己交, words: [自己交社保]}
  - {id: unit, label: 单位给交, words: [单位给交]}
  - {id: unpaid, label: 没交, words: [没交社保]}
- id: loan
  kind: one
  ask: 贷过助学贷款没有？
  short: 助学贷款
  choices:
  - {id: 'yes', label: 贷过, words: [助学贷款]}
  - {id: 'no', label: 没贷过, words: [没贷过款]}
- id: age
  kind: number
  ask: 今年多大？
  short: 年龄
"""

BENEFITS_YML = """\
seeking:
  amount: 每人1200元
  sources: [1]
  needs:
  - {fact: graduated, is: [final_year], say: 毕业班在校生}
  - any:
    - {fact: hardship, is: [subsistence, disabled], say: 家里低保或本人残疾}
    - {fact: loan, is: ['yes'], say: 贷过助学贷款}
flexible:
  benefit: 灵活就业社保补贴
  amount: 不超过实际缴费的2/3
  sources: [1]
  needs:
  - {fact: graduated, is: [this_year, within_2], say: 毕业年度或离校2年内}
  - {fact: insurance, is: [self], say: 自己交社保}
  - {open: 做过灵活就业登记}
traineeship:
  amount: 每月1000元
  sources: [1]
  needs:
  - {fact: age, at_least: 16, at_most: 24, say: 16到24岁}
loan-relief:
  amount: 最多8000元
  sources: [1]
  needs:
  - {fact: loan, is: ['yes'], say: 贷过助学贷款}
  - {fact: graduated, is: [this_year], say: 今年毕业}
expansion:
  for: employer
  amount: 每招1人1500元
  sources: [1]
  needs:
  - {fact: graduated, is: [this_year, within_2], say: 招的是毕业年度或离校2年内的毕业生}
  - {fact: insurance, is: [unit], say: 单位给交着社保}
"""
TITLES = {
    "seeking": "求职补贴",
    "flexible": "灵活就业",
    "traineeship": "就业见习",
    "loan-relief": "代偿",
    "expansion": "扩岗补助",
}


def plain(text: str) -> Any:
    return YAML(typ="safe").load(text)


FACTS = Facts.model_validate(plain(FACTS_YML))
BENEFITS = {name: Eligibility.model_validate(form) for name, form in plain(BENEFITS_YML).items()}
WORDS = FactWords(plain(FACTS_YML)["facts"])


def topic_row(name: str, position: int = 0, **values: Any) -> TopicRow:
    """A topic as it is stored, with the conditions of that name."""
    row = TopicRow(
        **{
            "id": name,
            "position": position,
            "title": TITLES.get(name, name),
            "group": "补贴",
            "scope": "s",
            "region": "山西",
            "aliases": [],
            "related": [],
            "state": "current",
            "checked_on": date(2026, 11, 23),
            "check_status": "verified",
            "eligibility": BENEFITS[name].content() if name in BENEFITS else None,
            **values,
        }
    )
    row.texts = [
        TextRow(key="answer", text="说明。", sources=[1]),
        TextRow(key="when", text="毕业学年开始前后报。问学校。", sources=[1]),
        TextRow(key="materials", text="一般带这几样：\n· 身份证\n· 毕业证\n别的问学校。", sources=[1]),
    ]
    row.sources = [
        SourceRow(
            n=1, title="就业补助办法", number="财社〔2023〕181号", issuer="财政部", date="2023-12-20", text_seen=True
        )
    ]
    return row


def benefit(name: str, form: Eligibility | None = None, **values: Any) -> Benefit:
    """A benefit as the service gives it."""
    row = topic_row(name) if name in BENEFITS else topic_row("seeking")
    return Benefit(
        **{
            "topic": name,
            "title": TITLES.get(name, name),
            "eligibility": form or BENEFITS[name],
            "when": row.texts[1].text,
            "materials": row.texts[2].text,
            "sources": tuple(row.sources),
            "checked_on": date(2026, 11, 23),
            "check_status": "verified",
            "valid_until": None,
            "standing": "current",
            **values,
        }
    )


class PaperCheck(EligibilityCheck):
    """The check over benefits in hand, without a database."""

    def __init__(self, clock: Any, benefits: tuple[Benefit, ...], facts: Facts = FACTS) -> None:
        super().__init__(None, clock, facts)  # type: ignore[arg-type]
        self.on_offer, self.stored = benefits, {}

    async def benefits(self) -> tuple[Benefit, ...]:
        return self.on_offer

    async def keep(self, person: int, facts: dict[str, Any]) -> None:
        before = self.stored.get(person)
        self.stored[person] = Kept(checked(facts, self.facts), before.agreed_in if before else None, self._clock())

    async def kept(self, person: int) -> Kept | None:
        return self.stored.get(person)

    async def agree(self, person: int, conversation: str) -> bool:
        if person not in self.stored:
            return False
        self.stored[person] = replace(self.stored[person], agreed_in=conversation)
        return True

    async def disagree(self, person: int) -> None:
        if person in self.stored:
            self.stored[person] = replace(self.stored[person], agreed_in=None)

    async def forget(self, person: int) -> bool:
        return self.stored.pop(person, None) is not None


class Somebody:
    """A person who types and presses, with what the dialogue remembers between the turns."""

    def __init__(self, clock: Any, check: EligibilityCheck, conversation: str = "c1", words: FactWords = WORDS) -> None:
        self.clock, self.check, self.conversation = clock, check, conversation
        self.talk = EligibilityTalk(check, words, self._person, clock)
        self.state: dict[str, Any] | None = None
        self.reply = Reply(paragraphs=())

    async def _person(self, conversation: str) -> int:
        assert conversation == self.conversation
        return 1

    async def say(self, *texts: str) -> str:
        for text in texts:
            self._take(await self.talk.said(text, None, self.state, self.conversation))
        return self.text

    async def press(self, *labels: str) -> str:
        for label in labels:
            await self.send(next(c for c in self.choices if c.label == label).payload)
        return self.text

    async def press_start(self) -> str:
        return await self.send('/eligibility_check{"do":"start"}')

    async def send(self, payload: str) -> str:
        told = json.loads(payload.removeprefix("/eligibility_check"))
        pressed = (told["do"], told.get("of"), told.get("key"))
        self._take(await self.talk.pressed(*pressed, None, self.state, self.conversation))
        return self.text

    @property
    def text(self) -> str:
        return "\n".join(self.reply.paragraphs)

    @property
    def choices(self) -> list[Choice]:
        return [*self.reply.choices, *(c for card in self.reply.cards for c in card.choices)]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.reply.choices]

    @property
    def cards(self) -> dict[str, str | None]:
        """The badges by title."""
        return {card.title: card.badge for card in self.reply.cards}

    @property
    def asked(self) -> str | None:
        return self.state["asking"] if self.state else None

    def _take(self, told: Any) -> None:
        self.reply = told.reply
        self.state = json.loads(json.dumps(told.state)) if told.state else None
