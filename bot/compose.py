"""What the bot says: stories as messages, in parts that every platform can render. Pure.

A trader reads the first line on a locked phone, so it holds direction, who, what and which goods,
and says so where nothing official confirms it. Unknown is said as unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import language
from bot.classify import gist, named
from bot.language import speaking, tr, trn
from bot.model import (
    Button,
    Chat,
    Direction,
    Line,
    LineStyle,
    Message,
    Report,
    Span,
    Stage,
    Story,
    StoryId,
)
from bot.remarks import reason

_LOUD = ("official:", "in force ", "until ", "now expired")  # reasons that every reader must see
_NAMED = 3  # publishers that are named before "and N more"
_TOPICS = 6  # topics that stand beside the direction


def direction(story: Story) -> str:
    """Return the word for which way a story cuts; "" where it does not, or not for sure."""
    words = {Direction.RESTRICT: tr("RESTRICTS"), Direction.EASE: tr("EASES")}
    return "" if story.label.hedged else words.get(story.label.direction, "")


def said(*lines: str, buttons: Sequence[Button] = ()) -> Message:
    """Return a plain answer, a line each."""
    return Message(lines=tuple(Line((Span(line),)) for line in lines), buttons=tuple(buttons))


def alert(story: Story, chat: Chat, matched: Sequence[str], *, undoes: bool = False) -> Message:
    """Return the alert for a story: gist, headline, the source's words, where from, why here.

    `undoes` says that the chat was told of the story which this one reverses.
    """
    with speaking(chat.language):
        said = _alert(story, chat, undoes=undoes)
    return with_matched(said, chat, matched)


def with_matched(said: Message, chat: Chat, queries: Sequence[str]) -> Message:
    """Return an alert with a line that says which of a chat's queries it matched, if any."""
    if not queries:
        return said
    with speaking(chat.language):
        why = tr("matched {queries}", queries=", ".join(queries))
    return replace(said, lines=(*said.lines, Line((Span(why),), LineStyle.SMALL)))


def _alert(story: Story, chat: Chat, *, undoes: bool) -> Message:
    lead = story.lead
    lines = [
        Line((Span(headline(story, chat, undoes=undoes), strong=True),), LineStyle.HEAD),
        Line((Span(lead.title, lead.url), Span(_language(lead, chat))), LineStyle.TITLE),
    ]
    if lead.summary:
        lines.append(Line((Span(lead.summary),), LineStyle.QUOTE))
    told = f"{credit(story, chat)} ← {story.reverses}" if undoes else credit(story, chat)
    lines.append(Line((Span(told),), LineStyle.SMALL))
    return _about(story, lines, chat, loud=undoes)


def _about(story: Story, lines: Sequence[Line], chat: Chat, *, loud: bool) -> Message:
    topics = ", ".join(named(topic, chat.language) for topic in story.label.topics[:_TOPICS])
    return Message(
        lines=tuple(lines),
        buttons=buttons(story.id),
        direction=story.label.direction,
        loud=loud,
        about=tuple(filter(None, (direction(story), topics))),
    )


def buttons(story: StoryId) -> tuple[Button, ...]:
    """Return what can be asked of a story, and done about it."""
    asked = {"story": tr("More"), "why": tr("Why"), "wrong": tr("Wrong?"), "mute": tr("Mute")}
    return tuple(Button(label, verb, story) for verb, label in asked.items())


def headline(story: Story, chat: Chat, *, undoes: bool = False) -> str:
    """Return the first line: direction, gist, and how sure it is."""
    word = tr("REVERSED") if undoes else direction(story)
    return f"{word}  {gist(story.label, chat.language)}  [{standing(story)}]".strip()


def standing(story: Story) -> str:
    """Return who stands behind a story."""
    if story.official:
        return tr("official")
    if story.label.stage is Stage.RUMOUR:
        return tr("rumour, not confirmed")
    return tr("reported, not confirmed")


def credit(story: Story, chat: Chat) -> str:
    """Return who told it, when, how soon it was seen, and the id to ask about."""
    parts = [f"{teller(story.lead)}, {dated(story.lead, chat)}"]
    if lag := _lag(story.lead):
        parts.append(lag)
    if also := others(story):
        parts.append(tr("also reported by {names}", names=also))
    return " · ".join((*parts, story.id))


