"""When a measure takes effect or ends, as far as the text says so, in eight languages.

A day counts where words of beginning or ending stand at it ("from 1 December", 12月1日起). What
lasts "for one year" or "90 days" ends so much after it begins. A missing year is the nearest
that fits; a day that no calendar has is no day.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero января январь jänner",
            "february feb februar février fevrier febrero февраля",
            "march mar märz mars marzo марта",
            "april apr avril abril апреля",
            "may mai mayo мая",
            "june jun juni juin junio июня",
            "july jul juli juillet julio июля",
            "august aug août aout agosto августа",
            "september sep sept septembre septiembre сентября",
            "october oct oktober octobre octubre октября",
            "november nov novembre noviembre ноября",
            "december dec dezember décembre decembre diciembre декабря",
        ),
        1,
    )
    for name in names.split()
}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
_WEST = (
    r"(?:(?P<iso>20\d\d-\d\d?-\d\d?)(?!\d)|(?P<dots>\d{1,2}\. ?\d{1,2}\. ?20\d\d)"
    rf"|{_WEEKDAY}(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er)? ?(?:de |of )?(?P<month>{_NAME})\b\.?(?:,? ?(?:de(?:l)? )?(?P<year>20\d\d))?"
    rf"|{_WEEKDAY}(?P<month2>{_NAME})\b\.? ?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? ?(?P<year2>20\d\d))?)"
)
_EAST = (
    r"(?:(?:(?P<year>20\d\d) ?[年년] ?)?(?:(?P<month>\d{1,2}) ?[月월]|(?P<next>来月|來月|下月|次月|다음 ?달|내달)) ?(?P<day>\d{1,2}) ?[日일号號]"
    r"|(?P<iso>20\d\d[-.]\d\d?[-.]\d\d?)(?!\d))"
)
_END_OF = (
    rf"(?:(?:the )?(?:end of|ende|fin de|fin|finales de|konca?|конца?) (?:the )?(?:(?P<ofmonth>{_NAME})\b ?)?(?:de )?(?P<ofyear>20\d\d)?"
    r"|(?P<eastyear>20\d\d) ?[年년] ?(?:(?P<eastmonth>\d{1,2}) ?[月월] ?)?(?:底|末|말))"
)
_START = (
    r"effective(?: date(?: of| is)?)?(?: from| on| as of| starting)?|from|as of|as from|starting(?: on| from)?|start(?:s|ing)? on|since|beginning(?: on| from)?|begins? on"
    r"|(?:takes?|took|taking|comes?|came|coming|go(?:es)?|went|put|enters?|entered|entering|be|is|are|was) (?:in)?(?:to)? ?(?:effect|force)(?: again)?(?: from| on| as of| since)?"
    r"|in (?:force|effect) (?:from|on|since|as of)|appl(?:y|ies) (?:from|as of)|valid from"
    r"|ab(?: dem)?|seit(?: dem)?|gilt ab|gelten ab|mit wirkung (?:vom|zum)"
    r"|à partir du|à compter du|dès le|depuis le|(?:entr\w+|entrée) en vigueur(?: est)?(?: prévue)?(?: le| au)?"
    r"|a partir del?|desde el|(?:entr\w+|entrada) en vigor(?: el| del)?|con efecto desde el"
    r"|со?|начиная со?|вступ\w+ в силу(?: с)?|введен\w* с|действу\w+ с"
)
_STOP = r"until|till|through(?: to)?|expir\w+(?: on)?|ends? on|valid (?:to|until)|bis(?: zum)?(?: ende)?|jusqu'au|jusqu'à(?: la)?|expire le|hasta(?: el)?|vence el|до|по|истекает"
_BEGINS = re.compile(
    rf"\b(?:{_START}) (?:the )?{_WEST}|\b(?:tritt|treten|trat|traten|wird|werden) (?:am|zum) {_WEST.replace('?P<', '?P<z')}[^.;]{{0,30}}? (?:in kraft|wirksam)",
)
_ENDS = re.compile(rf"\b(?:{_STOP}) (?:the )?(?:{_WEST}|{_END_OF})")
_BEGINS_EAST = re.compile(
    rf"{_EAST}(?= ?(?:起|から|より|付(?:け)?で|に?施行|に?発効|に?適用|(?:开始|開始)?(?:正式)?(?:实施|實施|施行|执行|執行|生效)|부터|자로|에? ?시행|에? ?발효|에? ?적용))"
    rf"|(?:自|从|從|将于|將於|于|於) ?{_EAST.replace('?P<', '?P<z')}(?= ?(?:起|正式|生效|实施|實施|施行|开始|開始|$|,))"
)
_ENDS_EAST = re.compile(
    rf"(?:至|到|直至|截至|有效期至|延至|延长至|延長至) ?(?:{_EAST}|{_END_OF})"
    rf"|(?:{_EAST.replace('?P<', '?P<z')}|{_END_OF.replace('?P<', '?P<z')})(?= ?(?:まで|迄|止|为止|為止|까지|前有效))"
)
_NOW = re.compile(
    r"\b(?:with immediate effect|effective immediately|(?:takes?|took|taking) (?:immediate effect|effect immediately)|immediately effective|mit sofortiger wirkung|(?:gilt|gelten|gültig) (?:ab )?sofort|sofort und bis|appl(?:y|ies) immediately"
    r"|avec effet immédiat|l'effet est immédiat|entr\w+ en vigueur immédiatement|con efecto inmediato|de forma inmediata)\b"
    r"|немедленно вступ|вступ\w+ в силу (?:немедленно|сегодня|со дня)|自(?:公布|发布|發布|印发)之日起|即日起|即日(?:より|から)?施行|同日(?:付で|から)?(?:施行|発効|適用)|即時(?:発効|施行)|즉시 (?:시행|발효)|이날부터",
)
_NUMBER_WORDS = {
    word: value
    for value, words in (
        (1, "one a ein einem eine einen un une uno una один одного 一 壹"),
        (2, "two zwei deux dos два двух 二 两 兩"),
        (3, "three drei trois tres три трех 三"),
        (6, "six sechs seis шесть шести 六 半"),
    )
    for word in words.split()
}
_SPAN = re.compile(
    rf"(?:\b(?:for|für|pour|pendant|por|durante|на)|为期|為期|暂停|暫停|延长|延長)(?: a period of| (?:a|the) further| another)? ?(?P<count>\d{{1,3}}|{'|'.join(_NUMBER_WORDS)})[ -]?"
    r"(?:(?P<y>years?|jahre?|ans?|años?|год\w*|лет|年)|(?P<m>months?|monate?n?|mois|meses|месяц\w*|个月|個月|か月)|(?P<d>days?|tage?n?|jours|días|дн\w+|天|日))(?!\w*[ -]old)"
    r"|(?P<count2>\d{1,3}) ?(?:(?P<y2>年間|년간|년 동안)|(?P<m2>か月間|カ月間|ヶ月間|개월간|개월 동안)|(?P<d2>日間|일간|일 동안))",
)

_STOPS = re.compile(r"unti|till|thro|expi|ends? on|valid|bis|jusqu|hasta|vence|до|по|истек")
EASTERN = re.compile("[\u3040-\uffff]")
_SOON = re.compile("imm[ée]dia|sofort|inmediat|немедл|сегодня|со дня|日|即|즉시|이날")
_DATED = re.compile(
    rf"\d|imm[ée]dia|sofort|inmediat|немедл|公布|发布|印发|即|同日|즉시|이날|(?:end of|ende|fin|finales de|конца) (?:{_NAME})"
)
"""What a text must hold for `_ENDS`, the eastern patterns, `_NOW` and all of them to be worth their
time."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days on which a measure begins and ends."""

    begins: tuple[date, ...]
    ends: tuple[date, ...]


