"""An item's own page, read for its body and its date."""

from datetime import UTC, datetime

import pytest

from bot.errors import ShapeError
from bot.model import Page, Request, Row
from sources.fulltext import FULL_TEXT

URL = "https://www.mofcom.gov.cn/art/1.html"
ROW = Row(name="m", kind="mofcom", url=URL, zone="Asia/Shanghai", hosts=("mofcom.gov.cn",))


def parse(html, charset="utf-8"):
    page = Page(url=URL, body=html.encode(charset), content_type=f"text/html; charset={charset}")
    return FULL_TEXT.parse(page, ROW)


def test_the_body_and_the_pages_own_date_in_the_sources_zone():
    (entry,) = parse(
        "<meta name='PubDate' content='2026-09-29 17:03'>"
        "<div class='art-con'>决定对甲种金属实施出口管制，自公布之日起施行。</div>",
        charset="gb18030",
    ).entries

    assert entry.text == "决定对甲种金属实施出口管制，自公布之日起施行。"
    assert (entry.published, entry.day_only) == (datetime(2026, 9, 29, 9, 3, tzinfo=UTC), False)


def test_a_page_that_leads_on_is_followed_within_the_sources_hosts():
    forward = "<script>window.location.href='{}'</script>"

    parsed = parse(forward.format("https://aqygzj.mofcom.gov.cn/art/2.html"))
    assert parsed.more == Request(url="https://aqygzj.mofcom.gov.cn/art/2.html")
    for elsewhere in ("https://evil.example/", "javascript:x()", URL):
        with pytest.raises(ShapeError):
            parse(forward.format(elsewhere))


def test_a_refusal_is_no_text():
    with pytest.raises(ShapeError, match="blocked"):
        parse("<html><title>Just a moment...</title><body></body></html>")


def test_a_page_without_a_date_has_none():
    (entry,) = parse("<article><p>The quota is kept for a year.</p></article>").entries

    assert entry.published is None
