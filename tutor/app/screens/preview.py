"""A lesson on the screen of its author: what is wrong stands below the words of the step, and every step is open.

In: a run of the lesson, and notes on it. Out: what a lesson screen tells. Decided here: where a note is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tutor.app.screens.lesson import LessonScreen
from tutor.app.text import words
from tutor.app.widgets.keys import Key
from tutor.app.widgets.sheet import Part, blank, paragraph
from tutor.session import Run
from tutor.session.preview import EVERYWHERE, Note

MARGIN = 1


class PreviewScreen(LessonScreen):
    """One lesson at work, for its author."""

    def __init__(self, run: Run, notes: Sequence[Note] = ()) -> None:
        super().__init__(run)
        self._notes = tuple(notes)
        self._is_old = False

    def note(self, notes: Sequence[Note]) -> None:
        """Show what is wrong with the lesson."""
        self._notes = tuple(notes)
        self._show_notes()

    def say_broken(self) -> None:
        """The file does not play any more: what is on the screen is the lesson as it was before."""
        self._is_old = True
        self._show_notes()

    def put_down(self) -> None:
        """Write down what stands in the answer line, before another screen takes over."""
        self._keep_draft()

    def action_next(self) -> None:
        """On to any step: an author has nothing to prove."""
        if not self._waiting and self._view.number < self._view.of:
            self._keep_draft()
            self._run.reveal()
            self._run.next()
            self._show_step()

    def action_leave(self) -> None:
        if self._waiting:
            super().action_leave()
        else:
            self.app.exit()

    def _keys(self) -> Iterator[Key]:
        offered = [key for key in super()._keys() if key.shown not in ("F6", "Esc")]
        yield from offered[:-1]
        if self._view.number < self._view.of and not self._waiting:
            yield Key("F6", "next step", "screen.next")
        yield from offered[-1:]
        yield Key("Esc", "wait no longer" if self._waiting else "quit", "screen.leave")

    def _show_notes(self) -> None:
        self._sheet("text").show(self._text())
        self._share_out()
        self.call_after_refresh(self._show_step_text)

    def _text(self) -> list[Part]:
        here = [note for note in self._notes if note.step in (self._view.id, EVERYWHERE)]
        others = list(dict.fromkeys(note.step for note in self._notes if note not in here))
        parts: list[Part] = []
        if self._is_old:
            told = "✗ The file does not play now. This is the lesson as it was."
            parts.append(paragraph(words(told, "$bad"), MARGIN))
        for note in here:
            sign, style = ("✗", "$bad") if note.is_error else ("!", "$care")
            mend = f" What would work: {note.mend}" if note.mend else ""
            parts.append(paragraph(words(f"{sign} line {note.line}: {note.message}{mend}", style), MARGIN))
        if others:
            parts.append(paragraph(words(f"! Findings in {', '.join(others)} too.", "$care"), MARGIN))
        return [*super()._text(), *([blank()] if parts else []), *parts]
