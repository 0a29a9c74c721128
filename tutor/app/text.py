"""The one door for text on the screen: whatever it holds, it is only ever text.

In: text from answers, lessons, messages. Out: `Content` in which nothing is markup and nothing can speak to
the terminal. Decided here: what stands in for a character that must not reach it.
"""

from __future__ import annotations

import unicodedata

from textual.content import Content
from textual.style import Style

MISSING = "\N{REPLACEMENT CHARACTER}"
# Format characters (Cf) would reorder or hide what follows; these two only join letters, and do no harm.
HARMLESS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


def clean(text: str) -> str:
    """The text with every control character made visible, on as many lines as before."""
    return text if text.isascii() and text.isprintable() else "".join(map(_seen, text))


def words(text: str, style: str | Style = "") -> Content:
    """A text in one style. The only way from a text to the screen."""
    return Content.styled(clean(text), style) if style else Content(clean(text))


def line(*parts: str | Content | tuple[str, str | Style]) -> Content:
    """Several texts in their styles, one after the other."""
    content = Content("")
    for part in parts:
        if isinstance(part, Content):
            content += part
        else:
            content += words(part) if isinstance(part, str) else words(*part)
    return content


def spaces(count: int) -> Content:
    return Content(" " * max(0, count))


def _seen(character: str) -> str:
    code = ord(character)
    if character == "\n":
        return character
    if character == "\t":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    kind = unicodedata.category(character)
    if kind in ("Cc", "Cs", "Zl", "Zp") or (kind == "Cf" and character not in HARMLESS):
        return MISSING
    return character
