"""Options to choose from, one below the other.

In: items in the order in which they are shown. Out: the numbers of those that are chosen, as an answer. Decided
here: a number key or an arrow chooses; where several may be right, each is taken and given back by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual import events
from textual.content import Content

from tutor.app.messages import AnswerChanged
from tutor.app.prose import Setter, prose
from tutor.app.text import words
from tutor.app.widgets.keys import Key
from tutor.app.widgets.sheet import Part, Sheet, inset
from tutor.session import Way, numbers_in, numbers_text

CHOSEN, OPEN = {False: "●", True: "■"}, {False: "○", True: "□"}
"""A mark for what is chosen and for what is not, round where only one can be."""


class Choices(Sheet, can_focus=True):
    """The options of a step."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._way = Way()
        self._set: Setter | None = None
        self._at = 0
        self._chosen: set[int] = set()

    def offer(self, way: Way, set_maths: Setter) -> None:
        self._way, self._set = way, set_maths
        self.begin("")

    def begin(self, text: str) -> None:
        numbers = [item.number for item in self._way.items]
        self._chosen = set(numbers_in(text)).intersection(numbers)
        self._at = next((k for k, number in enumerate(numbers) if number in self._chosen), 0)
        self._draw()

    @property
    def value(self) -> str:
        return numbers_text(sorted(self._chosen))

    @property
    def keys(self) -> Iterator[Key]:
        count = len(self._way.items)
        yield Key(f"1–{count}", "choose", "")
        yield Key("↑↓", "move", "", rank=5)
        if self._way.many:
            yield Key("Space", "take, give back", "", rank=2)

    def on_key(self, event: events.Key) -> None:
        count = len(self._way.items)
        if event.key in ("up", "down"):
            self._at = (self._at + (1 if event.key == "down" else -1)) % max(1, count)
            self._choose(self._way.many)
        elif event.key == "space":
            self._choose()
        elif event.key.isdigit() and 1 <= int(event.key) <= count:
            self._at = int(event.key) - 1
            self._choose()
        else:
            return
        event.stop()
        event.prevent_default()

    def _choose(self, only_look: bool = False) -> None:
        number = self._way.items[self._at].number
        if only_look:
            pass
        elif self._way.many:
            self._chosen ^= {number}
        else:
            self._chosen = {number}
        self._draw()
        self.post_message(AnswerChanged())

    def on_focus(self) -> None:
        self._draw()

    def on_blur(self) -> None:
        self._draw()

    def _draw(self) -> None:
        self.show([part for place in range(len(self._way.items)) for part in self._option(place)])

    def _option(self, place: int) -> list[Part]:
        item, here = self._way.items[place], place == self._at and self.has_focus
        chosen = item.number in self._chosen
        mark = (CHOSEN if chosen else OPEN)[self._way.many]
        label = words(f"{'▸' if here else ' '}{mark} {place + 1}  ", "bold $accent" if here or chosen else "$quiet")
        assert self._set is not None
        return inset(prose(item.text, self._set, "bold" if chosen else ""), label.cell_length, label) or [
            lambda width: [Content("")]
        ]
