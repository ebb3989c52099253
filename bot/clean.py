"""Text from outside, made inert before any platform renders it. Pure."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)
_BLANKS = re.compile(r"\s+")


def clean(text: str, longest: int) -> str:
    """Return `text` on one line, without control, bidi, zero-width and lone surrogate characters.

    Cut to `longest` characters, the last of them an ellipsis where something was left out.
    """
    rough = text[: longest * 4 + 200]  # bound the work before normalising
    spaced = _BLANKS.sub(" ", rough)
    tidy = unicodedata.normalize("NFC", _INVISIBLE.sub("", spaced)).strip()
    return tidy if len(tidy) <= longest else tidy[: longest - 1].rstrip() + "…"
