"""Telegram as a chat platform: private chats, groups, forum topics and channels."""

from bot.platforms.telegram.options import Options, Webhook
from bot.platforms.telegram.platform import Telegram

__all__ = ["Options", "Telegram", "Webhook"]
