"""Logs: one event a line on standard error, key=value or JSON, with secrets taken out."""

import json
import logging
import re
import sys
import time
from collections.abc import Iterable
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
        pairs = " ".join(f"{key}={_quoted(value)}" for key, value in _fields(record).items())
        text = " ".join(filter(None, (head, _one_line(record.getMessage()), pairs)))
        return f"{text}\n{record.exc_text}" if record.exc_text else text


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


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(value: object) -> str:
    text = _one_line(str(value))
    return json.dumps(text, ensure_ascii=False) if not text or " " in text or '"' in text else text


def start(level: str, style: Literal["text", "json"], secrets: Iterable[str] = ()) -> None:
    """Send all logs to standard error. Libraries that log addresses with tokens stay quiet."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if style == "json" else KeyValue())
    handler.addFilter(Redact(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("exportwire").setLevel(level.upper())
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
