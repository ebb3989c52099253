"""Slack as a chat platform: alerts by the Web API, commands by Socket Mode or signed HTTP."""

from bot.platforms.slack.access import Access, Door
from bot.platforms.slack.service import Slack

__all__ = ["Access", "Door", "Slack"]
