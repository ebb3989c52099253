"""The bot's own language: its texts by gettext catalogues, its dates by Babel.

    with speaking("zh"):
        tr("Nothing on {name} in the archive yet.", name="gallium")

Texts stand in the code in English; `bot/locale/LANGUAGE.po` holds the others. What is being spoken
holds for the code inside `with` alone, so two chats answered at once keep their own.
`make messages` writes new texts into the catalogues.
"""

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "zh": "中文", "ja": "日本語"}
"""The languages that the bot speaks, each by its own name. One more is one catalogue and a line."""
CATALOGUES = Path(__file__).parent / "locale"
_LOCALES = {"en": "en_GB"}  # the day before the month, as the wires write it
_spoken = ContextVar("spoken", default="en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` ("zh", "zh-TW", "ja_JP") inside; English where there is no catalogue."""
    token = _spoken.set(known(language) or "en")
    try:
        yield
    finally:
        _spoken.reset(token)


def known(language: str) -> str | None:
    """Return the language that the bot speaks for a code such as "zh-Hans-CN", or None."""
    code = language.replace("_", "-").partition("-")[0].casefold()
    return code if code in LANGUAGES else None


def spoken() -> str:
    """Return the language that is spoken here."""
    return _spoken.get()


def tr(text: str, /, **values: object) -> str:
    """Return our `text` in the language spoken, its {names} filled with `values`."""
    return _catalogue(_spoken.get()).gettext(text).format_map(values)


def mark(text: str) -> str:
    """Return a text as it is: it is translated, by `tr`, where it is said."""
    return text


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """Return `one` or `many`, as the language counts; {count} is filled."""
    found = _catalogue(_spoken.get()).ngettext(one, many, count)
    return found.format_map({"count": count, **values})


def day(when: date) -> str:
    """Return "19 Jun 2025", or as the language spoken writes a day."""
    from babel.dates import format_skeleton  # noqa: PLC0415  # a fiftieth of a second, when needed

    language = _spoken.get()
    return format_skeleton("yMMMd", when, locale=_LOCALES.get(language, language))


def name_of(language: str) -> str:
    """Return what the language spoken calls another: "Japanese" for "ja"; the code if unknown."""
    from babel import Locale  # noqa: PLC0415  # a fiftieth of a second, when needed

    return str(Locale(_spoken.get()).languages.get(language, language))


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415  # not needed for English
    from babel.messages.pofile import read_po  # noqa: PLC0415  # not needed for English

    compiled = io.BytesIO()
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