def days_of(text: str, published: date | None) -> Days:
    """Return the days that `text` (of `tidy`) names; a missing year is the nearest that fits."""
    text = text.lower()  # of the same length: `tidy` took out the one sign that would grow
    if not _DATED.search(text):
        return Days((), ())
    begins = set(_found(_BEGINS, text, published)) if _names_a_day(text) else set[date]()
    ends = set(_found(_ENDS, text, published, 200)) if _STOPS.search(text) else set[date]()
    if EASTERN.search(text):
        begins |= set(_found(_BEGINS_EAST, text, published))
        ends |= set(_found(_ENDS_EAST, text, published, 200))
    if published and _SOON.search(text) and _NOW.search(text):
        begins.add(published)
    if len(begins) == 1 and not ends:
        ends = set(_after(text, min(begins)))
    return Days(tuple(sorted(begins - ends)), tuple(sorted(ends)))


_FIGURES = re.compile(r"\d+")
_DAY_FIRST = re.compile(rf"20\d\d-|\d\. ?\d|\d(?:\.|st|nd|rd|th|er)? ?(?:de |of )?(?:{_NAME})")
_MONTH_FIRST = tuple(_MONTHS)
_SIDE = 16  # signs before a number: no name of a month there is longer


def _names_a_day(text: str) -> bool:
    """Whether a number stands where it may be a day of `_WEST`: looked for much faster than that."""
    return bool(_DAY_FIRST.search(text)) or any(
        text[max(0, at - _SIDE) : at].rstrip(" .").endswith(_MONTH_FIRST)
        for at in (found.start() for found in _FIGURES.finditer(text))
    )


