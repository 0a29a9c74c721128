"""What is right and ends as `sampled` or `undecided`: so that an improvement is noticed, and docs/limits.md kept."""

from __future__ import annotations

from typing import Any

import pytest

from tutor.marking.grade import Grader

GRADER = Grader()
SCALAR = {"x": "scalar"}

# (why, variables, what it equals, the answer)
SAMPLED: list[tuple[str, dict[str, str], str, str]] = [
    ("sines of parts of π are opaque", {}, "cos(pi/5)", "(1 + sqrt(5))/4"),
    ("nested roots of numbers", {}, "2", "(sqrt(108) + 10)^(1/3) - (sqrt(108) - 10)^(1/3)"),
    ("a power too large to be expanded", SCALAR, "(x + 1)^100000", "(x^2 + 2x + 1)^50000"),
]
UNDECIDED: list[tuple[str, dict[str, str], str, str]] = [
    ("a part too small to be seen", SCALAR, "x", "x + exp(-10^5)"),
    ("too large to be worked out", {"A": "square 20"}, "det(A A)", "det(A)^2"),
]
# Wrong answers whose difference nothing here can show: they must never be called right.
UNSEEN: list[tuple[str, dict[str, str], str, str]] = [
    ("very small", SCALAR, "x", "x + exp(-x^2 - 10^4)"),
    ("at a size beyond all that are tried", {"x": "vector n"}, "x'x", "x'x + [n > 10^4]"),
    ("nowhere but on a thin strip far out", SCALAR, "x", "x + [sin(x) > 1 - 10^-30]"),
]


def judged(variables: dict[str, str], of: str, answer: str) -> Any:
    return GRADER({"variables": variables, "ask": {"equals": of}, "answer": answer})


@pytest.mark.parametrize(("why", "variables", "of", "answer"), SAMPLED)
def test_this_is_accepted_on_samples(why: str, variables: dict[str, str], of: str, answer: str) -> None:
    reply = judged(variables, of, answer)
    assert (reply.verdict, reply.proof) == ("correct", "sampled"), why


@pytest.mark.parametrize(("why", "variables", "of", "answer"), [*UNDECIDED, *UNSEEN])
def test_this_is_left_undecided(why: str, variables: dict[str, str], of: str, answer: str) -> None:
    assert judged(variables, of, answer).verdict == "undecided", why


WRONG = [
    # differences that are small, long literals, far or thin regions
    ("x", "x + 10^-20"), ("x", "x + 10^-300"), ("x", "x (1 + 10^-50)"), ("x", "x + [x > 10^30]"),
    ("x", "x + [x^2 > 10^100]"),
    ("x", "x + [x < -10^30]"), ("x", "x + relu(|x| - 10^50)"), ("x", "x + [x > 1] - [x > 1 + 10^-20]"),
    ("pi", "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798"),
    ("exp(x)", "2.718281828459045235360287471352662497757^x"),
    # undefined on an open part, however far
    ("x", "x + 0 log(10^6 - x)"), ("x", "x + 0 sqrt(10^8 - x^2)"), ("x", "x + 0 acos(x/10^6)"),
    ("x", "x + sqrt(10^9 - x)^2 + x - 10^9"),
]  # fmt: skip
WRONG_FOR_SOME_SIZE = [
    "x'x + [n = 2]", "x'x + [n = 30]", "x'x + [n > 20]", "x'x + max(0, n - 9)", "x'x + [n = m]",
    "x'x + (n - 3)(n - 4)(n - 5)(n - 6)", "x'x + sum_i [i > 12] x_i", "x'x + sum_i [i = 25] x_i",
    "n mean(x .* x) + [n < 2]",
]  # fmt: skip


@pytest.mark.parametrize(("of", "answer"), WRONG)
def test_a_difference_that_is_hard_to_see_is_found(of: str, answer: str) -> None:
    assert judged(SCALAR, of, answer).verdict == "incorrect"


@pytest.mark.parametrize("answer", WRONG_FOR_SOME_SIZE)
def test_what_is_wrong_for_some_size_is_found(answer: str) -> None:
    reply = judged({"x": "vector n", "y": "vector m"}, "x'x", answer)
    assert reply.verdict == "incorrect"
