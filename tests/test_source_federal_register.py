"""The Federal Register kind: what it asks, and what it will not follow."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.errors import ShapeError
from bot.model import Page, Row
from sources.federal_register import SOURCE

API = "https://www.federalregister.gov/api/v1"
NOW = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)  # still the evening of the 29th in Washington


def row(path="documents.json", **options):
    return Row(name="fr", kind="federal_register", url=f"{API}/{path}", options=options)


def asked(of):
    (request,) = SOURCE.requests(of, NOW)
    return parse_qs(urlsplit(request.url).query)


def parse(answer, of=None, url=f"{API}/documents.json"):
    body = answer if isinstance(answer, str) else json.dumps(answer)
    return SOURCE.parse(Page(url=url, body=body.encode()), of or row())


def test_asks_for_the_last_days_of_the_rows_agencies():
    query = asked(row(agencies=("industry-and-security-bureau",), term="ITAR", days=3))

    assert query["conditions[publication_date][gte]"] == ["2026-09-26"]
    assert query["conditions[agencies][]"] == ["industry-and-security-bureau"]
    assert (query["conditions[term]"], query["order"]) == (["ITAR"], ["newest"])
    assert {"document_number", "abstract", "html_url"} <= set(query["fields[]"])


def test_asks_for_what_is_on_inspection_today_in_washington():
    query = asked(row("public-inspection-documents.json"))

    assert query["conditions[available_on]"] == ["2026-09-29"]
    assert "abstract" not in query["fields[]"]
    assert "order" not in query


def test_the_current_list_takes_no_conditions():
    of = row("public-inspection-documents/current.json")

    assert SOURCE.requests(of, NOW)[0].url == of.url


def test_what_an_address_says_already_is_kept():
    query = asked(row("documents.json?per_page=5&conditions[term]=antimony"))

    assert query["per_page"] == ["5"]
    assert query["conditions[term]"] == ["antimony"]


def test_two_documents_with_one_title_stay_two():
    results = [
        {"document_number": f"2026-3000{n}", "title": "Notice of Action", "agencies": []}
        for n in (1, 2)
    ]

    keys = [entry.key for entry in parse({"count": 2, "results": results}).entries]
    assert keys == ["2026-30001", "2026-30002"]


def test_inspection_and_publication_carry_one_number():
    """So that the later one is known again, whatever its address and date."""
    one = {"document_number": "2026-30001", "title": "Rule", "filed_at": None}
    two = {"document_number": "2026-30001", "title": "Rule", "publication_date": "2026-10-01"}
    first, second = (parse({"results": [each]}).entries[0] for each in (one, two))

    assert first.documents == second.documents == ("us-fr-2026-30001",)
    assert first.published is None


def test_a_day_without_documents_is_normal():
    assert parse({"count": 0, "results": []}).entries == ()
    assert parse({"count": 0}).entries == ()


@pytest.mark.parametrize(
    "link", ["https://evil.example/api/v1/documents?page=2", "http://www.federalregister.gov/x"]
)
def test_a_next_page_elsewhere_is_not_followed(link):
    parsed = parse({"results": [], "next_page_url": link})

    assert parsed.more is None
    assert "another host" in parsed.flaws[0]


@pytest.mark.parametrize(
    "answer", ["Request Access", "<html></html>", [], {"errors": {"term": "bad"}}, {"results": {}}]
)
def test_another_shape_is_refused(answer):
    with pytest.raises(ShapeError, match="Federal Register"):
        parse(answer)
