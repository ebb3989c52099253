"""What a server answered: as text or JSON, or in plain words why it is not what we asked for."""

import json
import re

from bot.errors import ShapeError
from sources.markup import headline

_CHALLENGES = (
    "just a moment",
    "cf-challenge",
    "checking your browser",
    "captcha",
    "attention required",
    "access denied",
    "request unsuccessful. incapsula",
    "awswafcookie",
    "verify you are human",
)
_FLAGS = re.IGNORECASE | re.DOTALL
_HTML = re.compile(  # possessive: comments in a row would else be tried in every grouping
    r"\s*(?:<!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", _FLAGS
)
_PAGE_TITLE = re.compile(r"<title[^>]*>(.{1,200}?)</title>", _FLAGS)
_QUOTED = 80
_ESCAPE = re.compile(r"""\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)""")


def json_of(text: str, wanted: str) -> object:
    """Return `text` read as JSON. Raises ShapeError that says what came instead of `wanted`.

    Bare tabs and line ends in strings stay, and a backslash that escapes nothing is dropped:
    servers that copy others' headlines into JSON forget them now and then.
    """
    try:
        return _loaded(text)
    except (ValueError, RecursionError) as error:
        raise unexpected(text, wanted) from error


def _loaded(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Invalid \\"):
            raise
    sound = _ESCAPE.sub(lambda found: found[0] if found[1] else "", text)
    return json.loads(sound, strict=False)


def unexpected(text: str, wanted: str) -> ShapeError:
    """Return the error for an answer that is not `wanted`, with what a person needs to know."""
    return ShapeError(f"expected {wanted}, {_seen(text)}")


def is_html(text: str) -> bool:
    """Return whether an answer is an HTML page, whatever its content type says."""
    return bool(_HTML.match(text[:4_000]))


def is_challenge(text: str) -> bool:
    """Return whether a page asks for a browser or refuses access, under whatever status."""
    start = text[:20_000].lower()
    return any(sign in start for sign in _CHALLENGES)


def _seen(text: str) -> str:
    if not text.strip():
        return "but the answer is empty"
    if is_challenge(text):
        return "but a page came that asks for a browser or refuses access: we may be blocked"
    if is_html(text):
        title = _PAGE_TITLE.search(text[:20_000])
        return f"but a web page came{_quoted(title.group(1)) if title else ''}"
    quoted = _quoted(text)
    return f"but this came:{quoted}" if quoted.strip(' "') else "but what came holds no text"


def _quoted(text: str) -> str:
    line = headline(text[:400])
    return f' "{line[:_QUOTED]}{"…" if len(line) > _QUOTED else ""}"'


def mapping(value: object, wanted: str) -> dict[str, object]:
    """Return a JSON object. Raises ShapeError where `value` is something else."""
    if isinstance(value, dict):
        return value
    raise ShapeError(f"expected {wanted}, but the answer holds something else: did the API change?")


def rows_at(value: object, path: str, wanted: str) -> list[dict[str, object]]:
    """Return the objects of the list at a dotted `path` ("feed.entry"; "": the answer itself).

    A list with nothing in it is fine here. Raises ShapeError where there is no list.
    """
    for step in path.split(".") if path else ():
        value = mapping(value, wanted).get(step)
    if not isinstance(value, list):
        raise ShapeError(
            f'expected {wanted}, but there is no list at "{path}": did the API change?'
        )
    return [row for row in value if isinstance(row, dict)]


def string_at(value: object, path: str) -> str:
    """Return the text or number at a dotted `path`, or "" where nothing of that sort is."""
    for step in path.split(".") if path else ():
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return ""
    return str(value) if isinstance(value, str | int) else ""
