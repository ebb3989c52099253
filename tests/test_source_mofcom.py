"""MOFCOM's lists and the export control network: their refusals, shells and lost Chinese."""

import json
from datetime import UTC, datetime

import pytest

from bot.errors import ShapeError
from bot.model import Page, Row
from sources import exportcontrol
from sources.mofcom import SOURCE

SITE = "https://www.mofcom.gov.cn/zwgk/zcfb/"
NOW = datetime(2026, 9, 30, tzinfo=UTC)
ROW = Row(name="m", kind="mofcom", url=SITE, lang="zh", hosts=("mofcom.gov.cn",))
NETWORK = Row(name="n", kind="exportcontrol", url="http://exportcontrol.mofcom.gov.cn/x", lang="zh")


def parse(body, row=ROW):
    text = body if isinstance(body, str) else json.dumps(body)
    return SOURCE.parse(Page(url=SITE, body=text.encode()), row)


REFUSED = {
    "refusal": ({"success": False, "message": "参数错误"}, "参数错误"),
    "refusal-with-html": (
        {"success": False, "data": {"html": "<li><a href='/art/2026/art_1.html'>旧公告</a></li>"}},
        "refused the list",
    ),
    "no-html": ({"success": True, "data": {}}, "refused the list"),
    "no-rows": ({"success": True, "data": {"html": "<ul></ul>"}}, "a list of articles is not in"),
    "cut-json": ('{"success": true, "data": {"html": "<ul', "expected MOFCOM's JSON"),
    "shell-without-ids": ("<html><div queryData='load()'></div></html>", "a list of articles"),
    "block-page": ("<html><body>访问被拒绝</body></html>", "a list of articles"),
    "empty": ("", "empty"),
}


@pytest.mark.parametrize(("body", "words"), REFUSED.values(), ids=REFUSED)
def test_what_holds_no_list_is_an_error(body, words):
    with pytest.raises(ShapeError, match=words):
        parse(body)


def test_a_shells_ids_are_read_and_never_run():
    """The page writes them as a Python dict; a call in their place is refused, not made."""
    with pytest.raises(ShapeError):
        parse("""<div querydata="__import__('os').getpid()"></div>""")


def test_a_page_is_read_afresh_since_its_list_is_behind_it():
    unit = "https://x.mofcom.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?a=1"
    by_unit = Row(name="m", kind="mofcom", url=unit)

    assert SOURCE.requests(ROW, NOW)[0].fresh
    assert not SOURCE.requests(by_unit, NOW)[0].fresh


def test_links_beside_the_articles_are_no_items():
    parsed = parse(
        "<ul><li><a href='/index.html'>首页</a></li>"
        "<li><a href='https://evil.example/art/2026/art_1.html'>甲</a></li>"
        "<li><a href='/zcfb/art/2026/art_2.html'>乙公告</a><span>2026-07-10</span></li></ul>"
    )

    assert [entry.key for entry in parsed.entries] == ["art_2"]


def test_the_network_is_asked_column_by_column():
    of = Row(name="n", kind="exportcontrol", url=NETWORK.url, options={"columns": (1, 15)})
    first, second = exportcontrol.SOURCE.requests(of, NOW)

    assert first.form == {"pageNumber": "1", "columnID": "1"}
    assert second.form == {"pageNumber": "1", "columnID": "15"}
    assert first.headers["Accept"] == "application/json;charset=utf-8"


def network(*titles):
    rows = [{"id": n, "title": title, "url": f"/a/{n}.html"} for n, title in enumerate(titles)]
    body = json.dumps({"pageInfo": {"rows": rows}}).encode()
    return exportcontrol.SOURCE.parse(Page(url=NETWORK.url, body=body), NETWORK)


def test_chinese_that_arrived_as_question_marks_is_an_error():
    with pytest.raises(ShapeError, match="question marks"):
        network("?????2026??11?", "????")


def test_one_honest_question_is_no_error():
    assert network("为何需要许可?").entries[0].title == "为何需要许可?"


def test_an_empty_column_is_an_error():
    with pytest.raises(ShapeError, match="an item of the column"):
        network()
