"""What the settings choose by name: the operator's chat, and the rows of the catalogue."""

from pathlib import Path

from bot import catalogue
from bot.errors import SettingsError
from bot.model import Chat, ChatId, Row
from bot.settings import Settings


def chat_named(text: str) -> Chat:
    """Return the chat of an id such as "telegram:77:-1001". Raises SettingsError."""
    parts = text.split(":")
    if len(parts) not in {3, 4}:
        raise SettingsError(f'OPERATOR_CHAT is "{text}"; it is written platform:account:room.')
    platform, account, room, *thread = parts
    return Chat(
        id=ChatId(text), platform=platform, account=account, room=room, thread="".join(thread)
    )


def rows_of(settings: Settings) -> tuple[Row, ...]:
    """Return the catalogue that the settings ask for. Raises SettingsError."""
    own = Path(catalogue.__file__).parent.parent / "sources" / "catalogue.toml"
    paths = [settings.sources or own, *filter(None, [settings.sources_extra])]
    rows: dict[str, Row] = {}
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise SettingsError(
                f"The catalogue {path} cannot be read: {error.strerror}."
            ) from error
        rows |= {row.name: row for row in catalogue.load(text, str(path))}
    return tuple(rows.values())
