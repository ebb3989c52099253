"""The kinds of sources: each module is one kind, and this is the list of them."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from sources.option import SourceKind


class _Kinds(Mapping[str, SourceKind]):
    """Kinds by the names that rows call them; a module is imported when its kind is asked for.

    So a worker that reads feeds alone never loads an HTML parser.
    """

    def __init__(self, *modules: str) -> None:
        self._modules = modules

    def __getitem__(self, name: str) -> SourceKind:
        if name not in self._modules:
            raise KeyError(name)
        kind: SourceKind = import_module(f"sources.{name}").SOURCE
        return kind

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


KINDS: Mapping[str, SourceKind] = _Kinds(
    "feed",
    "page",
    "json_list",
    "wordpress",
    "federal_register",
    "ofac",
    "mofcom",
    "exportcontrol",
    "govuk",
    "gdelt",
)
"""Every kind by the name that a catalogue row calls it, which is its module's."""


def full_text() -> SourceKind:
    """Return the kind that reads an item's own page; like the others it is imported here."""
    kind: SourceKind = import_module("sources.fulltext").FULL_TEXT
    return kind
