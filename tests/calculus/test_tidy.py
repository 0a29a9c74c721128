"""The rewrites: each where it belongs, and not where it only seems to."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.language.expressions import DEFINITIONS, VARIABLES, well_shaped
from tutor.calculus.facts import Facts
from tutor.calculus.tidy import Tidy
from tutor.language.read import read
from tutor.language.scope import Scope
from tutor.language.show import show
from tutor.marking.judge import Judge
from tutor.problem import Problem

from .questions import asking

TYPES = {
    "A": "square n", "B": "square n", "S": "symmetric n", "X": "invertible square n", "M": "matrix m n", "t": "scalar",
    "u": "vector n", "v": "vector n", "w": "vector n", "p": "simplex vector n", "c": "scalar",
}  # fmt: skip


def tidied(text: str, define: dict[str, str] | None = None) -> str:
    scope = Scope.declare(TYPES, define or {})
    assert not isinstance(scope, Problem)
    expr = read(text, scope)
    assert not isinstance(expr, Problem), expr
    return show(Tidy(Facts.of(scope))(expr), scope)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("(A')'", "A"), ("(A B u)'", "uᵀBᵀAᵀ"), ("(I u)'", "uᵀ"), ("I A I", "A"), ("S'", "S"), ("inv(S)'", "S⁻¹"),
        ("1'diag(v)", "vᵀ"), ("diag(u) v", "u ⊙ v"), ("diag(u) diag(v)", "diag(u ⊙ v)"), ("diag(ones(n))", "Iₙ"),
        ("diag(c ones(n))", "c Iₙ"), ("u .* ones(n)", "u"), ("u .* u", "u.^2"), ("1/2*2 t", "t"), ("-(-t)", "t"),
        ("u'A + u'A'", "uᵀ(A + Aᵀ)"), ("u'S + u'S'", "2uᵀS"), ("t u + t u", "2t u"), ("-(u - v)'A", "(v − u)ᵀA"),
        ("X X^-1 u", "u"), ("inv(A B) A", "B⁻¹"), ("B inv(A B)", "A⁻¹"), ("v (u'w)", "(u·w) v"),
        ("tr(u v')", "u·v"), ("1'ones(n)", "n"), ("sum(t ones(n))", "n t"), ("sum(u - mean(u))", "0"), ("sum(p)", "1"),
        ("sum_i u_i unit(i)'", "uᵀ"), ("sum_i t u_i unit(i)", "t u"), ("kron(A, I_n) kron(I_n, B)", "A ⊗ B"),
        ("[t > 0][t > 0] u", "[t > 0] u"), ("[t > 0] max(0, t)", "[t > 0] t"), ("[u', 1][A; v']", "uᵀA + vᵀ"),
    ],
)  # fmt: skip
def test_a_rewrite_makes_it_short(text: str, short: str) -> None:
    assert tidied(text) == short


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("A'", "Aᵀ"), ("u'A + u'B", "uᵀ(A + B)"), ("A inv(B)", "A B⁻¹"), ("inv(B) A B", "B⁻¹A B"), ("A B", "A B"),
        ("sum(u - mean(v))", "sum(u − mean(v))"), ("sum(u)", "sum(u)"), ("[t < 0] max(0, t)", "[t < 0] max(0, t)"),
        ("diag(u) A", "diag(u) A"), ("sqrt(t^2)", "sqrt(t²)"), ("M'M", "MᵀM"), ("u v'", "u vᵀ"),
    ],
)  # fmt: skip
def test_what_only_looks_alike_is_left_alone(text: str, kept: str) -> None:
    assert tidied(text) == kept


def test_a_defined_name_stands_for_its_body() -> None:
    assert tidied("2 (A u - v)'B", {"r": "A u - v"}) == "2rᵀB"
    assert tidied("u/‖u‖^2", {"d": "u/‖u‖"}) == "d/‖u‖"


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(well_shaped(depth=3))
def test_tidying_changes_no_value(text: str) -> None:
    asked = asking(VARIABLES, text, "x", "equals", define=DEFINITIONS) if "=" not in text else None
    if asked is None or isinstance(asked, Problem):
        return
    refuters = Judge(asked).refuters
    if any(refuter.refute(asked.of) is not None for refuter in refuters):
        return  # at a jump a text can be held against itself
    result = Tidy(Facts.of(asked.scope))(asked.of)
    assert result.shape == asked.of.shape
    assert all(refuter.refute(result) is None for refuter in refuters), show(result)
