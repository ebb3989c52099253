"""Days that a report names as people speak: "on Thursday", "today", 8日 without a month.

All lie within a month before the report, or on its day: what is told so has just happened.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.classify.dates import EASTERN

_WEEK = {
    name: number
    for number, names in enumerate(
        (
            "monday montag lundi lunes понедельник 周一 週一 星期一 月曜 월요일",
            "tuesday dienstag mardi martes вторник 周二 週二 星期二 火曜 화요일",
            "wednesday mittwoch mercredi miércoles среду 周三 週三 星期三 水曜 수요일",
            "thursday donnerstag jeudi jueves четверг 周四 週四 星期四 木曜 목요일",
            "friday freitag vendredi viernes пятницу 周五 週五 星期五 金曜 금요일",
            "saturday samstag sonnabend samedi sábado субботу 周六 週六 星期六 土曜 토요일",
            "sunday sonntag dimanche domingo воскресенье 周日 週日 星期日 星期天 日曜 일요일",
        )
    )
    for name in names.split()
}
_AGO = {
    word: days
    for days, words in enumerate(
        (
            "today heute aujourd'hui hoy сегодня 今日 今天 本日 오늘",
            "yesterday gestern ayer вчера 昨日 昨天 어제",
        )
    )
    for word in words.split()
}
_INSIDE = {
    "hoy": r"(?<=\bhoy)\b",
    "ayer": r"(?<=\bayer)\b",
    "gestern": "(?<!vorgestern)",
    "вчера": "(?<!позавчера)",
    "montag": "(?!e|n(?!ach))",
    "среду": "(?<!окружающую среду)",
    "周日": "(?!本)",
    "週日": "(?!本)",
}
"""What keeps a word from being part of another. It stands behind, as words that begin with plain
signs, in no group, are found without a try at each."""
_SPOKEN = re.compile(
    "|".join(
        word + _INSIDE.get(word, "") for word in sorted((*_WEEK, *_AGO), key=len, reverse=True)
    )
)
_ALONE = re.compile(
    r"(?<![\d月월.,/第-])(?<!월 )(?P<day>\d{1,2}) ?[日일](?!間|以?内|以?內|前|後|后|分|目| ?(?:이내|간|동안|만에|후|전))"
)


def spoken_days(text: str, published: date) -> frozenset[date]:
    """Return the days that `text` (of `tidy`) names by a word or a bare number."""
    text = text.lower()
    days = set(_by_word(text, published))
    if EASTERN.search(text):
        days |= set(_alone(text, published))
    return frozenset(days)


def _by_word(text: str, published: date) -> Iterator[date]:
    for match in _SPOKEN.finditer(text):
        word = match[0]
        ago = _AGO[word] if word in _AGO else (published.weekday() - _WEEK[word]) % 7
        yield published - timedelta(days=ago)


def _alone(text: str, published: date) -> Iterator[date]:
    """Yield the days named without a month: of this one, or of the last."""
    last = published.replace(day=1) - timedelta(days=1)
    for match in _ALONE.finditer(text):
        number = int(match["day"])
        month = published if number <= published.day else last
        if 0 < number <= 31 and (month is published or number <= last.day):
            yield month.replace(day=number)
