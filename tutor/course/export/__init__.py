"""A lesson as a file of another kind: a page for a browser, Markdown, LaTeX, a notebook.

In: a lesson that plays, the format, whether solutions are in it. Out: text.
Decided here: which formats there are; each is a module with one function, from a page to text.
"""

from __future__ import annotations

from importlib import import_module

from tutor.course.export.page import page
from tutor.course.lesson import Lesson

FORMATS = {
    #  name      module      ending    pictures in ASCII alone
    "html":     ("html",     ".html",  False),
    "markdown": ("markdown", ".md",    False),
    "latex":    ("latex",    ".tex",   True),
    "ipynb":    ("notebook", ".ipynb", False),
}  # fmt: skip


def export(lesson: Lesson, form: str, solutions: bool) -> str:
    """The lesson in one of `FORMATS`."""
    module, _, ascii_only = FORMATS[form]
    text: str = import_module(f"tutor.course.export.{module}").written(page(lesson, solutions, ascii_only))
    return text
