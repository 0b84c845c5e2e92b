"""Settings: read once, typed, told of in docs/settings.md, refused by name."""

import re
import stat

import pytest
from pydantic_core import PydanticUndefined

from bot.settings import ROOT, Settings, SettingsError, read_settings

DOCUMENT = ROOT / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """No settings but those a test makes."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DUIHUA_{name.upper()}", raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")


def shown(default: object) -> str:
    """A default as somebody would write it into `.env`; nothing for what is unset."""
    if default is None or default is PydanticUndefined or default == ():
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


def told() -> dict[str, str]:
    """The rows of the document's tables: name → default, both without backticks."""
    rows = re.findall(r"^\|\s*`?(DUIHUA_\w+)`?\s*\|\s*([^|]*?)\s*\|", DOCUMENT.read_text(encoding="utf-8"), re.M)
    assert len(dict(rows)) == len(rows), "a setting is told of twice"
    return {name: default.strip("`") for name, default in rows}


def test_the_document_tells_of_every_setting_and_of_no_other():
    assert set(told()) == {f"DUIHUA_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_document_has_the_setting_s_default(name):
    default = shown(Settings.model_fields[name].default)
    written = told()[f"DUIHUA_{name.upper()}"]

    if isinstance(Settings.model_fields[name].default, bool):
        written = written.lower()
    if default:
        number = re.fullmatch(r"\d+\.\d+", written)
        assert (f"{float(written):g}" if number else written) == default
    else:
        assert not re.fullmatch(r"\d+(\.\d+)?|true|false", written), "it is unset, the document has a value"


def test_no_other_variable_of_ours_is_named_in_the_documents():
    known = {f"DUIHUA_{name.upper()}" for name in Settings.model_fields}
    known |= set(re.findall(r"DUIHUA_\w+", (ROOT / "tests" / "conftest.py").read_text()))
    known |= set(re.findall(r"DUIHUA_\w+", (ROOT / "Makefile").read_text()))

    named = set(re.findall(r"DUIHUA_[A-Z]\w*", DOCUMENT.read_text(encoding="utf-8")))

    assert named - known == set()


def test_without_any_setting_the_defaults_hold():
    settings = read_settings()

    assert (settings.host, settings.port, settings.database_url, settings.embed_origins) == (
        "127.0.0.1",
        8080,
        None,
        (),
    )


def test_the_environment_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("DUIHUA_PORT=9001\nDUIHUA_HOST=0.0.0.0\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("DUIHUA_PORT", "9002")

    settings = read_settings()

    assert (settings.port, settings.host) == (9002, "0.0.0.0")
    assert settings.address == "http://127.0.0.1:9002"


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("ENGINE_PORT", "-1"),
        ("BEHIND_PROXY", "perhaps"),
        ("HOLD_AFTER", "0"),
        ("ENGINE_TIMEOUT", "soon"),
        ("MESSAGE_LIMIT", "0"),
        ("RATE_PERSON", "0"),
        ("RATE_ADDRESS", "many"),
        ("NOW", "yesterday"),
        ("NOW", "2026-11-24T10:00:00"),
    ],
)
def test_a_value_that_cannot_be_read_stops_the_start_by_name(monkeypatch, name, bad):
    monkeypatch.setenv(f"DUIHUA_{name}", bad)

    with pytest.raises(SettingsError, match=rf"^DUIHUA_{name}: "):
        read_settings()


def test_a_secret_is_not_in_the_words_of_an_error_or_of_the_settings(monkeypatch):
    monkeypatch.setenv("DUIHUA_ENGINE_TOKEN", "very-secret")
    monkeypatch.setenv("DUIHUA_TELEGRAM_TOKEN", "also-secret")

    settings = read_settings()

    assert "-secret" not in repr(settings)
    assert settings.secrets == ["very-secret", "also-secret"]


@pytest.mark.parametrize("name", ["DATABASE_URL", "PUBLIC_URL", "ENGINE_TOKEN", "CONTACT_KEY", "NOW"])
def test_a_setting_left_blank_is_unset(monkeypatch, name):
    monkeypatch.setenv(f"DUIHUA_{name}", "")

    assert getattr(read_settings(), name.lower()) is None


def test_origins_are_parted_by_commas(monkeypatch):
    monkeypatch.setenv("DUIHUA_EMBED_ORIGINS", "https://a.example/, https://b.example:8443 ,,")

    assert read_settings().embed_origins == ("https://a.example", "https://b.example:8443")


def test_a_public_address_is_the_one_people_open(monkeypatch):
    monkeypatch.setenv("DUIHUA_PUBLIC_URL", "https://duihua.example/")

    assert read_settings().address == "https://duihua.example"


def test_the_database_lies_in_var_where_none_is_named(tmp_path):
    settings = Settings(var=tmp_path / "var", _env_file=None)

    assert settings.database == f"sqlite+aiosqlite:///{tmp_path / 'var' / 'duihua.db'}"
    assert (tmp_path / "var").is_dir()


@pytest.mark.parametrize(("name", "file"), [("engine_secret", "engine-token"), ("contact_secret", "contact-key")])
def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path, name, file):
    made = getattr(Settings(var=tmp_path, _env_file=None), name)

    again = getattr(Settings(var=tmp_path, _env_file=None), name)

    kept = tmp_path / "secrets" / file
    assert len(made) >= 32
    assert made == again == kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_two_installations_have_different_secrets(tmp_path):
    first, second = (Settings(var=tmp_path / name, _env_file=None) for name in ("a", "b"))

    assert first.engine_secret != second.engine_secret
    assert first.engine_secret != first.contact_secret


def test_a_secret_that_is_set_is_not_written_down(tmp_path):
    settings = Settings(var=tmp_path, engine_token="given", _env_file=None)

    assert settings.engine_secret == "given"
    assert not (tmp_path / "secrets").exists()
