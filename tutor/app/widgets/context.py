"""The declared names: what an answer may speak of.

In: declared variables and definitions. Out: parts of a sheet. Decided here: their two forms, one line above
the board where the screen is narrow, and a column beside it where it is wide.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tutor.app.text import line, words
from tutor.app.widgets.sheet import Part, blank, packed, paragraph, picture, table
from tutor.session import Declared, Edge


def names_line(declared: Sequence[Declared]) -> list[Part]:
    """`w, x  n×1    b  1    z = wᵀx + b`, on as few lines as there is room for."""
    return [packed([_item(each) for each in declared])]


def names_column(declared: Sequence[Declared]) -> list[Part]:
    """Variables with type and shape, then each definition set in two dimensions."""
    parts: list[Part] = []
    variables = [each for each in declared if each.formula is None]
    definitions = [each for each in declared if each.formula is not None]
    if variables:
        parts += [_heading("Variables"), *map(_variable, variables), blank()]
    if definitions:
        parts += [_heading("Definitions")]
        for each in definitions:
            parts += [*_definition(each), blank()]
    return parts


def graph(edges: Sequence[Edge]) -> list[Part]:
    """What goes into what, with the local derivatives that are found so far."""
    if not any(edge.local for edge in edges):
        return []
    rows = [
        [
            line((edge.by, "$maths"), (" → ", "$quiet"), (edge.of, "$maths")),
            words(edge.local.text, "bold $good") if edge.local else words("?", "$quiet"),
        ]
        for edge in edges
    ]
    return [_heading("Local derivatives found so far"), table(rows, indent=1)]


def _heading(text: str) -> Part:
    return paragraph(words(text, "$quiet"))


def _item(each: Declared) -> Content:
    names = ", ".join(each.names)
    if each.formula is None:
        return line((names, "$maths"), "  ", (each.shape or each.type, "$quiet"))
    return line((f"{names} = {each.formula.text}", "$maths"))


def _variable(each: Declared) -> Part:
    names = words(", ".join(each.names), "$maths")
    return paragraph(line(names, "  ", (each.shape, ""), "  ", (each.type, "$quiet")), indent=1)


def _definition(each: Declared) -> list[Part]:
    formula = each.formula
    assert formula is not None
    name = f"{', '.join(each.names)} = "
    lines = [
        (name if number == formula.baseline else " " * len(name)) + row for number, row in enumerate(formula.lines)
    ]
    return [picture(lines, name + formula.text, indent=1, baseline=formula.baseline, label=each.shape)]
