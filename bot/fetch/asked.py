"""What one hop asks, and what a redirect makes of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, urldefrag, urlencode, urljoin, urlsplit

from bot.errors import FetchError
from bot.fetch.validators import Known
from bot.model import Request, Row

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/xml;q=0.9, application/json;q=0.9,"
    " text/html;q=0.8, */*;q=0.5"
)
_ANYWHERE = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "if-modified-since",
        "if-none-match",
        "user-agent",
    }
)
_LONGEST_COOKIES = 4_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it goes out; `url` has no fragment, `cookies` live for this fetch alone."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: bytes | None = None
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """Return GET, or POST where there is a form."""
        return "GET" if self.form is None else "POST"

    @property
    def place(self) -> tuple[object, ...]:
        """Return what makes this the same question again, however we got there."""
        return self.url, self.form, tuple(self.cookies.items())

    def sent(self) -> dict[str, str]:
        """Return all headers to send."""
        told = dict(self.headers)
        if self.form is not None:
            told["Content-Type"] = "application/x-www-form-urlencoded"
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return told


def asked_of(request: Request, row: Row, known: Known, agent: str) -> Asked:
    """Return the first hop of a request: ours, then the row's, then the request's own headers."""
    headers = {"User-Agent": agent, "Accept": ACCEPT, "Accept-Encoding": "gzip"}
    for layer in filter(None, (row.headers, request.headers, known.headers())):
        named = {name.lower(): name for name in headers}
        for name, value in layer.items():
            headers.pop(named.get(name.lower(), ""), None)
            headers[name] = value
    form = None if request.form is None else urlencode(request.form).encode()
    url = urldefrag(request.url).url if "#" in request.url else request.url
    return Asked(url, headers, form)


def redirected(asked: Asked, status: int, location: str, cookies: Sequence[str]) -> Asked:
    """Return the next hop. Another server gets none of the row's headers: they may hold a key.

    Raises FetchError where the answer names no place to go.
    """
    location = location.strip().replace(" ", "%20")  # not allowed there, and often sent
    if not location:
        raise FetchError("the answer is a redirect that leads nowhere")
    try:
        url = urldefrag(urljoin(asked.url, location)).url
    except ValueError as error:
        raise FetchError(
            "the answer is a redirect to an address that is not well formed"
        ) from error
    form = asked.form if status in {307, 308} else None
    if _trusted(urlsplit(asked.url), urlsplit(url)):
        return replace(asked, url=url, form=form, cookies=_kept(asked.cookies, cookies))
    public = {name: value for name, value in asked.headers.items() if name.lower() in _ANYWHERE}
    return Asked(url, public)


def _trusted(before: SplitResult, after: SplitResult) -> bool:
    """Return whether a redirect stays on its server, or takes it from http to https."""
    if before.netloc.lower() != after.netloc.lower():
        return False
    upgraded = (before.scheme, after.scheme) == ("http", "https") and before.port is None
    return before.scheme == after.scheme or upgraded


def _kept(before: Mapping[str, str], told: Sequence[str]) -> dict[str, str]:
    """Return the cookies for the next hop: some sites redirect until theirs comes back."""
    kept = dict(before)
    for line in told:
        name, _, value = line.partition(";")[0].strip().partition("=")
        if name and f"{name}{value}".isascii() and f"{name}{value}".isprintable():
            kept[name] = value
    size = sum(len(name) + len(value) for name, value in kept.items())
    return kept if size <= _LONGEST_COOKIES else dict(before)
