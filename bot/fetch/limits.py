"""How much, how long and how often: the bounds that every fetch keeps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one fetch, and of the pace towards one host. Times are seconds, sizes bytes.

    `deadline` is for the whole fetch, every hop of it, once it is its turn. `spacing` is the
    least time between the starts of two requests to one host; 0 is for tests and the demo.
    """

    deadline: float = 20.0
    connect: float = 8.0
    resolve: float = 5.0
    wire: int = 5_000_000
    decoded: int = 15_000_000
    hops: int = 5
    per_host: int = 2
    spacing: float = 1.0
