"""The console: plain lines in a pipe, nothing from outside that acts on a terminal."""

import io
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.compose import alert, listing, said
from bot.model import Attachment, Command, Delivery, DeliveryId, Kind
from bot.platforms.console import CHAT, Console, command_of, render
from tests.builders import NOON, report, story


def test_alert_shows_its_link_below_the_headline():
    lines = render(alert(story(), CHAT, ["rare-earth"])).splitlines()

    at = lines.index("China approves some rare earth export licences")
    assert lines[at + 1] == "https://news.example/1"


@given(st.text(max_size=400))
def test_a_hostile_headline_stays_one_inert_line(title):
    shown = render(alert(story(reports=(report(title=title),)), CHAT, []))

    assert "\x1b" not in shown
    assert "\r" not in shown
    assert len(shown.splitlines()) <= 4


def test_long_lines_are_neither_wrapped_nor_cut_in_a_pipe():
    title = "word " * 400

    assert title.strip() in render(alert(story(reports=(report(title=title),)), CHAT, []))


def test_lists_keep_their_columns():
    (_, line) = render(listing("Latest", [story()], NOON)).splitlines()

    assert line.startswith(" " * 8 + "40 s  EASES      China approves")


def test_colour_never_stands_alone():
    told = render(alert(story(), CHAT, []), colour=True)

    assert "\x1b[1;32mEASES" in told


async def test_answers_every_line_until_the_input_ends():
    out = io.StringIO()
    console = Console(out, io.StringIO("/help\n\n  latest gallium 3 \n"))
    asked: list[Command] = []

    async def answer(command):
        asked.append(command)
        return said(command.verb)

    await console.listen(answer)

    assert [(c.verb, c.argument) for c in asked] == [("help", ""), ("latest", "gallium 3")]
    assert out.getvalue() == "help\n\nlatest\n\n"


async def test_sends_print_once_and_give_receipts():
    out = io.StringIO()
    console = Console(out, io.StringIO())
    owed = Delivery(
        id=DeliveryId("d"),
        chat=CHAT.id,
        kind=Kind.ALERT,
        message=said("hello"),
        created=NOON,
        not_before=NOON,
    )

    first, second = [await console.send(CHAT, owed) for _ in range(2)]
    await console.edit(CHAT, first, said("changed"))

    assert first != second
    assert out.getvalue() == "hello\n\nhello\n\n"


def test_bytes_of_no_text_are_still_a_command():
    found = command_of(b"/subscribe\tgallium \xff\xfe".decode("utf-8", "surrogateescape"))

    assert (found.verb, found.argument) == ("subscribe", "gallium ??")


def test_a_line_is_a_command_with_or_without_its_slash():
    assert command_of("/Subscribe rare-earth").verb == "subscribe"
    assert command_of("subscribe rare-earth").argument == "rare-earth"


def test_a_file_is_saved_where_the_program_was_started_and_replaces_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    message = replace(said("1 day"), file=Attachment("../days.ics", "text/calendar", "BEGIN\r\n"))
    console = Console(out, io.StringIO())

    console.show(message)
    console.show(message)

    assert (tmp_path / "days.ics").read_bytes() == b"BEGIN\r\n"
    assert "Saved as days.ics." in out.getvalue()
    assert "days.ics is there already" in out.getvalue()
