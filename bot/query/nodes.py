"""What a query is made of."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or the start of one where `prefix` is set; `text` is normalised."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exact words, in order; `text` is normalised."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A fact of the story, such as direction:ease."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: "Query"


@dataclass(frozen=True, slots=True)
class Join:
    """All parts must hold ("and"), or at least one ("or")."""

    how: Literal["and", "or"]
    parts: tuple["Query", ...]


Query = Word | Phrase | Field | Not | Join
