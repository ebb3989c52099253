"""Settings are checked at once, and what was set is never echoed."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings import Settings, hours, load


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_every_mistake_is_named_and_no_value_echoed(monkeypatch):
    monkeypatch.setenv("RELEVANCE", "7-secretish")
    monkeypatch.setenv("KEEP_ITEMS_DAYS", "0")
    monkeypatch.setenv("LOG_LEVEL", "shout-secretish")

    with pytest.raises(SettingsError) as caught:
        load()

    told = str(caught.value)
    assert all(name in told for name in ("RELEVANCE", "KEEP_ITEMS_DAYS", "LOG_LEVEL"))
    assert "secretish" not in told


def test_dotenv_is_read_and_the_environment_wins(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("DATA_DIR=here\nFETCH_ALLOW=127.0.0.1, ::1\nTELEGRAM_TOKEN=\n")
    monkeypatch.setenv("DATA_DIR", "there")

    settings = load()

    assert settings.data_dir == Path("there")
    assert settings.fetch_allow == ("127.0.0.1", "::1")
    assert settings.telegram_token is None


def test_credentials_of_a_supervisor_are_read_last(monkeypatch, tmp_path):
    (tmp_path / "telegram_token").write_text("from a file\n")
    (tmp_path / "slack_bot_token").write_text("from a file\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "set")

    settings = load()

    assert settings.telegram_token == SecretStr("from a file")
    assert settings.slack_bot_token == SecretStr("set")


def test_a_heartbeat_is_an_address_that_does_not_show():
    with pytest.raises(SettingsError, match="HEARTBEAT_URL") as caught:
        load(heartbeat_url="canary4711")
    assert "canary" not in str(caught.value)
    assert "canary" not in repr(load(heartbeat_url="https://beat.example/canary4711"))


def test_secrets_do_not_show():
    assert "abc123" not in repr(load(telegram_token="abc123"))  # noqa: S106  # the canary


def test_example_lists_every_setting_with_a_comment():
    lines = (Path(__file__).parent.parent / ".env.example").read_text().splitlines()
    named = {m[1] for line in lines if (m := re.match(r"([A-Z_]+)=", line))}

    assert named == {name.upper() for name in Settings.model_fields}
    assert all(
        lines[at - 1].startswith(("#", "KEEP"))
        for at, line in enumerate(lines)
        if "=" in line and not line.startswith("#")
    )


def test_example_is_itself_valid(tmp_path):
    (tmp_path / ".env").write_text((Path(__file__).parent.parent / ".env.example").read_text())

    assert load().relevance == 0.5


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0.0.0.0:80", ("0.0.0.0", 80)),  # noqa: S104  # only read
        ("[::1]:8443", ("::1", 8443)),
        ("3001", ("127.0.0.1", 3001)),
        ("bot.example:0", ("bot.example", 0)),
    ],
)
def test_where_to_listen(text, meant):
    assert load(slack_listen=text).slack_listen == meant
    assert load(telegram_listen=text).telegram_listen == meant


@pytest.mark.parametrize("text", ["host", "host:", "host:70000", "http://host:80", "host:-1", ":٣"])
def test_a_place_that_is_none_is_refused(text):
    with pytest.raises(SettingsError, match=r"SLACK_LISTEN: .*write host:port"):
        load(slack_listen=text)


def test_spans():
    assert hours("90m").total_seconds() == 5400
    with pytest.raises(SettingsError, match="90m, 1h or 2d"):
        hours("soon")
