"""How an unfinished answer is understood, at every key.

In: a reading. Out: parts of a sheet. Decided here: that what cannot be read yet is said quietly, with its
place marked right under the answer line: most of the time it is only unfinished.
"""

from __future__ import annotations

from textual.content import Content

from tutor.app.text import clean, line, spaces, words
from tutor.app.widgets.sheet import Part, paragraph, picture
from tutor.session import Reading

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
    start = Content(clean(text[: span[0]])).cell_length - hidden
    length = max(1, Content(clean(text[span[0] : span[1]])).cell_length)
    end = start + length
    start = max(0, start)

    def lay(width: int) -> list[Content]:
        room = width - MARGIN
        if end <= 0 or start >= room:
            return [_out_of_sight(text, span, room)]
        return [spaces(MARGIN + start) + words("─" * (min(end, room) - start), "$care")]

    return lay


def _out_of_sight(text: str, span: tuple[int, int], room: int) -> Content:
    """The place itself, where the answer line has scrolled away from it."""
    before, there = clean(text[: span[0]])[-12:], clean(text[span[0] : span[1]])
    content = line(spaces(MARGIN), ("… " + before, "$quiet"), (there, "underline $care"))
    return content.truncate(room, ellipsis=True)
