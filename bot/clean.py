"""Text from outside, made inert before any platform renders it. Pure."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

_INVISIBLE = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)
_BLANKS = re.compile(r"\s+")


def clean(text: str, longest: int) -> str:
    """Return `text` on one line, without control, bidi, zero-width and lone surrogate characters.

    Cut to `longest` characters, the last of them an ellipsis where something was left out.
    """
    rough = text[: longest * 4 + 200]  # bound the work before normalising
    spaced = _BLANKS.sub(" ", rough)
    tidy = unicodedata.normalize("NFC", _INVISIBLE.sub("", spaced)).strip()
    return tidy if len(tidy) <= longest else tidy[: longest - 1].rstrip() + "…"


_HOSTLIKE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
LONGEST_LINK = 2_000


def safe_link(url: str) -> str:
    """Return `url` if a chat may link to it, else "": http(s), a host, no user, no odd characters.

    Characters that end a link in some chat's markup are percent-encoded.
    """
    if len(url) > LONGEST_LINK or _INVISIBLE.search(url):
        return ""
    try:
        parts = urlsplit(url.strip())
        host, _port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return ""
    return quote(url.strip(), safe="%/:=&?~#+!$,;'@()*[]-._")


def label(text: str, url: str) -> str:
    """Return a link's label that cannot pass for another address: addresses in it lose theirs."""
    host = urlsplit(url).hostname or ""
    return _HOSTLIKE.sub(lambda found: found[0] if host in found[0] else f"[{host}]", text)
