"""How an unfinished answer is understood, at every key.

In: a reading. Out: parts of a sheet. Decided here: that what cannot be read yet is said quietly, with its
place marked right under the answer line: most of the time it is only unfinished.
"""

from __future__ import annotations

from textual.content import Content

from tutor.app.text import clean, line, spaces, words
from tutor.app.widgets.sheet import Part, paragraph, picture
from tutor.excerpt import columns, underlined
from tutor.session import Reading
from tutor.source import Span

MARGIN = 3
"""The cells before the answer's first character: what stands under it is in line with it."""


def reading(read: Reading, hidden: int = 0, margin: int = MARGIN) -> list[Part]:
    """The formula with its shape, or the message; `hidden` cells of the answer line are out of sight."""
    if read.formula is not None:
        formula = read.formula
        return [picture(formula.lines, formula.text, "$maths", margin, formula.baseline, formula.shape)]
    if not read.message:
        return []
    return refused(read, hidden, margin)


def refused(read: Reading, hidden: int = 0, margin: int = MARGIN) -> list[Part]:
    """What stands in the way of reading a text, with its place and with what would work."""
    parts = [place(read.text, read.span, hidden, margin)] if read.span else []
    parts.append(paragraph(words(read.message, "$care"), margin))
    return parts + suggested(read.suggestions, margin)


def suggested(suggestions: tuple[str, ...], margin: int = MARGIN) -> list[Part]:
    """What would work: texts that can be typed."""
    if not suggestions:
        return []
    options = Content("   ").join(words(text, "$maths") for text in suggestions)
    return [paragraph(line(("Would work: ", "$quiet"), options), margin)]


def place(text: str, span: tuple[int, int], hidden: int = 0, margin: int = MARGIN) -> Part:
    """A line under the place in the answer line above."""
    start = columns(clean(text[: span[0]])) - hidden
    end = start + max(1, columns(clean(text[span[0] : span[1]])))

    def lay(width: int) -> list[Content]:
        room = width - margin
        if end > 0 and start < room:
            left = max(0, start)
            return [spaces(margin + left) + words("─" * (min(end, room) - left), "$care")]
        # The answer line has scrolled away from the place: show that part of the text again.
        line, below = underlined(text, Span(*span), room)
        return [spaces(margin) + words(line, "$quiet"), spaces(margin) + words(below, "$care")]

    return lay
