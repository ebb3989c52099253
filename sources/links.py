"""Where an entry's link leads: made absolute, unwrapped, and kept to the hosts of its source."""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

from bot.model import Row

_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]*[A-Za-z0-9](?::\d*)?(?:[/?#]\S*)?")
"""What needs no taking apart to be seen as a sound address: nearly every link."""
LINK_LIMIT = 2_000
"""Characters of a link that we keep: no article's own address is longer."""


def absolute(base: str, link: str) -> str:
    """Return an http(s) address, or "" for what is none (`javascript:`, `mailto:`, rubbish)."""
    bare = "".join(link.split())
    if not bare or len(bare) > LINK_LIMIT:
        return ""
    if _PLAIN.fullmatch(bare):
        return bare
    try:
        whole = bare if bare.startswith(("https://", "http://")) else urljoin(base, bare)
        parts = urlsplit(whole)
        sound = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    except ValueError:
        return ""
    return whole if sound else ""


def unwrapped(link: str, parameter: str) -> str:
    """Return the address that a redirect wrapper carries in `parameter`; a bare link stays."""
    inner = parse_qs(urlsplit(link).query).get(parameter)
    return absolute("", inner[0]) if inner else link


def host_of(url: str) -> str:
    """Return the host of an address without "www.", or ""."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def allowed(url: str, row: Row) -> bool:
    """Return whether `row` may link there: its own host, and its `hosts` with what is below."""
    if not row.hosts:
        return True
    host = host_of(url)
    names = (host_of(row.url), *(name.removeprefix("www.") for name in row.hosts))
    return any(host == name or host.endswith(f".{name}") for name in names)


def same_host(url: str, other: str) -> bool:
    """Return whether two addresses have the same scheme, host and port."""
    return urlsplit(url)[:2] == urlsplit(other)[:2]
