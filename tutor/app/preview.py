"""The program for the author of a lesson: the lesson on the screen, anew whenever its file is saved.

In: a lesson file. Out: screens. Decided here: how a change is noticed, by looking at the file's time and size, which
works on every disk; and that a file which does not play leaves what was there before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from tutor.app.app import TutorApp

if TYPE_CHECKING:
    from tutor.session import Run
    from tutor.session.preview import Note, Preview

LOOK_EVERY = 0.3
"""Seconds between two looks at the file."""


class PreviewApp(TutorApp):
    """A preview on the screen."""

    def __init__(self, start: Callable[[], Preview]) -> None:
        super().__init__(start)
        self._notes: Sequence[Note] = ()

    def _begin(self) -> None:
        super()._begin()
        self.set_interval(LOOK_EVERY, self._look)
        self._lint()

    def lesson_screen(self, run: Run) -> Screen[None]:
        from tutor.app.screens.preview import PreviewScreen

        return PreviewScreen(run, self._notes)

    def _look(self) -> None:
        """Show the file as it is now, if it was saved."""
        from tutor.app.screens.preview import PreviewScreen

        if not self._preview.changed():
            return
        shown = next((screen for screen in self.screen_stack if isinstance(screen, PreviewScreen)), None)
        if shown is not None:
            shown.put_down()
        run = self._preview.again()
        if not isinstance(run, str):
            self._back_home()
            self.push_screen(self.lesson_screen(run))
        elif shown is not None:
            shown.say_broken()
        else:
            self._home_screen.tell(f"This lesson cannot be opened: {run}")
        self._lint()

    def _lint(self) -> None:
        self.run_worker(self._find, thread=True, exclusive=True, exit_on_error=False)

    def _find(self) -> None:
        """In a thread of its own: what is wrong with the lesson."""
        notes = self._preview.notes()
        self.call_from_thread(self._note, notes)

    def _note(self, notes: Sequence[Note]) -> None:
        from tutor.app.screens.preview import PreviewScreen

        self._notes = notes
        for screen in self.screen_stack:
            if isinstance(screen, PreviewScreen):
                screen.note(notes)

    @property
    def _preview(self) -> Preview:
        from tutor.session.preview import Preview

        assert isinstance(self._session, Preview)
        return self._session


def run(file: Path, home: Path) -> None:
    """Show a lesson to its author until they leave."""

    def start() -> Preview:
        from tutor.session.preview import Preview

        return Preview.of(file, home)

    PreviewApp(start).run()
