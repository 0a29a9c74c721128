"""From folders to the courses and lessons in them.

In: paths: the built-in lessons, the learner's own, a file or a folder from the command line. Out: a list of
courses, for which only front matter was read; and each lesson, when it is asked for.
Decided here: what is a course (a folder with a `course.yaml`, or one with lessons in it), and that nothing
broken hides anything: a lesson that cannot be read is listed with its first problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from tutor.course import keys
from tutor.course.fields import Fields
from tutor.course.file import read_file
from tutor.course.lesson import Broken, Course, Lesson, LessonEntry, Unit
from tutor.course.load import lesson_id, load_lesson, read_front
from tutor.course.node import Table, read_yaml
from tutor.course.parts import front_matter, step_ids
from tutor.excerpt import visible
from tutor.problem import Problem
from tutor.source import Source, Span

COURSE = "course.yaml"
OTHERS = "Other lessons"
"""The unit of the lessons that a course has in its folder and does not name."""

NO_TEXT = Source("", "")


@dataclass(frozen=True)
class Library:
    """The courses that were found; a course's id is the name of its folder, without a number in front.

    `problems` are those of paths in which nothing was found.
    """

    courses: tuple[Course, ...]
    problems: tuple[Problem, ...] = ()

    @classmethod
    def find(cls, *paths: Path) -> Library:
        """The courses at these paths. Each path is a lesson, a course, or a folder with some of either.

        Of two courses with one id the first is taken: progress is kept by id.
        """
        courses: dict[str, Course] = {}
        problems: list[Problem] = []
        for path in paths:
            try:
                found = _courses_at(path)
            except OSError as error:
                found = []
                problems.append(_nothing(path, visible(error.strerror or str(error))))
            else:
                if not found:
                    why = "there is no lesson in it" if path.exists() else "there is no such path"
                    problems.append(_nothing(path, why))
            for course in found:
                first = courses.setdefault(course.id, course)
                if first is not course and first.path != course.path:
                    problems.append(_same_id(course, first))
        return cls(tuple(courses.values()), tuple(problems))

    def course(self, id: str) -> Course | None:
        return next((course for course in self.courses if course.id == id), None)

    def entry(self, course_id: str, lesson_id: str) -> LessonEntry | None:
        """What the list says of a lesson."""
        course = self.course(course_id)
        return course.entries.get(lesson_id) if course else None

    def needed(self, entry: LessonEntry, need: str) -> LessonEntry | None:
        """A lesson that another needs: one of its own course, else the first of that name in the others."""
        own = self.entry(entry.course, need)
        found = (course.entries[need] for course in self.courses if need in course.entries)
        return own or next(found, None)

    def at(self, path: Path) -> LessonEntry | None:
        """The lesson in this file."""
        wanted = path.resolve()
        entries = (entry for course in self.courses for entry in course.lessons)
        return next((entry for entry in entries if entry.path.resolve() == wanted), None)

    def load(self, course_id: str, lesson_id: str) -> Lesson | Broken:
        """The lesson itself, read anew from its file."""
        entry = self.entry(course_id, lesson_id)
        if entry is None:
            problem = Problem("unknown-lesson", f"There is no lesson {lesson_id} in the course {course_id}.")
            return Broken(lesson_id, course_id, Path(), NO_TEXT, (problem,))
        if entry.problem is not None and entry.problem.code == "unknown-lesson":
            return Broken(lesson_id, course_id, entry.path, entry.text, (entry.problem,))
        return load_lesson(entry.path, course_id)


def builtin_lessons() -> Path | None:
    """The folder of the built-in courses: beside the code where installed, one above it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    places = package / "lessons", package.parent / "lessons"
    return next((folder for folder in places if folder.is_dir()), None)


def _courses_at(path: Path) -> list[Course]:
    if path.is_file():
        home = path.resolve().parent
        return [_course(home) if (home / COURSE).is_file() else _loose(home, [path])]
    if (path / COURSE).is_file():
        return [_course(path)]
    below = sorted(child for child in path.iterdir() if (child / COURSE).is_file()) if path.exists() else []
    courses = _in_order([_course(child) for child in below])
    lessons = _lesson_files(path) if path.exists() else []
    return [*courses, _loose(path, lessons)] if lessons else courses


def _in_order(courses: list[Course]) -> list[Course]:
    """Each course after those on whose lessons its own build; else as they stand."""
    waiting, placed = list(courses), list[Course]()
    while waiting:
        ready = (course for course in waiting if not any(_builds_on(course, other) for other in waiting))
        placed.append(next(ready, waiting[0]))
        waiting.remove(placed[-1])
    return placed


def _builds_on(course: Course, other: Course) -> bool:
    """Whether a lesson needs one that its own course does not have, and the other has."""
    needs = {need for entry in course.entries.values() for need in entry.needs}
    return course is not other and not other.entries.keys().isdisjoint(needs - course.entries.keys())


