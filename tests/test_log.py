"""Logs are one line an event, and hold no secret."""

import json
import logging
import subprocess
import sys

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

    assert told == '1970-01-01T00:00:00Z info poll failed source="a b" error="x\\ny"'


VALUES = {
    "plain": "plain",
    "": '""',
    "a=b": '"a=b"',
    'say "no"': r'"say \"no\""',
    "\x1b[31mred": r'"\u001b[31mred"',
    "back\\slash here": r'"back\\slash here"',
    "\u202eturned": r'"\u202eturned"',
    "稀土": "稀土",
}


@pytest.mark.parametrize(("value", "shown"), VALUES.items())
def test_a_value_cannot_pass_for_another_or_move_the_cursor(value, shown):
    told = KeyValue().format(record("poll failed", error=value))

    assert told.partition("error=")[2] == shown


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_ends_the_program_is_one_line_without_secrets(style):
    """Warnings of Python, a fault in a thread's task, and an exception that nobody caught."""
    code = (
        "import sys, warnings; from bot import log\n"
        "log.start('error', sys.argv[1], ['hunter2-signing'])\n"
        "import logging; logging.getLogger('bot.store').warning('below the level')\n"
        "warnings.warn('not shown at this level')\n"
        "raise ValueError('hunter2-signing\\nleft')\n"
    )
    done = subprocess.run(  # noqa: S603  # ours
        [sys.executable, "-c", code, style], capture_output=True, text=True, check=False
    )

    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert "ended by a fault" in line
    assert "ValueError: [hidden]" in line
    if style == "json":
        assert json.loads(line)["traceback"].endswith("left")


def test_json_is_an_object_a_line():
    assert json.loads(Json().format(record("poll ok", new=2)))["new"] == 2
