"""A grid of entries to fill in.

In: how many rows and columns, and the text of an unfinished answer. Out: the text as it changes. Decided here: Tab
goes to the next entry, the arrows to the one beside, above or below. Enter goes to the next that is empty, and hands
in where none is, or all are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Input

from tutor.app.messages import AnswerChanged, AnswerHandedIn
from tutor.app.prose import Setter
from tutor.app.widgets.answer import Line
from tutor.app.widgets.keys import Key
from tutor.session import Way, grid_cells, grid_text


class Cell(Line):
    """One entry."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "leave(0, 1)", show=False),
        Binding("enter", "enter", show=False),
        Binding("shift+tab", "leave(0, -1)", show=False),
        Binding("up", "leave(-1, 0)", show=False),
        Binding("down", "leave(1, 0)", show=False),
        Binding("left", "left", show=False),
        Binding("right", "right", show=False),
    ]

    DEFAULT_CSS = """
    Cell { border: none; height: 1; padding: 0 1; background: $panel; color: $maths; }
    Cell:focus { border: none; background-tint: $background 0%; background: $panel-lighten-2; text-style: bold; }
    Cell>.input--placeholder { color: $quiet; text-style: not bold; }
    """

    class Left(Message):
        """A key leads to another entry, so many rows and columns away."""

        def __init__(self, cell: Cell, rows: int, columns: int) -> None:
            super().__init__()
            self.cell = cell
            self.rows = rows
            self.columns = columns

    class Entered(Message):
        """Enter was pressed in an entry."""

    def __init__(self, value: str, row: int, column: int) -> None:
        # A sign for what is wanted: where colours are few, an empty field looks like the ground around it.
        super().__init__(value=value, placeholder="?", compact=True, select_on_focus=False)
        self.place = row, column

    def action_leave(self, rows: int, columns: int) -> None:
        self.post_message(self.Left(self, rows, columns))

    def action_enter(self) -> None:
        self.post_message(self.Entered())

    def action_left(self) -> None:
        if self.cursor_position:
            self.action_cursor_left()
        else:
            self.action_leave(0, -1)

    def action_right(self) -> None:
        if self.cursor_position < len(self.value):
            self.action_cursor_right()
        else:
            self.action_leave(0, 1)


class Cells(Grid):
    """The entries of a step."""

    DEFAULT_CSS = """
    Cells { height: auto; grid-gutter: 0 1; grid-rows: 1; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._way = Way()
        self._texts: list[list[str]] = []
        self._cells: dict[tuple[int, int], Cell] = {}

    def offer(self, way: Way, set_maths: Setter) -> None:
        self._way = way
        self.begin("")

    def begin(self, text: str) -> None:
        way = self._way
        self._texts = [list(row) for row in grid_cells(text, way.rows, way.columns)]
        if list(self._cells) == [(row, column) for row in range(way.rows) for column in range(way.columns)]:
            for (row, column), cell in self._cells.items():
                cell.value = self._texts[row][column]
            return
        self.remove_children()
        self._cells = {
            (row, column): Cell(text, row, column)
            for row, texts in enumerate(self._texts)
            for column, text in enumerate(texts)
        }
        self.styles.grid_size_columns = max(1, way.columns)
        self.styles.grid_size_rows = max(1, way.rows)
        self.mount(*self._cells.values())

    @property
    def value(self) -> str:
        return grid_text(self._texts) if any(cell.strip() for row in self._texts for cell in row) else ""

    @property
    def keys(self) -> Iterator[Key]:
        yield Key("Tab", "next entry", "", short="next")
        yield Key("↑↓", "row", "", rank=5)

    def focus(self, scroll_visible: bool = True) -> Cells:
        cells = self._cells.values()
        first = next((cell for cell in cells if not cell.value.strip()), next(iter(cells), None))
        if first is not None:
            first.focus(scroll_visible)
        return self

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, self._way.rows)

    @on(Input.Changed)
    def _cell_changed(self, event: Input.Changed) -> None:
        event.stop()
        if isinstance(event.input, Cell) and event.input in self._cells.values():
            row, column = event.input.place
            if self._texts[row][column] != event.value:
                self._texts[row][column] = event.value
                self.post_message(AnswerChanged())

    @on(Cell.Left)
    def _cell_left(self, event: Cell.Left) -> None:
        event.stop()
        row, column = event.cell.place
        places = list(self._cells)
        if event.rows:
            target = (row + event.rows, column)
        else:
            index = places.index((row, column)) + event.columns
            target = places[index] if 0 <= index < len(places) else (-1, -1)
        if target in self._cells:
            self._cells[target].focus()

    @on(Cell.Entered)
    def _cell_entered(self, event: Cell.Entered) -> None:
        event.stop()
        empty = [cell for cell in self._cells.values() if not cell.value.strip()]
        if 0 < len(empty) < len(self._cells):
            empty[0].focus()
        else:
            self.post_message(AnswerHandedIn())
