"""Hints that are made from a derivation tell a little more each time."""

from __future__ import annotations

from tutor.calculus.hints import hints_for

from .questions import derived, question

NEURON = {"w": "vector n", "x": "vector n", "b": "scalar"}


def test_hints_go_from_the_rule_to_the_answer() -> None:
    rule, named, pieces, answer = hints_for(derived(question(NEURON, "max(0, w·x + b)", "w")))
    assert rule.startswith("From the inside out: the dot product, then the sum rule, then")
    assert "When $w$ changes by a little $Δw$, $u = w·x$ changes by $x·Δw$." in named
    assert pieces == "The pieces: $∂u/∂w = xᵀ$, $∂v/∂u = 1$, $∂(max(0, v))/∂v = [v > 0]$."
    assert answer == "The answer: $∂max(0, w·x + b)/∂w = (xᵀ if w·x + b > 0 else 0)$."


def test_one_rule_is_told_by_its_sentence() -> None:
    rule, named, _, answer = hints_for(derived(question({"x": "vector n"}, "exp(x)", "x")))
    assert rule == "The exponential is its own derivative."
    assert named == "When $x$ changes by a little $Δx$, $exp(x)$ changes by $exp(x) ⊙ Δx$."
    assert answer.endswith("= diag(exp(x))$.")


def test_from_the_outside_in_the_pieces_are_gradients_by_the_parts() -> None:
    types = {"A": "matrix m n", "X": "matrix n k", "B": "matrix k m"}
    rule, _, pieces, _ = hints_for(derived(question(types, "tr(A X B)", "X", "gradient")))
    assert rule.startswith("From the outside in")
    assert pieces == "The pieces: by $v$ the gradient is $Iₘ$, by $u$ the gradient is $Bᵀ$."


def test_what_does_not_change_has_hints_too() -> None:
    assert all(hints_for(derived(question(NEURON, "b", "w"))))
