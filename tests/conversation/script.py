"""A conversation as a text file: what is typed, pressed or published, and what then must be seen.

> /latest gallium       typed in a direct chat with the bot
group> /mute            typed in a group by one who runs it
guest> /mute            typed there by somebody else; the console knows neither
] Why                   the newest button of this name is pressed
* rss: Title | Text     published, and polled
~ 2h                    time that passes
= words                 must be seen, in any message that came since
! words                 must not
& name pattern          remembers what the pattern's group finds, to be used as {name}
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

DESK = Path(__file__).parent.parent / "data/conversation/desk.txt"
_LINE = re.compile(r"(?P<sign>>|group>|guest>|\]|\*|~|=|!|&) (?P<text>.+)")


@dataclass(slots=True)
class Turn:
    """Something that is done, and what must come of it; `line` is where the script says so."""

    line: int
    sign: str
    text: str
    seen: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)

    def expect(self, sign: str, text: str) -> None:
        """Take a line that says what must come of it."""
        if sign == "&":
            name, pattern = text.split(" ", 1)
            self.kept[name] = pattern
        else:
            (self.seen if sign == "=" else self.unseen).append(text)


def turns(path: Path = DESK) -> list[Turn]:
    """Return a script's turns."""
    made: list[Turn] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        assert found, f"{path.name}:{number} is no line of a script"
        sign, text = found["sign"], found["text"]
        if sign in "=!&":
            made[-1].expect(sign, text)
        else:
            made.append(Turn(number, sign, text))
    return made
