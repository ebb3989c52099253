"""Parse what a person typed.

    query  := either ( "OR" either )*
    either := part+                              all parts must hold ("AND" may stand between)
    part   := ( "NOT" | "-" ) part | "(" query ")" | "phrase in quotes" | field:value | word | wor*

Unquoted words that name a topic ("rare earth", "dysprosium", "稀土") ask for the topic; quoted
text is literal. Matching walks a query once over prepared words, so it takes linear time
whatever is typed; there are no user patterns.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from unicodedata import normalize

from bot.classify.topics import topic_for
from bot.clean import clean
from bot.errors import UsageError
from bot.language import tr
from bot.query.asked import plain, wide
from bot.query.fields import EXAMPLES, FIELDS, field
from bot.query.nodes import Field, Join, Not, Phrase, Query, Word
from bot.query.spelling import canonical

LONGEST = 400  # characters of a query; more is a mistake or an attack
MOST_PARTS = 40
_TOKEN = re.compile(
    r'\s*(?:(?P<open>\()|(?P<close>\))|(?P<minus>-(?=[^\s\-]))|"(?P<phrase>[^"]*)(?P<end>"|$)'
    r"|(?P<name>[A-Za-z]+)[:：]\s*(?:\"(?P<quoted>[^\"]*)\"|(?P<value>[^\s()\"]+))|(?P<word>[^\s()\"]+))"
)


@lru_cache(maxsize=4_096)  # many chats ask for the same
def parse(text: str) -> Query:
    """Return the query that a person typed. Raises UsageError pointing at the word at fault."""
    if len(text) <= LONGEST:  # one sign may stand for eighteen, and some for none
        text = normalize("NFKC", clean(text, LONGEST))
    if not text.strip():
        raise UsageError(tr("Say what to look for, for example: rare-earth"))
    if len(text) > LONGEST:
        raise UsageError(
            tr(
                "That is {count} characters long; a query may have {most}.",
                count=len(text),
                most=LONGEST,
            )
        )
    tokens = list(_tokens(_plainly(text)))
    if len(tokens) > MOST_PARTS:
        raise UsageError(
            tr(
                "That has {count} parts; a query may have {most}.",
                count=len(tokens),
                most=MOST_PARTS,
            )
        )
    reader = _Reader(tokens)
    query = reader.either()
    if reader.kind == "close":
        raise UsageError(tr('There is a ")" without its "(".'))
    return query


def parse_any(texts: Sequence[str]) -> Query:
    """Return the query that holds where one of several stored queries does."""
    parts = tuple(map(parse, texts))
    return parts[0] if len(parts) == 1 else _join("or", parts)


_TYPED = str.maketrans("“”„‟«»″–—−", '"' * 7 + "-" * 3)  # what phones make of quotes and dashes
_BETWEEN = re.compile(r"\s*(?:[,;|、，；]|(?<!\d)/|/(?!\d))\s*")


def _plainly(text: str) -> str:
    """Return a query in plain signs; outside quotes "gallium, germanium" asks for either."""
    parts = text.translate(_TYPED).strip(" ,;|/、，；").split('"')
    parts[::2] = (_BETWEEN.sub(" OR ", part) for part in parts[::2])
    return '"'.join(parts)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str = ""
    name: str = ""


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    end = len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:  # a stray character of white space
            return
        at = found.end()
        yield _token(found)


def _token(found: re.Match[str]) -> _Token:
    if word := found["word"]:
        return _word_token(word)
    groups = found.groupdict()
    if groups["phrase"] is not None:
        if not groups["end"]:
            raise UsageError(
                tr('The quotation mark before "{words}" is never closed.', words=groups["phrase"])
            )
        return _Token("phrase", groups["phrase"])
    if groups["name"] is not None:
        return _Token("field", groups["quoted"] or groups["value"] or "", groups["name"].lower())
    return _Token(next(kind for kind in ("open", "close", "minus") if groups[kind]))


def _word_token(word: str) -> _Token:
    low = word.lower()
    name = low.rstrip(":：")
    if name != low and name in FIELDS:
        raise UsageError(
            tr(
                '"{name}:" needs a value after it, for example: {example}',
                name=name,
                example=EXAMPLES[name],
            )
        )
    if low in {"and", "or", "not"}:
        return _Token(low)
    return _Token("word", word)


class _Reader:
    """Recursive descent over the tokens; depth is bounded by MOST_PARTS."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else "end"

    def take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def either(self) -> Query:
        parts = [self.all()]
        while self.kind == "or":
            self.take()
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else _join("or", parts)

    def all(self) -> Query:
        parts: list[Query] = []
        while self.kind not in {"end", "close", "or"}:
            if self.kind == "and":
                self.take()
                if not parts or self.kind in {"end", "close", "or", "and"}:
                    raise UsageError(
                        tr("AND needs a word on both sides: gallium AND direction:ease")
                    )
                continue
            parts.extend(self.words() if self.kind == "word" else [self.part()])
        if not parts:
            raise UsageError(
                tr("Something is missing beside OR or inside ( ): gallium OR germanium")
            )
        return parts[0] if len(parts) == 1 else _join("and", parts)

    def part(self) -> Query:
        token = self.take() if self.kind != "end" else _Token("end")
        match token.kind:
            case "not" | "minus":
                return _not(self.single())
            case "open":
                query = self.either()
                if self.kind != "close":
                    raise UsageError(tr('There is a "(" without its ")".'))
                self.take()
                return query
            case "phrase":
                return _phrase(token.text)
            case "field":
                return field(token.name, token.text)
            case _:
                raise UsageError(tr("NOT needs a word after it: gallium NOT price"))

    def single(self) -> Query:
        """Return one part, taking just one word: -price does not swallow what follows."""
        return _word(self.take().text) if self.kind == "word" else self.part()

    def words(self) -> list[Query]:
        """Return the run of words here; the longest runs that name a topic become topics."""
        run: list[str] = []
        while self.kind == "word":
            run.append(self.take().text)
        found: list[Query] = []
        while run:
            size = next((n for n in range(min(4, len(run)), 1, -1) if _names(run[:n])), 1)
            found.append(_word(" ".join(run[:size])))
            run = run[size:]
        return found


def _not(part: Query) -> Query:
    return part.part if isinstance(part, Not) else Not(part)


def _join(how: Literal["and", "or"], parts: Sequence[Query]) -> Query:
    flat: list[Query] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Join) and part.how == how else (part,))
    kept = tuple({canonical(part): part for part in flat}.values())
    return kept[0] if len(kept) == 1 else Join(how, kept)


def _names(words: Sequence[str]) -> bool:
    return topic_for(" ".join(words)) is not None


@lru_cache(maxsize=16_384)  # queries share most of their words
def _word(text: str) -> Query:
    if topic := topic_for(text):
        return Field("topic", str(topic))
    folded = plain(text.removesuffix("*"))
    if not folded:
        raise UsageError(tr('"{text}" has no letters or digits to look for.', text=text))
    if text.endswith("*"):
        *before, last = folded.split()
        if before:  # signs within a word part it: "time:zon*"
            return _join("and", [*map(_word, before), _word(f"{last}*")])
        if len(folded) < 3 and not wide(folded):
            raise UsageError(
                tr('"{text}" is too short: give at least three letters before the *.', text=text)
            )
        return Word(folded, prefix=True)
    return Phrase(folded) if " " in folded or wide(folded) else Word(folded)


def _phrase(text: str) -> Query:
    folded = plain(text)
    if not folded:
        raise UsageError(tr('"{text}" has no letters or digits to look for.', text=text))
    return Phrase(folded)
