"""From paths to findings: everything that is wrong with the lessons there, in one run.

In: paths, and the judge. Out: findings with file, line and column, in the order of the files.
Decided here: what is walked, and that a finding of the loader and one of the table look alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tutor.course.draw import some
from tutor.course.lesson import Broken, Course, Lesson, LessonEntry
from tutor.course.library import OTHERS, Library, builtin_lessons
from tutor.course.lints import LINTS, Severity
from tutor.course.load import load_lesson
from tutor.course.subject import Grade, Judged, Subject
from tutor.problem import Problem
from tutor.source import Source, Span

MOST_DRAWS = 12
"""So many draws of a lesson's random numbers are looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, what, and what would mend it. Lines and columns count from 1."""

    path: Path
    line: int
    column: int
    code: str
    message: str
    mend: str | None
    severity: Severity
    problem: Problem
    source: Source

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to look at: lessons, the needs of every lesson that there is, and what was found so far."""

    lessons: tuple[LessonEntry, ...]
    known: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]


def lint(paths: Iterable[Path], grade: Grade) -> list[Finding]:
    """All findings in the lessons and courses at these paths. `grade` decides what is true."""
    whole = plan(paths)
    found = (finding for entry in whole.lessons for finding in lint_file(whole.known, entry, grade))
    return ordered([*whole.findings, *found])


def plan(paths: Iterable[Path]) -> Plan:
    """The lessons at these paths, each once, and the findings in their courses: no lesson is read for it."""
    lessons: dict[Path, LessonEntry] = {}
    known: dict[str, tuple[str, ...]] = {}
    findings: list[Finding] = []
    for path in paths:
        library = Library.find(path)
        findings += [_found(path, Source(str(path), ""), problem) for problem in library.problems]
        only = library.at(path) if path.is_file() else None
        known |= _needs(library)
        for course in library.courses:
            if only is None:
                findings += _course(course)
            entries = (only,) if only else course.lessons
            lessons |= {entry.path: entry for entry in entries if not _is_absent(entry)}
    return Plan(tuple(lessons.values()), known, tuple(findings))


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of the files, each once."""
    return sorted(set(findings), key=lambda found: (str(found.path), found.line, found.column, found.code))


def lint_file(known: Mapping[str, tuple[str, ...]], entry: LessonEntry, grade: Grade) -> list[Finding]:
    """The findings in one file, whether or not it can be played."""
    lesson = load_lesson(entry.path, entry.course)
    findings: list[Finding] = []
    if isinstance(lesson, Broken):
        findings = [_found(lesson.path, lesson.text, problem) for problem in lesson.problems]
        if lesson.readable is None:
            return findings
        lesson = lesson.readable
    return [*findings, *lint_lesson(lesson, grade, known)]


def lint_lesson(lesson: Lesson, grade: Grade, known: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """The findings in one lesson. `known` has the needs of every lesson that there is."""
    needs = {**known, lesson.id: lesson.needs}
    grade = _once(lesson, grade)
    told: set[tuple[str, Span]] = set()
    for turn, numbers in enumerate(some(lesson.random, MOST_DRAWS)):
        subject = Subject(replace(lesson, numbers=numbers), grade, needs)
        drawn = ", ".join(f"{name} = {value}" for name, value in numbers.items())
        for rule in LINTS:
            for breach in rule.check(subject):
                mends = (breach.mend,) if breach.mend else ()
                message = f"{breach.message} (With {drawn}.)" if turn else breach.message
                if (rule.code, breach.span) not in told:
                    told.add((rule.code, breach.span))
                    problem = Problem(rule.code, message, breach.span, mends)
                    yield _found(lesson.path, lesson.text, problem, rule.severity)


def _once(lesson: Lesson, grade: Grade) -> Grade:
    """The same judge, that is not asked twice where two draws differ in numbers which a question cannot reach."""
    seen: dict[str, Judged] = {}

    def judged(request: dict[str, Any]) -> Judged:
        reached = lesson.reached(" ".join(map(str, [*request["ask"].values(), request["answer"]])))
        numbers = {name: value for name, value in request.get("numbers", {}).items() if name in reached}
        key = json.dumps({**request, "id": None, "numbers": numbers}, sort_keys=True)
        if key not in seen:
            seen[key] = grade(request)
        return seen[key]

    return judged


def _course(course: Course) -> Iterator[Finding]:
    path = course.path / "course.yaml"
    for problem in course.problems:
        yield _found(path, course.text, problem)
    for entry in course.lessons:
        if _is_absent(entry) and entry.problem is not None:
            yield _found(path, entry.text, entry.problem)
    for unit in course.units:
        if unit.title == OTHERS:
            for id in unit.lessons:
                message = "The course.yaml of this folder does not name this lesson."
                problem = Problem("lesson-not-listed", message)
                yield _found(course.entries[id].path, Source("", ""), problem, "warning")


def _needs(library: Library) -> Mapping[str, tuple[str, ...]]:
    """What each lesson needs: those at hand first, then the built-in ones, on which others may build."""
    builtin = builtin_lessons()
    shelves = (Library.find(builtin), library) if builtin else (library,)
    entries = (entry for shelf in shelves for course in shelf.courses for entry in course.lessons)
    return {entry.id: entry.needs for entry in entries if not _is_absent(entry)}


def _is_absent(entry: LessonEntry) -> bool:
    return entry.problem is not None and entry.problem.code == "unknown-lesson"


def _found(path: Path, source: Source, problem: Problem, severity: Severity = "error") -> Finding:
    line, column = source.position((problem.span or Span(0, 0)).start)
    mend = problem.suggestions[0] if problem.suggestions else None
    return Finding(path, line, column, problem.code, problem.message, mend, severity, problem, source)
