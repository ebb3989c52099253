"""`Retry-After` in all its forms."""

from datetime import timedelta

import pytest

from bot.fetch.retry_after import wait_of
from tests.builders import NOON


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("86400", 86_400),
        ("86401", 86_400),
        ("1000000000", 86_400),
        ("9" * 5_000, 86_400),
        ("Thu, 19 Jun 2025 12:10:00 GMT", 600),
        ("Thursday, 19-Jun-25 12:10:00 GMT", 600),
        ("Thu Jun 19 12:10:00 2025", 600),
        ("Thu, 19 Jun 2025 14:10:00 +0200", 600),
        ("Thu, 19 Jun 2025 11:00:00 GMT", None),
        ("Thu, 19 Jun 2099 11:00:00 GMT", 86_400),
        ("Thu, 39 Jun 2025 99:10:00 GMT", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("١٢", None),
        ("\x00" * 90, None),
    ],
)
def test_asks_for(header, seconds):
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert wait_of(header, NOON) == expected
