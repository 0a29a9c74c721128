"""The end of a lesson: what was done, and what could come next.

In: the summary of a run, and the lesson that follows, if any. Out: `Chosen` or `Left`.
Decided here: that an end counts what was understood, and shows the whole derivation once more.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen

from tutor.app.messages import Chosen, Left
from tutor.app.text import line, words
from tutor.app.widgets.board import board
from tutor.app.widgets.keys import Key, Keys
from tutor.app.widgets.sheet import Part, Sheet, blank, paragraph, sides
from tutor.session import LessonCard, Summary


class EndScreen(Screen[None]):
    """A lesson at its end."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, summary: Summary, after: LessonCard | None) -> None:
        super().__init__()
        self._summary = summary
        self._after = after

    def compose(self) -> ComposeResult:
        yield Sheet([sides(words(self._summary.title, "bold"), words("the end", "$quiet"))], id="header")
        with VerticalScroll(id="page"):
            yield Sheet(_said(self._summary, self._after))
            yield Sheet(id="board")
        yield Keys(id="keys")

    def on_mount(self) -> None:
        self.query_one("#page").focus()
        self.query_one(Keys).offer(
            [
                *([Key("⏎", "next lesson", "screen.go_on")] if self._after else []),
                Key("↑↓", "scroll", "", rank=1),
                Key("F1", "help", "app.help"),
                Key("Esc", "lessons", "screen.leave"),
            ]
        )

    def on_resize(self) -> None:
        self.query_one("#board", Sheet).show(board(self._summary.board, self.size.height - 8))

    def action_go_on(self) -> None:
        if self._after is not None:
            self.post_message(Chosen.card(self._after))
        else:
            self.action_leave()

    def action_leave(self) -> None:
        self.post_message(Left())


def _said(summary: Summary, after: LessonCard | None) -> list[Part]:
    counts = [
        f"{summary.solved} solved",
        *([f"{summary.revealed} shown"] if summary.revealed else []),
        *([f"{summary.read} read"] if summary.read else []),
        _counted(summary.mistakes, "wrong answer on the way", "wrong answers on the way"),
        _counted(summary.hints, "hint", "hints"),
    ]
    parts = [
        blank(),
        paragraph(line(("✓ This lesson is done.", "bold $good"), "  ", " · ".join(counts) + "."), 1),
    ]
    if summary.source:
        parts.append(paragraph(words(f"After {summary.source}.", "$quiet"), 1))
    if after:
        following = line(("Next: ", "$quiet"), (after.title, "bold"), "  ", after.summary)
        parts += [blank(), paragraph(following, 1)]
    return [*parts, blank()]


def _counted(count: int, one: str, many: str) -> str:
    return f"no {many}" if count == 0 else f"{count} {one if count == 1 else many}"
