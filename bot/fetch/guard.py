"""Where a fetch may go: http and https, to public addresses alone, unless the operator allows more.

Names are checked by what they resolve to, at the moment of connecting and at every hop: a name
that answers with one public and one private address is refused, and so is a name whose answer
changes between the check and the connection, since the checked address is the one dialled.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import SplitResult, urlsplit

from bot.errors import RefusedError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = {"http": 80, "https": 443}
LONGEST_URL = 8_000
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_BLANK = re.compile(r"[\x00-\x20\x7f]")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")

# IANA's special-purpose registries, and what clouds put behind public-looking addresses.
_CLOSED_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",  # Azure's own host services
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
        ),
    )
)
_OPEN_6 = IPv6Network("2000::/3")  # all that is routed; mapped, NAT64 and local ones are outside
_CLOSED_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # Teredo, ORCHID, benchmarking
            "2001:db8::/32",
            "2002::/16",  # 6to4: carries any IPv4 address
            "3fff::/20",
        ),
    )
)
_ISATAP = 0x5EFE  # an interface id that carries any IPv4 address


@dataclass(frozen=True, slots=True)
class Allow:
    """What the operator exempts (`FETCH_ALLOW`): hosts, `host:port`, addresses and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> "Allow":
        """Return what the entries mean: a network where one reads as such, else a host."""
        hosts: set[str] = set()
        networks: list[Network] = []
        for entry in entries:
            try:
                networks.append(ip_network(entry.strip().strip("[]"), strict=False))
            except ValueError:
                hosts.add(entry.strip().casefold())
        return cls(frozenset(hosts), tuple(networks))

    def host(self, host: str, port: int) -> bool:
        """Return whether a host is named, with or without this port."""
        return host in self.hosts or f"{host}:{port}" in self.hosts

    def address(self, address: Address) -> bool:
        """Return whether an address is in a named network."""
        return any(address in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class Target:
    """A server that a checked URL names; `exempt` where the operator allowed the host by name."""

    scheme: str
    host: str
    port: int
    exempt: bool = False


def is_public(address: Address) -> bool:
    """Return whether an address is out on the internet, whatever it is wrapped in."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    if address.scope_id or address not in _OPEN_6 or (int(address) >> 32) & 0xFFFF == _ISATAP:
        return False
    return not any(address in network for network in _CLOSED_6)


@lru_cache(maxsize=2_048)  # a source's own address, twice a poll
def target_of(url: str, allow: Allow) -> Target:
    """Return the server that `url` names. Raises RefusedError for one that no fetch may go to."""
    parts, port = _parts(url)
    if parts.scheme not in PORTS:
        raise RefusedError(f'refused an address that starts with "{parts.scheme[:20]}:"')
    if "@" in parts.netloc:
        raise RefusedError("refused an address with a user name in it")
    host = _host(parts)
    literal = _literal(host)
    exempt = allow.host(host, port) or (literal is not None and allow.address(literal))
    if literal is not None and not exempt:
        checked(host, literal, allow)
    if port != PORTS[parts.scheme] and not (exempt or (literal is None and allow.networks)):
        raise _closed_port(host, port)
    return Target(parts.scheme, host, port, exempt)


def checked(host: str, address: Address, allow: Allow) -> Address:
    """Return `address` if `host` may be there. Raises RefusedError."""
    if is_public(address) or allow.address(address):
        return address
    raise RefusedError(f"refused {host}: {address} is not on the public internet (see FETCH_ALLOW)")


def admitted(target: Target, addresses: Iterable[Address], allow: Allow) -> tuple[Address, ...]:
    """Return where `target` may be dialled. Raises RefusedError if any one address is closed."""
    found = tuple(addresses)
    if target.exempt:
        return found
    for address in found:
        checked(target.host, address, allow)
        if target.port != PORTS[target.scheme] and not allow.address(address):
            raise _closed_port(target.host, target.port)
    return found


def _parts(url: str) -> tuple[SplitResult, int]:
    if len(url) > LONGEST_URL:
        raise RefusedError("refused an address of more than 8,000 characters")
    if _BLANK.search(url):
        raise RefusedError("refused an address with spaces in it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedError("refused an address that is not well formed") from error
    return parts, PORTS.get(parts.scheme, 0) if port is None else port


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if "[" in parts.netloc:
        return host
    try:
        name = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError as error:
        raise RefusedError("refused an address whose host name is not valid") from error
    if len(name) > 253 or not _NAME.fullmatch(name):
        raise RefusedError("refused an address whose host name is not valid")
    return name


def _literal(host: str) -> Address | None:
    """Return the address that a host spells. Raises RefusedError for a number in disguise."""
    try:
        return ip_address(host)
    except ValueError as error:
        if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
            raise RefusedError(f"refused {host[:80]}: not a plain address") from error
    return None


def _closed_port(host: str, port: int) -> RefusedError:
    return RefusedError(f"refused port {port} of {host}: only 80 and 443 (see FETCH_ALLOW)")
