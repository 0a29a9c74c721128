"""`mctutor new`: a lesson to go on from."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.options import declarations, pairs, parser_of

if TYPE_CHECKING:
    from tutor.course.lesson import Lesson
    from tutor.problem import Problem


def run(given: list[str]) -> int:
    """Writes a lesson file; the status is 1 where it cannot be."""
    parser = parser_of(
        "new",
        "Write a new lesson, with comments that explain it, or with the steps of a derivation. Status: 0 written,\n"
        "1 not: there is such a file already, or the formula cannot be derived.",
        'mctutor new my-neuron --from "max(0, w·x + b)" --wrt w',
    )
    parser.add_argument("name", type=Path, help="the file, with or without .md, such as lessons/7-my-neuron")
    parser.add_argument("--from", dest="formula", metavar="FORMULA", help="take the steps from the derivation of this")
    parser.add_argument("--wrt", metavar="NAME", help="the variable to differentiate by")
    declarations(parser)
    options = parser.parse_args(given)
    if (options.formula is None) != (options.wrt is None):
        parser.error("--from and --wrt go together: a formula, and the variable to differentiate it by")
    if not options.name.name:
        parser.error("a lesson needs a name, such as my-neuron")
    from tutor.course.load import lesson_id
    from tutor.course.template import made_lesson, new_lesson
    from tutor.excerpt import visible
    from tutor.problem import Problem

    file = options.name if options.name.suffix == ".md" else options.name.with_name(options.name.name + ".md")
    title = lesson_id(file).replace("-", " ").replace("_", " ").capitalize()
    text = new_lesson(title)
    if options.formula is not None:
        made = _made(parser, options)
        if isinstance(made, Problem):
            print(made.message, file=sys.stderr)
            return 1
        text = made_lesson(title, made)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        print(f"{visible(str(file))} was not written: {visible(error.strerror or str(error))}.", file=sys.stderr)
        return 1
    print(f"Wrote {visible(str(file))}. Now: mctutor preview {visible(shlex.quote(str(file)))}")
    return 0


def _made(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Lesson | Problem:
    """The lesson of the formula; what was taken for the types of its names is said."""
    from tutor.course.from_formula import lesson_for
    from tutor.language.infer import in_words
    from tutor.marking.reference import with_types
    from tutor.problem import Problem

    typed = with_types(
        {
            "variables": pairs(parser, options.let, "--let"),
            "define": pairs(parser, options.define, "--define"),
            "ask": {"derivative": options.formula, "wrt": options.wrt},
            "layout": options.layout,
        }
    )
    if isinstance(typed, Problem):
        return typed
    request, inferred = typed
    if inferred:
        print(f"Taken to be: {in_words(inferred)}. Where that is not meant, give --let.")
    return lesson_for(request)
