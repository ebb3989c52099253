"""What a check of the set-up found, one line each. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

MOST_SKEW = timedelta(seconds=30)


class Verdict(StrEnum):
    """Whether a person has to do something."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNUSED = "-"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: what was looked at, what was found, and what to do about it."""

    what: str
    verdict: Verdict
    told: str
    remedy: str = ""


def clock_of(service: str, header: str, now: datetime) -> Check:
    """Return what a service's Date header says of our clock."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  # 10 ms of each worker's start

    what = f"{service} clock"
    try:
        theirs = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return Check(what, Verdict.WARN, "the service told no time", "check the clock by hand")
    skew = now - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))
    seconds = round(abs(skew.total_seconds()))
    if abs(skew) <= MOST_SKEW:
        return Check(what, Verdict.OK, f"agrees with ours within {max(1, seconds)} s")
    way = "ahead of" if skew > timedelta() else "behind"
    return Check(
        what,
        Verdict.FAIL,
        f"ours is {seconds} s {way} it",
        "let the system keep its clock right: timedatectl set-ntp true",
    )
