"""What staff wrote reaches the training data of the engine, out of the file that the console puts down."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from bot.knowledge.files import read_topic
from bot.knowledge.loading import content_of_topic
from bot.running.training import ENGINE_PYTHON, LEARNT
from bot.settings import ROOT
from bot.training.rules import Example, TrainingSet, learnt_of

pytestmark = pytest.mark.stack  # it needs the engine's environment

READS = """
import json, sys
from bot.engine.importer import KnowledgeImporter
found = KnowledgeImporter(config_file=sys.argv[1], path="knowledge").get_nlu_data().training_examples
print(json.dumps([[m.get(k) for k in ("text", "intent", "topic", "aspect", "weak")] for m in found]))
"""


def read(folder: Path, learnt: str) -> set[tuple[str, str, str | None, str | None, bool | None]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), LEARNT: learnt}
    done = subprocess.run(
        [ENGINE_PYTHON, "-c", READS, folder / "config.yml"], env=environment, capture_output=True, text=True, check=True
    )
    return {tuple(one) for one in json.loads(done.stdout.splitlines()[-1])}


def test_edited_topics_take_the_place_of_their_files_and_sentences_of_staff_come_with_intent_or_topic(tmp_path):
    (tmp_path / "knowledge").mkdir()
    topic, _ = read_topic(ROOT / "data/knowledge/startup-loan.yml")
    (tmp_path / "knowledge" / "startup-loan.yml").write_bytes((ROOT / "data/knowledge/startup-loan.yml").read_bytes())
    edited = learnt_of(content_of_topic(topic)) | {"title": "小额创业贷", "phrasings": {"amount": ["最多能贷多少呀"]}}
    new = edited | {"id": "new-topic", "title": "新写的一条"}
    examples = {Example("我要找活干", "job_search"), Example("弄点本钱", "policy", "startup-loan", "general")}
    learnt = tmp_path / "learnt.json"
    learnt.write_text(TrainingSet({t["id"]: t for t in (edited, new)}, frozenset(examples)).text(), encoding="utf-8")

    plain, taught = read(tmp_path, ""), read(tmp_path, str(learnt))

    strong = {one[:4] for one in taught if not one[4]}
    assert {("最多能贷多少呀", "policy", name, "amount") for name in ("startup-loan", "new-topic")} <= strong
    assert ("小额创业贷", "policy", "startup-loan", "general") in strong
    assert ("弄点本钱", "policy", "startup-loan", "general") in strong
    assert ("我要找活干", "job_search", None, None) in strong
    old = next(text for text, _, _, aspect, _ in plain if aspect == "amount")
    assert old not in {one[0] for one in strong}, "the file's own ways to ask are those of before the edit"
    assert {one for one in plain if one[4]} <= taught, "the sentences of its answers stand"
