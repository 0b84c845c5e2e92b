"""Imports point one way: web, channels and actions → services → queries, rules → text."""

import ast
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT

BOT, ACTIONS = ROOT / "bot", ROOT / "actions"
# What every part may use; they use nothing of a feature themselves.
GROUND = {"bot.store", "bot.settings", "bot.clock", "bot.reply", "bot.tasks", "bot.text"}
NOT_FEATURES = {"channels", "engine", "text", "web", "running", "evaluation"}
FEATURES = sorted(p.name for p in BOT.iterdir() if (p / "__init__.py").exists() and p.name not in NOT_FEATURES)


def imports(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions; relative imports spelt out."""
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def within(module: str, parts: set[str]) -> bool:
    return any(module == part or module.startswith(part + ".") for part in parts)


def strays(folder: Path, *, allowed: set[str] | None = None, forbidden: set[str] | None = None) -> list[str]:
    """Imports of ours in a folder that are not allowed, or imports of whatever origin that are forbidden."""
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*.py"))
    assert paths
    found = []
    for path in paths:
        for module in sorted(imports(path)):
            ours = module.split(".")[0] in ("bot", "actions")
            wrong = (allowed is not None and ours and not within(module, allowed)) or (
                forbidden is not None and within(module, forbidden)
            )
            if wrong:
                found.append(f"{path.relative_to(ROOT)}: {module}")
    return found


def test_the_reading_of_imports_sees_those_in_functions_and_relative_ones(tmp_path):
    path = BOT / "web" / "chat" / "made_up.py"
    source = tmp_path / "made_up.py"
    source.write_text("def f():\n    from bot.web import app\nfrom ..hub import Hub\nimport sqlalchemy.orm\n")
    tree_of = {"bot.web.app", "bot.web.hub.Hub", "sqlalchemy.orm"}

    class Elsewhere(type(path)):
        def read_text(self, encoding=None):
            return source.read_text(encoding=encoding)

    assert imports(Elsewhere(path)) == tree_of


def test_text_uses_nothing_of_ours_but_itself():
    assert strays(BOT / "text", allowed={"bot.text"}) == []


def test_text_needs_no_database_and_no_web():
    assert strays(BOT / "text", forbidden={"sqlalchemy", "aiohttp", "rasa", "rasa_sdk", "alembic"}) == []


def test_the_engine_s_parts_use_nothing_of_ours_but_text():
    assert strays(BOT / "engine", allowed={"bot.engine", "bot.text"}) == []


def test_only_the_engine_s_parts_import_rasa():
    outside = [p for p in BOT.rglob("*.py") if BOT / "engine" not in p.parents]

    assert [stray for path in outside for stray in strays(path, forbidden={"rasa"})] == []
    assert strays(ACTIONS, forbidden={"rasa"}) == []


def test_the_ground_uses_no_feature():
    for name in ("store", "settings", "clock", "reply"):
        assert strays(BOT / f"{name}.py", allowed=GROUND) == []


def test_channels_know_no_feature_and_no_web():
    assert strays(BOT / "channels", allowed=GROUND | {"bot.channels"}) == []


def test_there_are_features():
    assert {"conversations", "knowledge"} <= set(FEATURES)


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_knows_no_web_no_action_and_of_channels_only_their_common_form(feature):
    everything = {f"bot.{name}" for name in FEATURES}

    assert strays(BOT / feature, allowed=GROUND | everything | {"bot.channels.base"}) == []


@pytest.mark.parametrize("feature", FEATURES)
def test_rules_and_wordings_of_a_feature_do_no_input_or_output(feature):
    reaching_out = {"sqlalchemy", "aiohttp", "asyncio", "os", "pathlib", "time", "socket", "random", "bot.store"}
    reaching_out |= {"bot.settings", *(f"bot.{feature}.{name}" for name in ("queries", "service"))}
    paths = [BOT / feature / "rules.py", BOT / feature / "wording.py"]

    assert [stray for path in paths if path.exists() for stray in strays(path, forbidden=reaching_out)] == []


@pytest.mark.parametrize("feature", FEATURES)
def test_queries_of_a_feature_never_commit(feature):
    path = BOT / feature / "queries.py"
    if not path.exists():
        pytest.skip(f"{feature} has no queries")
    called = {n.attr for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Attribute)}

    assert called & {"commit", "rollback", "begin"} == set()


def test_actions_hold_no_sql():
    for path in sorted(ACTIONS.glob("*.py")):
        if path.name != "__main__.py":  # wires the services to the database
            assert strays(path, forbidden={"sqlalchemy", "bot.store"}) == []
    assert strays(ACTIONS, forbidden={"sqlalchemy"}) == []


def test_actions_go_through_services():
    for path in sorted(ACTIONS.glob("*.py")):
        modules = [m for m in imports(path) if within(m, {f"bot.{f}" for f in FEATURES})]

        assert [m for m in modules if set(m.split(".")) & {"queries", "tables"}] == []


def test_nothing_but_the_web_and_the_commands_imports_the_web():
    commands = {BOT / "cli.py", BOT / "asking.py"}
    outside = [p for p in BOT.rglob("*.py") if BOT / "web" not in p.parents and p not in commands]

    assert [stray for path in outside for stray in strays(path, forbidden={"bot.web", "actions"})] == []


def test_the_present_time_is_asked_of_the_clock_only():
    asking = []
    for folder in (BOT, ACTIONS):
        for path in sorted(folder.rglob("*.py")):
            if path == BOT / "clock.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today") and isinstance(
                    node.value, ast.Name
                ) and node.value.id in ("datetime", "date"):  # fmt: skip
                    asking.append(f"{path.relative_to(ROOT)}:{node.lineno}")

    assert asking == []


def test_python_3_10_can_read_what_the_engine_s_environment_imports():
    for folder in (BOT / "text", BOT / "engine"):
        for path in folder.rglob("*.py"):
            ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 10))


def test_this_suite_runs_on_the_app_s_python():
    assert sys.version_info >= (3, 12)
