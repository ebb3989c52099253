"""TinyDB's public API over our tables: the same answers as TinyDB's own, and transactions."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tinydb import TinyDB, where
from tinydb.operations import increment
from tinydb.operations import set as putting
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from bot.errors import FullError, StoreError
from bot.store.database import Database
from tests.disk import limited

SMALL = st.integers(0, 5)


@pytest.fixture
def database(tmp_path):
    with Database(tmp_path / "store") as opened:
        yield opened


def seen(table: Any) -> list[tuple[int, dict[str, Any]]]:
    return sorted((document.doc_id, dict(document)) for document in table.all())


class Alike(RuleBasedStateMachine):
    """Do the same to TinyDB's own and to ours; they must look the same."""

    def __init__(self):
        super().__init__()
        self.theirs, self.ours = TinyDB(storage=MemoryStorage), Database(None)

    def both(self, act: Any) -> None:
        results = []
        for database in (self.theirs, self.ours):
            try:
                results.append(act(database))
            except (ValueError, KeyError, TypeError, RuntimeError) as error:
                results.append(type(error))
        assert results[0] == results[1]

    @rule(n=SMALL)
    def insert(self, n):
        self.both(lambda db: db.insert({"n": n, "list": [n]}))

    @rule(n=SMALL, table=st.sampled_from(["a", "b"]))
    def insert_elsewhere(self, n, table):
        self.both(lambda db: db.table(table).insert_multiple([{"n": n}, {"n": n + 1}]))

    @rule(n=SMALL, doc_id=st.integers(1, 12))
    def insert_by_id(self, n, doc_id):
        self.both(lambda db: db.insert(Document({"n": n}, doc_id)))

    @rule(n=SMALL, m=SMALL)
    def update(self, n, m):
        self.both(lambda db: db.update({"n": m}, where("n") == n))
        self.both(lambda db: db.update(increment("n"), doc_ids=[n, n + 3]))
        self.both(lambda db: db.update_multiple([(putting("m", m), where("n") == n)]))

    @rule(n=SMALL)
    def upsert(self, n):
        self.both(lambda db: db.upsert({"n": n, "up": True}, where("n") == n))

    @rule(n=SMALL)
    def remove(self, n):
        self.both(lambda db: db.remove(where("n") == n))
        self.both(lambda db: db.remove(doc_ids=[n]))

    @rule()
    def truncate(self):
        self.both(lambda db: db.truncate())

    @rule(table=st.sampled_from(["a", "b"]))
    def drop(self, table):
        self.both(lambda db: db.drop_table(table))

    @rule(n=SMALL)
    def look(self, n):
        self.both(lambda db: db.search(where("list").any([n])))
        self.both(lambda db: (db.get(doc_id=n), db.get(where("n") == n), db.contains(doc_id=n)))
        self.both(lambda db: (db.get(doc_ids=[n, 2, 9]), db.count(where("n") == n), db.get()))

    @invariant()
    def alike(self):
        self.both(lambda db: [seen(db.table(name)) for name in ("_default", "a", "b")])
        self.both(lambda db: (len(db), sorted(db.tables() - {"_default", "a", "b"})))


Alike.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestAlike = Alike.TestCase


def test_what_was_written_is_there_after_reopening(tmp_path):
    with Database(tmp_path) as database:
        database.insert({"n": 1})
        database.table("a").insert_multiple({"n": n} for n in range(5))
        database.table("a").remove(where("n") == 2)
        database.table("b").insert({"n": 1})
        database.drop_table("b")

    with Database(tmp_path) as database:
        assert seen(database) == [(1, {"n": 1})]
        assert [document["n"] for document in database.table("a")] == [0, 1, 3, 4]
        assert database.tables() == {"_default", "a"}


def test_a_reader_cannot_change_the_store(database):
    database.insert({"list": [1]})

    database.search(where("list").any([1]))[0]["list"].append(2)
    database.get(doc_id=1)["list"].append(2)

    assert database.search(where("list").any([1])) == [{"list": [1]}]


def test_a_transaction_over_tables_is_one_record(tmp_path):
    with Database(tmp_path) as database:
        before = database.engine.frozen().sequence
        with database.transaction():
            number = database.table("a").insert({"n": 1})
            assert database.table("a").get(doc_id=number) == {"n": 1}  # it sees its own changes
            database.table("b").insert({"of": number})
            database.table("a").update({"n": 2})

        assert database.engine.frozen().sequence == before + 1

    with Database(tmp_path) as database:
        assert (database.table("a").all(), database.table("b").all()) == ([{"n": 2}], [{"of": 1}])


def test_a_transaction_that_raises_leaves_nothing(database):
    database.table("a").insert({"n": 1})

    def half() -> None:
        with database.transaction():
            database.table("a").update({"n": 2})
            database.table("b").insert({"n": 1})
            database.table("a").truncate()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()

    assert (database.table("a").all(), len(database.table("b"))) == ([{"n": 1}], 0)


def change_both(database: Database) -> None:
    with database.transaction():
        database.update({"n": 2})
        database.table("b").insert({"n": 1})


def test_memory_is_not_ahead_of_a_full_disk(tmp_path):
    with Database(tmp_path) as database:
        database.insert({"n": 1})
        with limited(0), pytest.raises(FullError):
            change_both(database)
        assert (database.all(), len(database.table("b"))) == ([{"n": 1}], 0)
        database.insert({"n": 3})

    with Database(tmp_path) as database:
        assert [document["n"] for document in database] == [1, 3]


@pytest.mark.parametrize("document", [{"n": float("nan")}, {1: 2}, {"o": object()}])
def test_what_cannot_be_stored_changes_nothing(database, document):
    database.insert({"n": 1})

    with pytest.raises(StoreError):
        database.insert_multiple([{"n": 2}, document])

    assert database.all() == [{"n": 1}]


def test_an_insert_reads_no_other_document(database, monkeypatch):
    """The cost of an insert does not depend on how many documents there are."""
    database.insert_multiple({"n": n} for n in range(1000))
    decoded: list[bytes] = []
    monkeypatch.setattr("bot.store.table.decode", decoded.append)

    database.insert({"n": -1})

    assert decoded == []


def test_one_commit_at_a_time(database):
    """A synchronous change while the writer's thread is at the disk is refused, not mixed in."""
    database.engine.append([("a", 1, b'{"n":1}')])

    with pytest.raises(StoreError, match="Another commit"):
        database.insert({"n": 2})
    database.engine.apply([("a", 1, b'{"n":1}')])
    database.insert({"n": 3})

    assert database.all() == [{"n": 3}]
    assert database.table("a").all() == [{"n": 1}]
