"""Texts for people pass the catalogues: the code is read for those that do not."""

import ast
import re
from pathlib import Path

import pytest

from handlers import HANDLERS

ROOT = Path(__file__).parent.parent
FOLDERS = ("handlers", "bot/platforms", "bot/query")
SINGLE = ("listen", "promptly", "compose", "bulletin", "digest", "schedules", "moments", "zones",
          "vitals", "scout", "condition")  # fmt: skip
SAYING = frozenset({"said", "UsageError", "Span", "Button"})
WORDS = re.compile(r"[A-Za-z]{3,}.* .*[A-Za-z]{3,}")


def files():
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))
    yield from (ROOT / "bot" / f"{name}.py" for name in SINGLE)


def bare(tree):
    """Yield the sentences that are said without tr, and the tr inside f-strings.

    Such a tr is never found by those who extract texts: before Python 3.12 it is no token.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in SAYING:
            for part in node.args:
                yield from (text for text in _texts(part) if is_sentence(text))
        if isinstance(node, ast.JoinedStr):
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _name(call) in {"tr", "trn"}:
                    first = call.args[0]
                    if isinstance(first, ast.Constant):
                        yield f"in an f-string: {first.value!r}"


def is_sentence(text):
    """Whether a text has words, and is not something to type."""
    first = text.lstrip("/").partition(" ")[0]
    return bool(WORDS.search(text)) and first not in HANDLERS


def _name(call):
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _texts(node):
    """Yield the literal texts of an argument, but not those of the calls within."""
    if isinstance(node, ast.Call):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from _texts(child)


@pytest.mark.parametrize("path", list(files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_said_passes_the_catalogues(path):
    assert list(bare(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        'said("Nothing was found here.")',
        'said(f"Taken: {names} and some more")',
        'Line((Span(f"{n} of them would be news"),))',
        'raise UsageError("Say which source: NAME")',
        "f\"{told} {tr('It waits too.')}\"",
    ],
)
def test_a_bare_text_is_found(code):
    assert len(list(bare(ast.parse(code)))) == 1


def test_texts_of_the_catalogues_and_columns_are_left_alone():
    code = (
        'said(tr("Nothing was found here."), f"{number}  {story.id}", buttons=[Button("/x", "x")])'
    )
    assert list(bare(ast.parse(code))) == []
