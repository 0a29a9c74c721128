"""A page as a Jupyter notebook, in which answers are judged by mctutor where it is installed.

In: a Page. Out: a notebook in format 4.5, as JSON. Decided here: a step is a cell of words and a cell to answer in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tutor.course.export.markdown import names, question, solution, words
from tutor.course.export.page import Page, Question

Cell = dict[str, Any]

SET_UP = """\
from tutor.marking.grade import grade


def check(question, answer):
    \"\"\"Say whether an answer is right, and if not, where it fails.\"\"\"
    reply = grade({**question, "answer": answer})
    print(reply.verdict, reply.message, sep=": ")"""

KEPT = ("variables", "define", "numbers", "ask", "layout", "allow_derivatives", "using", "avoid", "form")


def written(page: Page) -> str:
    """The page as the text of a notebook file."""
    cells = list(_cells(page))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _cells(page: Page) -> Iterator[Cell]:
    yield _words(f"# {page.title}", page.summary, *names(page), words(page, page.intro))
    yield _code(SET_UP)
    for section in page.sections:
        asked = section.question
        heading = f"## {section.number}. {section.title}"
        yield _words(heading, words(page, section.text), *(question(page, asked) if asked else ()))
        if asked is not None:
            yield _code(_check(asked))
            solved = list(solution(page, asked))
            if solved:
                yield _words(*solved)
    if page.source:
        yield _words(f"*After {page.source}.*")


def _check(asked: Question) -> str:
    """The code that judges an answer: a value of Python, in which nothing of a lesson is ever code."""
    rows = [f"    {key!r}: {asked.request[key]!r}," for key in KEPT if asked.request.get(key)]
    return "\n".join(["question = {", *rows, "}", 'check(question, "")  # your answer between the quotes'])


def _words(*blocks: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": "\n\n".join(filter(None, blocks))}


def _code(text: str) -> Cell:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
