"""Say how a long run goes, and what it came to."""

FIGURES: list[str] = []
"""What a run has come to so far, to be told again at its end."""


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201  # its purpose


def figure(text: str) -> None:
    """Print a result at once, and keep it for the end."""
    FIGURES.append(text)
    say(text)
