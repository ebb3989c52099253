"""What an answer's status and first bytes mean for a poll: one table, no I/O."""

import re
from collections.abc import Mapping
from datetime import datetime

from bot.errors import FetchError, GoneError, RefusedError, SourceError, WaitError
from bot.fetch.retry_after import wait_of

_REFUSED = frozenset({401, 402, 403, 407, 451, 521})
_LATER = frozenset({408, 413, 420, 425, 429, 503})
_GONE = frozenset({404, 410})
_TITLE = re.compile(
    rb"<title[^>]{0,200}>\s*(?:just a moment|attention required|access denied|are you a robot"
    rb"|robot check|security check|verify(?:ing)? (?:that )?you are human|ddos-guard"
    rb"|checking your browser|please wait\W*\s*</title>|one moment, please"
    rb"|pardon our interruption|request rejected|error: the request could not be satisfied"
    rb"|\xe5\xae\x89\xe5\x85\xa8\xe9\xaa\x8c\xe8\xaf\x81"  # "security check" in Chinese
    rb"|\xe8\xae\xbf\xe9\x97\xae\xe9\xaa\x8c\xe8\xaf\x81)",  # "visit check" in Chinese
    re.IGNORECASE,
)
_MARKS = re.compile(rb"_cf_chl_opt|cf-browser-verification|awsWafCookieDomainList", re.IGNORECASE)
_WIDGETS = re.compile(  # pages that show something hold them too, in a form or as a script
    rb"/_Incapsula_Resource|px-captcha|id=[\"']captcha|class=[\"'](?:g-recaptcha|h-captcha|geetest)",
    re.IGNORECASE,
)
_LINKS = 3  # a challenge leads nowhere
_SMALL = 60_000  # a challenge is a small page; an article that speaks of one has more to it
_HTML = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head)",
    re.IGNORECASE | re.DOTALL,
)


def trouble(
    status: int, headers: Mapping[str, str], host: str, now: datetime
) -> SourceError | None:
    """Return the error that a status and its headers amount to; None for a good answer."""
    if headers.get("cf-mitigated", "").lower() == "challenge" or status in _REFUSED:
        return blocked(host, status)
    if status in _GONE:
        return GoneError(f"{host} says that nothing is there any more ({status})", status)
    if status in _LATER:
        return WaitError(
            f"{host} asks us to come back later ({status})",
            wait_of(headers.get("retry-after"), now),
        )
    if status != 200:
        return FetchError(f"{host} answered {status}, which is no page")
    return None


def blocked(host: str, status: int) -> RefusedError:
    """Return the error for a server that turns us away, openly or with a page for browsers."""
    how = "shows a page that only a browser passes" if status == 200 else f"refuses us ({status})"
    return RefusedError(f"{host} {how}: we may be blocked there")


def is_challenge(body: bytes) -> bool:
    """Return whether a page asks for proof of being human instead of showing anything."""
    start = body[:20_000]
    if len(body) > _SMALL or not _HTML.match(start):
        return False
    if _TITLE.search(start) or _MARKS.search(start):
        return True
    return body.lower().count(b"<a ") < _LINKS and bool(_WIDGETS.search(start))