def _course(folder: Path) -> Course:
    """The course of a folder with a `course.yaml`; however broken that is, the lessons are there."""
    id = lesson_id(folder.resolve())
    source, wrong = read_file(folder / COURSE)
    problems = list(wrong)
    files, twins = _by_id(_markdown(folder))
    entries: dict[str, LessonEntry] = {}
    title, summary, units = "", "", list[Unit]()
    if fields := None if wrong else _fields(source, problems):
        title, summary = fields.line("title", required=True), fields.line("summary")
        shelf = _Shelf(id, folder, files, source, entries, problems)
        units = shelf.units(fields)
    rest = [name for name, file in files.items() if name not in entries and _looks_like_lesson(file)]
    entries |= {name: _entry(files[name], id) for name in rest}
    if rest:
        units.append(Unit(OTHERS if units else "", tuple(rest)))
    problems = sorted([*problems, *twins], key=lambda problem: problem.span or Span(0, 0))
    return Course(id, title or _words(id), summary, tuple(units), folder, entries, tuple(problems), source)


def _by_id(files: Iterable[Path]) -> tuple[dict[str, Path], list[Problem]]:
    """Files by the id of their lessons. Where two have the same, the first is taken."""
    found: dict[str, Path] = {}
    problems = []
    for file in files:
        first = found.setdefault(lesson_id(file), file)
        if first != file:
            names = f"{visible(first.name)} and {visible(file.name)}"
            message = f"{names} are one lesson by name, and progress is kept by it. The first is played."
            problems.append(Problem("same-lesson", message))
    return found, problems


def _fields(source: Source, problems: list[Problem]) -> Fields | None:
    tree, wrong = read_yaml(source, Span(0, len(source.text)))
    problems += wrong
    if isinstance(tree, Table):
        return Fields(tree, keys.COURSE, COURSE, source, problems)
    if not wrong:
        message = "A course.yaml is a table with `title`, `summary` and `units`."
        problems.append(Problem("wrong-type", message, Span(0, min(1, len(source.text)))))
    return None


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A course that is being put together: what is there, and what was taken so far."""

    course: str
    folder: Path
    files: Mapping[str, Path]
    source: Source
    entries: dict[str, LessonEntry]
    problems: list[Problem]

    def units(self, fields: Fields) -> list[Unit]:
        """The units as `course.yaml` has them; the entries of all lessons that they name are made."""
        units = []
        for unit in fields.tables("units", keys.UNIT, "a unit"):
            title, names = unit.line("title", required=True), unit.texts("lessons")
            spans = [unit.spans[f"lessons.{number}"] for number in range(len(names))]
            named = [self._take(name, span) for name, span in zip(names, spans, strict=True)]
            units.append(Unit(title, tuple(id for id in named if id)))
        return units

    def _take(self, name: str, span: Span) -> str:
        """Puts a lesson on the list; gives its id, or nothing where it is there already."""
        id = lesson_id(Path(name)) if name.endswith(".md") else name
        if id in self.entries:
            self.problems.append(Problem("duplicate-lesson", f"{id} is named already.", span))
            return ""
        if id:
            file = self.files.get(id)
            self.entries[id] = _entry(file, self.course) if file else self._absent(id, span)
        return id

    def _absent(self, id: str, span: Span) -> LessonEntry:
        near = tuple(get_close_matches(id, self.files, 1))
        problem = Problem("unknown-lesson", f"There is no file for the lesson {id} in this folder.", span, near)
        path = self.folder / f"{id}.md"
        return LessonEntry(id, self.course, _words(id), "", None, (), (), path, problem, self.source)


def _loose(folder: Path, files: Iterable[Path]) -> Course:
    """Lessons without a `course.yaml`, in the order of their names."""
    id = lesson_id(folder.resolve()) or "lessons"
    found, twins = _by_id(files)
    entries = {name: _entry(file, id) for name, file in found.items()}
    return Course(id, _words(id), "", (Unit("", tuple(entries)),), folder, entries, tuple(twins), NO_TEXT)


def _lesson_files(folder: Path) -> list[Path]:
    """The lessons in a folder, in the order of their names: Markdown that starts with front matter."""
    return [file for file in _markdown(folder) if _looks_like_lesson(file)]


def _markdown(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.md"))


def _looks_like_lesson(file: Path) -> bool:
    """Not so a README. What cannot be read is listed, so that someone hears of it."""
    try:
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            head = opened.read(6)
    except OSError:
        return True
    return head.removeprefix(b"\xef\xbb\xbf").startswith(b"---") or file.name[0].isdigit()


def _entry(file: Path, course: str) -> LessonEntry:
    """A lesson by its front matter."""
    id = lesson_id(file)
    source, wrong = read_file(file)
    problems = list(wrong)
    front = read_front(source, problems) if not problems else None
    title = front.line("title", required=True) if front else ""
    summary = front.line("summary", required=True) if front else ""
    minutes = front.count("minutes") if front else None
    needs = front.texts("needs") if front else ()
    problem = min(problems, key=lambda p: p.span or Span(0, 0)) if problems else None
    steps = step_ids(source.text, front_matter(source)[1]) if front else ()
    text = source if problem else NO_TEXT
    return LessonEntry(id, course, title or _words(id), summary, minutes, needs, steps, file, problem, text)


def _words(id: str) -> str:
    return id.replace("-", " ").replace("_", " ").capitalize()


def _nothing(path: Path, why: str) -> Problem:
    return Problem("nothing-found", f"No lesson was found at {visible(str(path))}: {why}.")


def _same_id(course: Course, first: Course) -> Problem:
    where, other = visible(str(course.path)), visible(str(first.path))
    return Problem(
        "same-course",
        f"The course in {where} is left out: {other} has the same name, and progress is kept by it.",
    )
