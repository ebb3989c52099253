"""Payloads that others recorded, where this checkout has them beside it: counts and a few facts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.catalogue import load
from bot.errors import ShapeError
from bot.model import Page, Row
from sources import KINDS

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared is not here"),
]
CN = "https://www.mofcom.gov.cn/zwgk/zcfb/"
CANADA = {"rows": "feed.entry", "title": "title", "link": "link", "date": "publishedDate"}
HITS = {"rows": "hits", "title": "title", "link": "url", "key": "objectID", "date": "created_at"}


def parse(name, kind, url="https://www.example.org/x", **options):
    row = Row(name="s", kind=kind, url=url, options=options)
    return KINDS[kind].parse(Page(url=url, body=(SAMPLES / name).read_bytes()), row)


COUNTS = {
    "federal_register/documents_bis_2026-10-02.json": ("federal_register", 7, {}),
    "federal_register/documents_ofac_2026-10-02.json": ("federal_register", 5, {}),
    "federal_register/public_inspection_SHAPE.json": ("federal_register", 2, {}),
    "bing_news/search_2026-09_trimmed.xml": ("feed", 3, {"unwrap": "url"}),
    "eu/eurlex_oj_l_rss222_SHAPE.xml": ("feed", 2, {}),
    "eu/presscorner_rss_SHAPE.xml": ("feed", 2, {}),
    "meti/export_control_entries_SHAPE.atom": ("feed", 2, {}),
    "scmp/rss_SHAPE.xml": ("feed", 1, {}),
    "taiwan_moea/news_rss_SHAPE.xml": ("feed", 1, {}),
    "mofcom/jpaas_unit_zwgk_zcfb.json": ("mofcom", 2, {"url": CN}),
    "mofcom/jpaas_unit_rcxwfb.json": ("mofcom", 1, {"url": CN}),
    "mofcom/jpaas_unit_office_site.json": ("mofcom", 2, {"url": CN}),
    "mofcom/blgg_gg_2026_index_SHAPE.html": ("mofcom", 1, {"url": CN}),
    "mofcom/policy_and_spokesperson_lists_SHAPE.html": ("mofcom", 2, {"url": CN}),
    "mofcom/exportcontrol_getColumnList_SHAPE.json": ("exportcontrol", 3, {}),
    "ofac/recent_actions_SHAPE.html": ("ofac", 2, {}),
    "gov_uk/search_api_SHAPE.json": ("govuk", 2, {"url": "https://www.gov.uk/api/search.json"}),
    "gdelt/doc_artlist_SHAPE.json": ("gdelt", 3, {}),
    "gdelt/empty_result.json": ("gdelt", 0, {}),
    "canada/news_v2_json_SHAPE.json": ("json_list", 1, CANADA),
    "hn_algolia/search_full_response_2016.json": ("json_list", 1, HITS),
    "ustr/press_releases_SHAPE.html": ("page", 1, {"item": "ul.listing li"}),
    "wordpress/profit_feed_2026-05-23_bodies_truncated.xml": ("wordpress", 2, {}),
}


@pytest.mark.parametrize(("name", "kind", "count", "options"), [(n, *c) for n, c in COUNTS.items()])
def test_every_recorded_answer_gives_all_its_items(name, kind, count, options):
    entries = parse(name, kind, **options).entries

    assert len(entries) == count
    assert all(entry.title for entry in entries)


@pytest.mark.parametrize("path", ["error_rate_limit_429_or_200", "error_phrase_too_short_200"])
def test_a_recorded_refusal_in_plain_text_is_an_error(path):
    with pytest.raises(ShapeError):
        parse(f"gdelt/{path}.txt", "gdelt")


def test_a_correction_and_repeated_titles_keep_their_numbers():
    bis = parse("federal_register/documents_bis_2026-10-02.json", "federal_register").entries
    ofac = parse("federal_register/documents_ofac_2026-10-02.json", "federal_register").entries

    assert "us-fr-c1-2026-16628" in {number for entry in bis for number in entry.documents}
    assert len({entry.key for entry in ofac}) == len(ofac) > len({e.title for e in ofac})


def test_an_undated_feed_stays_undated_and_a_summer_offset_is_kept():
    (nikkei,) = parse("nikkei/nar_one_item_verbatim.rdf", "feed").entries
    (govuk,) = parse("gov_uk/organisation_feed_2026-09-22_trimmed.atom", "govuk").entries

    assert nikkei.published is None
    assert govuk.published == datetime(2026, 9, 22, 16, tzinfo=UTC)
    assert "#" not in govuk.key


SHIPPED = {
    "federal-register": ("federal_register/documents_bis_2026-10-02.json", 7),
    "federal-register-inspection": ("federal_register/public_inspection_SHAPE.json", 2),
    "ofac": ("ofac/recent_actions_SHAPE.html", 2),
    "mofcom-security": ("mofcom/jpaas_unit_zwgk_zcfb.json", 2),
    "mofcom-announcements": ("mofcom/blgg_gg_2026_index_SHAPE.html", 1),
    "mofcom-policy": ("mofcom/jpaas_unit_zwgk_zcfb.json", 2),
    "mofcom-spokesperson": ("mofcom/policy_and_spokesperson_lists_SHAPE.html", 2),
    "china-export-control": ("mofcom/exportcontrol_getColumnList_SHAPE.json", 3),
    "uk-ecju": ("gov_uk/organisation_feed_2026-09-22_trimmed.atom", 1),
    "uk-search": ("gov_uk/search_api_SHAPE.json", 2),
    "eu-commission": ("eu/presscorner_rss_SHAPE.xml", 2),
    "eu-trade": ("eu/ewcms_node_rss_en_dgcomp_2026-09.xml", 3),
    "eur-lex": ("eu/eurlex_oj_l_rss222_SHAPE.xml", 2),
    "japan-meti": ("meti/ml_index_release_atom_2026-10_trimmed.xml", 2),
    "korea-motir": ("korea/korea_kr_pressrelease_SHAPE.xml", 2),
    "taiwan-moea": ("taiwan_moea/news_rss_SHAPE.xml", 1),
    "canada": ("canada/news_v2_json_SHAPE.json", 1),
    "profit-pakistan": ("wordpress/profit_feed_2026-05-23_bodies_truncated.xml", 2),
    "gdelt": ("gdelt/doc_artlist_SHAPE.json", 3),
    "google-news": ("google_news/search_2026-09-25_trimmed.xml", 2),
    "nikkei-asia": ("nikkei/nar_one_item_verbatim.rdf", 1),
    "scmp": ("scmp/rss_SHAPE.xml", 1),
    "hacker-news": ("hn_algolia/search_full_response_2016.json", 1),
}


@pytest.mark.parametrize(("name", "sample", "count"), [(n, *s) for n, s in SHIPPED.items()])
def test_each_shipped_row_reads_its_sample_without_a_remark(name, sample, count):
    """The hosts, selectors and paths that the catalogue gives a row are right for its source."""
    catalogue = Path(__file__).parents[1] / "sources" / "catalogue.toml"
    row = {row.name: row for row in load(catalogue.read_text("utf-8"), "shipped")}[name]
    page = Page(url=row.url.replace("{year}", "2026"), body=(SAMPLES / sample).read_bytes())
    parsed = KINDS[row.kind].parse(page, row)

    assert (len(parsed.entries), parsed.flaws) == (count, ())
    assert all(entry.url for entry in parsed.entries)
