"""Training data out of the policy files: every phrasing of a topic is an example of the intent `policy`.

A message keeps its `topic` and `aspect` for the classifier's other heads.
Follow-ups carry their aspect as metadata in data/nlu/followup.yml.

What staff wrote in the console comes in a file of its own, named by the environment: topics that take the place of
those in the files, and sentences with their intent, or with topic and aspect.
"""

from __future__ import annotations

import json
import os
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
LEARNT = "DUIHUA_LEARNT"  # the variable that names the file of what staff wrote; unset or empty where there is none
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
        reader = YAML(typ="safe")
        topics = {path.stem: reader.load(path) for path in sorted(self._folder.glob("*.yml"))}
        learnt = learnt_besides(os.environ.get(LEARNT, ""))
        messages = []
        for content in {**topics, **learnt["topics"]}.values():
            common = {INTENT: POLICY_INTENT, TOPIC: content["id"]}
            messages += [Message(data={**common, TEXT: text, ASPECT: a}) for text, a in phrasings_of(content)]
            messages += [Message(data={**common, TEXT: text, WEAK: True}) for text in sentences_of(content)]
        for one in learnt["examples"]:
            of_topic = {TOPIC: one["topic"], ASPECT: one["aspect"]} if one.get("topic") else {}
            messages.append(Message(data={INTENT: one["intent"], TEXT: one["text"], **of_topic}))
        return TrainingData(messages)


def learnt_besides(file: str) -> dict[str, Any]:
    """What staff wrote, out of its file: `topics` by id, each in the form of a topic file, and `examples`."""
    return json.loads(Path(file).read_text(encoding="utf-8")) if file else {"topics": {}, "examples": []}


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
