"""After an answer to something else, the step of the talk that was left open is offered again."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, confidence_scores_for
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class ResumePolicy(Policy):
    """Adds the action `resume` to the turn that answered a digression, whatever rule answered it.

    `own`: by the slots that hold their states, the actions of the talks that go over several turns. A slot that is set
    is a talk that is open; after an action of an open one nothing is resumed. `never`: actions after which nothing may
    be asked any more: a person in danger gets one fixed text.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Before the rules, which know of no second action in a turn."""
        return {"priority": 8, "max_history": None, "resume": "", "own": {}, "never": []}

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """There is nothing to learn."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Sure of it after a digression and of listening after that; silent otherwise."""
        latest = tracker.latest_action_name
        if latest == self.config["resume"]:
            return self._prediction(confidence_scores_for(ACTION_LISTEN_NAME, 1.0, domain))
        own = {action for slot, action in self.config["own"].items() if tracker.get_slot(slot)}
        if not own or latest in (None, ACTION_LISTEN_NAME, *own, *self.config["never"]):
            return self._prediction(self._default_predictions(domain))
        return self._prediction(confidence_scores_for(self.config["resume"], 1.0, domain))
