"""Every cell of the notation: spellings mean what they are said to mean, and refusals say what would work."""

from __future__ import annotations

from functools import cache

import pytest

from tutor.language.read import read
from tutor.language.scope import Scope
from tutor.marking.grade import Grader

from .cells import DECLARED, DEFINED, SAME, Same
from .questions import QUESTIONS, VARIABLES, Asked
from .refused import REFUSED, Refused


@cache
def grader() -> Grader:
    return Grader()


def pairs(row: Same) -> list[tuple[str, str]]:
    both = [(row.means, row.spelled), (row.spelled, row.means)]
    return both if row.both_ways else both[:1]


@pytest.mark.parametrize("row", SAME, ids=lambda row: f"{row.cell}: {row.spelled}")
def test_spelling_is_read_and_proved_to_mean_what_it_means(row: Same) -> None:
    for asked, answer in pairs(row):
        request = {
            "variables": {**DECLARED, **row.declared}, "define": DEFINED, "ask": {"equals": asked},
            "answer": answer, "allow_derivatives": True,
        }  # fmt: skip
        reply = grader()(request)
        assert (reply.verdict, reply.proof) == ("correct", "exact"), f"{asked!r} = {answer!r}: {reply.message}"


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.cell)
def test_refusal_has_its_code_and_suggests_what_works(row: Refused) -> None:
    request = {"variables": DECLARED, "define": DEFINED, "ask": {"equals": "q"}, "answer": row.text}
    reply = grader()(request)
    assert (reply.verdict, reply.code) == ("unreadable", row.code), reply.message
    assert reply.span is not None or not row.text.strip()
    for suggestion in row.suggests:
        assert suggestion in reply.suggestions
    for word in row.says:
        assert word in reply.message


def test_suggestions_that_are_whole_answers_can_be_read() -> None:
    scope = Scope.declare(DECLARED, DEFINED)
    assert isinstance(scope, Scope)
    whole = [row for row in REFUSED if row.cell.startswith(("w*x", "x^2", "x/y", "a column", "x(1)", "a divisor"))]
    assert len(whole) >= 6
    for row in whole:
        for suggestion in row.suggests:
            assert hasattr(read(suggestion, scope), "shape"), suggestion


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: f"{row.cell}: {row.answer}")
def test_question_is_judged_as_the_table_says(row: Asked) -> None:
    reply = grader()({"variables": VARIABLES, "ask": row.ask, "answer": row.answer, **row.more})
    assert reply.verdict == row.verdict, f"{reply.code}: {reply.message}"
    if row.code is not None:
        assert reply.code == row.code, reply.message
    if row.verdict == "correct":
        assert reply.proof == "exact"
    if row.shape is not None:
        assert reply.expected_shape == row.shape


@pytest.mark.parametrize(
    ("ask", "word"),
    [
        ({"derivative": "A B", "wrt": "A"}, "vec"),
        ({"derivative": "A", "wrt": "w"}, "vec"),
        ({"gradient": "x", "wrt": "x"}, "scalar"),
        ({"hessian": "tr(S)", "wrt": "S"}, "vec"),
        ({"derivative": "w·x", "wrt": "w·x"}, "variable"),
        ({"derivative": "w·q", "wrt": "w"}, "q"),
        ({"entry": "x", "wrt": "x_j"}, "y_i"),
        ({"derivative": "w"}, "wrt"),
        ({"form": "w"}, "ask"),
    ],
)
def test_broken_question_says_what_is_wrong(ask: dict[str, str], word: str) -> None:
    reply = grader()({"variables": VARIABLES, "ask": ask, "answer": "x"})
    assert reply.verdict == "error"
    assert word in reply.message


@pytest.mark.parametrize(
    "text",
    ["vector", "matrix n", "scalar n", "tensor n", "vector n m", "list of vector n", "list N of list N of scalar",
     "vector 0", "vector 101", "vector -1", "vector 1.5", "invertible matrix m n", "symmetric matrix m n", "positive",
     "list N of function", "", "vector n\x1b[31m", "symmetric matrix 2 3"],
)  # fmt: skip
def test_broken_declaration_is_an_error_that_names_it(text: str) -> None:
    reply = grader()({"variables": {"u": text}, "ask": {"equals": "1"}, "answer": "1"})
    assert reply.verdict == "error"
    assert "'u'" in reply.message
    assert reply.message.isprintable()
