"""Where the wire's outlets are found while the service runs: their addresses on loopback."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.demo.wire import Outlet, Piece


@dataclass(frozen=True, slots=True)
class Place:
    """One address for all outlets: `base` is "http://127.0.0.1:8123".

    An outlet is a folder there; with `named`, it is a host of its own on the same port, for a
    reader who resolves the reserved names to loopback.
    """

    base: str
    named: bool = False

    def home(self, outlet: Outlet) -> str:
        """Return an outlet's address, without a slash at its end."""
        if not self.named:
            return f"{self.base}/{outlet.slug}"
        return f"http://{outlet.host}:{urlsplit(self.base).port or 80}"

    def list_of(self, outlet: Outlet) -> str:
        """Return the address of an outlet's list."""
        return self.home(outlet) + outlet.path

    def link(self, outlet: Outlet, piece: Piece) -> str:
        """Return the address of an article."""
        return self.home(outlet) + piece.path
