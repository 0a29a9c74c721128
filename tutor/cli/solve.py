"""`mctutor solve`: a lesson is played with its right answers and with each of its nudges."""

from __future__ import annotations

import sys
from pathlib import Path

from tutor.cli.options import parser_of


def run(given: list[str]) -> int:
    """Prints what a learner would read; the status is 1 where a right answer is not called right."""
    parser = parser_of(
        "solve",
        "Play a lesson with its right answers and with each answer that it has a nudge for, and print what a learner\n"
        "would read. Status: 0 every right answer is called right, 1 one is not, or the lesson does not play.",
        "mctutor solve lessons/matrix-calculus/18-neuron.md",
    )
    parser.add_argument("file", type=Path, help="a lesson")
    options = parser.parse_args(given)
    from tutor.course.lesson import Lesson
    from tutor.course.likely import expected
    from tutor.course.load import load_lesson
    from tutor.course.skills import skills
    from tutor.excerpt import excerpt
    from tutor.marking.worker import Worker
    from tutor.plain.scenes import scene
    from tutor.session.rehearsal import rehearse

    lesson = load_lesson(options.file, options.file.resolve().parent.name)
    if not isinstance(lesson, Lesson):
        print("\n\n".join(excerpt(problem, lesson.text) for problem in lesson.problems), file=sys.stderr)
        return 1
    worker = Worker()
    worker.start()
    is_sound = True
    try:
        for shown in rehearse(lesson, worker.grade, lambda step: expected(step.ask) if step.ask else ()):
            step = lesson.step(shown.step.id)
            print(scene(shown, skills(lesson, step) if step else ()) + "\n")
            is_sound &= shown.is_sound
    finally:
        worker.close()
    return 0 if is_sound else 1
