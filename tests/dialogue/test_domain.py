"""domain.yml against everything that names something in it: rules, stories, examples, buttons and Python."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from actions.knowledge import SERVICES
from bot.knowledge.files import ASPECTS, GENERAL
from bot.settings import ROOT

BUILT_IN = {"action_listen", "action_restart", "action_session_start", "action_default_fallback"}
ONE_WORDING = {"utter_distress_serious"}  # reviewed by people who know; it must not vary
FROM_KNOWLEDGE = {"policy"}  # its examples are the phrasings of the topic files


def _read(path: Path) -> dict[str, Any]:
    return YAML(typ="safe").load(path)


def _files(folder: str) -> list[dict[str, Any]]:
    return [_read(path) for path in sorted((ROOT / "data" / folder).glob("*.yml"))]


DOMAIN = _read(ROOT / "domain.yml")
NLU, RULES, STORIES = _files("nlu"), _files("rules"), _files("stories")
RESPONSES: dict[str, list[dict[str, Any]]] = {
    name: wordings for file in (DOMAIN, *NLU) for name, wordings in (file.get("responses") or {}).items()
}


def _steps() -> Iterator[dict[str, Any]]:
    for file, kind in [(f, "rules") for f in RULES] + [(f, "stories") for f in STORIES]:
        for entry in file[kind]:
            yield from entry["steps"]


def _strings_of_python(folder: str, beginning: str) -> set[str]:
    """Every string constant in the Python files of a folder that begins so."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(beginning):
                found.add(node.value)
    return found


def _examples() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for file in NLU:
        for entry in file["nlu"]:
            found[entry["intent"]] += [line.removeprefix("- ") for line in entry["examples"].splitlines() if line]
    return found


