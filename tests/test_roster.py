"""The sources that are polled, as they come and go."""

from bot.roster import Roster
from tests.builders import row

OURS = row(name="ours", url="https://a.example/feed")


def test_the_catalogue_wins_over_what_was_added_under_its_name():
    roster = Roster((OURS, row(name="ours", url="https://b.example/"), row(name="theirs")))

    assert [r.name for r in roster] == ["ours", "theirs"]
    assert roster[0] is OURS
    assert len(roster) == 2


def test_who_follows_hears_of_each_change():
    roster, heard = Roster((OURS,)), []
    roster.follow(lambda row, polled: heard.append((row.name, polled)))
    new = row(name="new")

    roster.put(new)
    assert list(roster) == [OURS, new]
    roster.drop("new")

    assert list(roster) == [OURS]
    assert heard == [("new", True), ("new", False)]
