"""What the operator chose: environment and `.env`, checked at once, as one frozen value."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

Names = Annotated[tuple[str, ...], NoDecode]
Place = Annotated[tuple[str, int], NoDecode]
_PORTS = range(65_536)


class Settings(BaseSettings):
    """Every setting, in the order of `.env.example`. Secrets never show in `repr`."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    telegram_token: SecretStr | None = None
    telegram_api_url: str = ""
    telegram_webhook_url: str = ""
    telegram_listen: Place = ("127.0.0.1", 8443)
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_listen: Place = ("127.0.0.1", 3000)
    slack_api_url: str = ""
    slack_editors: str = "everyone"
    operators: Names = ()
    operator_chat: str = ""
    allowed_chats: Names = ()

    data_dir: Path = Path("data")
    sources: Path | None = None
    sources_extra: Path | None = None
    fetch_allow: Names = ()
    fetch_spacing: float = Field(default=1.0, ge=0, le=60)
    contact: str = "https://github.com/exportwire/exportwire"
    relevance: float = Field(default=0.5, ge=0, le=1)

    keep_items_days: int = Field(default=90, ge=1)
    keep_stories_days: int = Field(default=730, ge=1)
    catch_up_after: str = "1h"

    heartbeat_url: SecretStr | None = None
    health_port: int = Field(default=0, ge=0, le=65535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"

    @field_validator("operators", "allowed_chats", "fetch_allow", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("telegram_listen", "slack_listen", mode="before")
    @classmethod
    def _place(cls, value: Any) -> Any:
        return place(value) if isinstance(value, str) else value

    @field_validator("heartbeat_url", mode="after")
    @classmethod
    def _address(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("it begins with http:// or https://")
        return value

    @property
    def secrets(self) -> list[str]:
        """Return what no log or report may show."""
        kept = (
            self.telegram_token,
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_signing_secret,
            self.heartbeat_url,
        )
        return [secret.get_secret_value() for secret in kept if secret]

    @property
    def chats_configured(self) -> bool:
        """Whether a token of a chat service is set."""
        return bool(self.telegram_token or self.slack_bot_token)


def notify_socket() -> str:
    """Return where systemd wants to hear of us, "" where nobody does."""
    return os.environ.get("NOTIFY_SOCKET", "")  # noqa: TID251  # set by systemd, not by a person


def load(**given: Any) -> Settings:
    """Return the settings, `given` ones first, then environment, `.env` and systemd's credentials.

    Raises SettingsError naming every mistake.
    """
    known = {name: value for name, value in given.items() if value is not None}
    folder = os.environ.get("CREDENTIALS_DIRECTORY")  # noqa: TID251  # set by systemd
    try:
        return Settings(**known, _secrets_dir=folder)  # type: ignore[call-arg]  # known to pydantic alone
    except ValidationError as error:
        raise SettingsError(_mistakes(error)) from None  # the original echoes what was set


def _mistakes(error: ValidationError) -> str:
    lines = [
        f"  {str(each['loc'][0]).upper()}: {each['msg'].lower()}"
        for each in error.errors(include_input=False)
    ]
    return "The settings are not right; correct these in the environment or in .env:\n" + "\n".join(
        lines
    )


def place(text: str) -> tuple[str, int]:
    """Return the host and port of "127.0.0.1:8443", "[::1]:8443" or "8443", which is loopback's.

    Raises ValueError, whose text says how it is written.
    """
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not (port.isascii() and port.isdigit() and int(port) in _PORTS) or "/" in host:
        raise ValueError("write host:port, such as 127.0.0.1:8443")
    return host, int(port)


def hours(text: str) -> timedelta:
    """Return the span that "90m", "1h" or "2d" means. Raises SettingsError."""
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    if not text[:-1].isdigit() or text[-1:] not in units:
        raise SettingsError(f'"{text}" is not a span of time; write 90m, 1h or 2d.')
    return timedelta(**{units[text[-1]]: int(text[:-1])})
