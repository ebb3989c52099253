"""A message as Telegram HTML: clean, cut, then escape, so that nothing from outside can act. Pure.

Telegram makes links of what looks like a mention or a command. A word joiner, which nobody sees,
takes that away from text that comes from outside.
"""

import html
import re
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.clean import clean, label, safe_link
from bot.model import Button, Line, LineStyle, Message, Span

LIMIT = 4096  # the service counts after parsing; counting the markup too is always safe
DATA_LIMIT = 64  # bytes of callback data
LABEL_LIMIT = 40
PER_ROW, MOST_BUTTONS = 4, 100
_SPAN_LIMITS = (1_000, 300, 60)  # a line that is too long is tried again with shorter spans
_CUT = "…"
_JOINER = "\u2060"
_MENTION = re.compile(r"@(?=\w)")
_COMMAND = re.compile(r"(?<![\w/])/(?=\w)")
_OUTSIDE = frozenset({LineStyle.TITLE, LineStyle.QUOTE})


def render(message: Message) -> str:
    """Return HTML of at most LIMIT UTF-16 units; lines that no longer fit are left out."""
    kept: list[str] = []
    room = LIMIT - len(_CUT) - 1
    for line in message.lines:
        text = _fitted(line, room - 1)
        if text is None:
            kept.append(_CUT)
            break
        room -= units(text) + 1
        kept.append(text)
    return "\n".join(kept)


def plain(message: Message) -> str:
    """Return the same without markup, for a service that refused the markup."""
    lines = (
        "".join(_inert(s.text, _SPAN_LIMITS[0], _origin(s, line.style)) for s in line.spans)
        for line in message.lines
    )
    text = "\n".join(lines)
    return text if units(text) <= LIMIT else text[: LIMIT // 2]  # a character may be two units


def units(text: str) -> int:
    """Return the length of a text as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _fitted(line: Line, room: int) -> str | None:
    tries = (_line(line, longest) for longest in _SPAN_LIMITS)
    return next((text for text in tries if units(text) <= room), None)


def _line(line: Line, longest: int) -> str:
    text = "".join(_span(span, longest, line.style) for span in line.spans)
    if not text.strip():
        return ""
    match line.style:
        case LineStyle.HEAD:
            return f"<b>{text}</b>"
        case LineStyle.QUOTE:
            return f"<blockquote>{text}</blockquote>"
        case LineStyle.SMALL:
            return f"<i>{text}</i>"
        case _:
            return text


def _span(span: Span, longest: int, style: LineStyle) -> str:
    link = safe_link(span.link) if span.link else ""
    words = label(span.text, link) if link else span.text
    text = html.escape(_inert(words, longest, _origin(span, style)), quote=False)
    if link and text.strip():
        text = f'<a href="{html.escape(link)}">{text}</a>'
    return f"<b>{text}</b>" if span.strong and style is not LineStyle.HEAD and text else text


def _origin(span: Span, style: LineStyle) -> LineStyle:
    """Return the style by which a span is made inert: what links is a headline, wherever it is."""
    return LineStyle.TITLE if span.link else style


def _inert(text: str, longest: int, style: LineStyle) -> str:
    """Clean a span, keeping a blank at either end that parts it from its neighbours."""
    inner = _MENTION.sub(f"@{_JOINER}", clean(text, longest))
    if style in _OUTSIDE:
        inner = _COMMAND.sub(f"/{_JOINER}", inner)
    return f"{' ' * text.startswith(' ')}{inner}{' ' * (text.endswith(' ') and len(text) > 1)}"


def keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """Return rows of buttons whose data is the command to run, or None where there are none."""
    keys = [key for button in buttons if (key := _key(button))][:MOST_BUTTONS]
    rows = [keys[at : at + PER_ROW] for at in range(0, len(keys), PER_ROW)]
    return InlineKeyboardMarkup(rows) if rows else None


def _key(button: Button) -> InlineKeyboardButton | None:
    data = clean(f"{button.verb} {button.argument}", DATA_LIMIT + 1)
    words = clean(button.label, LABEL_LIMIT)
    fits = bool(words) and len(data.encode()) <= DATA_LIMIT
    return InlineKeyboardButton(words, callback_data=data) if fits else None
