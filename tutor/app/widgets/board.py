"""The derivation so far: one line for each step that is behind the learner.

In: board lines. Out: parts of a sheet. Decided here: that a line is set in two dimensions where there is
height for it, and on one line of text where there is not.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tutor.app.text import spaces, words
from tutor.app.widgets.sheet import WIDEST, Part, blank, paragraph, picture
from tutor.session import BoardLine, Formula

# The form differs, and a word says it: nothing is told by colour alone.
MARKS = {"solved": ("✓", "$good"), "revealed": ("shown", "$quiet"), "open": ("", "")}
MARGIN = 4
LABELS = 26
TALL = 18
"""Rows from which on lines are set in two dimensions."""


def board(lines: Sequence[BoardLine], height: int, here: str = "") -> list[Part]:
    """The lines of the board; the step that the learner looks at is pointed out by its number.

    `height` is how many rows it may take: with enough of them the lines are set in two dimensions, with
    more there is air between them.
    """
    rows = sum(len(shown.formula.lines) for shown in lines)
    tall = height >= TALL
    airy = tall and rows + len(lines) <= height
    parts: list[Part] = []
    for number, shown in enumerate(lines):
        if number and airy:
            parts.append(blank())
        parts.append(_row(shown, tall, shown.step == here))
    return parts


def learned(formulas: Sequence[Formula]) -> list[Part]:
    """What smaller questions of this step found out: its own part of the board, beside what it is for."""
    sign = words("  ✓", "$good")
    return [paragraph(words(formula.text, "$maths"), MARGIN, sign) for formula in formulas]


def _row(shown: BoardLine, tall: bool, here: bool) -> Part:
    formula = shown.formula

    def lay(width: int) -> list[Content]:
        room = min(width - 1, WIDEST)
        labels = LABELS if room >= 70 else 8
        lines = formula.lines if tall else (formula.text,)
        rows = picture(lines, formula.text)(room - MARGIN - labels)
        base = formula.baseline if tall and len(rows) == len(formula.lines) else 0
        number = words(f"{shown.number:>2}{'▸' if here else ' '}", "$accent" if here else "$quiet")
        laid = []
        for k, row in enumerate(rows):
            margin = (number if k == base else spaces(3)) + spaces(MARGIN - 3)
            laid.append(margin + row)
        laid[base] = _labelled(laid[base], shown, room, labels)
        return laid

    return lay


def _labelled(row: Content, shown: BoardLine, width: int, room: int) -> Content:
    mark, style = MARKS[shown.mark]
    end = words(f"{mark:>6}", style)
    title = words(shown.title if room > 8 else "", "$quiet").truncate(max(0, room - 8), ellipsis=True)
    gap = width - row.cell_length - max(0, room - 8) - end.cell_length
    return row + spaces(max(1, gap)) + title + spaces(room - 8 - title.cell_length) + end
