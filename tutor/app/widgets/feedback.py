"""What is said about an answer.

In: feedback, and how maths is set. Out: parts of a sheet. Decided here: the order (what is known, the shape
first; the author's words; then the point where it shows) and the marks that stand beside the colours.
"""

from __future__ import annotations

from itertools import zip_longest

from textual.content import Content

from tutor.app.prose import Setter, prose
from tutor.app.text import line, words
from tutor.app.widgets.reading import MARGIN, place, suggested
from tutor.app.widgets.sheet import Part, blank, inset, packed, paragraph, picture, table
from tutor.session import Feedback, Witness

SIGNS = {
    "correct": ("✓", "bold $good"),
    "follows": ("✓", "bold $good"),
    "incorrect": ("✗", "bold $bad"),
    "unreadable": ("?", "bold $care"),
    "undecided": ("~", "bold $care"),
    "error": ("!", "bold $bad"),
    "revealed": ("▸", "bold $accent"),
    "read": ("▸", "bold $accent"),
}


def feedback(said: Feedback, set_maths: Setter, hidden: int = 0) -> list[Part]:
    """All that is said about an answer."""
    parts = [place(said.answer, said.span, hidden)] if said.span and said.verdict == "unreadable" else []
    parts += [_headline(said)]
    if said.again:
        parts.append(paragraph(words("You gave this answer before."), MARGIN))
    if said.said:
        parts += inset(prose(said.said, set_maths), MARGIN)
    # The author's words go before what the tutor makes out; "the two differ", or a shape that is told, adds nothing.
    if said.verdict != "correct" and said.message and not (said.said and (said.code == "other" or said.shapes)):
        parts.append(paragraph(words(said.message, "$quiet" if said.said else ""), MARGIN))
    parts += suggested(said.suggestions)
    if said.cells and said.verdict == "incorrect":
        parts += [blank(), grid(said.cells)]
    if said.witness:
        parts += [blank(), *witness(said.witness)]
    if said.formula:
        formula = said.formula
        parts.append(picture(formula.lines, formula.text, "$maths", MARGIN + 3))
    if said.verdict == "correct" and said.message:
        parts.append(paragraph(words(said.message, "$quiet"), MARGIN))
    if said.after:
        parts += inset(prose(said.after, set_maths), MARGIN)
    return parts


def _headline(said: Feedback) -> Part:
    sign, style = SIGNS[said.verdict]
    content = words(said.headline, style)
    if said.shapes:
        yours, asked = said.shapes
        content = line(content, " Its shape is ", (yours, "bold"), "; what is asked for is ", (asked, "bold"), ".")
    return paragraph(content, MARGIN, words(f" {sign}", style))


def grid(cells: tuple[tuple[str, ...], ...]) -> Part:
    """A mark for each entry, where it stands."""
    return table([[words(*SIGNS[verdict]) for verdict in row] for row in cells], indent=MARGIN + 1, gap=2)


# The witness ----------------------------------------------------------------------------------------


def witness(shown: Witness) -> list[Part]:
    """The point and both results, entry by entry; an entry that differs has a mark, not only a colour.

    A point that needs more than a line stands below: what differs must be in sight.
    """
    at = line(("At", "$quiet"), f"  {shown.place}" if shown.place else "")
    values = [line((name, "$maths"), " = ", value) for name, value in shown.point]
    (point,) = inset([packed([at, *values], gap=2, indent=4)], MARGIN)
    results = _results(shown)

    def lay(width: int) -> list[Content]:
        where, what = point(width), results(width)
        return [*where, *what] if len(where) == 1 else [*what, *where]

    return [lay]


def _results(shown: Witness) -> Part:
    if len(shown.true) <= 1 and len(shown.yours) <= 1:
        return _in_a_row(shown)
    if _is_column(shown.true) and _is_column(shown.yours):
        return _in_a_row(_turned(shown))
    return _side_by_side(shown)


def _is_column(rows: tuple[tuple[str, ...], ...]) -> bool:
    return all(len(row) == 1 for row in rows)


def _turned(shown: Witness) -> Witness:
    def turn(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        return (tuple(row[0] for row in rows),)

    differs = (tuple(row[0] for row in shown.differs),) if shown.differs else ()
    return Witness(shown.point, turn(shown.yours), turn(shown.true), differs, shown.place)


def _in_a_row(shown: Witness) -> Part:
    """A scalar, a row, or a column laid on its side: yours above the true one, marks under both."""
    yours, true = (rows[0] if rows else () for rows in (shown.yours, shown.true))
    differs = shown.differs[0] if shown.differs else ()
    rows = [
        [words("yours", "$quiet"), *_entries(yours, differs, "$bad")],
        *([[words("true", "$quiet"), *_entries(true, differs, "$good")]] if true else []),
    ]
    if any(differs):
        rows.append([Content(""), *(_mark(differ) for differ in differs)])
    return table(rows, indent=MARGIN + 1, right=True)


def _entries(values: tuple[str, ...], differs: tuple[bool, ...], style: str) -> list[Content]:
    return [
        words(value, style if differ else "")
        for value, differ in zip_longest(values, differs[: len(values)], fillvalue=False)
        if isinstance(value, str)
    ]


def _mark(differs: bool) -> Content:
    return words(*SIGNS["incorrect" if differs else "correct"])


def _side_by_side(shown: Witness) -> Part:
    """Two matrices next to each other; a mark stands behind each entry of yours."""
    wide = max((len(row) for row in shown.yours), default=0)
    label = words("  true" if shown.true else "", "$quiet")
    rows = [[words("yours", "$quiet"), *[Content("")] * max(0, wide - 1), label]]
    for yours, true, differs in zip_longest(shown.yours, shown.true, shown.differs, fillvalue=()):
        row = []
        for k in range(wide):
            value = yours[k] if k < len(yours) else ""
            differ = k < len(differs) and differs[k]
            mark = _mark(differ) if k < len(differs) else Content(" ")
            row.append(line((value, "$bad" if differ else ""), mark))
        for k, value in enumerate(true):
            differ = k < len(differs) and differs[k]
            row.append(line("  " if k == 0 else "", (value, "$good" if differ else "")))
        rows.append(row)
    return table(rows, indent=MARGIN + 1, gap=2)
