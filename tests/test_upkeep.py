"""What an operator asks of a store, or mistypes: the answer says what to do and harms nothing."""

import os
import subprocess
import sys

import pytest

from bot import upkeep
from bot.errors import DamagedError, StoreError
from bot.model import Changes
from tests.builders import CHAT, wish
from tests.stores import opened

ASKED = [
    upkeep.status,
    upkeep.export,
    upkeep.mended,
    lambda folder: upkeep.backup(folder, folder.with_name("copy")),
]


@pytest.mark.parametrize("ask", ASKED)
def test_a_mistyped_folder_is_not_taken_for_an_empty_store(tmp_path, ask):
    with pytest.raises(StoreError, match="There is no store in"):
        ask(tmp_path / "nowhere")

    assert list(tmp_path.iterdir()) == []


async def test_an_export_is_made_while_the_bot_runs(tmp_path, capsys):
    async with opened(tmp_path) as store:
        await store.commit(Changes(chats=(CHAT,), subscriptions=(wish(),)))

        upkeep.export(tmp_path)

    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize("command", ["export", "status"])
async def test_a_command_ends_quietly_where_its_reader_has_enough(tmp_path, command):
    async with opened(tmp_path) as store:
        wishes = tuple(wish(f"gallium{n}") for n in range(2000))
        await store.commit(Changes(chats=(CHAT,), subscriptions=wishes))
    reading, writing = os.pipe()
    os.close(reading)

    asked = [sys.executable, "-m", "bot", command, "--data", str(tmp_path)]
    done = subprocess.run(asked, stdout=writing, stderr=subprocess.PIPE, check=False)  # noqa: ASYNC221, S603  # our own command; nothing else runs
    os.close(writing)

    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("where", ["store/journal-00000000", "nowhere/copy", "."])
async def test_a_backup_to_a_wrong_place_is_refused_and_the_store_unharmed(tmp_path, where):
    async with opened(tmp_path / "store") as store:
        await store.commit(Changes(chats=(CHAT,)))

        with pytest.raises(StoreError, match="Name a file"):
            upkeep.backup(tmp_path / "store", tmp_path / where)

    async with opened(tmp_path / "store") as store:
        assert store.chat(CHAT.id) == CHAT


def test_a_backup_that_is_not_whole_does_not_send_people_to_repair_it(tmp_path):
    (tmp_path / "copy").write_bytes(b"x")

    with pytest.raises(DamagedError, match="Take another one") as caught:
        upkeep.restore(tmp_path / "store", tmp_path / "copy")

    assert "doctor" not in str(caught.value)
