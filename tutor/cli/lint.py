"""`mctutor lint`: lessons are checked before learners see them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.options import parser_of

if TYPE_CHECKING:
    from tutor.course.lesson import LessonEntry
    from tutor.course.spread import Grade


def run(given: list[str]) -> int:
    """Prints every finding; the status is 1 where there is an error."""
    parser = parser_of(
        "lint",
        "Check lessons: every finding has a place and a mend. Status: 0 no error, 1 an error.",
        "mctutor lint lessons/ --format github",
    )
    parser.add_argument("path", nargs="*", type=Path, help="lesson files or folders (default: the built-in lessons)")
    parser.add_argument(
        "--format", choices=("text", "json", "github"), default="text", help="for people, programs, or as annotations"
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="print instead, for review, what a learner would read for the ten likeliest wrong answers of each step",
    )
    options = parser.parse_args(given)
    from tutor.cli.bar import Bar
    from tutor.course.library import builtin_lessons
    from tutor.course.lint import lint_file, ordered, plan
    from tutor.course.spread import spread
    from tutor.plain.findings import FORMATS

    builtin = builtin_lessons()
    whole = plan(options.path or ([builtin] if builtin else []))
    bar = Bar("lessons")
    try:
        if options.dry_run:
            print("\n\n".join(text for text in spread(rehearsed, whole.lessons, bar) if text))
            return 0
        found = spread(partial(lint_file, whole.known), whole.lessons, bar)
    finally:
        bar.close()
    findings = ordered([*whole.findings, *(finding for each in found for finding in each)])
    if text := FORMATS[options.format](findings):
        print(text)
    return 1 if any(finding.is_error for finding in findings) else 0


def rehearsed(entry: LessonEntry, grade: Grade) -> str:
    """What a learner of this lesson would read for wrong answers; nothing for a lesson that does not play."""
    from tutor.course.lesson import Lesson
    from tutor.course.likely import likely
    from tutor.course.load import load_lesson
    from tutor.course.subject import Subject
    from tutor.plain.scenes import summary
    from tutor.session.rehearsal import SEED, rehearse

    lesson = load_lesson(entry.path, entry.course)
    if not isinstance(lesson, Lesson):
        return ""
    lesson = lesson.drawn(SEED)
    asks = {ask.step.id: ask for ask in reversed(Subject(lesson, grade).asks) if not ask.is_smaller}
    scenes = rehearse(lesson, grade, lambda step: likely(asks[step.id]) if step.id in asks else ())
    return "\n\n".join(summary(shown) for shown in scenes if shown.step.asks)
