"""One learner: lessons to choose from, a memory, someone who grades.

In: a library of lessons, the store of what the learner did, what grades, a clock. Out: the list of lessons as
it is now, and a lesson to work at. Decided here: what a lesson's mark is, and which one to go on with.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from tutor.session.run import Clock, Grader, Run
from tutor.session.shown import CourseCard, Home, LessonCard, Mark, Need, UnitCard

if TYPE_CHECKING:
    from tutor.course.lesson import Course, Lesson, LessonEntry
    from tutor.course.library import Library
    from tutor.memory.record import Overview
    from tutor.memory.store import Store
    from tutor.problem import Problem
    from tutor.session.own import Own
    from tutor.session.shown import Working
    from tutor.source import Source

THEMES = ("dark", "light")
LAYOUTS = ("numerator", "denominator")


class Session:
    """One learner: lessons to choose from, a memory, someone who grades."""

    def __init__(
        self, library: Library, store: Store, grader: Grader, clock: Clock, home: Path, seed: int | None = None
    ) -> None:
        self._library = library
        self._store = store
        self._grader = grader
        self._clock = clock
        self._settings = home
        self._seed = seed
        self._disputes = home / "disputes"
        self.asked_for: LessonEntry | None = None
        """The one lesson that was named at the start, which is opened at once."""

    @classmethod
    def start(
        cls, paths: Sequence[Path] | None, home: Path, clock: Clock | None = None, seed: int | None = None
    ) -> Session:
        """The learner whose memory is in `home`, with the lessons at `paths`, else all that are found.

        From `seed` come the random numbers of every lesson that is opened; without one each goes on with its own.
        """
        from tutor.course.library import Library, builtin_lessons
        from tutor.marking.worker import Worker
        from tutor.memory.store import Store

        now = clock or (lambda: datetime.now(UTC))
        folders = paths or [folder for folder in (builtin_lessons(), home / "lessons") if _is_there(folder)]
        worker = Worker(errands="tutor.session.errands")
        session = cls(Library.find(*folders), Store.open(home, now()), worker, now, home, seed)
        if paths and len(paths) == 1 and paths[0].is_file():
            session.asked_for = session._library.at(paths[0])
        return session

    def warm(self) -> None:
        """Get ready what the first lesson needs, while the learner looks at the list."""
        self._grader.start()
        import tutor.language.typeset
        import tutor.marking.question  # noqa: F401

    def close(self) -> None:
        self._grader.close()
        self._store.close()

    def home(self) -> Home:
        """The list of lessons as it is now."""
        overviews = {(seen.course, seen.lesson): seen for seen in self._store.overview()}
        courses = tuple(self._course(course, overviews) for course in self._library.courses)
        cards = [card for course in courses for card in course.lessons]
        problems = [*self._library.problems, *([self._store.problem] if self._store.problem else [])]
        return Home(courses, _resume(cards, overviews), tuple(problem.message for problem in problems))

    def open(self, course: str, lesson: str) -> Run | str:
        """The lesson, at the step where the learner left it; or why it cannot be opened."""
        from tutor.course.lesson import Lesson

        found = self._library.load(course, lesson)
        if isinstance(found, Lesson):
            return self.play(found)
        return _trouble(found.problems[0], found.text)

    def derive(self, own: Own) -> tuple[Working, ...] | str:
        """The derivations of a formula of one's own, or why there are none. It takes its time; any thread may."""
        return own.derive(self._grader.run)

    def lesson_of(self, own: Own) -> Lesson | str:
        """The same in questions. It takes its time; any thread may."""
        return own.lesson(self._grader.run)

    def play(self, lesson: Lesson) -> Run:
        """A lesson that is not in the list, where the learner left it."""
        return Run(lesson, self._store, self._grader, self._clock, self._seed, self._disputes, self.layout)

    def give_up(self) -> None:
        """Wait no longer for what is being derived: it comes back as a reason why not."""
        self._grader.cancel()

    @property
    def theme(self) -> str:
        """`dark` or `light`, as it was chosen last."""
        return self._kept("theme", THEMES)

    @theme.setter
    def theme(self, name: str) -> None:
        self._keep("theme", name)

    @property
    def layout(self) -> str:
        """`numerator` or `denominator`, as it was chosen last, for the lessons that leave it to the learner."""
        return self._kept("layout", LAYOUTS)

    @layout.setter
    def layout(self, name: str) -> None:
        self._keep("layout", name)

    def _kept(self, setting: str, choices: Sequence[str]) -> str:
        with suppress(OSError, UnicodeDecodeError):
            kept = (self._settings / setting).read_text("utf-8").strip()
            return kept if kept in choices else choices[0]
        return choices[0]

    def _keep(self, setting: str, name: str) -> None:
        # A setting that cannot be kept is no reason to stop a lesson.
        with suppress(OSError):
            new = self._settings / f"{setting}.new"
            new.write_text(name + "\n", "utf-8")
            os.replace(new, self._settings / setting)

    def _course(self, course: Course, overviews: Mapping[tuple[str, str], Overview]) -> CourseCard:
        cards = {
            entry.id: _card(entry, overviews.get((course.id, entry.id)), self._needs(entry, overviews))
            for entry in course.lessons
        }
        units = tuple(UnitCard(unit.title, tuple(cards[id] for id in unit.lessons)) for unit in course.units)
        trouble = _trouble(course.problem, course.text) if course.problem else ""
        return CourseCard(course.id, course.title, course.summary, units, trouble)

    def _needs(self, entry: LessonEntry, overviews: Mapping[tuple[str, str], Overview]) -> tuple[Need, ...]:
        needs = []
        for need in entry.needs:
            found = self._library.needed(entry, need)
            seen = overviews.get((found.course, found.id)) if found else None
            needs.append(Need(found.title if found else need, seen is not None and seen.done))
        return tuple(needs)


def _is_there(folder: Path | None) -> TypeGuard[Path]:
    return folder is not None and folder.is_dir()


def _card(entry: LessonEntry, seen: Overview | None, needs: tuple[Need, ...]) -> LessonCard:
    behind = len(seen.behind.intersection(entry.steps)) if seen else 0
    mark: Mark = "open"
    if entry.problem:
        mark = "broken"
    elif seen:
        mark = "done" if seen.done else "started"
    return LessonCard(
        course=entry.course,
        id=entry.id,
        title=entry.title,
        summary=entry.summary,
        minutes=entry.minutes,
        needs=needs,
        mark=mark,
        behind=behind,
        steps=len(entry.steps),
        trouble=_trouble(entry.problem, entry.text) if entry.problem else "",
    )


def _resume(cards: list[LessonCard], overviews: Mapping[tuple[str, str], Overview]) -> LessonCard | None:
    """The unfinished lesson that was touched last; without one, the first that is still open."""
    started = [card for card in cards if card.mark == "started"]
    if started:
        return max(started, key=lambda card: overviews[card.course, card.id].touched)
    return next((card for card in cards if card.mark == "open"), None)


def _trouble(problem: Problem, text: Source) -> str:
    """A problem in a lesson's file, with the line where it is."""
    if problem.span is None or not text.text:
        return problem.message
    line, column = text.position(problem.span.start)
    return f"{Path(text.name).name}, line {line}, column {column}: {problem.message}"
