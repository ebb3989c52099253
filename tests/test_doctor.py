"""The doctor against loopback services: a line for each thing, what to do, and never a secret."""

import asyncio
import io
import os
from pathlib import Path
from typing import Self

import pytest

from bot.doctor import _run as examined
from bot.doctor import folder_of, settings_of
from bot.model import Changes, Verdict
from bot.platforms.slack.checkup import SCOPES
from bot.settings import Settings, load
from bot.store import TinyStore
from handlers import HANDLERS
from tests.builders import CHAT, wish
from tests.newshost import DIALECTS, News, NewsHost
from tests.servers import slack, telegram

TOKENS = (telegram.TOKEN, slack.BOT_TOKEN, slack.APP_TOKEN, slack.SECRET)


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


class World:
    """Both services, a news host, and the settings that reach them."""

    def __init__(self, folder: Path) -> None:
        self.talk, self.work, self.news = (
            telegram.TelegramServer(),
            slack.SlackServer(),
            NewsHost(),
        )
        self.work.scopes = ",".join(SCOPES)
        self.talk.menus = {("all_private_chats", ""): dict.fromkeys(HANDLERS, "x")}
        self.folder, self.given = folder, dict[str, object]()

    async def __aenter__(self) -> Self:
        await self.news.__aenter__()
        self.news.news = [News(name, 1, "Football: the weekend's results") for name in DIALECTS]
        self.given = {
            "telegram_token": telegram.TOKEN,
            "telegram_api_url": await self.talk.start(),
            "slack_bot_token": slack.BOT_TOKEN,
            "slack_app_token": slack.APP_TOKEN,
            "slack_api_url": await self.work.start(),
            "data_dir": self.folder / "d",
            "sources": self.news.catalogue(self.folder),
            "fetch_allow": "127.0.0.0/8",
            "fetch_spacing": "0",
        }
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.talk.close()
        await self.work.close()
        await self.news.__aexit__()

    async def told(self, **changed: object) -> tuple[int, str]:
        """Run the doctor; return the exit status and what it wrote."""
        out = io.StringIO()
        kept = {name: value for name, value in (self.given | changed).items() if value}
        status = await asyncio.wait_for(examined(load(**kept), out), 60)
        text = out.getvalue()
        assert not [token for token in TOKENS if token in text]
        return status, text


@pytest.fixture
async def world(tmp_path):
    async with World(tmp_path) as it:
        yield it


def line(text: str, what: str) -> str:
    """Return a thing's line and what to do about it, on one line."""
    lines = text.splitlines()
    (at,) = [n for n, each in enumerate(lines) if each[6:].startswith(what)]
    advice = lines[at + 1] if lines[at + 1].lstrip().startswith("->") else ""
    return " ".join(f"{lines[at]} {advice}".split())


async def test_all_is_well(world):
    status, text = await world.told()

    assert status == 0
    assert {each.split()[0] for each in text.splitlines()[:-1] if each[0] != " "} == {"ok"}
    assert "@wire_test_bot" in line(text, "Telegram token")
    assert line(text, "Telegram commands") == f"ok Telegram commands {len(HANDLERS)} registered"
    assert line(text, "Source").startswith("ok Source")
    assert "\x1b" not in text


WRONG = "1234567:AAwrongwrongwrongwrongwrongwrong00"
CASES = [
    ({"telegram_token": WRONG}, "Telegram token", "@BotFather into TELEGRAM_TOKEN"),
    ({"telegram_token": "nonsense"}, "Telegram token", "@BotFather into TELEGRAM_TOKEN"),
    ({"telegram_api_url": "http://127.0.0.1:9"}, "Telegram token", "TELEGRAM_API_URL"),
    ({"slack_bot_token": "xoxb-wrong"}, "Slack bot token", "into SLACK_BOT_TOKEN"),
    ({"slack_app_token": "xapp-wrong"}, "Slack app token", "into SLACK_APP_TOKEN"),
    ({"slack_app_token": ""}, "Slack app token", "set SLACK_APP_TOKEN"),
    ({"slack_api_url": "http://127.0.0.1:9/api/"}, "Slack bot token", "SLACK_API_URL"),
    ({"slack_bot_token": ""}, "Settings", "SLACK_APP_TOKEN is set"),
    ({"operator_chat": "me"}, "Settings", "OPERATOR_CHAT"),
    ({"data_dir": Path("sources.toml/d")}, "Data folder", "DATA_DIR"),
    ({"fetch_allow": ""}, "Source", "doctor --sources"),
]


