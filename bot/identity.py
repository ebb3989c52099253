"""What makes two entries the same: document number, address, the source's own key, title. Pure.

Feeds have habits: keys that change at each poll, session ids in links, one key for all, hosts that
move, archives that are dumped again. So an entry has several keys, strongest first, and is *met*
when any of the trustworthy ones was met. Trust is judged over the whole poll: a key or an address
that several entries share names none of them.

`told_apart` decides which entries of a poll are new, and which of the others have a title that was
never shown; `flood` holds back what a source suddenly shows of its past.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct

from bot.model import Entry, Row

FLOOD_COUNT, FLOOD_SHARE = 10, 0.3
FLOOD_AGE = timedelta(hours=48)
CHURNED = 3
_TRACKING = re.compile(
    r"utm_\w+|mc_[ce]id|fbclid|gclid|yclid|msclkid|igshid|spm|cmpid|ocid|ref_src"
    r"|(?:php)?sess(?:ion)?_?id|sid|jsessionid|amp|outputtype|rss|ftcamp|smid"
    r"|call_from|_ga|mkt_tok|at_medium|at_campaign",
    re.IGNORECASE,
)
_DOUBTFUL = re.compile(r"ref|source|via|output|share|from|cid", re.IGNORECASE)
_USUAL = re.compile(r"https?://([a-z0-9.-]*[a-z0-9])(/[\w./~-]*)?", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,8}")
_LONGEST = 2048  # signs of an address; longer ones are abuse
_SESSION = re.compile(r";jsessionid=[^/?#]*|/\(S\([a-z0-9]+\)\)", re.IGNORECASE)
_AMP = re.compile(r"(?:/amp|\.amp)$|(?<=\.)amp\.(?=html?$)|^/amp(?=/)", re.IGNORECASE)
_HOST = re.compile(r"^(?:www\d?|m|mobile|amp|wap)\.(?=[^.]+\.)", re.IGNORECASE)
_BLANK = re.compile(r"[\W_]+")
_BLANKS = bytes(code for code in range(128) if not chr(code).isalnum())
_WRAPPERS = {"www.bing.com": "url", "bing.com": "url"}


class Sighting(Struct, frozen=True, gc=False):
    """An entry that is new, and the keys under which it is to be known from now on."""

    entry: Entry
    keys: tuple[str, ...]


@lru_cache(maxsize=4_096)  # one address is asked for as link, key and list
def canonical_url(url: str) -> str:
    """Return one spelling of an address; "" where it is too long, or not a plain http(s) one."""
    if len(url) > _LONGEST:
        return ""
    if usual := _USUAL.fullmatch(url):
        return _HOST.sub("", usual[1]) + (_plain(usual[2] or "") or "/")
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    query = parse_qsl(parts.query, keep_blank_values=True) if parts.query else []
    if inner := dict(query).get(_WRAPPERS.get(host, "")):
        return canonical_url(inner)
    kept = sorted((name, value) for name, value in query if not _tracks(name, value))
    path = _plain(parts.path)
    place = _HOST.sub("", host.rstrip(".")) + (f":{port}" if port not in {None, 80, 443} else "")
    return place + (path or "/") + (f"?{urlencode(kept)}" if kept else "")


def _plain(path: str) -> str:
    """Return a path without marks of session, AMP and folder, however they are nested."""
    while (shorter := _shorter(path)) != path:
        path = shorter
    return path


def _shorter(path: str) -> str:
    bare = path.rstrip().rstrip("/")
    if ";" in bare or "(" in bare or "amp" in bare.lower():  # hardly any: spares the regexes
        return _AMP.sub("", _SESSION.sub("", bare))
    return bare


def _tracks(name: str, value: str) -> bool:
    """Whether a parameter tells of the visit; "cid=1234" is an article on some sites, and stays."""
    if _TRACKING.fullmatch(name):
        return True
    return bool(_DOUBTFUL.fullmatch(name)) and not _NUMBER.fullmatch(value)


def keys_of(entry: Entry, row: Row) -> tuple[str, ...]:
    """Return every key of an entry, strongest first.

    d: an official number, the same in every source; u: the address; k: the source's own key,
    with the title where the key is too plain to name one entry;
    p: the address without its host, within the source (hosts move); t: the title and what names
    it among its like, within the source; v: the bare title, by which edits are noticed.
    """
    url, folded = canonical_url(entry.url), _folded(entry.title)
    title = _title(entry, folded)
    found = [f"d:{number}" for number in entry.documents]
    if url and not _is_index(url, row):
        found.append(f"u:{url}")
        if _telling(tail := _tail(url)):
            found.append(f"p:{row.name}:{tail}")
    if (key := entry.key.strip()) and not _is_index(canonical_url(key), row):
        found.append(f"k:{row.name}:{key}" + ("" if _telling(key) else f" {title}"))
    found.append(f"t:{row.name}:{title}")
    found.append(f"v:{_hash(folded)}")
    return tuple(dict.fromkeys(found))


def _is_index(url: str, row: Row) -> bool:
    """Whether an address is the list itself, which says nothing about one entry."""
    return url == canonical_url(row.url) or (url.endswith("/") and url.count("/") == 1)


def _tail(url: str) -> str:
    """Return the last part of an address, which survives a move of host or folder."""
    path, _, query = url.partition("?")
    return f"{path.rsplit('/', 1)[-1]}?{query}"


def _telling(name: str) -> bool:
    """Whether a name can only be one entry's: "index.html", "c.html" and "42" are anybody's."""
    return len(name) > 24 or sum(map(str.isdigit, name)) > 4


def _folded(title: str) -> str:
    if title.isascii():
        return title.lower().encode().translate(None, _BLANKS).decode()
    return _BLANK.sub("", unicodedata.normalize("NFKC", title).casefold())


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _title(entry: Entry, folded: str) -> str:
    day = entry.published.date().isoformat() if entry.published else ""
    text = "" if folded and day else _BLANK.sub("", entry.text[:200].casefold())
    return _hash(f"{folded}|{day}|{text}")


Known = Callable[[Iterable[str]], frozenset[str]]
"""Tells which of some keys were met before."""


def fresh(entries: Sequence[Entry], known: Known, row: Row) -> tuple[Sighting, ...]:
    """Return the entries of a poll that were not met before, each once, in their order.

    An entry without title and text is nothing and is skipped.
    """
    return told_apart(entries, known, row)[0]


def told_apart(
    entries: Sequence[Entry], known: Known, row: Row
) -> tuple[tuple[Sighting, ...], tuple[Sighting, ...]]:
    """Return the fresh entries, and those that are known under a title that is not.

    A title that was ever shown, by any source, is no edit: what flaps is looked at once.
    """
    numbered = _numbered(entries, row)
    met = known({key for sighting in numbered for key in sighting.keys})
    if _churned(numbered, met):
        return (), ()
    found: list[Sighting] = []
    here = set(met)
    for sighting in numbered:
        keys = sighting.keys
        if here.isdisjoint(keys) or here.isdisjoint(_deciding(keys, sighting.entry)):
            found.append(sighting)
        here.update(keys)
    edits = [one for one in numbered if _edited(one.keys, met)] if met else ()
    return tuple(found), tuple(edits)


def _churned(numbered: Sequence[Sighting], met: frozenset[str]) -> bool:
    """Whether a whole list is known by its titles and nothing in it by address or key.

    Its links then change at each poll, and say nothing; a bulletin's next issue comes alone.
    """
    if len(numbered) < CHURNED or any(key[0] not in "tv" for key in met):
        return False
    return all(any(k[0] == "t" and k in met for k in one.keys) for one in numbered)


def _edited(keys: Sequence[str], met: frozenset[str]) -> bool:
    """Whether an entry is known by number, address or key, and its title is not."""
    title = any(key[0] == "v" and key in met for key in keys)
    return not title and any(key[0] in "duk" and key in met for key in keys)


def _numbered(entries: Sequence[Entry], row: Row) -> list[Sighting]:
    """Return the entries that say something, with those of their keys that name them alone."""
    told = [(entry, keys_of(entry, row)) for entry in entries if entry.title or entry.text]
    naming = [key for _, keys in told for key in keys if key[0] in "ukp"]
    if len(set(naming)) < len(naming):
        shared = {key for key, times in Counter(naming).items() if times > 1}
        mixed = {key for key in shared if not _copies(key, told)}
        told = [(entry, tuple(k for k in keys if k not in mixed)) for entry, keys in told]
    return [Sighting(entry, keys) for entry, keys in told]


def _copies(key: str, told: Sequence[tuple[Entry, tuple[str, ...]]]) -> bool:
    """Whether all entries that share a key are one and the same thing, listed twice."""
    same = {_title(entry, _folded(entry.title)) for entry, keys in told if key in keys}
    return len(same) == 1


def _deciding(keys: Sequence[str], entry: Entry) -> Sequence[str]:
    """Return the keys of which one that was met settles it.

    A title alone settles it only for an entry with a date in it, or with nothing better: a
    weekly bulletin has one title and many issues.
    """
    told = [key for key in keys if key[0] != "v"]
    strong = told if entry.published else [key for key in told if key[0] != "t"]
    return strong or told


def flood(sightings: Sequence[Sighting], shown: int, now: datetime) -> frozenset[int]:
    """Return which sightings (by place) to archive instead of alert, on a source known before.

    More than ten and more than 30 % of what the source shows being new is its past showing up,
    not news: the undated and those older than 48 h are held, the fresh dated rest is not.
    """
    if len(sightings) <= max(FLOOD_COUNT, FLOOD_SHARE * shown):
        return frozenset()
    return frozenset(
        at
        for at, sighting in enumerate(sightings)
        if sighting.entry.published is None or now - sighting.entry.published > FLOOD_AGE
    )
