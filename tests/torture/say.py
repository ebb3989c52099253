"""Say how a long run goes."""


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201  # its purpose
