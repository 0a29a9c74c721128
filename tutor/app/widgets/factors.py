"""Factors in a row, to be put in order.

In: factors in the order in which they are shown. Out: their numbers in the order in which they stand, as an answer.
Decided here: Left and Right go from factor to factor; with Space a factor is taken along, and put down again. Before a
key is pressed there is no answer yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual import events
from textual.content import Content

from tutor.app.messages import AnswerChanged
from tutor.app.prose import Setter
from tutor.app.text import line
from tutor.app.widgets.keys import Key
from tutor.app.widgets.sheet import Sheet, packed
from tutor.session import Item, Way, numbers_in, numbers_text

STEPS = {"left": -1, "right": 1, "shift+left": -1, "shift+right": 1}


class Factors(Sheet, can_focus=True):
    """The factors of a step."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._way = Way()
        self._set: Setter | None = None
        self._order: list[Item] = []
        self._at = 0
        self._held = False
        self._touched = False

    def offer(self, way: Way, set_maths: Setter) -> None:
        self._way, self._set = way, set_maths
        self.begin("")

    def begin(self, text: str) -> None:
        by_number = {item.number: item for item in self._way.items}
        numbers = numbers_in(text)
        self._touched = sorted(numbers) == sorted(by_number)
        self._order = [by_number[number] for number in numbers] if self._touched else list(self._way.items)
        self._at, self._held = 0, False
        self._draw()

    @property
    def value(self) -> str:
        return numbers_text(item.number for item in self._order) if self._touched else ""

    @property
    def keys(self) -> Iterator[Key]:
        yield Key("←→", "move it" if self._held else "go", "", short="move" if self._held else "")
        yield Key("Space", "put down" if self._held else "take", "", short="drop" if self._held else "")

    def on_key(self, event: events.Key) -> None:
        if event.key in STEPS:
            self._step(STEPS[event.key], self._held or event.key.startswith("shift"))
        elif event.key == "space":
            self._held = not self._held
        else:
            return
        event.stop()
        event.prevent_default()
        self._touched = True
        self._draw()
        self.post_message(AnswerChanged())

    def _step(self, step: int, along: bool) -> None:
        place = min(max(self._at + step, 0), len(self._order) - 1)
        if along:
            self._order[self._at], self._order[place] = self._order[place], self._order[self._at]
        self._at = place

    def on_focus(self) -> None:
        self._draw()

    def on_blur(self) -> None:
        self._draw()

    def _draw(self) -> None:
        self.show([packed([self._factor(place) for place in range(len(self._order))], gap=1)])

    def _factor(self, place: int) -> Content:
        assert self._set is not None
        text = self._set(self._order[place].text.strip("$")).text
        if place != self._at or not self.has_focus:
            return line("  ", (text, "$maths"), "  ")
        # What is held differs in form, not in colour alone.
        opened, closed = ("« ", " »") if self._held else ("[ ", " ]")
        return line((opened, "bold $accent"), (text, "bold $maths"), (closed, "bold $accent"))
