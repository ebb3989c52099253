"""Who published something: the registrable domain, or the newsroom that owns several."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

_LONGEST = 253  # characters of a host name (RFC 1035)


def publisher_of(url: str, outlet: str = "") -> str:
    """Return the publisher's main domain ("reuters.com"), or "" where none can be told.

    `outlet`, a host, wins over the address: aggregators link to themselves. Feeds and editions
    of one newsroom (families.toml) are one publisher.
    """
    return _domain(outlet) or _domain(_host(url))


def _host(url: str) -> str:
    try:
        return urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _domain(given: str) -> str:
    host = given.strip().casefold().partition(":")[0].strip(".")
    if "." not in host or len(host) > _LONGEST or not host.replace("-", "").isascii():
        return host if host.isascii() and host.isalnum() else ""
    if host.rpartition(".")[2].isdigit():
        return host  # an address of a machine has no suffix
    owned = _suffixes().privatesuffix(host) or host
    return _families().get(owned, owned)


@cache
def _families() -> Mapping[str, str]:
    """Return the main domain of each domain that belongs to a family."""
    source = files("bot.cluster") / "families.toml"
    table: dict[str, list[str]] = tomllib.loads(source.read_text(encoding="utf-8"))["families"]
    return MappingProxyType({other: main for main, others in table.items() for other in others})
