"""Bad inputs, one a file, with the text that a learner reads.

A file has two parts, with a line of dashes between: what was typed, and what is printed. To see the words after a
change, run with MCTUTOR_REWRITE=1 and read the difference: this folder is where wording is judged.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tutor.excerpt import excerpt
from tutor.language.read import read
from tutor.language.scope import Scope
from tutor.problem import Problem
from tutor.source import Source

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.txt"))
LINE = "\n--------\n"

VARIABLES = {
    "w": "vector n", "x": "vector n", "y": "vector m", "b": "scalar", "λ": "positive scalar", "A": "matrix m n",
    "B": "matrix n p", "S": "square n", "r": "row n", "v": "vector 3", "X": "list N of vector n",
    "t": "list N of scalar", "f": "function",
}  # fmt: skip
DEFINITIONS = {"z": "w·x + b", "a": "max(0, z)", "e_i": "w·X_i + b - t_i"}


@pytest.fixture(scope="module")
def scope() -> Scope:
    declared = Scope.declare(VARIABLES, DEFINITIONS)
    assert isinstance(declared, Scope)
    return declared


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_bad_input_is_refused_in_these_words(file: Path, scope: Scope) -> None:
    typed, _, told = file.read_text(encoding="utf-8").partition(LINE)
    problem = read(typed, scope)
    assert isinstance(problem, Problem)
    text = f"[{problem.code}] {excerpt(problem, Source('answer', typed))}\n"
    if os.environ.get("MCTUTOR_REWRITE"):
        file.write_text(typed + LINE + text, encoding="utf-8")
    else:
        assert text == told


def test_every_refusal_has_a_place_within_its_text(scope: Scope) -> None:
    for file in FILES:
        typed = file.read_text(encoding="utf-8").partition(LINE)[0]
        problem = read(typed, scope)
        assert isinstance(problem, Problem)
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= max(len(typed), 1)


def test_what_is_suggested_can_be_read(scope: Scope) -> None:
    """A suggestion that stands for the whole text has a meaning; those for a part of it are left out."""
    for file in FILES:
        typed = file.read_text(encoding="utf-8").partition(LINE)[0]
        problem = read(typed, scope)
        assert isinstance(problem, Problem)
        whole = problem.span is not None and (problem.span.start, problem.span.end) == (0, len(typed))
        for suggestion in problem.suggestions if whole and problem.code == "shape-conflict" else ():
            if suggestion.startswith("sum_"):
                continue  # the head of a sum
            assert not isinstance(read(suggestion, scope), Problem), (file.name, suggestion)
