"""`mctutor new`: a lesson to go on from."""

from __future__ import annotations

import sys
from pathlib import Path

from tutor.cli.options import declarations, pairs, parser_of


def run(given: list[str]) -> int:
    """Writes a lesson file; the status is 1 where it cannot be."""
    parser = parser_of(
        "new",
        "Write a new lesson, with comments that explain it, or with the steps of a derivation. Status: 0 written,\n"
        "1 not: there is such a file already, or the formula cannot be derived.",
        'mctutor new my-neuron --from "max(0, w·x + b)" --wrt w --let "w: vector n" --let "x: vector n" \\\n'
        '      --let "b: scalar"',
    )
    parser.add_argument("name", type=Path, help="the file, with or without .md, such as lessons/7-my-neuron")
    parser.add_argument("--from", dest="formula", metavar="FORMULA", help="take the steps from the derivation of this")
    parser.add_argument("--wrt", metavar="NAME", help="the variable to differentiate by")
    declarations(parser)
    options = parser.parse_args(given)
    if (options.formula is None) != (options.wrt is None):
        parser.error("--from and --wrt go together: a formula, and the variable to differentiate it by")
    from tutor.course.load import lesson_id
    from tutor.course.template import made_lesson, new_lesson
    from tutor.excerpt import visible

    file = options.name if options.name.suffix == ".md" else options.name.with_name(options.name.name + ".md")
    title = lesson_id(file).replace("-", " ").replace("_", " ").capitalize()
    if options.formula is None:
        text = new_lesson(title)
    else:
        from tutor.course.from_formula import lesson_from
        from tutor.problem import Problem

        made = lesson_from(
            options.formula,
            wrt=options.wrt,
            variables=pairs(parser, options.let, "--let"),
            define=pairs(parser, options.define, "--define"),
            layout=options.layout,
        )
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
    print(f"Wrote {visible(str(file))}. Now: mctutor preview {visible(str(file))}")
    return 0