def others(story: Story) -> str:
    """Return the other publishers: "Reuters, Caixin, Nikkei and 6 more"."""
    called = {report.publisher: teller(report) for report in reversed(story.reports)}
    names = [called[name] for name in story.publishers if name != story.lead.publisher]
    more = len(names) - _NAMED
    if more > 0:
        told = ", ".join(names[:_NAMED])
        return trn("{names} and {count} more", "{names} and {count} more", more, names=told)
    if len(names) < 2:
        return "".join(names)
    return tr("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def teller(report: Report) -> str:
    """Return who told a report, as people call it."""
    named = report.source if report.official else report.publisher
    return report.name or named or report.source


def dated(report: Report, chat: Chat) -> str:
    """Return when a report was published, in the chat's zone; what is not known is said so."""
    if report.published is None:
        return tr("undated, first seen {moment}", moment=moment(report.seen, chat))
    if report.day_only:  # the start of the source's own day: noon is that day in any zone near it
        return day(report.published + timedelta(hours=12))
    return moment(report.published, chat)


def day(when: date) -> str:
    """Return "19 Jun 2025", as the language spoken writes it."""
    return language.day(when)


def moment(when: datetime, chat: Chat) -> str:
    """Return "19 Jun 2025 15:04 Shanghai", in the chat's zone."""
    local = _local(when, chat)
    return f"{day(local)} {local:%H:%M} {chat.zone.rpartition('/')[2].replace('_', ' ')}"


def civil(when: datetime, chat: Chat) -> date:
    """Return the day that it is for the chat's people."""
    return _local(when, chat).date()


def _local(when: datetime, chat: Chat) -> datetime:
    try:
        return when.astimezone(ZoneInfo(chat.zone))
    except (ZoneInfoNotFoundError, ValueError):
        return when


def _lag(report: Report) -> str:
    if report.published is None or report.day_only:
        return ""
    seconds = (report.seen - report.published).total_seconds()
    return tr("seen {span} later", span=span(timedelta(seconds=max(0, seconds))))


def span(length: timedelta) -> str:
    """Return "40 s", "12 min", "2 h 10 min" or "3 d"."""
    seconds = int(length.total_seconds())
    if seconds < 90:
        return tr("{n} s", n=seconds)
    minutes = seconds // 60
    if minutes < 60:
        return tr("{n} min", n=minutes)
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return tr("{h} h {n} min", h=hours, n=rest) if rest else tr("{h} h", h=hours)
    return tr("{n} d", n=minutes // (24 * 60))


def _language(report: Report, chat: Chat) -> str:
    if not report.lang or report.lang == chat.language:
        return ""
    return f" ({language.name_of(report.lang)})"


def update(story: Story, chat: Chat, report: Report) -> Message:
    """Return a material change: what is new, in its first line, and the report that says so."""
    with speaking(chat.language):
        return _update(story, chat, report)


def _update(story: Story, chat: Chat, report: Report) -> Message:
    why = reason(story, chat.language)
    confirmed = report.official and story.reason.startswith("official")
    word = tr("NOW OFFICIAL") if confirmed else tr("UPDATE")
    lines = (
        Line((Span(f"{word}  {gist(story.label, chat.language)}", strong=True),), LineStyle.HEAD),
        Line((Span(report.title, report.url), Span(_language(report, chat))), LineStyle.TITLE),
        Line(
            (Span(f"{why} · {teller(report)}, {dated(report, chat)} · {story.id}"),),
            LineStyle.SMALL,
        ),
    )
    return _about(
        story, lines, chat, loud=any(p.startswith(_LOUD) for p in story.reason.split("; "))
    )


def row(story: Story, now: datetime) -> Line:
    """Return a story on one line of a list: age, direction, headline, who told it, id."""
    lead = story.lead
    age = span(max(now - told_at(lead), timedelta(0)))
    head = Span(f"{age:>12}  {direction(story) or '-':<9}  ")
    return Line((head, Span(lead.title, lead.url), Span(f"  {told_by(story)}  {story.id}")))


def told_by(story: Story) -> str:
    """Return who told a story first, and how many others: "Reuters + 4"."""
    count = len(story.publishers) - 1
    return f"{teller(story.lead)} + {count}" if count else teller(story.lead)


def told_at(report: Report) -> datetime:
    """Return when a report was published, where that is believable, else when it was seen."""
    return min(report.published, report.seen) if report.published else report.seen


def newest(stories: Iterable[Story]) -> list[Story]:
    """Return stories in the order of their events, the latest first, as their ages are shown."""
    return sorted(stories, key=lambda story: told_at(story.lead), reverse=True)


def listing(title: str, stories: Iterable[Story], now: datetime, *tail: str) -> Message:
    """Return a list of stories under a title, with hints below."""
    lines = [Line((Span(title, strong=True),), LineStyle.HEAD)]
    lines += [row(story, now) for story in stories]
    lines += [Line((Span(text),), LineStyle.SMALL) for text in tail]
    return Message(lines=tuple(lines))
