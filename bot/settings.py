"""Every setting, read once from `DUIHUA_…` environment variables or `.env`. docs/settings.md tells of each."""

from __future__ import annotations

import os
import re
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.text.notice_templates import read_notice_templates
from bot.text.office_hours import read_office_hours

ROOT = Path(__file__).resolve().parent.parent

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound


class SettingsError(Exception):
    """A setting that is missing or cannot be read; names it."""


class Settings(BaseSettings):
    """One typed object of all settings. Paths that are relative are taken from the project's folder."""

    model_config = SettingsConfigDict(env_prefix="DUIHUA_", env_file=ROOT / ".env", extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    engine_port: int = Field(5005, ge=1, le=65535)
    actions_port: int = Field(5055, ge=1, le=65535)
    public_url: str | None = None
    behind_proxy: bool = False
    embed_origins: Annotated[tuple[str, ...], NoDecode] = ()

    var: Path = Path("var")
    database_url: str | None = None
    engine_token: SecretStr | None = None
    contact_key: SecretStr | None = Field(None, min_length=32)

    hold_after: float = Field(4.0, gt=0)
    engine_timeout: float = Field(20.0, gt=0)
    message_limit: int = Field(2000, ge=1)
    rate_person: int = Field(20, ge=1)
    rate_address: int = Field(120, ge=1)

    guidance_session_minutes: int = Field(45, ge=5, le=480, multiple_of=5)
    guidance_buffer_minutes: int = Field(15, ge=0, le=240, multiple_of=5)
    guidance_start_every: int = Field(30, ge=5, le=240, multiple_of=5)
    guidance_notice_hours: int = Field(2, ge=0)
    guidance_furthest_days: int = Field(30, ge=1, le=365)
    guidance_change_hours: int = Field(2, ge=0)
    guidance_person_open: int = Field(2, ge=1)
    guidance_person_week: int = Field(2, ge=1)
    guidance_adviser_day: int = Field(6, ge=1)
    guidance_adviser_week: int = Field(24, ge=1)
    guidance_hold_minutes: int = Field(5, ge=1)
    guidance_offer_minutes: int = Field(30, ge=1)

    radio_open: int = Field(5, ge=1)
    radio_speed: int = Field(240, ge=60, le=600)
    radio_weeks: int = Field(8, ge=0, le=104)

    staff_hours: str = "1-5 9:00-17:30"
    staff_quiet_minutes: int = Field(30, ge=1)
    staff_idle_minutes: int = Field(120, ge=5)
    staff_session_hours: int = Field(12, ge=1, le=168)

    telegram_token: SecretStr | None = None
    telegram_api: str = "https://api.telegram.org"
    telegram_rate: float = Field(1.0, gt=0)
    telegram_webhook: bool = False
    telegram_webhook_key: SecretStr | None = Field(None, min_length=16, max_length=256)

    wechat_token: SecretStr | None = Field(None, min_length=3, max_length=32)
    wechat_app_id: str | None = None
    wechat_aes_key: SecretStr | None = None
    wechat_secret: SecretStr | None = None
    wechat_api: str = "https://api.weixin.qq.com"
    wechat_budget: float = Field(4.5, gt=0, lt=5)
    wechat_window: int = Field(300, ge=30, le=3600)
    wechat_customer_service: bool = False
    wechat_notices: str = ""
    wechat_notices_page: str | None = None

    link_hours: int = Field(24, ge=1, le=720)

    retention_days: int = Field(180, ge=0)
    contact_days: int = Field(30, ge=0)

    now: AwareDatetime | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("embed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(filter(None, (v.strip().rstrip("/") for v in value.split(",")))) if isinstance(value, str) else value
        )

    @field_validator(
        "database_url", "public_url", "engine_token", "contact_key", "telegram_token",
        "telegram_webhook_key", "wechat_token", "wechat_app_id", "wechat_aes_key", "wechat_secret",
        "wechat_notices_page", "now", mode="before",
    )  # fmt: skip
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("telegram_webhook_key")
    @classmethod
    def _is_plain(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]+", value.get_secret_value()):
            raise ValueError("only letters, digits, _ and -")
        return value

    @field_validator("telegram_webhook")
    @classmethod
    def _is_public(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not (info.data.get("public_url") or "").startswith("https:"):
            raise ValueError("needs a DUIHUA_PUBLIC_URL that begins with https:")
        return value

    @field_validator("wechat_token")
    @classmethod
    def _is_of_letters(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9]+", value.get_secret_value()):
            raise ValueError("only letters and digits, 3 to 32, as WeChat takes them")
        return value

    @field_validator("wechat_aes_key")
    @classmethod
    def _is_aes_key(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None:
            return value
        if not re.fullmatch(r"[A-Za-z0-9+/]{43}", value.get_secret_value()):
            raise ValueError("43 letters and digits, as WeChat shows them under EncodingAESKey")
        if not info.data.get("wechat_app_id"):
            raise ValueError("needs DUIHUA_WECHAT_APP_ID, which is inside what WeChat seals")
        return value

    @field_validator("wechat_customer_service")
    @classmethod
    def _can_ask_wechat(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not (info.data.get("wechat_app_id") and info.data.get("wechat_secret")):
            raise ValueError("needs DUIHUA_WECHAT_APP_ID and DUIHUA_WECHAT_SECRET")
        return value

    @field_validator("wechat_notices")
    @classmethod
    def _are_templates(cls, value: str, info: ValidationInfo) -> str:
        if read_notice_templates(value):
            cls._can_ask_wechat(True, info)
        return value

    @field_validator("wechat_notices_page")
    @classmethod
    def _is_an_article(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and not (value.startswith("https://") and info.data.get("wechat_notices")):
            raise ValueError("an address that begins with https://, where DUIHUA_WECHAT_NOTICES is set")
        return value

    @field_validator("staff_hours")
    @classmethod
    def _are_hours(cls, value: str) -> str:
        read_office_hours(value)
        return value

    @cached_property
    def folder(self) -> Path:
        """Where everything that is not in the repository lives: database, models, logs, secrets. Made when missing."""
        path = self.var if self.var.is_absolute() else ROOT / self.var
        path.mkdir(parents=True, exist_ok=True)
        return path

    @cached_property
    def database(self) -> str:
        """The database's SQLAlchemy address; SQLite inside `var` where none is set."""
        return self.database_url or f"sqlite+aiosqlite:///{self.folder / 'duihua.db'}"

    @property
    def models(self) -> Path:
        """The folder of trained models."""
        return self.folder / "models"

    @property
    def address(self) -> str:
        """The address people open, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "127.0.0.1" if self.host in ANYWHERE else self.host
        return f"http://{host}:{self.port}"

    @property
    def engine_url(self) -> str:
        """The address of the engine's channel, on loopback; a turn goes to `/turn` under it."""
        return f"http://127.0.0.1:{self.engine_port}/webhooks/gateway"

    @cached_property
    def engine_secret(self) -> str:
        """The token between gateway and engine; made once and kept in `var` where none is set."""
        return self.engine_token.get_secret_value() if self.engine_token else self._kept("engine-token")

    @cached_property
    def contact_secret(self) -> str:
        """What contacts are sealed with, and lost without; made once and kept in `var` where none is set."""
        return self.contact_key.get_secret_value() if self.contact_key else self._kept("contact-key")

    @cached_property
    def telegram_secret(self) -> str:
        """What Telegram has to say with every update that it brings; made once and kept in `var` where none is set."""
        given = self.telegram_webhook_key
        return given.get_secret_value() if given else self._kept("telegram-webhook-key")

    @property
    def secrets(self) -> list[str]:
        """Whatever of the settings belongs in no log."""
        given = (getattr(self, name) for name in type(self).model_fields)
        return [value.get_secret_value() for value in given if isinstance(value, SecretStr)]

    def _kept(self, name: str) -> str:
        path = self.folder / "secrets" / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
        except FileExistsError:
            pass
        return path.read_text().strip()


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError, naming the variable and what is wrong with it."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "DUIHUA_" + "_".join(map(str, first["loc"])).upper()
        raise SettingsError(f"{name}: {first['msg']}") from error
