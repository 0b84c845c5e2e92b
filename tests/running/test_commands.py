"""The command line as people and scripts call it: what it prints where, and what it returns."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT, Settings

DUIHUA = ROOT / ".venv" / "bin" / "duihua"
GOOD = json.dumps(
    {"id": 1, "text": "平城区最低工资多少钱", "topic": "minimum-wage", "aspect": "amount"}, ensure_ascii=False
)


def _duihua(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DUIHUA, *arguments],
        env={**os.environ, "COLUMNS": "400", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _only_object(text: str) -> dict[str, Any]:
    """The one JSON object that a text is."""
    [line] = text.strip().splitlines()
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


# -- evaluate --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "line"),
    [
        (f"{GOOD}\n{{not json\n", "第 2 行"),
        (f"{GOOD}\n\n" + '{"id": 2, "text": "没有主题"}\n', "第 3 行"),
        ('{"id": 1, "text": "x", "topic": "probation", "aspect": "colour"}\n', "第 1 行"),
        ("[1, 2]\n", "第 1 行"),
    ],
    ids=["no JSON", "a key missing", "an unknown aspect", "no object"],
)
def test_an_unreadable_row_ends_the_evaluation_with_2_and_its_line(tmp_path: Path, bad: str, line: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(bad, encoding="utf-8")

    done = _duihua("evaluate", "topics", str(file), "--json", DUIHUA_VAR=str(tmp_path))

    assert done.returncode == 2
    assert line in done.stderr and "bad.jsonl" in done.stderr
    assert done.stdout == "" and "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("topics", "missing.jsonl"), ("colours", "missing.jsonl")])
def test_a_missing_file_and_an_unknown_kind_end_with_2(tmp_path: Path, arguments: tuple[str, str]) -> None:
    done = _duihua("evaluate", *arguments, DUIHUA_VAR=str(tmp_path))

    assert done.returncode == 2
    assert done.stdout == "" and "Traceback" not in done.stderr
    assert "missing.jsonl" in done.stderr or "colours" in done.stderr


def test_bytes_that_are_no_text_end_with_2(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(b"\xff\xfe\x00{")

    done = _duihua("evaluate", "topics", str(file), DUIHUA_VAR=str(tmp_path))

    assert done.returncode == 2
    assert "bad.jsonl" in done.stderr and "Traceback" not in done.stderr


def test_a_file_for_errors_that_cannot_be_written_is_said_before_the_evaluation(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(GOOD, encoding="utf-8")

    done = _duihua("evaluate", "topics", str(file), "--errors", str(file / "errors"), DUIHUA_VAR=str(tmp_path))

    assert done.returncode == 2
    assert "errors" in done.stderr and "启动" not in done.stderr and "Traceback" not in done.stderr


def test_a_check_of_a_folder_without_topics_finds_fault(tmp_path: Path) -> None:
    done = _duihua("knowledge", "check", str(tmp_path))

    assert done.returncode == 1
    assert str(tmp_path) in done.stderr


@pytest.mark.stack
def test_an_evaluation_prints_one_object_and_returns_0_whatever_the_score(stack: Settings, tmp_path: Path) -> None:
    file, errors = tmp_path / "rows.jsonl", tmp_path / "errors.jsonl"
    wrong = {"id": 2, "text": "明天大同下雨不", "topic": "probation", "unknown key": 1}
    file.write_text(f"\ufeff{GOOD}\r\n{json.dumps(wrong, ensure_ascii=False)}\n", encoding="utf-8")

    done = _duihua("evaluate", "topics", str(file), "--json", "--errors", str(errors))

    assert done.returncode == 0, done.stderr
    summary = _only_object(done.stdout)
    assert (summary["n"], summary["top1"], summary["refused"]) == (2, 0.5, 0.5)
    [row] = map(json.loads, errors.read_text(encoding="utf-8").splitlines())
    assert row["id"] == 2


# -- ask -------------------------------------------------------------------------------------------------------------


@pytest.mark.stack
def test_ask_with_json_prints_one_object_that_tells_all_of_the_turn(stack: Settings) -> None:
    done = _duihua("ask", "平城区最低工资多少钱", "--json")

    assert done.returncode == 0, done.stderr
    told = _only_object(done.stdout)
    assert (told["intent"], told["outcome"]) == ("policy", "served")
    assert (told["topic"], told["aspect"], told["version"]) == ("minimum-wage", "amount", 1)
    assert "2150元" in told["replies"][0]["paragraphs"][0]
    assert told["replies"][0]["source"]["text"].startswith("来源：")
    assert "action_answer" in told["actions"] and told["milliseconds"] >= 0


@pytest.mark.stack
def test_ask_uses_the_stack_that_runs_and_starts_none(stack: Settings) -> None:
    done = _duihua("ask", "谢谢", "--json")

    assert done.returncode == 0
    assert "启动" not in done.stderr + done.stdout


@pytest.mark.stack
def test_ask_shows_the_answer_with_its_source_and_numbered_choices(stack: Settings) -> None:
    done = _duihua("ask", "平城区最低工资多少钱")

    assert done.returncode == 0
    assert "2150元" in done.stdout and "来源：" in done.stdout and "1 适用谁" in done.stdout


@pytest.mark.stack
def test_markup_of_the_terminal_in_a_question_is_text(stack: Settings) -> None:
    done = _duihua("ask", "[red]平城区最低工资多少钱[/red][/]")

    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.mark.stack
def test_a_question_that_is_too_long_is_refused_kindly(stack: Settings) -> None:
    done = _duihua("ask", "问" * 2001)

    assert "2001" in done.stdout and "2000" in done.stdout
    assert "Traceback" not in done.stderr


# -- help ------------------------------------------------------------------------------------------------------------


def test_without_a_word_the_command_says_what_it_can_do() -> None:
    done = _duihua()

    for command in ("run", "ask", "evaluate", "train", "knowledge", "db"):
        assert command in done.stdout + done.stderr
