"""What systemd hears: ready, alive while the loop runs, stopping."""

import asyncio
import socket

import pytest

from bot.watch.supervisor import notify, supervised


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's path may be 107 bytes long at most
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind("notify")
        heard.setblocking(False)  # noqa: FBT003  # the standard library's own
        yield heard


async def heard(systemd):
    return (await asyncio.get_running_loop().sock_recv(systemd, 100)).decode()


async def test_ready_then_alive_then_stopping(systemd):
    with supervised("notify", every=0.01):
        told = [await heard(systemd) for _ in range(4)]
    rest = [word async for word in words(systemd)]

    assert told == ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]
    assert rest[-1] == "STOPPING=1"


async def words(systemd):
    while (word := await heard(systemd)) != "STOPPING=1":
        yield word
    yield word


def test_an_abstract_socket_is_reached_too():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as abstract:
        abstract.bind("")  # the kernel chooses a name
        notify("@" + abstract.getsockname()[1:].decode(), "READY=1")
        assert abstract.recv(100) == b"READY=1"


@pytest.mark.parametrize("address", ["", "gone", "@gone"])
def test_nobody_who_listens_is_no_error(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    notify(address, "READY=1")
