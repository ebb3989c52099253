"""What a source answered and nobody could read is kept as it came, once for each source."""

from bot import unread
from tests.builders import row

BODY = "禁止出口镓".encode("gb18030") + b"\xff"


def test_the_last_unreadable_answer_of_a_source_is_kept_byte_for_byte(tmp_path):
    for body in (b"an older one, which was longer than the newer", BODY):
        unread.keep(tmp_path / "unread", row(name="harbour"), body)

    assert (tmp_path / "unread" / "harbour.body").read_bytes() == BODY
    assert (tmp_path / "unread" / "harbour.body").stat().st_mode & 0o777 == 0o600


def test_what_is_kept_is_bounded(tmp_path):
    unread.keep(tmp_path, row(name="harbour"), b"x" * (unread.LONGEST + 1))

    assert (tmp_path / "harbour.body").stat().st_size == unread.LONGEST


def test_a_name_leads_to_no_other_folder(tmp_path):
    for name in ("../../harbour", "..", "/etc/harbour", "港口" * 40):
        unread.keep(tmp_path / "unread", row(name=name), BODY)

    assert [path.name for path in tmp_path.iterdir()] == ["unread"]
    assert len(list((tmp_path / "unread").iterdir())) == 4


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path):
    (tmp_path / "unread").write_bytes(b"a file")

    unread.keep(tmp_path / "unread", row(name="harbour"), BODY)

    assert (tmp_path / "unread").read_bytes() == b"a file"
