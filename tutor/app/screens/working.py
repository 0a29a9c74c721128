"""The derivation of a step, to look at.

In: a working. Out: nothing. Decided here: nothing beyond its place: over the lesson, which stays as it is.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen

from tutor.app.text import words
from tutor.app.widgets.keys import Key, Keys
from tutor.app.widgets.sheet import Sheet, blank, sides
from tutor.app.widgets.working import working
from tutor.session import Working


class WorkingScreen(Screen[None]):
    """How the tutor gets to an answer, line by line."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f4,enter", "leave", show=False)]

    def __init__(self, title: str, shown: Working) -> None:
        super().__init__()
        self._heading = title
        self._shown = shown

    def compose(self) -> ComposeResult:
        yield Sheet([sides(words(self._heading, "bold"), words("the working", "$quiet"))], id="header")
        with VerticalScroll(id="page"):
            yield Sheet([blank(), *working(self._shown)])
        yield Keys(id="keys")

    def on_mount(self) -> None:
        self.query_one("#page").focus()
        self.query_one(Keys).offer([Key("↑↓ PgUp/Dn", "scroll", ""), Key("Esc", "back", "screen.leave")])

    def action_leave(self) -> None:
        self.dismiss()