@pytest.mark.parametrize(("given", "what", "remedy"), CASES)
async def test_what_is_wrong_fails_with_what_to_do_and_the_rest_is_still_checked(
    world, given, what, remedy
):
    status, text = await world.told(**given)

    assert status == 1
    found = line(text, what)
    assert found.startswith("fail")
    assert remedy in found
    assert text.count("fail  ") == 1


async def test_scopes_menu_webhook_and_clocks(world):
    world.work.scopes, world.work.clock = "commands,chat:write,users:read", -400.0
    world.talk.menus, world.talk.clock = {}, 90.0
    world.talk.hook_error = "wrong response from the webhook: 502 Bad Gateway"
    hook = "https://bot.example/telegram"
    world.talk.webhook = {"url": hook}
    status, text = await world.told(telegram_webhook_url=hook)

    assert status == 1
    assert "missing: app_mentions:read, channels:history" in line(text, "Slack scopes")
    assert line(text, "Slack scopes").startswith("warn")
    assert "ahead of it" in line(text, "Slack clock")
    assert "behind it" in line(text, "Telegram clock")
    assert line(text, "Telegram commands").startswith("warn")
    assert "502 Bad Gateway" in line(text, "Telegram updates")


async def test_without_the_scope_for_commands_it_fails(world):
    world.work.scopes = "chat:write"
    _, text = await world.told()

    assert line(text, "Slack commands").startswith("fail")
    assert "Reinstall" in line(text, "Slack commands")


async def test_http_mode_and_what_is_not_set_up(world):
    status, text = await world.told(
        slack_app_token="", slack_signing_secret=slack.SECRET, telegram_token=""
    )

    assert status == 0
    assert "127.0.0.1:3000" in line(text, "Slack requests")
    assert line(text, "Telegram").startswith("- Telegram not set up: TELEGRAM_TOKEN is empty")


async def test_a_source_that_fails_gives_way_to_one_that_answers(world):
    """One source out of a few is enough: the network is what is being tried."""
    gone = f'[[source]]\nname = "gone"\nkind = "feed"\nurl = "{world.news.base}/rss/none"\n'
    both = world.folder / "both.toml"
    both.write_text(gone + world.given["sources"].read_text())
    status, text = await world.told(sources=both)

    assert status == 0
    assert line(text, "Source").startswith("ok")


async def test_a_folder_that_a_bot_uses_is_left_alone(tmp_path):
    store = TinyStore.open(tmp_path / "d")
    await store.commit(Changes(chats=(CHAT,), subscriptions=(wish(),)))
    used = folder_of(tmp_path / "d")
    await store.close()
    free = folder_of(tmp_path / "d")

    assert (used.verdict, free.verdict) == (Verdict.OK, Verdict.OK)
    assert f"1 chats, 1 wishes; in use by process {os.getpid()}" in used.told
    assert "no bot runs on it" in free.told


def test_a_damaged_store_names_the_repair(tmp_path):
    (tmp_path / "lock").touch()
    (tmp_path / "journal-1").write_bytes(b"nonsense")

    found = folder_of(tmp_path)

    assert found.verdict is Verdict.FAIL
    assert "--repair" in found.remedy


def test_settings_that_go_together(tmp_path):
    (tmp_path / "s.toml").write_text("")
    assert settings_of(load(sources=tmp_path / "s.toml")).verdict is Verdict.OK


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_a_terminal_is_shown_colours_unless_it_wants_none(world, monkeypatch):
    out = Terminal()
    await examined(load(**world.given), out)
    assert "\x1b[32mok" in out.getvalue()

    monkeypatch.setenv("NO_COLOR", "1")
    plain = Terminal()
    await examined(load(**world.given), plain)
    assert "\x1b" not in plain.getvalue()
