"""The list of lessons as plain text.

In: what a session shows of its lessons. Out: lines for people. Decided here: that a broken lesson is listed with its
first error, so that someone can mend it.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.excerpt import visible
from tutor.session import CourseCard, Home, LessonCard

MARKS = {"done": "●", "started": "◐", "open": "○", "broken": "✗"}


def listing(home: Home) -> str:
    """Every course with its lessons, and what is wrong with those that are broken."""
    parts = [f"! {visible(notice)}" for notice in home.notices]
    parts += ["\n".join(_course(course)) for course in home.courses]
    return "\n\n".join(parts) or "There are no lessons."


def _course(course: CourseCard) -> Iterator[str]:
    done = sum(card.mark == "done" for card in course.lessons)
    yield f"{visible(course.title)}   [{visible(course.id)}]   {done} of {len(course.lessons)} done"
    if course.trouble:
        yield f"  ✗ {visible(course.trouble)}"
    for unit in course.units:
        if unit.title and unit.lessons:
            yield f"  {visible(unit.title)}"
        yield from map(_lesson, unit.lessons)


def _lesson(card: LessonCard) -> str:
    if card.mark == "broken":
        return f"    ✗ {visible(card.id)}   {visible(card.trouble)}"
    steps = f"{card.steps} steps" + (f", {card.minutes} min" if card.minutes else "")
    return f"    {MARKS[card.mark]} {visible(card.title)}   [{visible(card.id)}]   {steps}"
