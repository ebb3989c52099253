"""The contract that every platform keeps, the console included, each against its real other end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.errors import AmbiguousError, SendError, TryLaterError
from bot.model import Button, Delivery, DeliveryId, Kind, Line, LineStyle, Message, Span
from tests.builders import NOON
from tests.stages import STAGES, Stage

SERVICES = [name for name in STAGES if name != "console"]
BUTTONS = (Button("More", "latest", "A7F3"), Button("Why", "why", "A7F3"))
HOSTILE = [
    "<!channel> <!here> <!subteam^S1>",
    "<@U1> @everyone @somebody #general",
    "<http://evil.example|mofcom.gov.cn>",
    "[mofcom.gov.cn](http://evil.example)",
    "<b>bold</b><a href='http://evil.example'>x</a> &lt;b&gt; &amp;",
    "\u202egnp.exe\u202c \u200b\u200d\ufeff zero",
    "lone \ud800 surrogate \udfff",
    "\x1b[31mred\x1b[0m \x07\x00 bell",
    "`code` *bold* _it_ ~no~ |spoiler|",
    "x" * 20_000,
    "a\n\nb\r\nc\u2028d",
    "🧲" * 5_000,
]
NEVER = ["\u202e", "\u200b", "\x1b", "\x07", "\ud800"]  # Telegram's server has read the markup


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with STAGES[request.param]() as it:
        yield it


@pytest.fixture(params=SERVICES)
async def service(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with STAGES[request.param]() as it:
        yield it


def message(title: str, *, buttons: tuple[Button, ...] = (), lines: int = 1) -> Message:
    head = Line((Span(title, strong=True),), LineStyle.HEAD)
    rest = (Line((Span(f"{title} {n}", "https://news.example/1"),)) for n in range(lines))
    quote = Line((Span(title),), LineStyle.QUOTE)
    small = Line((Span(title),), LineStyle.SMALL)
    return Message(lines=(head, *rest, quote, small), buttons=buttons)


def owed(stage: Stage, said: Message, name: str = "d1", kind: Kind = Kind.ALERT) -> Delivery:
    return Delivery(
        id=DeliveryId(name),
        chat=stage.chat.id,
        kind=kind,
        message=said,
        created=NOON,
        not_before=NOON,
    )


async def test_what_is_sent_is_shown_once_and_has_a_receipt_of_its_own(stage):
    first = await stage.platform.send(stage.chat, owed(stage, message("one")))
    second = await stage.platform.send(stage.chat, owed(stage, message("two"), "d2"))

    assert first
    assert second
    assert first != second
    assert ["one" in text for text in stage.shown()] == [True, False]


async def test_an_edit_shows_nothing_new_and_may_be_repeated(stage):
    receipt = await stage.platform.send(stage.chat, owed(stage, message("one")))
    for _ in range(2):
        await stage.platform.edit(stage.chat, receipt, message("changed"))

    assert len(stage.shown()) == 1


async def test_an_edit_replaces_what_was_sent(service):
    receipt = await service.platform.send(service.chat, owed(service, message("one")))
    await service.platform.edit(service.chat, receipt, message("changed"))

    assert "changed" in service.shown()[0]
    assert "one" not in service.shown()[0]


async def test_a_reply_is_a_message_of_its_own_whatever_it_replies_to(stage):
    receipt = await stage.platform.send(stage.chat, owed(stage, message("one")))
    update = owed(stage, message("two"), "d2", Kind.UPDATE)
    await stage.platform.send(stage.chat, update, reply_to=receipt)

    assert len(stage.shown()) == 2


async def test_a_look_up_finds_what_was_sent_where_the_platform_offers_one(stage):
    sent, other = owed(stage, message("one")), owed(stage, message("one"), "d2")
    receipt = await stage.platform.send(stage.chat, sent)
    found = await stage.platform.find(stage.chat, sent)

    assert found == (receipt if stage.platform.pace.lookup else None)
    assert await stage.platform.find(stage.chat, other) is None


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_text_from_outside_is_taken_and_does_nothing(stage, text):
    said = message(text, buttons=(replace(BUTTONS[0], label=text),))
    await stage.platform.send(stage.chat, owed(stage, said))

    (shown,) = stage.shown()
    assert not [sign for sign in NEVER if sign in shown]
    assert stage.platform.name != "slack" or "<" not in shown.partition("[{")[0]


@pytest.mark.parametrize("lines", [60, 400])
async def test_however_long_a_message_is_it_is_taken_as_one(stage, lines):
    await stage.platform.send(stage.chat, owed(stage, message("long " * 50, lines=lines)))

    assert len(stage.shown()) == 1 if stage.platform.name != "console" else stage.shown()


async def test_a_command_is_answered_once_where_it_was_given(stage):
    await stage.types("latest gallium 3")
    await stage.until(lambda: any("answer to" in text for text in stage.shown()))
    await stage.types("latest tin")
    await stage.until(lambda: any("answer to latest tin" in text for text in stage.shown()))

    assert [(c.verb, c.argument) for c in stage.asked] == [
        ("latest", "gallium 3"),
        ("latest", "tin"),
    ]
    assert {c.chat.id for c in stage.asked} == {stage.chat.id}
    assert len(stage.shown()) == 2


async def test_a_button_does_what_its_command_does(service):
    await service.platform.send(service.chat, owed(service, message("one", buttons=BUTTONS)))
    assert service.presses
    await service.presses(1)
    await service.until(lambda: len(service.asked) == 1)

    assert (service.asked[0].verb, service.asked[0].argument) == ("why", "A7F3")
    assert service.asked[0].person


async def test_after_an_outage_it_hears_and_sends_again_by_itself(service):
    assert service.outage
    await service.types("latest one")
    await service.until(lambda: len(service.asked) == 1)
    await service.outage(True)  # noqa: FBT003  # the stage's shape
    with pytest.raises(SendError) as caught:
        await service.platform.send(service.chat, owed(service, message("lost")))
    assert isinstance(caught.value, TryLaterError | AmbiguousError)

    await service.outage(False)  # noqa: FBT003  # the stage's shape
    await _sent(service, owed(service, message("back")))
    await _typed(service, "latest two")

    assert any("back" in text for text in service.shown())
    assert service.asked[-1].argument == "two"


async def _sent(stage: Stage, delivery: Delivery) -> None:
    """Send, as the outbox does: again where it certainly was not sent."""
    async with asyncio.timeout(30):
        while True:
            try:
                await stage.platform.send(stage.chat, delivery)
            except SendError:
                await asyncio.sleep(0.05)
            else:
                return


async def _typed(stage: Stage, text: str) -> None:
    """Type until somebody listens: a person would."""
    async with asyncio.timeout(30):
        while len(stage.asked) < 2:
            try:
                await stage.types(text)
            except (IndexError, ConnectionError):  # no socket is open yet
                await asyncio.sleep(0.05)
            else:
                await stage.until(lambda: len(stage.asked) > 1)


async def test_sending_goes_on_while_nobody_listens_and_ends_with_the_close(stage):
    async with asyncio.timeout(30):
        for number in range(3):
            await stage.platform.send(stage.chat, owed(stage, message("x"), f"d{number}"))
    await stage.platform.close()
    await stage.platform.close()
    assert len(stage.shown()) == 3
