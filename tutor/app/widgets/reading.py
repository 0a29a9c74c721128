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


def reading(read: Reading, hidden: int = 0) -> list[Part]:
    """The formula with its shape, or the message; `hidden` cells of the answer line are out of sight."""
    if read.formula is not None:
        formula = read.formula
        return [picture(formula.lines, formula.text, "$maths", MARGIN, formula.baseline, formula.shape)]
    if not read.message:
        return []
    parts = [place(read.text, read.span, hidden)] if read.span else []
    parts.append(paragraph(words(read.message, "$care"), MARGIN))
    return parts + suggested(read.suggestions)


def suggested(suggestions: tuple[str, ...]) -> list[Part]:
    """What would work: texts that can be typed."""
    if not suggestions:
        return []
    options = Content("   ").join(words(text, "$maths") for text in suggestions)
    return [paragraph(line(("Would work: ", "$quiet"), options), MARGIN)]


def place(text: str, span: tuple[int, int], hidden: int = 0) -> Part:
    """A line under the place in the answer line above."""
    start = columns(clean(text[: span[0]])) - hidden
    end = start + max(1, columns(clean(text[span[0] : span[1]])))

    def lay(width: int) -> list[Content]:
        room = width - MARGIN
        if end > 0 and start < room:
            left = max(0, start)
            return [spaces(MARGIN + left) + words("─" * (min(end, room) - left), "$care")]
        # The answer line has scrolled away from the place: show that part of the text again.
        line, below = underlined(text, Span(*span), room)
        return [spaces(MARGIN) + words(line, "$quiet"), spaces(MARGIN) + words(below, "$care")]

    return lay
