"""The one door for text on the screen: whatever it holds, it is only ever text.

In: text from answers, lessons, messages. Out: `Content` in which nothing is markup and nothing can speak to
the terminal. Decided here: that every `Content` is made here, from text that was made visible first.
"""

from __future__ import annotations

from textual.content import Content
from textual.style import Style

from tutor.app.ascii import ascii_only, in_ascii
from tutor.excerpt import visible


def clean(text: str) -> str:
    """The text with every control character made visible, on as many lines as before; in ASCII where it has to be."""
    shown = "\n".join(map(visible, text.split("\n")))
    return in_ascii(shown) if not shown.isascii() and ascii_only() else shown


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
