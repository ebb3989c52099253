"""Invented news for the benches: everyday business items, and export-control items among them."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

_WHO = (
    "Northbridge Mills", "Calder Freight", "Osprey Airlines", "the city council", "Harlow Foods",
    "Vantage Homes", "a group of investors", "the football association", "Tideway Energy",
    "the harbour authority", "Lindqvist Motors", "Marlow Bank", "the pension fund", "Kestrel Media",
    "the regional court", "Anders Pharma", "the teachers' union", "Solway Rail", "the museum",
    "Brightwater Utilities", "Pinnacle Retail", "the weather service", "Quarry Lane Capital",
)  # fmt: skip
_DID = (
    "opened", "postponed", "reviewed", "sold", "bought", "praised", "cancelled", "extended",
    "renamed", "financed", "inspected", "repaired", "defended", "doubled", "presented", "closed",
)  # fmt: skip
_WHAT = (
    "a warehouse near the river", "its quarterly dividend", "the youth tournament", "two ferries",
    "a loyalty programme", "the annual report", "a bakery chain", "the northern line", "its app",
    "a wind farm off the coast", "the ticket prices", "an apprenticeship scheme", "the orchestra",
    "a housing estate", "the budget for roads", "a fleet of electric buses", "its headquarters",
    "the harvest forecast", "a mobile network", "the spring collection", "a vaccine trial",
)  # fmt: skip
_WHEN = (
    "on Monday", "last week", "after months of talks", "in the first quarter", "this morning",
    "before the holidays", "for the third time", "at short notice", "ahead of the summer",
)  # fmt: skip
_WHY = (
    "Analysts had expected a smaller step, and shares rose by {n} per cent in early trading",
    "Residents welcomed the news, although parking remains a concern for about {n} households",
    "The cost is put at {n} million, half of which comes from lenders",
    "A spokeswoman said the details would be published within {n} days",
    "Critics call the plan rushed and want a second opinion from {n} experts",
    "Attendance fell to {n} thousand, the lowest figure since records began",
    "The coach kept the same side that won {n} matches in a row",
    "Heavy rain delayed the work by {n} hours and flooded two streets",
)  # fmt: skip
_GOODS = (
    "gallium",
    "germanium",
    "antimony",
    "rare earth magnets",
    "tungsten",
    "graphite",
    "AI chips",
)
_STATES = ("China", "the United States", "Japan", "South Korea", "the European Union", "Malaysia")
_TOLD = (
    "{state} bans exports of {good}, commerce ministry says",
    "{state} adds {n} companies to its export control list over {good}",
    "{state} approves export licences for {good}",
    "{state} tightens export controls on {good} from next month",
    "{state} suspends its export ban on {good} for {n} days",
)  # fmt: skip
_MORE = (
    "The commerce ministry said exporters of {good} need a licence from the first of the month. "
    "{n} firms are concerned. Officials named national security as the reason for the control."
)


def everyday(chance: random.Random, length: int = 800) -> tuple[str, str]:
    """Return the title and the text of an item that is no export-control news."""
    return _sentence(chance), " ".join(_upto(_sentences(chance), length))


def controlled(chance: random.Random, length: int = 800) -> tuple[str, str]:
    """Return the title and the text of an export-control item."""
    told = {"good": chance.choice(_GOODS), "state": chance.choice(_STATES)}
    title = chance.choice(_TOLD).format(**told, n=chance.randint(2, 90))
    body = _MORE.format(**told, n=chance.randint(2, 90))
    filler = _upto(_sentences(chance), max(0, length - len(body)))
    return title[0].upper() + title[1:], " ".join([body, *filler])


def feed(number: int, entries: range, relevant: float, length: int, begins: datetime) -> bytes:
    """Return an RSS 2.0 feed; an entry is the same in every call with its number."""
    items = "".join(_item(number, entry, relevant, length, begins) for entry in reversed(entries))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>Gazette {number}</title><link>https://gazette{number}.example/</link>"
        f"<description>News of the day, number {number}</description>{items}</channel></rss>"
    ).encode()


def _item(number: int, entry: int, relevant: float, length: int, begins: datetime) -> str:
    chance = random.Random(number * 1_000_003 + entry)  # noqa: S311  # invents news
    made = controlled if chance.random() < relevant else everyday
    title, text = made(chance, length)
    half = len(text) // 2
    when = begins + timedelta(minutes=entry)
    address = f"https://gazette{number}.example/{entry // 10}/item-{number}-{entry}"
    return (
        f"<item><title>{title}</title><link>{address}</link><guid>{address}</guid>"
        f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<description><![CDATA[<p>{text[:half]}</p><p>{text[half:]}</p>"
        f'<p><a href="{address}">More</a></p>]]></description></item>'
    )


def _sentence(chance: random.Random) -> str:
    who, did, what = chance.choice(_WHO), chance.choice(_DID), chance.choice(_WHAT)
    said = f"{who} {did} {what} {chance.choice(_WHEN)}"
    return said[0].upper() + said[1:]


def _sentences(chance: random.Random) -> Iterator[str]:
    while True:
        yield _sentence(chance) + "."
        yield chance.choice(_WHY).format(n=chance.randint(2, 90)) + "."


def _upto(sentences: Iterator[str], length: int) -> Iterator[str]:
    while length > 0:
        sentence = next(sentences)
        length -= len(sentence) + 1
        yield sentence
