"""`mctutor export`: a lesson as a page, a document or a notebook."""

from __future__ import annotations

import sys
from pathlib import Path

from tutor.cli.options import parser_of


def run(given: list[str]) -> int:
    """Writes the lesson in another format; the status is 1 where it does not play."""
    parser = parser_of(
        "export",
        "Write a lesson as HTML (one file, no network), Markdown, LaTeX or a Jupyter notebook.",
        "mctutor export lessons/matrix-calculus/18-neuron.md --to html --solutions -o neuron.html",
    )
    parser.add_argument("file", type=Path, help="a lesson")
    parser.add_argument("--to", choices=("html", "markdown", "latex", "ipynb"), required=True, help="the format")
    parser.add_argument("--solutions", action="store_true", help="with the answers, and what is said of them")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to write (default: standard output)")
    options = parser.parse_args(given)
    from tutor.course.export import export
    from tutor.course.lesson import Lesson
    from tutor.course.load import load_lesson
    from tutor.excerpt import excerpt, visible

    lesson = load_lesson(options.file, options.file.resolve().parent.name)
    if not isinstance(lesson, Lesson):
        print("\n\n".join(excerpt(problem, lesson.text) for problem in lesson.problems), file=sys.stderr)
        return 1
    text = export(lesson, options.to, options.solutions)
    if options.output is None:
        sys.stdout.write(text)
        return 0
    try:
        options.output.write_text(text, encoding="utf-8")
    except OSError as error:
        why = visible(error.strerror or str(error))
        print(f"{visible(str(options.output))} was not written: {why}.", file=sys.stderr)
        return 1
    return 0
