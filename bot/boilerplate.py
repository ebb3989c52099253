"""Lines of a page that are no part of its text: comment forms, signatures, notices, sharing."""

import re
from collections.abc import Iterable, Iterator

LINE = 25
"""Characters from which a line without a full stop may still be a sentence's part."""
_STOP = re.compile(r"[.!?。！？:：;；…\"”’)）]$")
_END = re.compile(
    r"^(?:leave a (?:reply|comment)|post a comment|comments?(?: \(\d+\))?|comments are closed"
    r"|related (?:articles|posts|news|stories)|you may also like|more from\b.*|read next"
    r"|about the author|share this(?: article| post)?:?)$",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"^(?:the post .{0,300} (?:appeared first on|first appeared on) "
    r"|(?:by )?(?:the )?(?:monitoring|news|web|business|foreign|digital|online|city) desk$"
    r"|(?:by )?(?:staff reporter|staff report|our correspondent|agencies|newsroom)$"
    r"|your email address will not be published|required fields are marked|save my name, email"
    r"|(?:we|(?:this|our) (?:web)?site) uses? cookies|by (?:continuing|using) .{0,60}cookies"
    r"|(?:all rights reserved|copyright|©)|(?:also )?read(?: more| also|:)|see also:|subscribe\b"
    r"|sign up (?:for|to)\b|follow us\b|share (?:on|this|via)\b|click here\b|advertisement$"
    r"|photo(?:graph)?(?: by|:)|image(?: credit|:)|source: .{0,60}$|print this page"
    r"|【?(?:关闭|打印|字号|分享到)|责任编辑|编辑[：:]|扫一扫)",
    re.IGNORECASE,
)


def without_boilerplate(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that say something, up to where the page turns to other matters."""
    said = False
    for line in (" ".join(raw.split()) for raw in lines):
        if said and _END.match(line):
            return
        if _worth(line):
            said = True
            yield line


def _worth(line: str) -> bool:
    if not line or _BOILERPLATE.match(line) or _END.match(line):
        return False
    wide = not line.isascii() and len(line.encode()) > len(line) * 2  # Chinese says more in less
    return len(line) * (2 if wide else 1) >= LINE or bool(_STOP.search(line) and " " in line)
