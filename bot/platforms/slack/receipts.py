"""What a post is called in the store: its ts, and its thread's where it is a reply. Pure.

Slack takes the first post of a thread only as `thread_ts`, so a reply has to remember it.
"""


def receipt_of(ts: str, thread: str) -> str:
    """Return the receipt of a post, which is below another one where `thread` is given."""
    return f"{ts}/{thread}" if thread and thread != ts else ts


def post_of(receipt: str) -> str:
    """Return the ts of the post itself."""
    return receipt.partition("/")[0]


def top_of(receipt: str) -> str:
    """Return the ts of the first post of its thread, "" where there is none."""
    return receipt.rpartition("/")[2]
