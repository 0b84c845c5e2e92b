"""Graph components for Chinese that the engine lacks: sentence vectors, and intents, topics and aspects from them."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import DENSE_FEATURIZABLE_ATTRIBUTES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import (
    FEATURE_TYPE_SENTENCE,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    METADATA,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.importer import ASPECT, TOPIC, WEAK
from bot.text.classifier import Head, Ranking, TextClassifier
from bot.text.distress import danger_in, is_grievance, is_idiom, may_be_meant
from bot.text.encoder import SentenceEncoder, packed
from bot.text.normal import normalise

TOPIC_RANKING = "topic_ranking"
ASPECT_RANKING = "aspect_ranking"
VECTOR = "sentence_vector"
TOGETHER_RANKING = "together_ranking"
OPEN_TOPIC = "open_topic"
BEFORE = "before"
FOLLOWUP = "followup"
_FILE = "classifier.joblib"


def is_pressed(text: str | None) -> bool:
    """Whether this is the payload of one of our buttons; nobody's typing reaches the engine in that form."""
    return bool(text) and text.startswith(INTENT_MESSAGE_PREFIX)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectorFeaturizer(DenseFeaturizer, GraphComponent):
    """Gives each text the vector of the packaged sentence encoder (bot.text.encoder)."""

    @classmethod
    def required_components(cls) -> list[type]:
        """None: it works on the text itself."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No settings of its own."""
        return {**DenseFeaturizer.get_default_config()}

    def __init__(self, execution_context: ExecutionContext, config: dict[str, Any]) -> None:
        super().__init__(execution_context.node_name, config)
        self._encoder = SentenceEncoder()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceVectorFeaturizer:
        """A new component; there is nothing to train or keep."""
        return cls(execution_context, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Every configuration is good: there is nothing to set."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add vectors to all training texts, in batches."""
        self._add([m for m in training_data.training_examples if m.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add vectors to typed messages; a pressed button needs none."""
        self._add([m for m in messages if m.get(TEXT) and not is_pressed(m.get(TEXT))])
        return messages

    def _add(self, messages: list[Message]) -> None:
        assert TEXT in DENSE_FEATURIZABLE_ATTRIBUTES
        vectors = self._encoder.encode([normalise(m.get(TEXT)) for m in messages])
        for message, vector in zip(messages, vectors):
            message.add_features(Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """Intent, topic and aspect of a text: three heads of linear margins over one set of features (bot.text.classifier).

    Adds `topic_ranking` and `aspect_ranking` to what was understood; what they are worth is decided by the actions.
    A follow-up on a message that was no plain question is also read together with that message: `together_ranking`.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The vectors must be there."""
        return [SentenceVectorFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """For each head its `cost` (of a training error) and `sharpness` (margins into shares); and two weights.

        `weak_weight`: of a sentence of an answer beside 1 for a phrasing. `at_least`: the share from which an intent
        has the word, whatever else is likely, unless a topic that is not its `kin` is as plain as `plain_topic`.
        `open_topic`: how many times likelier an intent is after an answer than
        out of the blue; the channel says in a message's metadata whether there was one.
        """
        return {
            "intent": {"cost": 0.3, "sharpness": 4.0},
            "topic": {"cost": 1.0, "sharpness": 5.0},
            "aspect": {"cost": 0.5, "sharpness": 3.0},
            "weak_weight": 0.3,
            "at_least": {},
            "plain_topic": 0.6,
            "kin": {},
            "open_topic": {},
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        classifier: TextClassifier | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._classifier = classifier or TextClassifier()
        self._encoder = SentenceEncoder()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """A new, untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, TextClassifier.load(folder / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all messages that have an intent; topics and aspects from those that name one."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        heads = {
            INTENT: [None if m.get(WEAK) else m.get(INTENT) for m in examples],
            TOPIC: [m.get(TOPIC) for m in examples],
            ASPECT: [_aspect(m) for m in examples],
        }
        self._classifier.fit(
            [m.get(TEXT) for m in examples],
            _vectors(examples),
            {name: (Head(**self._config[name]), labels) for name, labels in heads.items()},
            [self._config["weak_weight"] if m.get(WEAK) else 1.0 for m in examples],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._classifier.save(folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and the three rankings; a pressed button brings its own intent."""
        for message in messages:
            if not message.get(TEXT) or is_pressed(message.get(TEXT)):
                continue
            vector = _vectors([message])[0]
            message.set(VECTOR, packed(vector), add_to_output=True)  # the actions need it too
            rankings = self._classifier.rank(message.get(TEXT), vector)
            told = message.get(METADATA) or {}
            after_answer = bool(told.get(OPEN_TOPIC))
            intents = _reweighed(rankings[INTENT], self._config["open_topic"] if after_answer else {})
            intents = _by_rules(_preferred(intents, self._care(rankings[TOPIC])), message.get(TEXT))
            name, share = intents[0]
            message.set(INTENT, {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: share}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, _told(intents[:6]), add_to_output=True)
            message.set(TOPIC_RANKING, _told(rankings[TOPIC][:10]), add_to_output=True)
            message.set(ASPECT_RANKING, _told(rankings[ASPECT][:3]), add_to_output=True)
            if name == FOLLOWUP and told.get(BEFORE):
                together = self._topics_of(f"{told[BEFORE]} {message.get(TEXT)}")
                message.set(TOGETHER_RANKING, _told(together[:3]), add_to_output=True)
        return messages

    def _care(self, topics: Ranking) -> dict[str, float]:
        """The intents that have the word from a small share on, where no topic is plainly asked about instead."""
        topic, share = topics[0]
        kin = self._config["kin"]
        return {
            intent: least
            for intent, least in self._config["at_least"].items()
            if share < self._config["plain_topic"] or topic in kin.get(intent, ())
        }

    def _topics_of(self, text: str) -> Ranking:
        return self._classifier.rank(text, self._encoder.encode([normalise(text)])[0])[TOPIC]


def _vectors(messages: list[Message]) -> np.ndarray:
    return np.vstack([m.get_dense_features(TEXT, [])[1].features for m in messages]).astype(np.float32)


def _aspect(message: Message) -> str | None:
    return message.get(ASPECT) or ((message.get(METADATA) or {}).get("intent") or {}).get(ASPECT)


def _reweighed(ranking: Ranking, factors: dict[str, float]) -> Ranking:
    """The ranking with some labels' shares multiplied, and all of them summing to 1 again."""
    shares = [(label, share * factors.get(label, 1.0)) for label, share in ranking]
    whole = sum(share for _, share in shares)
    return sorted(((label, share / whole) for label, share in shares), key=lambda pair: -pair[1])


def _preferred(intents: Ranking, at_least: dict[str, float]) -> Ranking:
    """The ranking with those intents first that must not be missed once they reach their own share."""
    first = [pair for pair in intents if pair[0] in at_least and pair[1] >= at_least[pair[0]]]
    return first + [pair for pair in intents if pair not in first]


def _by_rules(intents: Ranking, text: str) -> Ranking:
    """What the rules on danger say over the shares: an alarm, a kind word, or that it is an idiom or a grievance."""
    first = "distress_serious" if danger_in(text) else "distress_mild" if may_be_meant(text) else None
    if first:
        return [(first, 1.0), *(pair for pair in intents if pair[0] != first)]
    harmless = is_idiom(text) or is_grievance(text)
    return [pair for pair in intents if pair[0] != "distress_serious"] if harmless else intents


def _told(ranking: Ranking) -> list[dict[str, Any]]:
    return [{"name": name, PREDICTED_CONFIDENCE_KEY: round(share, 4)} for name, share in ranking]
