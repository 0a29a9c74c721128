"""An answer that follows from the learner's own earlier mistake is told so, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from tutor.marking.grade import Grader
from tutor.marking.reply import Reply

GRADER = Grader()
NEURON: dict[str, Any] = {
    "variables": {"w": "vector n", "x": "vector n", "b": "scalar", "y": "scalar"},
    "define": {"z": "w·x + b", "a": "max(0, z)", "C": "(a - y)^2"},
}
LAYERS: dict[str, Any] = {
    "variables": {"W": "matrix m n", "x": "vector n", "c": "vector m", "η": "positive scalar"},
    "define": {"z": "W x", "h": "tanh(z)", "s": "c·h"},
}


def asked(base: dict[str, Any], answer: str, *earlier: dict[str, Any], **ask: str) -> Reply:
    return GRADER({**base, "ask": ask, "answer": answer, "earlier": list(earlier)})


def gave(answer: str, step: str = "step 2", **ask: str) -> dict[str, Any]:
    return {"ask": ask, "answer": answer, "step": step}


FOLLOWING = (
    # the question, the earlier step and its wrong answer, what follows from it, what does not
    (NEURON, {"derivative": "a", "wrt": "w"}, gave("w'", derivative="z", wrt="w"), "[z > 0] w'", "[z > 0] b w'"),
    (NEURON, {"derivative": "C", "wrt": "w"}, gave("w'", derivative="z", wrt="w"), "2 (a - y) [z > 0] w'", "2 w'"),
    (NEURON, {"derivative": "C", "wrt": "w"}, gave("x'", derivative="a", wrt="w"), "2 (a - y) x'", "(a - y) w'"),
    (NEURON, {"derivative": "C", "wrt": "b"}, gave("2", derivative="a", wrt="z"), "4 (a - y)", "3 (a - y)"),
    (NEURON, {"gradient": "C", "wrt": "w"}, gave("w", gradient="z", wrt="w"), "2 (a - y) [z > 0] w", "2 a w"),
    (LAYERS, {"derivative": "h", "wrt": "x"}, gave("W W'", derivative="h", wrt="z"), "W W'W", "W"),
    (LAYERS, {"derivative": "s", "wrt": "x"}, gave("diag(h)", derivative="h", wrt="z"), "c'diag(h) W", "c'diag(h)"),
    (LAYERS, {"equals": "x - η ∇_x s"}, gave("W'c", gradient="s", wrt="x"), "x - η W'c", "x + η x"),
    (NEURON, {"equals": "C + 1"}, gave("z", equals="a"), "(z - y)^2 + 1", "(z + y)^2"),
    (NEURON, {"derivative": "C", "wrt": "b"}, gave("z", equals="a"), "2 (z - y)", "2 (z + y)"),
)  # fmt: skip


@pytest.mark.parametrize(("base", "ask", "earlier", "answer", "other"), FOLLOWING)
def test_what_follows_from_an_earlier_mistake_says_which(
    base: dict[str, Any], ask: dict[str, str], earlier: dict[str, Any], answer: str, other: str
) -> None:
    allowed = {**base, "allow_derivatives": True}
    reply = asked(allowed, answer, earlier, **ask)
    assert (reply.verdict, reply.follows_from) == ("incorrect", "step 2"), reply.message
    assert "of step 2: that is the line to fix." in reply.message
    assert asked(allowed, answer, **ask).follows_from is None
    unrelated = asked(allowed, other, earlier, **ask)
    assert (unrelated.verdict, unrelated.follows_from) == ("incorrect", None)


def test_an_earlier_answer_that_was_right_explains_nothing() -> None:
    reply = asked(NEURON, "w' if z > 0 else 0", gave("x'", derivative="z", wrt="w"), derivative="a", wrt="w")
    assert (reply.verdict, reply.follows_from) == ("incorrect", None)


def test_a_right_answer_is_right_whatever_came_before() -> None:
    reply = asked(NEURON, "[z > 0] x'", gave("w'", derivative="z", wrt="w"), derivative="a", wrt="w")
    assert (reply.verdict, reply.follows_from) == ("correct", None)


def test_earlier_answers_that_cannot_be_used_are_left_out() -> None:
    unusable: list[dict[str, Any]] = [
        gave("q +", derivative="z", wrt="w"), gave("x", derivative="z", wrt="w"), gave("x'", derivative="q", wrt="w"),
        {"answer": "x'"}, {"ask": {"derivative": "z", "wrt": "w"}}, gave("(1, n)", shape="z", wrt="w"),
    ]  # fmt: skip
    used = gave("w'", "line 3", derivative="z", wrt="w")
    reply = asked(NEURON, "[z > 0] w'", *unusable, used, derivative="a", wrt="w")
    assert reply.follows_from == "line 3"
    for none in ("no list", 3, [None, "w'"]):
        given = {**NEURON, "ask": {"derivative": "a", "wrt": "w"}, "answer": "[z > 0] w'", "earlier": none}
        assert GRADER(given).verdict == "incorrect"
