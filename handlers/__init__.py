"""Chat commands: one platform-neutral module each, listed in `HANDLERS`."""

from collections.abc import Mapping

from bot.model.verbs import Changing
from handlers import (
    export,
    forget,
    help,  # noqa: A004  # the command is called help
    import_,
    language,
    latest,
    mute,
    pause,
    quiet,
    remind,
    reminders,
    reports,
    resume,
    search,
    sources,
    start,
    status,
    story,
    subscribe,
    subscriptions,
    test,
    timezone,
    topics,
    unmute,
    unsubscribe,
    upcoming,
    why,
    wrong,
)
from handlers._handler import Handler

HANDLERS: Mapping[str, Handler] = {
    handler.verb: handler
    for handler in (
        start.HANDLER,
        subscribe.HANDLER,
        unsubscribe.HANDLER,
        subscriptions.HANDLER,
        latest.HANDLER,
        search.HANDLER,
        test.HANDLER,
        upcoming.HANDLER,
        story.HANDLER,
        why.HANDLER,
        wrong.HANDLER,
        quiet.HANDLER,
        pause.HANDLER,
        resume.HANDLER,
        timezone.HANDLER,
        mute.HANDLER,
        unmute.HANDLER,
        remind.HANDLER,
        reminders.HANDLER,
        topics.HANDLER,
        sources.HANDLER,
        status.HANDLER,
        reports.HANDLER,
        export.HANDLER,
        import_.HANDLER,
        forget.HANDLER,
        language.HANDLER,
        help.HANDLER,
    )
}
"""Every command, in the order in which /help shows them."""
CHANGES = Changing.of(HANDLERS)
"""Those that change what a chat gets."""

__all__ = ["CHANGES", "HANDLERS", "Handler"]
