"""Whether a request over HTTP is Slack's, and new: checked before anything reads it. Pure.

The SDK's verifier raises on odd input and takes the same request again for five minutes.
"""

import hashlib
import hmac
import re
from collections import OrderedDict

LONGEST = 1_000_000  # bytes of a body
WINDOW = 300  # seconds that a timestamp may be off
_STAMP, _SIGNATURE = re.compile(r"[0-9]{1,11}", re.ASCII), re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_KEPT = 20_000


class Guard:
    """Knows the signatures of the last ten minutes. `started` is when, in seconds since 1970.

    What was signed before the start is refused: after a restart nothing old can be replayed.
    """

    def __init__(self, secret: str, started: float) -> None:
        self._secret, self._started = secret.encode(), int(started)
        self._seen: OrderedDict[str, int] = OrderedDict()

    def refusal(self, stamp: str, signature: str, body: bytes, now: float) -> str:
        """Return why a request is refused, "" where it is Slack's and new."""
        if not _STAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
            return "no signature of Slack's form"
        if len(body) > LONGEST:
            return "too long"
        if abs(now - int(stamp)) > WINDOW or int(stamp) < self._started:
            return "stale; is the clock right?"
        if not hmac.compare_digest(signature, sign(self._secret, stamp, body)):
            return "wrong signature; check SLACK_SIGNING_SECRET"
        return "" if self._is_new(signature, int(now)) else "replayed"

    def _is_new(self, signature: str, now: int) -> bool:
        while self._seen and next(iter(self._seen.values())) < now - 2 * WINDOW:
            self._seen.popitem(last=False)
        if signature in self._seen or len(self._seen) >= _KEPT:
            return False  # full: nobody but a flood gets here
        self._seen[signature] = now
        return True


def sign(secret: bytes, stamp: str, body: bytes) -> str:
    """Return Slack's signature, version 0, of a body."""
    base = b":".join((b"v0", stamp.encode(), body))
    return f"v0={hmac.new(secret, base, hashlib.sha256).hexdigest()}"
