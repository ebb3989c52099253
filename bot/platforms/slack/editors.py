"""Who may change a channel's subscriptions: by default all but guests and strangers. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.language import mark

NOT_YOU = mark("Guests and people of other organisations cannot change what this channel gets.")
ADMINS = mark("Only admins of this workspace may change subscriptions here; ask one of them.")
LISTED = mark(
    "Only the people whom the operator named may change subscriptions here; ask one of them."
)


def refusal(editors: str, user: Mapping[str, Any], team: str) -> str:
    """Return why a person may not change a channel of `team`, "" where they may.

    `user` is what users.info says of them. `editors` is SLACK_EDITORS.
    """
    if _is_stranger(user, team):
        return NOT_YOU
    chosen = {name.strip() for name in editors.split(",") if name.strip()} or {"everyone"}
    if chosen == {"admins"}:
        return "" if user.get("is_admin") or user.get("is_owner") else ADMINS
    if chosen != {"everyone"}:
        return "" if user.get("id") in chosen else LISTED
    guest = user.get("is_restricted") or user.get("is_ultra_restricted")
    return NOT_YOU if guest else ""


def _is_stranger(user: Mapping[str, Any], team: str) -> bool:
    grid = user.get("enterprise_user") or {}
    teams = {user.get("team_id"), *grid.get("teams", ())}
    odd = user.get("is_stranger") or user.get("is_bot") or user.get("deleted")
    return bool(odd) or team not in teams
