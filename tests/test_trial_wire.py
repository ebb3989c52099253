"""What /test promises of the sample wire is what a subscription is then sent, story by story."""

from datetime import timedelta
from functools import partial

import pytest

from bot import query as ql
from bot.cluster import Stories
from bot.demo.wire import load
from bot.intake import met
from bot.match import Wishes
from bot.model import Entry, Kind, Subscription, Tier
from bot.office import MONTH, Office
from bot.owing import Desk
from bot.pipeline import plan
from bot.store import TinyStore
from bot.tally import Tally
from handlers.test import would_send
from tests.builders import CHAT, NOON, row

WIRE = load()
SEEN = timedelta(seconds=30)  # after publication


def items():
    for piece in WIRE.pieces:
        outlet = WIRE.outlets[piece.outlet]
        address = f"https://{outlet.host}{piece.path}"
        entry = Entry(
            key=piece.key,
            url=address,
            title=piece.title,
            text=piece.text,
            published=piece.published,
            documents=(piece.number,) if piece.number else (),
        )
        source = row(name=outlet.slug, tier=Tier(outlet.tier), lang=outlet.lang)
        now = piece.published + SEEN
        yield met(entry, source, now, (address,), archive=now < WIRE.begins), now


def _same(now):
    return now


class Played:
    """The wire as far as it was played, to a chat with these subscriptions."""

    def __init__(self, *queries):
        self.store, self.alerts = TinyStore.memory(), []
        wished = (Subscription(chat=CHAT.id, query=query, created=NOON) for query in queries)
        self._desk = Desk(Stories(), Wishes(wished), lambda _: CHAT, self.store.told)

    async def take(self, item, now):
        made = plan([item], self._desk, now)
        await self.store.commit(made.changes())
        self.alerts += [d for d in made.deliveries if d.kind is Kind.ALERT]


@pytest.mark.parametrize(
    "query", ["rare-earth", "gallium OR germanium", "issuer:cn direction:ease", "semiconductors"]
)
async def test_a_trial_agrees_with_what_is_sent_one_for_one(query):
    """After each item: the stories of a trial are those alerted in the last 30 days."""
    untold, told = Played(), Played(query)
    for item, now in items():
        await untold.take(item, now)
        await told.take(item, now)
        office = Office(untold.store, Wishes(), (), partial(_same, now), Tally(), now)
        found = await would_send(ql.parse(query), office)
        tried = {story.id for story in found if not story.baseline}
        assert tried == {d.story for d in told.alerts if d.created >= now - MONTH}
    assert told.alerts
    await untold.store.close()
    await told.store.close()
