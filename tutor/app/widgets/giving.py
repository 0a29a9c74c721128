"""Where an answer is given: a line to type on, options, factors in a row, or a grid, as the step wants it.

In: a way, and the text of an unfinished answer. Out: the same text as it changes, told in messages. Decided here:
every way gives a text, so that the screen treats all answers alike; and each of them needs keys only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from tutor.app.prose import Setter
from tutor.app.widgets.answer import Answer, Complete
from tutor.app.widgets.cells import Cells
from tutor.app.widgets.choices import Choices
from tutor.app.widgets.factors import Factors
from tutor.app.widgets.keys import Key
from tutor.session import Way

SHOWN_AGAIN = 1_000_000
"""As many cells out of sight: a place in such an answer is shown below it, with the text."""


class Giving(Vertical):
    """One of several widgets at a time. `offer` says which; `value` is the answer as it stands."""

    DEFAULT_CSS = """
    Giving { height: auto; width: 1fr; }
    """

    def __init__(self, complete: Complete, id: str | None = None) -> None:
        super().__init__(id=id)
        self._line = Answer(complete, id="answer")
        self._choices = Choices(id="choices")
        self._factors = Factors(id="factors")
        self._cells = Cells(id="cells")
        self._all: Sequence[Answer | Choices | Factors | Cells] = (
            self._line, self._choices, self._factors, self._cells,
        )  # fmt: skip
        self._given: Answer | Choices | Factors | Cells = self._line

    def compose(self) -> ComposeResult:
        yield from self._all

    def offer(self, way: Way, set_maths: Setter) -> None:
        """Show what this way needs, and hide the rest."""
        ways: dict[str, Choices | Factors | Cells] = {
            "choose": self._choices, "order": self._factors, "fill": self._cells,
        }  # fmt: skip
        self._given = ways.get(way.given, self._line)
        for widget in self._all:
            widget.display = widget is self._given
        if isinstance(self._given, Choices | Factors | Cells):
            self._given.offer(way, set_maths)

    @property
    def value(self) -> str:
        return self._given.value

    @property
    def hidden(self) -> int:
        """How many cells of the answer are out of sight at the left."""
        return self._line.hidden if self._given is self._line else SHOWN_AGAIN

    def height_within(self, width: int) -> int:
        """The rows that it takes."""
        return 1 if self._given is self._line else self._given.get_content_height(self.size, self.size, width)

    @property
    def keys(self) -> Iterator[Key]:
        """The keys that only this way has."""
        yield from self._given.keys

    def begin(self, text: str, earlier: Sequence[str]) -> None:
        """Start with this text; `earlier` answers, the oldest first, are what Up brings back on a line."""
        if isinstance(self._given, Answer):
            self._given.begin(text, earlier)
        else:
            self._given.begin(text)

    def remember(self, earlier: Sequence[str]) -> None:
        self._line.remember(earlier)

    def focus(self, scroll_visible: bool = True) -> Giving:
        self._given.focus(scroll_visible)
        return self
