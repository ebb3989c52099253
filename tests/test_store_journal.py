"""The file format: what is read back after a cut, a lost page, a flipped bit; what a failed write
leaves behind."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import DamagedError, DiskError, FullError, StoreError
from bot.store.journal import HEAD, LONGEST, Journal, Reader, Record, create, frame, head, salvage
from tests.disk import limited, replaced

RECORDS = [Record(number, b'[["t",%d,{"n":%d}]]' % (number, number)) for number in (1, 2, 3)]


def written(folder: Path, data: bytes, generation: int = 4) -> Reader:
    path = folder / "journal"
    path.write_bytes(data)
    return Reader(path, generation)


def whole() -> bytes:
    return head(4) + b"".join(map(frame, RECORDS))


def test_reads_what_was_written(tmp_path):
    reader = written(tmp_path, whole())

    assert list(reader) == RECORDS
    assert (reader.end, reader.torn) == (len(whole()), 0)


def test_a_cut_anywhere_leaves_the_whole_records_before_it(tmp_path):
    ends = [HEAD + sum(len(frame(record)) for record in RECORDS[:count]) for count in range(4)]
    for at in range(HEAD, len(whole())):
        reader = written(tmp_path, whole()[:at])

        assert list(reader) == RECORDS[: sum(end <= at for end in ends) - 1]
        assert reader.end + reader.torn == at


@pytest.mark.parametrize("at", range(HEAD))
def test_a_cut_in_the_head_is_damage(tmp_path, at):
    with pytest.raises(DamagedError, match="doctor --repair"):
        list(written(tmp_path, whole()[:at]))


def test_a_flipped_bit_is_never_a_silent_loss_of_an_earlier_record(tmp_path):
    last = len(whole()) - len(frame(RECORDS[-1]))
    for at in range(len(whole())):
        for bit in range(8):
            data = bytearray(whole())
            data[at] ^= 1 << bit
            reader = written(tmp_path, bytes(data))
            if at < last:
                with pytest.raises(DamagedError):
                    list(reader)
            else:  # it cannot be told from a torn tail, and is put aside as one
                assert list(reader) == RECORDS[:-1]
                assert reader.torn


def test_another_generation_under_this_name_is_damage(tmp_path):
    with pytest.raises(DamagedError, match="another file"):
        list(written(tmp_path, whole(), generation=5))


def test_a_generation_of_none_becomes_that_of_the_file(tmp_path):
    path = tmp_path / "any"
    path.write_bytes(whole())
    reader = Reader(path, None)

    assert list(reader) == RECORDS
    assert reader.generation == 4


@settings(deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_salvage_finds_every_whole_record_between_anything(before, after):
    found = list(salvage(before + frame(RECORDS[0]) + after + frame(RECORDS[1])))

    assert [record for record in found if record in RECORDS] == RECORDS[:2]


def test_a_record_that_is_too_long_is_refused():
    with pytest.raises(StoreError, match="cannot be stored"):
        frame(Record(1, bytes(LONGEST + 1)))


# -- a disk that fails --------------------------------------------------------------------------


@pytest.fixture
def journal(tmp_path):
    path = tmp_path / "journal"
    opened = Journal(path, end=create(path, [head(4)]))
    yield opened
    opened.close()


def test_a_full_disk_refuses_and_later_goes_on(journal):
    journal.append(RECORDS[0])

    with limited(journal.size), pytest.raises(FullError, match="nothing was lost"):
        journal.append(RECORDS[1])
    journal.append(RECORDS[1])

    assert list(Reader(journal.path, 4)) == RECORDS[:2]


def test_a_full_disk_that_cannot_even_be_cut_back_ends_writing(journal):
    journal.append(RECORDS[0])

    with replaced(journal.path, "/dev/full"), pytest.raises(FullError):
        journal.append(RECORDS[1])  # this device has no length to cut

    with pytest.raises(DiskError):
        journal.append(RECORDS[1])
    assert list(Reader(journal.path, 4)) == RECORDS[:1]


def test_a_write_that_was_cut_short_leaves_nothing(journal):
    journal.append(RECORDS[0])
    size = journal.path.stat().st_size
    big = Record(2, b'["%s"]' % (b"x" * 100_000))

    with limited(size + 50_000), pytest.raises(FullError):
        journal.append(big)
    assert journal.path.stat().st_size == size

    journal.append(RECORDS[1])
    assert list(Reader(journal.path, 4)) == RECORDS[:2]


def test_a_failed_sync_is_the_end_of_writing(journal):
    journal.append(RECORDS[0])

    with replaced(journal.path, "/dev/null"), pytest.raises(DiskError, match="Check the device"):
        journal.append(RECORDS[1])

    with pytest.raises(DiskError):  # although the disk would take it now
        journal.append(RECORDS[1])
    assert list(Reader(journal.path, 4)) == RECORDS[:1]


def test_a_file_that_cannot_be_finished_does_not_appear(tmp_path):
    path = tmp_path / "snapshot"
    path.write_bytes(b"before")

    with limited(1000), pytest.raises(FullError):
        create(path, [bytes(600)] * 3)

    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]
