"""Training data out of the policy files: every phrasing of a topic is an example of the intent `policy`.

A message keeps its `topic` and `aspect` for the classifier's other heads.
Follow-ups carry their aspect as metadata in data/nlu/followup.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

POLICY_INTENT = "policy"
TOPIC = "topic"
ASPECT = "aspect"
WEAK = "weak"  # a sentence of an answer: tells of the topic, but nobody would type it
GENERAL = "general"
SHORTEST = 3  # characters; a sentence no longer than this says nothing by itself


class KnowledgeImporter(TrainingDataImporter):
    """Reads the folder of topic files named in config.yml (`path`, relative to that file)."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        path: str = "data/knowledge",
    ) -> None:
        self._folder = Path(config_file or ".").resolve().parent / path

    def get_domain(self) -> Domain:
        """Nothing: the domain is in domain.yml."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Nothing: stories and rules are in data/."""
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        """Nothing."""
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        """Nothing: the configuration is in config.yml."""
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        """None: nothing here is filled in by the engine."""
        return None

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """A message for every phrasing and name of a topic, and a weak one for every sentence of its answers."""
        messages = []
        reader = YAML(typ="safe")
        for path in sorted(self._folder.glob("*.yml")):
            content = reader.load(path)
            common = {INTENT: POLICY_INTENT, TOPIC: content["id"]}
            messages += [Message(data={**common, TEXT: text, ASPECT: a}) for text, a in phrasings_of(content)]
            messages += [Message(data={**common, TEXT: text, WEAK: True}) for text in sentences_of(content)]
        return TrainingData(messages)


def phrasings_of(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(text, aspect) of everything in a topic file that a person might type to ask about it."""
    for aspect, texts in content["phrasings"].items():
        for text in texts:
            yield text, aspect
    terms = [term["term"] for term in content.get("terms", ())]
    for name in {content["title"], *content.get("aliases", ()), *terms}:
        yield name, GENERAL


def sentences_of(content: dict[str, Any]) -> Iterator[str]:
    """The sentences of a topic's answers: what they tell of is what some people ask with."""
    texts = [content["scope"], content["answer"]["text"], *(f["label"] for f in content["figures"])]
    texts += [aspect["text"] for aspect in content["aspects"].values() if aspect.get("text")]
    texts += [term["text"] for term in content.get("terms", ())]
    for text in texts:
        for sentence in re.split(r"[。；\n]", text):
            sentence = re.sub(r"^[·\d.、 ]+", "", sentence).strip()
            if len(sentence) > SHORTEST:
                yield sentence
