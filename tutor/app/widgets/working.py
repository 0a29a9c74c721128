"""A derivation with its working: line after line, each with its rule and shape.

In: a working. Out: parts of a sheet. Decided here: that what a part stands for comes first, then its derivative, as
the brightest thing, and then, quietly, why.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from tutor.app.text import line, spaces, words
from tutor.app.widgets.sheet import Part, blank, inset, paragraph, picture
from tutor.session import WorkedLine, Working

MARGIN = 5


def working(shown: Working) -> list[Part]:
    """All lines, and the result once more at the end."""
    parts: list[Part] = []
    for number, worked in enumerate(shown.lines, 1):
        parts += [*_line(number, worked), blank()]
    result = shown.result
    label = words(" ✓", "bold $good")
    last = inset([picture(result.lines, result.text, "bold $maths", 0, result.baseline, result.shape)], MARGIN)
    return [*parts, paragraph(line(label, "  ", ("The result, judged like any answer:", "$quiet"))), blank(), *last]


def _line(number: int, worked: WorkedLine) -> Iterator[Part]:
    label = words(f"{number:>3}  ", "$quiet")
    if worked.part is not None:
        yield from inset([_titled(worked.part.text, worked.rule)], MARGIN, label)
        label = spaces(MARGIN)
    equation = worked.equation
    yield from inset(
        [picture(equation.lines, equation.text, "$maths", 0, equation.baseline, equation.shape)], MARGIN, label
    )
    if worked.part is None:
        yield paragraph(words(worked.rule, "$accent"), MARGIN)
    if worked.sentence:
        yield paragraph(words(worked.sentence, "$quiet"), MARGIN)


def _titled(part: str, rule: str) -> Part:
    content: Content = line(("let ", "$quiet"), (part, ""), "   ", (rule, "$accent"))
    return paragraph(content)
