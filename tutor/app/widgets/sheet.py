"""A sheet: parts one under the other, each laid out for the width that there is.

In: parts, which are functions from a width to lines. Out: those lines on the screen.
Decided here: that every region of the screen which only shows something is a sheet, so that laying out is a
function that can be tested without a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.app.ascii import ascii_only, rows_in_ascii
from tutor.app.text import clean, line, spaces, words

Part = Callable[[int], list[Content]]

WIDEST = 88
"""Text is not set wider than this: longer lines are hard to read."""


class Sheet(Widget):
    """Shows parts. It is told what to show, and never asks."""

    DEFAULT_CSS = """
    Sheet { height: auto; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, parts: Sequence[Part] = (), id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._parts = tuple(parts)

    def show(self, parts: Iterable[Part]) -> None:
        self._parts = tuple(parts)
        self.clear_cached_dimensions()
        self.refresh(layout=True)

    def lines(self, width: int) -> list[Content]:
        rows = [row for part in self._parts for row in part(max(1, width))]
        return [_without_ellipsis(row) for row in rows] if ascii_only() else rows

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines(width))

    def render(self) -> Content:
        return Content("\n").join(self.lines(self.content_size.width))


def _without_ellipsis(row: Content) -> Content:
    """A row that was cut: the sign for that is not ours."""
    return Content(row.plain.replace("…", "~"), list(row.spans))


def paragraph(content: Content, indent: int = 0, first: Content | None = None) -> Part:
    """Text that wraps, `indent` cells in; `first` stands before its first line, in that margin."""

    def lay(width: int) -> list[Content]:
        room = max(8, min(WIDEST, width - indent))
        rows = [_unglued(row.rstrip()) for row in content.wrap(room)]
        margin = [first.pad_right(max(0, indent - first.cell_length)) if first else spaces(indent)]
        margins = margin + [spaces(indent)] * len(rows)
        return [before + row for before, row in zip(margins, rows, strict=False)]

    return lay


GLUE = "\ue000"
"""Stands for a space at which a line must not be broken. No text has it: it is made visible elsewhere."""


def glued(content: Content, most: int = 32) -> Content:
    """The same text in one piece, where it is short enough to ask for that."""
    return Content(content.plain.replace(" ", GLUE), list(content.spans)) if len(content) <= most else content


def _unglued(row: Content) -> Content:
    return Content(row.plain.replace(GLUE, " "), list(row.spans))


def blank(count: int = 1) -> Part:
    return lambda width: [Content("")] * count


def inset(parts: Iterable[Part], by: int = 1, label: Content | None = None) -> list[Part]:
    """Parts moved in from the left; a label may stand in that margin, before the first line."""

    def shifted(part: Part, first: Content) -> Part:
        def lay(width: int) -> list[Content]:
            rows = part(width - by)
            return [(spaces(by) if k else first) + row if row or not k else row for k, row in enumerate(rows)]

        return lay

    margins = [label or spaces(by)]
    return [shifted(part, margins.pop() if margins else spaces(by)) for part in parts]


def sides(left: Content, right: Content) -> Part:
    """One line with something at either end; the left gives way."""

    def lay(width: int) -> list[Content]:
        room = width - right.cell_length - 2
        if room < 12:
            return [left.truncate(width, ellipsis=True)]
        cut = left.truncate(room, ellipsis=True)
        return [cut + spaces(width - cut.cell_length - right.cell_length) + right]

    return lay


def picture(
    lines: Sequence[str],
    text: str,
    style: str = "$maths",
    indent: int = 0,
    baseline: int = 0,
    label: str = "",
) -> Part:
    """Something set in two dimensions, with a label at the right of its baseline.

    Where there is not enough room for it, `text` is shown in its place, wrapped.
    """

    def lay(width: int) -> list[Content]:
        rows = [words(row, style) for row in (rows_in_ascii(lines) if ascii_only() else lines)]
        room = width - indent - (len(label) + 2 if label else 0)
        if max((row.cell_length for row in rows), default=0) > room:
            rows, base = words(text, style).wrap(max(8, room)), 0
        else:
            base = baseline
        rows = [spaces(indent) + row for row in rows]
        if label and rows:
            rows[base] = _labelled(rows[base], label, width)
        return rows

    return lay


def _labelled(row: Content, label: str, width: int) -> Content:
    at_most = min(width, WIDEST)
    gap = max(2, at_most - row.cell_length - len(label) - 1)
    return row + spaces(gap) + words(label, "$quiet")


def packed(items: Sequence[Content], gap: int = 4, indent: int = 0) -> Part:
    """Items one after the other on as few lines as there is room for, none of them broken.

    Every line but the first begins `indent` cells in.
    """

    def lay(width: int) -> list[Content]:
        rows: list[Content] = []
        for item in items:
            last = rows[-1] if rows else None
            if last is not None and last.cell_length + gap + item.cell_length <= width:
                rows[-1] = last + spaces(gap) + item
            else:
                rows.append(spaces(indent if rows else 0) + item)
        return [row.truncate(width, ellipsis=True) for row in rows]

    return lay


def table(rows: Sequence[Sequence[Content]], indent: int = 0, gap: int = 3, right: bool = False) -> Part:
    """Cells in columns that are as wide as they have to be; numbers stand at the right of theirs."""

    def lay(width: int) -> list[Content]:
        count = max((len(row) for row in rows), default=0)
        widths = [max((row[k].cell_length for row in rows if k < len(row)), default=0) for k in range(count)]
        laid = []
        for row in rows:
            content = spaces(indent)
            for k, cell in enumerate(row):
                fill = spaces(widths[k] - cell.cell_length)
                at_right = right and k > 0
                content += (spaces(gap) if k else Content("")) + (fill + cell if at_right else cell + fill)
            laid.append(content.rstrip().truncate(width, ellipsis=True))
        return laid

    return lay


__all__ = [
    "WIDEST",
    "Part",
    "Sheet",
    "blank",
    "clean",
    "line",
    "packed",
    "paragraph",
    "picture",
    "sides",
    "table",
]


def columns(items: Sequence[Content], indent: int = 0, gap: int = 3) -> Part:
    """Short items in as many columns as there is room for, read downwards."""

    def lay(width: int) -> list[Content]:
        wide = max((item.cell_length for item in items), default=1) + gap
        across = max(1, (min(width, WIDEST) - indent) // wide)
        down = -(-len(items) // across)
        grid = [items[row::down] for row in range(down)]
        return [
            Content("").join([spaces(indent), *(item.pad_right(wide - item.cell_length) for item in row)])
            for row in grid
        ]

    return lay


def entries(rows: Sequence[tuple[Content, Content]], indent: int = 0, gap: int = 3) -> Part:
    """Two columns, the second of which wraps; a first cell that is too wide has a line of its own."""

    def lay(width: int) -> list[Content]:
        most = max(12, width // 2 - indent)
        first = max((left.cell_length for left, _ in rows if left.cell_length <= most), default=0) + gap
        laid: list[Content] = []
        for left, right in rows:
            if left.cell_length > most:
                laid += inset([paragraph(left)], indent)[0](width)
                left = Content("")
            if right or left:
                laid += paragraph(right, indent + first, spaces(indent) + left)(width)
        return laid

    return lay
