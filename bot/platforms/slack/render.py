"""A message as Block Kit: rich text and plain text alone, in which nothing from outside can act.

Rich text has no markup to break out of: what a text element holds is shown as it is, and only a
link element links. The plain `text` beside the blocks, which phones show, is escaped.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from bot.clean import clean, label, safe_link
from bot.model import Button, Direction, Line, LineStyle, Message, Span

BLOCKS = 50
BLOCK_TEXT = 3_000
TOTAL_TEXT = 12_000
FALLBACK = 4_000
_SPAN, _SMALL, _SMALLS, _BUTTONS = 1_000, 1_000, 10, 25
_LABEL, _VALUE = 75, 2_000
_CUT = "…"
_EMOJI = {Direction.RESTRICT: "red_circle", Direction.EASE: "large_green_circle"}
_SIGN = {Direction.RESTRICT: "🔴 ", Direction.EASE: "🟢 "}
Block = dict[str, Any]


def blocks(message: Message) -> list[Block]:
    """Return at most BLOCKS blocks of at most BLOCK_TEXT characters; what is left out shows so."""
    row = actions(message.buttons)
    room = BLOCKS - len(row)
    made = list(_dressed(message))
    if len(made) > room:
        made = [*made[: room - 1], _small([_CUT])]
    return [*made, *row]


def _dressed(message: Message) -> Iterator[Block]:
    sign = _EMOJI.get(message.direction, "")
    if about := clean(" · ".join(message.about), _SMALL):
        yield _small([about])
    for style, group in groupby(_fitting(message.lines), key=_shape):
        lines = list(group)
        if style == "small":
            yield from _smalls(lines)
            continue
        for part in _parts(lines):
            yield _rich(style, part, sign if part[0].style is LineStyle.HEAD else "")
            sign = ""


def _fitting(lines: Sequence[Line]) -> Iterator[Line]:
    room = TOTAL_TEXT
    for line in lines:
        room -= _size(line)
        if room < 0:
            yield Line((Span(_CUT),), LineStyle.SMALL)
            return
        if line.text.strip():
            yield line


def _size(line: Line) -> int:
    return sum(min(len(span.text), _SPAN) for span in line.spans) + 1


def _shape(line: Line) -> str:
    match line.style:
        case LineStyle.QUOTE:
            return "rich_text_quote"
        case LineStyle.SMALL:
            return "small"
        case _:
            return "rich_text_section"


def _parts(lines: Sequence[Line]) -> Iterator[list[Line]]:
    part: list[Line] = []
    for line in lines:
        if part and sum(map(_size, part)) + _size(line) > BLOCK_TEXT:
            yield part
            part = []
        part.append(line)
    yield part


def _rich(shape: str, lines: Sequence[Line], sign: str) -> Block:
    elements: list[Block] = [{"type": "emoji", "name": sign}, _plain(" ")] if sign else []
    room = BLOCK_TEXT
    for at, line in enumerate(lines):
        if at:
            elements.append(_plain("\n"))
        for span in line.spans:
            element = _element(span, bold=span.strong or line.style is LineStyle.HEAD, room=room)
            room -= len(element["text"]) if element else 0
            elements += [element] if element else []
    return {"type": "rich_text", "elements": [{"type": shape, "elements": elements}]}


def _plain(text: str) -> Block:
    return {"type": "text", "text": text}


def _element(span: Span, *, bold: bool, room: int) -> Block:
    link = safe_link(span.link) if span.link else ""
    text = inert(label(span.text, link) if link else span.text, min(_SPAN, max(room - 2, 1)))
    if not text:
        return {}
    made = {"type": "link", "url": link, "text": text} if link else _plain(text)
    return {**made, "style": {"bold": True}} if bold else made


def inert(text: str, longest: int) -> str:
    """Clean a span, keeping a blank at either end that parts it from its neighbours."""
    inner = clean(text, longest)
    if not inner:
        return " " if text else ""
    return f"{' ' * text.startswith(' ')}{inner}{' ' * text.endswith(' ')}"


def _smalls(lines: Sequence[Line]) -> Iterator[Block]:
    texts = [text for line in lines if (text := clean(line.text, _SMALL))]
    for at in range(0, len(texts), _SMALLS):
        yield _small(texts[at : at + _SMALLS])


def _small(texts: Sequence[str]) -> Block:
    parts = [{"type": "plain_text", "text": text, "emoji": False} for text in texts]
    return {"type": "context", "elements": parts}


def actions(buttons: Sequence[Button]) -> list[Block]:
    """Return one row of buttons whose value is the command to run, or nothing without any."""
    row = [_button(at, button) for at, button in enumerate(buttons[:_BUTTONS])]
    kept = [made for made in row if len(made["value"]) <= _VALUE]
    return [{"type": "actions", "elements": kept}] if kept else []


def _button(at: int, button: Button) -> Block:
    return {
        "type": "button",
        "action_id": f"run:{at}",
        "text": {"type": "plain_text", "text": clean(button.label, _LABEL) or "-", "emoji": False},
        "value": f"{button.verb} {button.argument}".strip(),
    }


def fallback(message: Message) -> str:
    """Return the text of notifications and screen readers: inert, never empty, within FALLBACK."""
    sign = _SIGN.get(message.direction, "")
    lines = (clean(line.text, _SPAN) for line in message.lines)
    text = sign + "\n".join(filter(None, lines))
    return escaped(text, FALLBACK) or "-"


def escaped(text: str, longest: int) -> str:
    """Cut, then escape the three characters that Slack's markup is made of."""
    made = ""
    for char in text[:longest]:
        piece = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(char, char)
        if len(made) + len(piece) > longest - 1:
            return made + _CUT
        made += piece
    return made
