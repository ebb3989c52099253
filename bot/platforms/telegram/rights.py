"""Who may change a chat's subscriptions: in groups and channels their admins, elsewhere anybody."""

from collections.abc import Callable

from telegram import Bot, ChatMember

from bot.platforms.telegram.meaning import asked as answered
from bot.platforms.telegram.updates import Asked

KEPT = 60.0  # seconds for which a person's standing is believed
_MOST = 1_000
_ADMINS = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})


class Rights:
    """Asks Telegram who is an admin, and believes the answer for a minute."""

    def __init__(self, bot: Bot, now: Callable[[], float]) -> None:
        self._bot, self._now = bot, now
        self._known: dict[tuple[str, int], tuple[float, bool]] = {}

    async def may_change(self, asked: Asked) -> bool:
        """Whether the asker may change what the chat gets. Raises SendError."""
        if asked.private or asked.vouched:
            return True
        return bool(asked.user) and await self._is_admin(asked.command.chat.room, asked.user)

    async def _is_admin(self, room: str, user: int) -> bool:
        until, known = self._known.get((room, user), (0.0, False))
        if self._now() < until:
            return known
        member = await answered(self._bot.get_chat_member(int(room), user))
        if len(self._known) >= _MOST:
            self._known.clear()
        is_admin = member.status in _ADMINS
        self._known[room, user] = (self._now() + KEPT, is_admin)
        return is_admin
