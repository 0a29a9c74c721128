"""A lesson's picture on the whole screen, where there is no room for it beside the lesson.

In: a run. Out: nothing. Decided here: nothing but the frame.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen

from tutor.app.text import words
from tutor.app.widgets.keys import Key, Keys
from tutor.app.widgets.picture import drawn
from tutor.app.widgets.sheet import Sheet, sides
from tutor.session import Run


class PictureScreen(Screen[None]):
    """The picture, as large as the screen allows."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f9,enter", "leave", show=False)]

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def compose(self) -> ComposeResult:
        yield Sheet([sides(words(self._run.title, "bold"), words("picture", "$quiet"))], id="header")
        with Vertical(id="page"):
            yield Sheet([drawn(self._run, lambda width: self.size.height - 2)], id="picture")
        yield Keys(id="keys")

    def on_mount(self) -> None:
        self.query_one(Keys).offer([Key("Esc", "back", "screen.leave")])

    def action_leave(self) -> None:
        self.dismiss()