_NAMED = re.compile(rf"\b{_WEST}")
_NAMED_EAST = re.compile(_EAST)


def past_days(text: str, published: date) -> frozenset[date]:
    """Return the days before that of publication that `text` (of `tidy`) names, for whatever."""
    text = text.lower()
    days = set(_found(_NAMED, text, published, -20)) if _names_a_day(text) else set[date]()
    if EASTERN.search(text):
        days |= set(_found(_NAMED_EAST, text, published, -20))
    return frozenset(day for day in days if day < published)


_COMMENTS = re.compile(
    r"(?:comments?|consultation|feedback|意见|意見|의견|stellungnahme\w*|observations|замечани\w*|quarter|quartal|trimestre|квартал)[^.;。]{0,24}$",
)
"""What ends on such a day is the time to comment, or a company's quarter, not the measure."""


def _after(text: str, begin: date) -> Iterator[date]:
    """Yield the end of what lasts for a stated time."""
    if match := _SPAN.search(text):
        said = {key.rstrip("2"): value for key, value in match.groupdict().items() if value}
        count = said["count"].casefold()
        number = int(count) if count.isdecimal() else _NUMBER_WORDS[count]
        if "d" in said:
            yield begin + timedelta(days=number)
        else:
            yield _months_on(begin, number * (12 if "y" in said else 1))


def _months_on(begin: date, months: int) -> date:
    year, month = divmod(begin.month - 1 + months, 12)
    last = monthrange(begin.year + year, month + 1)[1]
    return date(begin.year + year, month + 1, min(begin.day, last))


def _found(
    pattern: re.Pattern[str], text: str, near: date | None, ahead: int = 100
) -> Iterator[date]:
    for match in pattern.finditer(text):
        if _COMMENTS.search(text[max(0, match.start() - 44) : match.start()]):
            continue
        said = {
            key.removeprefix("z").rstrip("2"): value
            for key, value in match.groupdict().items()
            if value
        }
        if day := _day(said, near, ahead):
            yield day


def _day(said: dict[str, str], near: date | None, ahead: int) -> date | None:
    """Return the day of a match; `ahead` is how many days after the report it is looked for."""
    whole = said.get("iso") or said.get("dots")
    if whole:
        parts = [int(part) for part in re.findall(r"\d+", whole)]
        return _valid(*(parts if "iso" in said else parts[::-1]))
    if "day" not in said:
        return _last_of(said, near, ahead)
    if "next" in said:
        return _next_month(int(said["day"]), near)
    month = _month(said["month"])
    return _nearest(said.get("year"), month, int(said["day"]), near, ahead)


def _month(said: str) -> int:
    return int(said) if said.isdecimal() else _MONTHS[said.casefold()]


def _last_of(said: dict[str, str], near: date | None, ahead: int) -> date | None:
    """Return the last day of a month or year."""
    year = said.get("ofyear") or said.get("eastyear")
    named = said.get("ofmonth") or said.get("eastmonth")
    if not year and (not named or near is None):
        return None
    month = _month(named) if named else 12
    if year:
        return date(int(year), month, monthrange(int(year), month)[1]) if month <= 12 else None
    return _nearest(None, month, monthrange(2025, month)[1], near, ahead)


def _next_month(day: int, near: date | None) -> date | None:
    if near is None:
        return None
    first = _months_on(near.replace(day=1), 1)
    return _valid(first.year, first.month, day)


def _nearest(year: str | None, month: int, day: int, near: date | None, ahead: int) -> date | None:
    if year:
        return _valid(int(year), month, day)
    if near is None:
        return None
    soon = near + timedelta(days=ahead)  # what is announced lies ahead more often than behind
    found = [when for y in range(near.year - 1, near.year + 2) if (when := _valid(y, month, day))]
    return min(found, key=lambda when: abs((when - soon).days), default=None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
