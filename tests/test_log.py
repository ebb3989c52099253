"""Logs are one line an event, and hold no secret."""

import json
import logging

import pytest

from bot.log import Json, KeyValue, Redact

TELEGRAM = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"
SECRETS = [TELEGRAM, "xoxb-1234567890-abcdef", "xapp-1-A1-2-abcdef123456", "hunter2-signing"]


def record(text, *args, **extra):
    made = logging.makeLogRecord({"msg": text, "args": args, "levelname": "INFO", "created": 0.0})
    vars(made).update(extra)
    return made


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("style", [KeyValue(), Json()])
def test_no_secret_in_message_arguments_fields_or_traceback(secret, style):
    error = ValueError(f"https://api.example/bot{secret}/getMe")
    made = record("failed %s", secret, url=f"x/{secret}", exc_info=(ValueError, error, None))

    Redact(["hunter2-signing"]).filter(made)

    assert secret not in style.format(made)


def test_user_and_password_in_an_address_are_hidden():
    made = record("proxy http://me:pass@proxy.example:3128/")

    Redact().filter(made)

    assert "pass" not in KeyValue().format(made)


def test_key_values_stay_on_one_line():
    told = KeyValue().format(record("poll failed", source="a b", error="x\ny"))

    assert told == '1970-01-01T00:00:00Z info poll failed source="a b" error="x y"'


def test_json_is_an_object_a_line():
    assert json.loads(Json().format(record("poll ok", new=2)))["new"] == 2
