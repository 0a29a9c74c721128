"""Help: the keys, and the notation that answers may use.

In: tables of the notation. Out: nothing. Decided here: the order: keys first, then what is typed most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen

from tutor.app.text import line, words
from tutor.app.widgets.keys import Key, Keys
from tutor.app.widgets.sheet import Part, Sheet, blank, columns, entries, paragraph, sides
from tutor.session import Table

KEYS = (
    ("⏎", "check the answer; after a right one, go on"),
    ("F2", "one hint after the other; the last one is the answer"),
    ("F3", "break a step down into smaller questions, and come back with what they found out"),
    ("F4", "show the answer and go on; after that, how one gets to it"),
    ("F5  F6", "the step before, the step after"),
    ("F7", "begin a step anew"),
    ("Ctrl+R", "I think I am right: write a verdict down for someone to look at"),
    ("↑ ↓", "bring earlier answers back"),
    ("PgUp PgDn", "scroll"),
    ("Tab", "after \\lambda: write λ, and so for every symbol below"),
    ("F8", "light or dark"),
    ("F9", "the picture of a lesson, where it has one"),
    ("Esc", "wait no longer; back to the lessons; from there, quit"),
)


class HelpScreen(Screen[None]):
    """What can be pressed, and what can be typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,enter", "leave", show=False)]

    def __init__(self, tables: Sequence[Table]) -> None:
        super().__init__()
        self._tables = tables

    def compose(self) -> ComposeResult:
        yield Sheet([sides(words("Keys and notation", "bold"), words("help", "$quiet"))], id="header")
        with VerticalScroll(id="page"):
            yield Sheet(_keys())
            for shown in self._tables:
                yield Sheet(_table(shown))
        yield Keys(id="keys")

    def on_mount(self) -> None:
        self.query_one("#page").focus()
        self.query_one(Keys).offer(
            [
                Key("↑↓ PgUp/Dn", "scroll", ""),
                Key("F8", "light or dark", "app.other_theme"),
                Key("Esc", "back", "screen.leave"),
            ]
        )

    def action_leave(self) -> None:
        self.dismiss()


def _keys() -> list[Part]:
    rows = [(words(key, "bold $accent"), words(what)) for key, what in KEYS]
    return [blank(), paragraph(words("Keys", "bold"), 1), entries(rows, 3)]


def _table(shown: Table) -> list[Part]:
    heading = [blank(), paragraph(words(shown.title, "bold"), 1)]
    if all(0 < len(meaning) <= 2 for _, meaning in shown.rows):
        pairs = [line((typed, "$maths"), " ", meaning) for typed, meaning in shown.rows]
        return [*heading, columns(pairs, indent=3)]
    return [*heading, entries([(words(typed, "$maths"), words(meaning)) for typed, meaning in shown.rows], 3)]