def _payloads() -> Iterator[tuple[str, str]]:
    """(where, payload) of every button: in responses, and in Python."""
    for name, wordings in RESPONSES.items():
        for wording in wordings:
            yield from ((name, button["payload"]) for button in wording.get("buttons", ()))
    for path in [*(ROOT / "bot").rglob("wording.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "payload" and isinstance(node.value, ast.Constant):
                yield path.name, node.value.value


STEP_ACTIONS = {step["action"] for step in _steps() if "action" in step}
STEP_INTENTS = {step["intent"] for step in _steps() if "intent" in step}


# -- actions ---------------------------------------------------------------------------------------------------------


def test_every_action_in_python_is_in_the_domain_and_the_other_way_round() -> None:
    in_python = _strings_of_python("actions", "action_")

    assert in_python == set(DOMAIN["actions"])


def test_the_action_server_registers_every_action_of_the_domain() -> None:
    server = (ROOT / "actions" / "__main__.py").read_text(encoding="utf-8")
    registered = set()
    for path in (ROOT / "actions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and re.search(rf"\b{node.name}\b", server):
                strings = (n.value for n in ast.walk(node) if isinstance(n, ast.Constant))
                registered |= {s for s in strings if isinstance(s, str) and s.startswith("action_")}

    assert registered == set(DOMAIN["actions"])


def test_every_action_in_rules_and_stories_is_in_the_domain_or_a_response() -> None:
    custom = {name for name in STEP_ACTIONS if name.startswith("action_")} - BUILT_IN

    assert custom <= set(DOMAIN["actions"])
    assert {name for name in STEP_ACTIONS if name.startswith("utter_")} <= set(RESPONSES)


def test_every_action_of_the_domain_is_used() -> None:
    config = (ROOT / "config.yml").read_text(encoding="utf-8")

    assert [name for name in DOMAIN["actions"] if name not in STEP_ACTIONS and name not in config] == []


def test_the_fallback_is_an_action_of_the_domain() -> None:
    policies = {policy["name"]: policy for policy in _read(ROOT / "config.yml")["policies"]}

    assert policies["RulePolicy"]["core_fallback_action_name"] in DOMAIN["actions"]


# -- responses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["actions", "bot"])
def test_every_response_named_in_python_exists(folder: str) -> None:
    assert _strings_of_python(folder, "utter_") <= set(RESPONSES)


def test_every_response_is_used_somewhere() -> None:
    used = STEP_ACTIONS | _strings_of_python("actions", "utter_") | _strings_of_python("bot", "utter_")

    assert set(RESPONSES) - used == set()


def test_no_response_is_written_twice() -> None:
    names = [name for file in (DOMAIN, *NLU) for name in file.get("responses") or ()]

    assert len(names) == len(set(names))


def test_every_response_has_at_least_two_wordings_but_the_reviewed_one() -> None:
    few = {name for name, wordings in RESPONSES.items() if len({w["text"] for w in wordings}) < 2}

    assert few == ONE_WORDING


def test_no_response_has_a_slot_in_it() -> None:
    assert [name for name, wordings in RESPONSES.items() if any("{" in w["text"] for w in wordings)] == []


# -- intents ---------------------------------------------------------------------------------------------------------


def test_every_intent_of_the_domain_has_examples_and_the_other_way_round() -> None:
    assert set(DOMAIN["intents"]) - FROM_KNOWLEDGE == set(_examples())


def test_every_intent_in_rules_and_stories_is_in_the_domain() -> None:
    assert set(DOMAIN["intents"]) >= STEP_INTENTS


def test_every_intent_has_a_rule_or_a_story() -> None:
    assert set(DOMAIN["intents"]) - STEP_INTENTS == set()


def test_no_example_stands_under_two_intents() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for intent, texts in _examples().items():
        for text in texts:
            owners[text.strip()].add(intent)

    assert {text: sorted(intents) for text, intents in owners.items() if len(intents) > 1} == {}


def test_every_intent_has_enough_examples_to_learn_from() -> None:
    assert {intent: len(texts) for intent, texts in _examples().items() if len(set(texts)) < 20} == {}


def test_every_aspect_has_followups_to_learn_from() -> None:
    aspects = {
        (entry.get("metadata") or {}).get("aspect") for f in NLU for entry in f["nlu"] if entry["intent"] == "followup"
    }

    assert aspects == set(ASPECTS)


def test_the_service_intents_are_in_the_domain_and_their_topics_have_files() -> None:
    assert set(SERVICES) <= set(DOMAIN["intents"])
    assert [t for _, t in SERVICES.values() if not (ROOT / "data" / "knowledge" / f"{t}.yml").exists()] == []
    assert [lead for lead, _ in SERVICES.values() if lead not in RESPONSES] == []


def test_every_rule_that_answers_a_service_is_for_an_intent_with_a_topic() -> None:
    served = {
        step["intent"]
        for file in RULES
        for rule in file["rules"]
        if any(s.get("action") == "action_answer_service" for s in rule["steps"])
        for step in rule["steps"]
        if "intent" in step
    }

    assert served == set(SERVICES)


# -- buttons ---------------------------------------------------------------------------------------------------------


def test_every_button_leads_to_an_intent_and_to_a_topic_and_aspect_that_exist() -> None:
    wrong = []
    for where, payload in _payloads():
        intent, _, rest = payload.removeprefix("/").partition("{")
        told = json.loads("{" + rest) if rest else {}
        topic, aspect = told.get("topic"), told.get("aspect", GENERAL)
        file = ROOT / "data" / "knowledge" / f"{topic}.yml"
        known = topic is None or (file.exists() and aspect in (GENERAL, *ASPECTS))
        if intent not in DOMAIN["intents"] or not known or not set(told) <= set(DOMAIN["entities"]):
            wrong.append((where, payload))

    assert wrong == []


def test_a_pressed_aspect_is_one_that_the_topic_has() -> None:
    pressed = [json.loads(p[p.index("{") :]) for _, p in _payloads() if "{" in p]

    asked = [(t["topic"], t["aspect"]) for t in pressed if "aspect" in t]
    assert asked
    for topic, aspect in asked:
        assert _read(ROOT / "data" / "knowledge" / f"{topic}.yml")["aspects"][aspect].get("text")
