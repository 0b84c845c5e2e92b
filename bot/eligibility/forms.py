"""The declarative form of conditions, a topic's `eligibility` block, and of the facts they are about. No I/O here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Text = Annotated[str, Field(min_length=1)]
Place = tuple[str | int, ...]
NONE = "none"  # no choice may be called so: it is how a case says that none of several values holds


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, populate_by_name=True)


class Need(_Strict):
    """One condition: of a fact (`fact`), one of several (`any`), or one that no fact of ours decides (`open`).

    A fact's condition holds for any of the values in `is`, or, of a number, from `at_least` to `at_most`.
    `say` is the condition in words.
    """

    fact: Text | None = None
    is_: list[Text] = Field(default=[], alias="is")
    at_least: int | None = None
    at_most: int | None = None
    say: Text | None = None
    any: list[Need] = []
    open: Text | None = None

    @model_validator(mode="after")
    def _of_one_kind(self) -> Need:
        if [self.fact is not None, bool(self.any), self.open is not None].count(True) != 1:
            raise ValueError("a need has exactly one of `fact`, `any` and `open`")
        limits = self.at_least is not None or self.at_most is not None
        if self.fact is None:
            if self.is_ or limits or self.say:
                raise ValueError("`is`, `at_least`, `at_most` and `say` go with `fact`")
        elif self.say is None:
            raise ValueError("a condition needs `say`: how it reads")
        elif bool(self.is_) == limits:
            raise ValueError("a condition has either `is` or `at_least`/`at_most`")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("`at_least` is above `at_most`")
        if self.any and len(self.any) < 2:
            raise ValueError("`any` needs two conditions or more")
        if any(one.any for one in self.any):
            raise ValueError("`any` holds no other `any`")
        return self

    def parts(self) -> tuple[Need, ...]:
        """The conditions it consists of: those of `any`, or itself."""
        return tuple(self.any) or (self,)


class Eligibility(_Strict):
    """What a benefit is called, whom it is for, how much it is, and every condition for it."""

    benefit: Text | None = None
    for_: Literal["person", "employer"] = Field(default="person", alias="for")
    amount: Text
    sources: list[int] = Field(min_length=1)
    needs: list[Need] = Field(min_length=1)

    def texts(self) -> Iterator[tuple[Place, str]]:
        """Everything that may be said to a person, with its place in the block."""
        if self.benefit:
            yield ("benefit",), self.benefit
        yield ("amount",), self.amount
        for place, part in self.conditions():
            yield (*place, "open" if part.open else "say"), part.open or part.say or ""

    def conditions(self) -> Iterator[tuple[Place, Need]]:
        """Every single condition, with its place in the block."""
        for i, need in enumerate(self.needs):
            if need.any:
                yield from ((("needs", i, "any", k), one) for k, one in enumerate(need.any))
            else:
                yield ("needs", i), need

    def content(self) -> dict[str, Any]:
        """As the file has it, and as it is stored."""
        return {
            **({"benefit": self.benefit} if self.benefit else {}),
            "for": self.for_,
            "amount": self.amount,
            "sources": list(self.sources),
            "needs": [need.model_dump(by_alias=True, exclude_defaults=True) for need in self.needs],
        }


class Option(_Strict):
    """One answer to a fact's question; `words` are what people say for it, as text or pattern."""

    id: Text
    label: Text
    words: list[Text] = []


class NoneOf(_Strict):
    """The answer that says that none of the choices holds."""

    label: Text
    words: list[Text] = []


class Fact(_Strict):
    """Something to know of a person. one: a single choice holds; many: several may; number: a whole number."""

    id: Text
    kind: Literal["one", "many", "number"]
    ask: Text
    short: Text
    choices: list[Option] = []
    none: NoneOf | None = None

    @model_validator(mode="after")
    def _of_its_kind(self) -> Fact:
        if self.kind == "number":
            if self.choices or self.none:
                raise ValueError("a number has no choices")
        elif len(self.choices) < 2:
            raise ValueError("a question needs two choices or more")
        if (self.kind == "many") != (self.none is not None):
            raise ValueError("`none` goes with kind `many`, and with no other")
        ids = [choice.id for choice in self.choices]
        if len(set(ids)) != len(ids) or NONE in ids:
            raise ValueError("two choices have the same id, or one is called `none`")
        return self

    def label(self, value: str) -> str:
        """What a choice is called. Raises KeyError."""
        return {choice.id: choice.label for choice in self.choices}[value]


class Facts(_Strict):
    """Every fact that conditions may be about, in the order in which they are asked where nothing else decides."""

    facts: list[Fact] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Facts:
        ids = [fact.id for fact in self.facts]
        if len(set(ids)) != len(ids):
            raise ValueError("two facts have the same id")
        return self

    def get(self, fact_id: str) -> Fact | None:
        """The fact of that id."""
        return next((fact for fact in self.facts if fact.id == fact_id), None)

    def faults(self, eligibility: Eligibility) -> Iterator[tuple[Place, str]]:
        """Every condition on a fact or value that does not exist, with its place in the block."""
        for place, need in eligibility.conditions():
            if need.fact is None:
                continue
            fact = self.get(need.fact)
            if fact is None:
                yield (*place, "fact"), f"no fact {need.fact}"
            elif (fact.kind == "number") != (not need.is_):
                yield place, f"{need.fact} is {'a number' if fact.kind == 'number' else 'no number'}"
            else:
                known = {choice.id for choice in fact.choices}
                for k, value in enumerate(need.is_):
                    if value not in known:
                        yield (*place, "is", k), f"fact {need.fact} has no value {value}"
