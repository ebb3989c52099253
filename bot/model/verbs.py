"""What people type for a command's name, in their own words too, and which commands change."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, Self

_SAID = {
    "start": "hello hi hey 你好 您好 开始 開始 こんにちは はじめる",
    "help": "? h menu commands usage 帮助 幫助 ヘルプ 使い方",
    "subscribe": "sub watch follow alert 订阅 訂閱 购读 購読 登録",
    "unsubscribe": "unsub unwatch unfollow 退订 退訂 取消订阅 取消訂閱 購読解除 解除",
    "subscriptions": "subs list 我的订阅 我的訂閱 購読一覧 一覧",
    "latest": "news newest recent 最新 最新消息 新闻 新聞 ニュース",
    "search": "find 搜索 搜尋 查找 検索",
    "test": "try 测试 測試 テスト",
    "upcoming": "calendar agenda 日程 日历 日曆 予定 カレンダー",
    "why": "为什么 為什麼 なぜ 理由",
    "quiet": "dnd 免打扰 勿擾 静音时段 おやすみ",
    "pause": "snooze 暂停 暫停 一時停止",
    "resume": "unpause continue 恢复 恢復 再開",
    "timezone": "tz zone 时区 時區 タイムゾーン",
    "mute": "静音 靜音 ミュート",
    "remind": "reminder 提醒 リマインド",
    "topics": "topic 主题 主題 トピック",
    "sources": "source feeds 来源 來源 情報源",
    "status": "ping 状态 狀態 状態",
    "language": "lang 语言 語言 言語",
}
MEANT: Mapping[str, str] = MappingProxyType(
    {word: verb for verb, words in _SAID.items() for word in words.split()}
)
"""The command that a word stands for. It has to be known before rights are looked at."""
SIGNS = "/／、"
"""What comes before a command: a slash, and what Chinese keyboards write for it."""


def verb_of(typed: str) -> str:
    """Return the verb that a first word means, "" for a sign alone."""
    verb = typed.lstrip(SIGNS).casefold()
    return MEANT.get(verb, verb)


class Alters(Protocol):
    """What a command does to its chat."""

    @property
    def changes(self) -> bool:
        """Return whether it changes what the chat gets, which everybody there may see."""

    @property
    def alone(self) -> bool:
        """Return whether it does so without words, too."""


@dataclass(frozen=True, slots=True)
class Changing:
    """The verbs that change what a chat gets; `alone` are those that do so without words, too."""

    verbs: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()

    @classmethod
    def of(cls, handlers: Mapping[str, Alters]) -> Self:
        """Return those of these commands, by their verbs."""
        changes = frozenset(verb for verb, handler in handlers.items() if handler.changes)
        alone = frozenset(verb for verb, handler in handlers.items() if handler.alone)
        return cls(changes, alone)

    def by(self, verb: str, words: str) -> bool:
        """Whether a command changes something: without words most show what is set."""
        return verb in (self.verbs if words.strip() else self.alone)


NOTHING = Changing()
"""What no command changes."""
