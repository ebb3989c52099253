"""Whether Slack is set up: both tokens or HTTP mode, the scopes, the commands, the clock."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import AccountError, SendError
from bot.model import Check, Verdict, clock_of
from bot.platforms.slack.access import Access
from bot.platforms.slack.payloads import SLASHES
from bot.platforms.slack.web import Web
from bot.ports import Clock

VITAL = frozenset({"chat:write", "commands"})
SCOPES = VITAL | {
    "app_mentions:read", "channels:history", "channels:read", "files:write", "groups:history",
    "groups:read", "im:history", "im:read", "metadata.message:read", "users:read",
}  # fmt: skip
"""What docs/slack-manifest.yaml asks for."""
AGAIN = "paste docs/slack-manifest.yaml again at api.slack.com/apps, then Reinstall to Workspace"
NETWORK = "check the network, a proxy, and SLACK_API_URL where it is set"


async def checkup(web: Web, access: Access, now: Clock) -> Sequence[Check]:
    """Return what was found."""
    try:
        who = await web.call("auth.test")
    except AccountError as error:
        remedy = "copy the Bot User OAuth Token (xoxb-...) again into SLACK_BOT_TOKEN"
        return (Check("Slack bot token", Verdict.FAIL, str(error), remedy),)
    except SendError as error:
        return (Check("Slack bot token", Verdict.FAIL, str(error), NETWORK),)
    headers = {str(name).casefold(): str(value) for name, value in who["headers"].items()}
    scopes = set(headers.get("x-oauth-scopes", "").replace(" ", "").split(",")) - {""}
    return (
        Check("Slack bot token", Verdict.OK, _named(who)),
        _scopes(scopes),
        await _door(web, access),
        _commands(scopes),
        clock_of("Slack", headers.get("date", ""), now()),
    )


def _named(who: Mapping[str, Any]) -> str:
    return f"is @{who.get('user', '?')}'s in {who.get('team') or who.get('team_id', '?')}"


def _scopes(scopes: set[str]) -> Check:
    what, missing = "Slack scopes", sorted(SCOPES - scopes)
    if not missing:
        return Check(what, Verdict.OK, "all are granted")
    if not scopes:
        return Check(what, Verdict.WARN, "Slack did not name them", "see docs/SLACK.md")
    verdict = Verdict.FAIL if VITAL - scopes else Verdict.WARN
    return Check(what, verdict, f"missing: {', '.join(missing)}", AGAIN)


async def _door(web: Web, access: Access) -> Check:
    if access.signing_secret:
        said = f"HTTP mode, on {access.host}:{access.port}; only Slack can try the secret"
        return Check("Slack requests", Verdict.OK, said)
    what = "Slack app token"
    if not access.app_token:
        remedy = "set SLACK_APP_TOKEN (xapp-...) for Socket Mode, or SLACK_SIGNING_SECRET for HTTP"
        return Check(what, Verdict.FAIL, "is not set: nobody would be heard", remedy)
    try:
        await web.open_socket(access.app_token)
    except AccountError as error:
        remedy = "make one with the scope connections:write, and copy it into SLACK_APP_TOKEN"
        return Check(what, Verdict.FAIL, str(error), remedy)
    except SendError as error:
        return Check(what, Verdict.FAIL, str(error), NETWORK)
    return Check(what, Verdict.OK, "opens a socket")


def _commands(scopes: set[str]) -> Check:
    what, names = "Slack commands", " ".join(SLASHES)
    if "commands" not in scopes:
        return Check(what, Verdict.FAIL, f"not granted: {names}", AGAIN)
    remedy = "type /exportwire help in Slack: it lists no commands to a bot, so only that tells"
    return Check(what, Verdict.OK, f"granted: {names}", remedy)
