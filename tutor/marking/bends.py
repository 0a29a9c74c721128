"""Bent rules: how the derivative comes out where one rule of differentiation is replaced by a mistaken one.

A row replaces the formula of a row of `calculus/rules.py`, for one argument of one operation. In: a question,
points, and the place in the question's function where the mistake is made. Out: the derivative's values with it.
The decision owned here: a bent rule is applied to numbers, on the way on which the truth is found, so that
no formula has to be derived, laid out or read: a mistake costs a fraction of a millisecond.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from tutor.calculus.rules import RULES
from tutor.language.expr import Expr
from tutor.language.numbers import ELEMENTWISE

_ZERO = "0"


@dataclass(frozen=True)
class Bend:
    """A mistaken rule: the operation, what each argument contributes, and the row of the misconceptions table.

    `formulas` are read as in `calculus/rules.py`, one for each argument: None leaves the true rule, and "0"
    drops the contribution. `instead` replaces the function too: the value of the operation. Not every mistake
    is one that is made `with_numbers`: nobody takes a number to be a symmetric matrix.
    """

    operation: str
    formulas: tuple[str | None, ...]
    name: str
    instead: str | None = None
    with_numbers: bool = True

    @cached_property
    def templates(self) -> tuple[Expr | None, ...]:
        return tuple(
            None if formula in {None, _ZERO} else replace(RULES[self.operation, k], formula=str(formula)).template
            for k, formula in enumerate(self.formulas, 1)
        )

    @cached_property
    def template(self) -> Expr | None:
        return None if self.instead is None else replace(RULES[self.operation, 1], formula=self.instead).template


def _one(operation: str, name: str, *formulas: str) -> tuple[Bend, ...]:
    """Bends of an operation of one argument."""
    return tuple(Bend(operation, (formula,), name) for formula in formulas)


def _two(operation: str, name: str, *pairs: tuple[str | None, str | None]) -> tuple[Bend, ...]:
    return tuple(Bend(operation, pair, name) for pair in pairs)


def _instead(operation: str, name: str, *formulas: str) -> tuple[Bend, ...]:
    """Another function in the place of an operation, and its derivative."""
    return tuple(Bend(operation, (), name, formula) for formula in formulas)


_PRODUCTS = ("times", "dot", "hadamard", "outer", "kron")
_TWICE = {
    "times": ("2 d b", "2 a d"), "dot": ("2 b·d", "2 a·d"), "hadamard": ("2 b .* d", "2 a .* d"),
    "outer": ("2 outer(d, b)", "2 outer(a, d)"), "kron": ("2 kron(d, b)", "2 kron(a, d)"),
}  # fmt: skip

# fmt: off
# ruff: noqa: E501 - the rows of a table lie in columns.
_ROWS = (
    # Products, quotients and sums: a term left out, taken twice, or with the other sign.
    *(bend for name in _PRODUCTS for bend in _two(name, "change dropped", (_ZERO, None), (None, _ZERO))),
    *(Bend(name, pair, "doubled", with_numbers=False) for name, (one, two) in _TWICE.items() for pair in ((one, _ZERO), (_ZERO, two))),
    *_two("divide", "change dropped", (_ZERO, None), (None, _ZERO)),
    *_two("divide", "negated change", (None, "a d/b^2")),
    *_two("divide", "power not lowered", (None, "-a d/b"), (None, "-a d"), (None, "-a d/b^3")),
    *_two("divide", "factor dropped", ("d", None), (None, "-d/b^2")),
    *_two("divide", "function slope", (None, "d"), ("d", "-a d"), ("d", "d"), ("d", _ZERO)),
    *_two("over", "change dropped", (_ZERO, None), (None, _ZERO)),
    *_two("over", "negated change", (None, "(a ./ b.^2) .* d")),
    *_two("over", "power not lowered", (None, "-(a ./ b) .* d"), (None, "-a .* d")),
    *_two("over", "factor dropped", ("d", None), (None, "-(1 ./ b.^2) .* d")),
    *_two("add", "change dropped", (_ZERO, None), (None, _ZERO)),
    *_two("subtract", "change dropped", (_ZERO, None), (None, _ZERO)),
    *_two("subtract", "negated change", (None, "d"), ("-d", None)),
    *_two("add", "negated change", (None, "-d"), ("-d", None)),
    *_instead("add", "summand dropped", "a", "b"),
    *_instead("subtract", "summand dropped", "a", "-b"),
    *_instead("add", "negated inside", "a - b"),
    *_instead("subtract", "negated inside", "a + b"),
    # Powers.
    *_two("power", "power without factor", ("a^(b - 1) d", None)),
    *_two("power", "power not lowered", ("b a^b d", None), ("b d", None), ("b a^(b + 1) d", None), ("b a d", None)),
    *_two("power", "power not lowered", ("y d", None)),
    *_two("power", "outside left out", ("d", None)),
    *_two("power", "power without factor", ("(b - 1) a^(b - 1) d", None)),
    *_two("power", "function slope", (None, "y d"), (None, "b y/a d")),
    *_two("powers", "power without factor", ("a.^(b - 1) .* d", None)),
    *_two("powers", "power not lowered", ("b .* a.^b .* d", None), ("b .* d", None), ("b .* a.^(b + 1) .* d", None)),
    *_two("powers", "power not lowered", ("y .* d", None)),
    *_two("hadamard", "function kept", ("y .* d", None), (None, "y .* d")),
    *_two("powers", "outside left out", ("d", None)),
    # Functions of each entry.
    *(bend for name in (*ELEMENTWISE, "f") for bend in _one(name, "outside left out", "d")),
    *(bend for name in (*ELEMENTWISE, "f") if name not in {"exp"} for bend in _one(name, "function kept", "y .* d")),
    *_one("f",        "function slope", "f''(a) .* d", "f'(a).^2 .* d"),
    *_one("exp",      "function slope", "a .* d", "d ./ y", "d ./ a", "-y .* d"),
    *_one("exp",      "power not lowered", "a .* y .* d", "a .* exp(a - 1) .* d", "exp(a - 1) .* d"),
    *_one("log",      "function slope", "a .* d", "d ./ y", "d ./ a.^2", "-d ./ a.^2", "exp(a) .* d", "y ./ a .* d"),
    *_one("sqrt",     "power without factor", "d ./ y"),
    *_one("sqrt",     "power not lowered", "y .* d/2", "d ./ (2 a)", "d ./ (2 a .* y)"),
    *_one("sqrt",     "function slope", "2 y .* d", "d ./ a", "2 d ./ y"),
    *_one("sin",      "negated change", "-cos(a) .* d"),
    *_one("cos",      "negated change", "sin(a) .* d"),
    *_one("tan",      "function slope", "sec(a) .* d", "(1 - y.^2) .* d", "y.^2 .* d", "-csc(a).^2 .* d", "cot(a) .* d"),
    *_one("sec",      "function slope", "y.^2 .* d", "tan(a) .* d", "-y .* tan(a) .* d"),
    *_one("sinh",     "negated change", "-cosh(a) .* d"),
    *_one("sinh",     "function slope", "cos(a) .* d"),
    *_one("cosh",     "negated change", "-sinh(a) .* d"),
    *_one("cosh",     "function slope", "sin(a) .* d", "-sin(a) .* d"),
    *_one("tanh",     "function slope", "(1 - y) .* d", "y .* (1 - y) .* d", "y.^2 .* d", "-y.^2 .* d", "(1 - a.^2) .* d", "sech(a) .* d", "(1 - y).^2 .* d", "-y .* sech(a) .* d"),
    *_one("tanh",     "negated change", "(1 + y.^2) .* d", "(y.^2 - 1) .* d"),
    *_one("sigmoid",  "function slope", "(1 - y) .* d", "(1 - y.^2) .* d", "a .* (1 - a) .* d", "y.^2 .* d", "y.^2 .* (1 - y) .* d", "y .* (1 - y).^2 .* d", "y .* (1 - y) .* (1 - 2 y) .* d"),
    *_one("sigmoid",  "negated change", "y .* (1 + y) .* d", "y .* (y - 1) .* d"),
    *_one("softplus", "function slope", "sigmoid(a) .* (1 - sigmoid(a)) .* d", "[a > 0] .* d", "d ./ (1 + exp(a))", "tanh(a) .* d", "1 ./ a .* d"),
    *_one("softplus", "outside left out", "exp(a) .* d"),
    *_one("relu",     "case without change", "0 d"),
    *_one("relu",     "cases swapped", "[a < 0] .* d"),
    *_one("relu",     "function slope", "sigmoid(a) .* d", "sign(a) .* d", "a .* d"),
    *_instead("relu", "case dropped", "a"),
    *_one("abs",      "case dropped", "[a > 0] .* d", "-[a < 0] .* d", "-d"),
    *_one("abs",      "negated change", "-sign(a) .* d"),
    *_one("abs",      "function slope", "a .* d", "2 a .* d", "1 ./ a .* d", "1 ./ y .* d", "[a > 0] .* a .* d"),
    *_instead("abs",  "case dropped", "a"),
    *_one("erf",      "function slope", "2/sqrt(pi) exp(-a) .* d", "2/sqrt(pi) exp(a.^2) .* d", "2/sqrt(pi) exp(-a.^2/2) .* d", "(1 - y.^2) .* d"),
    *_one("erf",      "constant dropped", "exp(-a.^2) .* d", "2 exp(-a.^2) .* d", "1/sqrt(pi) exp(-a.^2) .* d"),
    *_one("asin",     "function slope", "d ./ sqrt(1 + a.^2)", "d ./ (1 + a.^2)", "d ./ (1 - a.^2)"),
    *_one("asin",     "negated change", "-d ./ sqrt(1 - a.^2)"),
    *_one("acos",     "negated change", "d ./ sqrt(1 - a.^2)"),
    *_one("atan",     "function slope", "d ./ sqrt(1 - a.^2)", "d ./ (1 + a)", "2 a ./ (1 + a.^2) .* d"),
    *_one("atan",     "negated change", "d ./ (1 - a.^2)"),
    # The larger and the smaller of two.
    *_two("maximum",  "case dropped", ("d", _ZERO), (_ZERO, "d"), ("d", "d")),
    *_two("maximum",  "case without change", (_ZERO, _ZERO)),
    *_two("maximum",  "cases swapped", ("[a < b] .* d", "[b < a] .* d")),
    *_two("maximum",  "function kept", (_ZERO, "y .* d"), ("y .* d", _ZERO)),
    *_two("maximum",  "case dropped", ("sign(a - b) .* d", _ZERO), (_ZERO, "sign(b - a) .* d")),
    *_instead("maximum", "case dropped", "a", "b"),
    *_instead("maximum", "cases swapped", "min(a, b)"),
    *_two("minimum",  "case dropped", ("d", _ZERO), (_ZERO, "d"), ("d", "d")),
    *_two("minimum",  "case without change", (_ZERO, _ZERO)),
    *_two("minimum",  "cases swapped", ("[a > b] .* d", "[b > a] .* d")),
    *_instead("minimum", "case dropped", "a", "b"),
    *_instead("minimum", "cases swapped", "max(a, b)"),
    *_one("largest",  "scalar for all", "sum(d)"),
    # Sums, norms and the like.
    *_one("mean",     "constant dropped", "sum(d)"),
    *_one("prod",     "power not lowered", "y sum(d)", "y sum(a .* d)"),
    *_one("prod",     "function slope", "sum(d)", "sum(a .* d)"),
    *_one("norm",     "factor dropped", "sum(d)/y", "1/2 sum(d)/y"),
    *_one("norm",     "power not lowered", "sum(a .* d)", "2 sum(a .* d)", "sum(a .* d)/y^2", "y sum(a .* d)", "sum(a .* d)/y^3"),
    *_one("norm",     "function slope", "sum(sign(a) .* d)"),
    *_one("norm",     "summed up", "sum(d)"),
    *_one("norm",     "constant dropped", "sum(a .* d)/(2 y)", "2 sum(a .* d)/y"),
    *_one("norm",     "scalar for all", "y sum(d)"),
    *_one("norm1",    "case dropped", "sum(d)", "sum(step(a) .* d)", "-sum(d)"),
    *_one("norm1",    "function kept", "sum(abs(a) .* d)"),
    *_one("norm1",    "function slope", "sum(a .* d)", "2 sum(a .* d)", "sum(a .* d)/y", "sum(a .* d)/norm(a)"),
    *_one("norm1",    "summed up", "sum(sign(a)) sum(d)", "sign(sum(a)) sum(d)"),
    # Softmax and logsumexp.
    *_one("softmax",  "change dropped", "y .* d", "-y (y·d)", "y .* (1 - y) .* d"),
    *_one("softmax",  "negated change", "y .* d + y (y·d)"),
    *_one("softmax",  "function slope", "d - y·d", "y (y·d)", "y .* (d - sum(d))", "exp(a) .* d"),
    *_one("softmax",  "summed up", "y .* d - (y·y) d"),
    *_one("softmax",  "outside left out", "d"),
    *_one("logsumexp", "inside not changed", "sum(d)/sum(exp(a))", "exp(a)·d"),
    *_one("logsumexp", "function slope", "sum(d)", "y softmax(a)·d", "a·d/sum(a)", "sum(d ./ exp(a))"),
    *_one("logsumexp", "function kept", "y sum(d)"),
    # Matrices.
    *_one("trace",    "scalar for all", "sum(d)"),
    *_one("det",      "function slope", "tr(a^-1 d)", "tr(d)", "tr(a d)", "y tr(a d)", "tr(a^-1 d)/y"),
    *_one("det",      "held factor dropped", "y tr(d)"),
    *_one("det",      "transpose changed", "y tr((a^-1)' d)"),
    *_one("det",      "scalar for all", "y tr(a^-1) tr(d)", "y sum(d)"),
    *_one("det",      "elementwise", "y sum(d ./ a)"),
    *_one("logdet",   "inside not changed", "tr(d)/det(a)", "sum(d)/det(a)"),
    *_one("logdet",   "function slope", "det(a) tr(a^-1 d)", "tr(a^-1 d)/det(a)", "tr(a d)"),
    *_one("logdet",   "held factor dropped", "tr(d)"),
    *_one("logdet",   "function kept", "y tr(a^-1 d)", "y tr(d)"),
    *_one("logdet",   "transpose changed", "tr((a^-1)' d)"),
    *_one("logdet",   "scalar for all", "tr(a^-1) tr(d)"),
    *_one("logdet",   "power not lowered", "tr(a^-1 a^-1 d)"),
    *_one("logdet",   "elementwise", "sum(d ./ a)", "sum(d ./ a')"),
    *_one("inverse",  "negated change", "y d y"),
    *_one("inverse",  "chain factor dropped", "-y d", "-d y"),
    *_one("inverse",  "outside left out", "d"),
    *_one("inverse",  "chain reordered", "-y y d", "-d y y"),
    *_one("inverse",  "transpose changed", "-y d y'", "-y' d y", "-y d' y"),
    *_one("inverse",  "transposes changed", "-y' d y'"),
    *_one("inverse",  "elementwise", "-y .* d .* y", "-d ./ (a .* a)"),
    *_one("inverse",  "function slope", "-a d a", "tr(y d) y", "-tr(y d) y"),
    *_one("inverse",  "power not lowered", "-y d y y"),
)
# fmt: on

BENDS: Mapping[str, tuple[Bend, ...]] = {
    operation: tuple(bend for bend in _ROWS if bend.operation == operation)
    for operation in {b.operation for b in _ROWS}
}
