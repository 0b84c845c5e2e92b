"""What Rasa 3.6.21 does slowly at every turn, done once. Its series is finished, so these stay as they are."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from rasa.core.actions.action import RemoteAction

_VALIDATOR = Draft202012Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """The same check of the action server's answer; the schema itself is checked at import, not at every call."""
    for error in _VALIDATOR.iter_errors(result):
        raise ValidationError(f"{error.message}. The action server's answer is not of the form it must have.")
    return True


def apply() -> None:
    """Put them in place; half of a turn went into checking the schema of the answers' form again and again."""
    Draft202012Validator.check_schema(RemoteAction.action_response_format_spec())
    RemoteAction._validate_action_result = _validate_action_result  # type: ignore[method-assign]
