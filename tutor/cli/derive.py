"""`mctutor derive`: a formula is derived, with its working."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.cli.options import declarations, on_a_terminal, pairs, parser_of

if TYPE_CHECKING:
    from tutor.course.lesson import Lesson


def run(given: list[str]) -> int:
    """Prints the working and the result, or plays it; the status is 1 where there is none."""
    parser = parser_of(
        "derive",
        "Derive a formula, with the working. The result is judged before it is shown. The types of\n"
        "names that no --let declares are inferred from the formula, and shown.\n"
        "Status: 0 derived, 1 no derivation.",
        'mctutor derive "(1/N) sum_i (y_i - max(0, w·x_i + b))^2" --wrt w\n'
        '  mctutor derive "x\'A x" --wrt x --let "A: symmetric n" --let "x: vector n" --gradient --code numpy',
    )
    parser.add_argument("formula", help="what to differentiate, in the notation")
    parser.add_argument("--wrt", metavar="NAME", required=True, help="the variable to differentiate by")
    declarations(parser)
    kinds = parser.add_mutually_exclusive_group()
    for kind in ("gradient", "hessian"):
        kinds.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, help=f"the {kind} instead")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--format", choices=("text", "json", "markdown", "latex"), default="text")
    shown.add_argument("--code", choices=("numpy",), help="print a Python function of the value and the derivative")
    shown.add_argument("--quiz", action="store_true", help="play it as a lesson: in the app, or line by line in a pipe")
    options = parser.parse_args(given)
    request: Mapping[str, Any] = {
        "variables": pairs(parser, options.let, "--let"),
        "define": pairs(parser, options.define, "--define"),
        "ask": {options.kind or "derivative": options.formula, "wrt": options.wrt},
        "layout": options.layout,
    }
    from tutor.marking.reference import reference, with_types
    from tutor.problem import Problem

    typed = with_types(request)
    if isinstance(typed, Problem):
        return _refused(typed)
    request, inferred = typed
    if options.quiz:
        from tutor.course.from_formula import lesson_for

        lesson = lesson_for(request)
        return _refused(lesson) if isinstance(lesson, Problem) else _played(lesson)
    from tutor.marking.judge import Judge
    from tutor.marking.question import Question

    question = Question.from_request(request)
    found = question if isinstance(question, Problem) else reference(Judge(question))
    if isinstance(question, Problem) or isinstance(found, Problem):
        return _refused(found)
    if options.code:
        from tutor.calculus.code import numpy_function

        text = numpy_function(found, question.scope)
    else:
        from tutor.plain.working import working

        text = working(found, options.format, inferred)
    if isinstance(text, Problem):
        return _refused(text)
    print(text)
    return 0


def _refused(problem: object) -> int:
    from tutor.problem import Problem

    assert isinstance(problem, Problem)
    print(problem.message, file=sys.stderr)
    return 1


def _played(lesson: Lesson) -> int:
    """Play a lesson that is nowhere kept, and keep nothing of it."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        home, file = Path(folder, "home"), Path(folder, lesson.path.name)
        file.write_text(lesson.text.text, encoding="utf-8")
        home.mkdir()
        if on_a_terminal():
            from tutor.app.app import run

            run([file], home)
        else:
            from tutor.plain.play import play_file

            play_file(file, home, sys.stdin, print)
    return 0
