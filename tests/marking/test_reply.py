"""What a reply says beside its verdict: the names that an answer lacks, the tutor's own formula, and their order."""

from __future__ import annotations

from typing import Any

import pytest

from tutor.marking.grade import Grader, check

SQUARES: dict[str, Any] = {
    "variables": {"X": "matrix N n", "w": "vector n", "y": "vector N", "c": "scalar"},
    "define": {"r": "X w - y"},
    "ask": {"derivative": "‖r‖^2 + c", "wrt": "w"},
}


def told(answer: str, **more: Any) -> Any:
    return Grader()({**SQUARES, "answer": answer, **more})


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("2 w'X'X", "A right answer depends on y, and this one does not."),
        ("exp(w)'", "A right answer depends on X and y, and this one does not."),
        ("2 r'X + c 𝟏'", "This depends on c, and a right answer does not."),
    ],
)
def test_the_names_that_an_answer_lacks_or_has_in_vain_are_told(answer: str, said: str) -> None:
    assert said in told(answer).message


@pytest.mark.parametrize("answer", ["3 r'X", "2 r'X + (c - c) 𝟏' + 𝟏'", "-2 (X w - y)'X"])
def test_names_on_which_nothing_depends_are_not_told(answer: str) -> None:
    """It is the values that count: what is written and cancels, or stands in a definition, is no matter."""
    reply = told(answer)
    assert reply.verdict == "incorrect"
    assert "depends" not in reply.message


def test_the_tutors_own_formula_is_given_where_it_is_wanted() -> None:
    assert told("r'X").reference is None
    for answer, verdict in (("r'X", "incorrect"), ("2 r'X", "correct")):
        reply = told(answer, reference=True)
        assert reply.verdict == verdict
        assert reply.reference is not None
        assert told(reply.reference).verdict == "correct"
    assert told("2 r'", reference=True).reference is not None
    assert told("2 r'X +", reference=True).reference is None
    assert check("x", derivative="x^2", wrt="x", variables={"x": "scalar"}).reference == "2x"


def test_a_question_without_a_formula_of_its_own_has_no_reference() -> None:
    variables = {"A": "matrix m n"}
    reply = check("A", equals="2A", variables=variables)
    assert (reply.verdict, reply.reference) == ("incorrect", None)


def test_the_verdict_comes_first_then_what_explains_it_then_the_formula() -> None:
    replies = list(Grader().replies({**SQUARES, "answer": "r'X", "reference": True}))
    assert [more for _, more in replies] == [True, True, False]
    assert [reply.code for reply, _ in replies] == ["other", "constant-factor", "constant-factor"]
    assert [reply.reference is None for reply, _ in replies] == [True, True, False]
    assert len({reply.ms for reply, _ in replies}) == 1
