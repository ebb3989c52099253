"""Logs: one event a line on standard error, key=value or JSON, with secrets taken out."""

import json
import logging
import re
import sys
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Literal

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SHAPES = re.compile(
    r"\d{6,12}:[A-Za-z0-9_-]{30,}|x(?:ox[a-z]|app)-[A-Za-z0-9-]{8,}"  # Telegram, Slack tokens
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user:password in an address
)
HIDDEN = "[hidden]"


class Redact(logging.Filter):
    """Takes secrets out of a record: the known ones, and whatever looks like a token."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._known = tuple(sorted({s for s in secrets if len(s) >= 4}, key=len, reverse=True))

    def text(self, text: str) -> str:
        """Return `text` without secrets."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        return _SHAPES.sub(HIDDEN, text)

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.text(record.getMessage()), None
        for name, value in vars(record).items():
            if name not in _PLAIN and not isinstance(value, (int, float, bool)):
                setattr(record, name, self.text(str(value)))
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.text(record.exc_text)
        record.exc_info = None
        return True


class KeyValue(logging.Formatter):
    """`2026-11-25T10:00:00Z info poll ok source=meti new=2`, one line a record."""

    converter = time.gmtime  # type: ignore[assignment]  # its stub knows one signature of two

    def format(self, record: logging.LogRecord) -> str:
        head = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%SZ')} {record.levelname.lower()}"
        told = _fields(record) | ({"traceback": record.exc_text} if record.exc_text else {})
        pairs = (f"{key}={_quoted(value)}" for key, value in told.items())
        return " ".join((head, _escaped(record.getMessage()), *pairs))


class Json(logging.Formatter):
    """One JSON object a record."""

    converter = time.gmtime  # type: ignore[assignment]  # its stub knows one signature of two

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **_fields(record),
        }
        if record.exc_text:
            told["traceback"] = record.exc_text
        return json.dumps(told, ensure_ascii=False, default=str)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in vars(record).items() if key not in _PLAIN}


def _escaped(text: str) -> str:
    """Return text on one line; what cannot be shown is written as JSON writes it."""
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in " ".join(text.split()))


def _quoted(value: object) -> str:
    text = str(value)
    if text and text.isprintable() and not set(text) & set(' "='):
        return text
    return f'"{"".join(map(_inside, text))}"'


def _inside(character: str) -> str:
    """Return a character as it stands within quotes: letters of every script as they are."""
    shown = character.isprintable() and character not in '"\\'
    return character if shown else json.dumps(character)[1:-1]


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what ends the program like everything else: on one line, without secrets."""
    logging.getLogger("exportwire").critical("ended by a fault", exc_info=(kind, error, trace))


def start(level: str, style: Literal["text", "json"], secrets: Iterable[str] = ()) -> None:
    """Send all logs to standard error. Libraries that log addresses with tokens stay quiet."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if style == "json" else KeyValue())
    handler.addFilter(Redact(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level.upper()]))
    logging.getLogger("exportwire").setLevel(level.upper())
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    for name in (
        "httpx",
        "httpcore",
        "apscheduler",
        "telegram",
        "slack_sdk",
        "slack_bolt",
        "aiohttp",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)
