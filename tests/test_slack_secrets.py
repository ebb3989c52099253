"""No failure writes a token, a secret or a response address anywhere."""

import logging

import pytest

from bot.errors import SendError
from bot.platforms.slack import Slack
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SECRET, SlackServer
from tests.slackplay import METALS, Bot, access, alert, at, door, listening, owed

FATES = ("429", "500", "drop", "html", "text", "invalid_auth", "invalid_blocks", "internal_error")


def told(caplog: pytest.LogCaptureFixture, *more: object) -> str:
    records = " ".join(str(vars(record)) for record in caplog.records)
    return caplog.text + records + " ".join(map(repr, more)) + " ".join(map(str, more))


def chain(error: BaseException | None) -> list[BaseException]:
    """Return an error and whatever a traceback would show with it."""
    shown = []
    while error:
        shown.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return shown


@pytest.mark.parametrize("fate", FATES)
async def test_a_failure_shows_no_token_even_at_debug(fate, caplog):
    caplog.set_level(logging.DEBUG)
    shown: list[object] = []
    async with at(SlackServer(lambda *_: fate)) as slack:
        for call in (slack.send(METALS, owed()), slack.edit(METALS, "1", alert())):
            with pytest.raises(SendError) as caught:
                await call
            shown += chain(caught.value)
        with pytest.raises(SendError) as caught:
            await slack.find(METALS, owed())
        shown += [*chain(caught.value), slack]
    _assert_clean(told(caplog, *shown))


async def test_listening_shows_no_token_and_no_response_address(caplog):
    caplog.set_level(logging.DEBUG)
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        await server.type("/latest", "gallium")
        await server.refresh()
        await server.joined()
    text = told(caplog)
    _assert_clean(text)
    assert "/respond/" not in "".join(
        r.getMessage() for r in caplog.records if "exportwire" in r.name
    )


async def test_a_refused_token_is_not_quoted(caplog):
    caplog.set_level(logging.DEBUG)
    server = SlackServer(lambda *_: "invalid_auth")
    given = access(await server.start(), signing_secret=SECRET)
    slack = Slack(given, door())
    await slack.listen(Bot().answer)
    await slack.close()
    await server.close()
    _assert_clean(told(caplog, given, slack))


def _assert_clean(text: str) -> None:
    for canary in (BOT_TOKEN, APP_TOKEN, SECRET):
        assert canary not in text
