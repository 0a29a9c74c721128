"""A lesson while it is being written: played without a trace, read anew when its file changes.

In: a file. Out: the lesson to work at, whether the file is another one now, and what is wrong with it, step by step.
Decided here: that a preview keeps where its author is over every change of the file, and nothing after it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tutor.session.learner import Session
from tutor.session.run import Run

EVERYWHERE = ""
"""The step of what stands above all steps, in the front matter."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is wrong with the lesson: in which step, where, what, and what would mend it."""

    step: str
    line: int
    is_error: bool
    message: str
    mend: str


class Preview(Session):
    """The author of one lesson."""

    @classmethod
    def of(cls, file: Path, home: Path) -> Preview:
        """The preview of this file; only settings are taken from `home`."""
        from tutor.course.library import Library
        from tutor.marking.worker import Worker
        from tutor.memory.store import Store

        preview = cls(Library.find(file), Store.forgetful(), Worker(), lambda: datetime.now(UTC), home)
        preview._file = file
        preview._seen = preview._state()
        preview.asked_for = preview._library.at(file)
        return preview

    _file: Path
    _seen: tuple[int, int]

    def changed(self) -> bool:
        """Whether the file was saved since this was asked last."""
        before, self._seen = self._seen, self._state()
        return self._seen != before

    def again(self) -> Run | str:
        """The lesson as it is now, at the step where its author is; or why it cannot be played."""
        entry = self.asked_for
        return self.open(entry.course, entry.id) if entry else f"There is no lesson in {self._file.name}."

    def notes(self) -> Sequence[Note]:
        """What the lint finds in the file as it is now. Takes its time: not for the thread of the screen."""
        from tutor.course.file import read_file
        from tutor.course.lint import lint
        from tutor.course.parts import take_apart

        source, _ = read_file(self._file)
        starts = [(source.position(section.heading.start)[0], section.id) for section in take_apart(source).steps]

        def step(line: int) -> str:
            return next((id for start, id in reversed(starts) if start <= line), EVERYWHERE)

        found = lint([self._file], lambda request: self._grader.grade(request))
        return [Note(step(one.line), one.line, one.is_error, one.message, one.mend or "") for one in found]

    def _state(self) -> tuple[int, int]:
        """What changes when a file is saved; nothing while an editor puts another in its place."""
        try:
            about = self._file.stat()
        except OSError:
            return self._seen if hasattr(self, "_seen") else (0, 0)
        return about.st_mtime_ns, about.st_size
