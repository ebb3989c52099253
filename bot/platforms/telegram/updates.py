"""Telegram's updates as commands: who asked, where, and what. Pure."""

import re
from dataclasses import dataclass, replace

from telegram import Chat as TelegramChat
from telegram import ChatMember, ChatMemberRestricted, ChatMemberUpdated, User
from telegram import Message as TelegramMessage

from bot.model import Chat, ChatId, Command

PLATFORM = "telegram"
WANTED = ("message", "channel_post", "callback_query", "my_chat_member")
"""The updates that we ask for: no edits, so that a command fires once."""
_VERB = re.compile(r"/([\w?-]{1,32})(?:@([a-z0-9_]{1,32}))?", re.IGNORECASE)
_BEHIND = re.compile(r"([a-z]+)_([A-Za-z0-9-]+)")
_PAYLOAD = 64  # characters that a link to the bot may carry
_CLOSED = frozenset({ChatMember.LEFT, ChatMember.BANNED})


@dataclass(frozen=True, slots=True)
class Asked:
    """A command with where it came from: the message to answer, the person who gave it.

    `user` is 0 where nobody is named: a channel's post, or an admin who stays anonymous, for
    whom the chat itself vouches (`vouched`). In a `channel` many read and few write.
    """

    command: Command
    message: int
    user: int = 0
    private: bool = False
    vouched: bool = False
    channel: bool = False


def chat_of(chat: TelegramChat, account: str, thread: int | None) -> Chat:
    """Return the chat of the bot `account`; a forum topic is a chat of its own."""
    topic = str(thread or "")
    name = ":".join((PLATFORM, account, str(chat.id), *filter(None, [topic])))
    return Chat(
        id=ChatId(name),
        platform=PLATFORM,
        account=account,
        room=str(chat.id),
        thread=topic,
        title=chat.effective_name or "",
    )


def topic_of(message: TelegramMessage) -> int | None:
    """Return the forum topic of a message; elsewhere a thread is only a chain of replies."""
    return message.message_thread_id if message.is_topic_message else None


def move_of(message: TelegramMessage, account: str) -> tuple[Chat, str] | None:
    """Return the room that a service message says has moved, and its new id.

    A group that becomes a supergroup says so in both; either may be missed.
    """
    chat = chat_of(message.chat, account, None)
    if message.migrate_to_chat_id:
        return chat, str(message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        old = str(message.migrate_from_chat_id)
        name = ChatId(f"{PLATFORM}:{account}:{old}")
        return replace(chat, id=name, room=old), chat.room
    return None


def command_of(text: str, chat: Chat, person: str, username: str) -> Command | None:
    """Return the command in `text`, or None where it is none or is for another bot."""
    words = text.split(None, 1)
    found = _VERB.fullmatch(words[0]) if words else None
    if found is None or (found[2] and found[2].casefold() != username.casefold()):
        return None
    return plain_of(found[1], words[1] if len(words) > 1 else "", chat, person)


def link_of(command: Command, me: str) -> str:
    """Return the link that opens the bot `me` with a command, "" where a link cannot carry it."""
    payload = f"{command.verb}_{command.argument}"
    fits = len(payload) <= _PAYLOAD and _BEHIND.fullmatch(payload)
    return f"https://t.me/{me}?start={payload}" if me and fits else ""


def plain_of(verb: str, argument: str, chat: Chat, person: str) -> Command:
    """Return the command of these words."""
    words = argument.strip()
    if verb.casefold() == "start" and (behind := _BEHIND.fullmatch(words)):  # by a link of ours
        verb, words = behind.groups()
    return Command(chat=chat, verb=verb.casefold(), argument=words, person=person).inner()


def asked_of(
    message: TelegramMessage, account: str, me: str, verbs: frozenset[str]
) -> Asked | None:
    """Return what a message asks of the bot `me`, or None where it asks nothing.

    In a private chat the slash may be left out. Elsewhere other bots have commands too: one
    that we do not know is answered only where it names us. A forwarded command is a quotation.
    """
    text = message.text or ""
    private = message.chat.type == TelegramChat.PRIVATE
    if message.forward_origin or (not private and not text.startswith("/")):
        return None
    chat = _spoken(chat_of(message.chat, account, topic_of(message)), message.from_user)
    user = message.from_user.id if message.from_user and not message.sender_chat else 0
    if private and not text.startswith("/"):
        verb, argument = (*text.split(None, 1), "", "")[:2]
        command = plain_of(verb, argument, chat, _person(user)) if verb else None
    else:
        command = command_of(text, chat, _person(user), me)
    named = "@" in text.partition(" ")[0]
    if command is None or not (private or named or command.verb in verbs):
        return None
    vouched = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    return Asked(command, message.message_id, user, private, vouched)


def _spoken(chat: Chat, user: User | None) -> Chat:
    """Return a chat in the language that the one who asks has set in Telegram."""
    return replace(chat, language=(user and user.language_code) or chat.language)


def _person(user: int) -> str:
    return str(user) if user else ""


def pressed(data: str, message: TelegramMessage, account: str, user: User) -> Asked | None:
    """Return what a button asks for. Whoever presses may have forged its data."""
    chat = _spoken(chat_of(message.chat, account, topic_of(message)), user)
    command = command_of(f"/{data}", chat, _person(user.id), "")
    if command is None:
        return None
    kind = message.chat.type
    private, channel = kind == TelegramChat.PRIVATE, kind == TelegramChat.CHANNEL
    return Asked(command, message.message_id, user.id, private, channel=channel)


def is_open(member: ChatMember) -> bool:
    """Whether the bot with this status may write."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    if member.status == ChatMember.ADMINISTRATOR:
        return getattr(member, "can_post_messages", None) is not False
    return member.status not in _CLOSED


def was_invited(change: ChatMemberUpdated) -> bool:
    """Whether a group or channel has just let the bot in."""
    shared = change.chat.type != TelegramChat.PRIVATE
    return shared and not is_open(change.old_chat_member) and is_open(change.new_chat_member)
