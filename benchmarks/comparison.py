"""Thirty functions differentiated by mctutor, by SymPy's matrix expressions and by matrixcalculus.org.

    python benchmarks/comparison.py [--markdown]

In: the table below: the inputs that matrixcalculus.org documents, and functions whose result the site printed into the
header of code that it generated and that people published, with the date in that header. Out: for each function the
three results. Ours and the site's are read in our notation and proved or refuted by our judge; SymPy's is evaluated at
random matrices and compared with ours. A result that is the transpose of ours counts as right: it is in the other
layout. Lengths are in tokens for what our notation reads, and in SymPy's own words for SymPy.
"""

# ruff: noqa: E501 - the rows of a table lie in columns.

from __future__ import annotations

import argparse
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from sympy.matrices.expressions.hadamard import HadamardProduct

from tutor.calculus.code import numpy_function
from tutor.calculus.derivation import Derivation
from tutor.language.show import show
from tutor.language.tokens import tokenise
from tutor.marking.judge import Judge
from tutor.marking.question import Question
from tutor.marking.reference import reference
from tutor.marking.verdict import Correct
from tutor.problem import Problem

SIZES = {"n": 3, "m": 2, "k": 4, "p": 5}
Names = Mapping[str, Any]


@dataclass(frozen=True)
class Function:
    """One row: the site's own input, by what, the types; the same in our notation and in SymPy.

    `printed` is what the site printed, `date` when, `reads` the same in our notation. Without a date only the input
    is documented (matrixcalculus.org/documentation).
    """

    site: str
    of: str
    wrt: str
    types: str
    sympy: Callable[[Names], Any]
    printed: str = ""
    reads: str = ""
    date: str = ""
    kind: str = "gradient"

    def question(self) -> Question:
        declared = dict(part.split(": ") for part in self.types.split(", "))
        made = Question.from_request({"variables": declared, "ask": {self.kind: self.of, "wrt": self.wrt}})
        assert not isinstance(made, Problem), (self.of, made.message)
        return made


def each(name: str, argument: Any) -> Any:
    """An elementary function of each entry."""
    t = sp.Symbol("t")
    return argument.applyfunc(sp.Lambda(t, getattr(sp, name)(t)))


def ones(like: Any) -> Any:
    return sp.OneMatrix(*like.shape)


def total(v: Any) -> Any:
    """The sum of a column's entries."""
    return (ones(v).T * v)[0, 0] if all(isinstance(s, int) for s in v.shape) else sp.Trace(ones(v).T * v)


def square(v: Any) -> Any:
    return sp.Trace(v.T * v)


_D = "derivative"
# fmt: off
FUNCTIONS = (
    # The inputs of the site's documentation; what it prints for these was not seen.
    Function("0.5*x'*A*x", "0.5 x'A x", "x", "x: vector n, A: square n", lambda v: sp.Rational(1, 2) * sp.Trace(v["x"].T * v["A"] * v["x"])),
    Function("(y.*v)'*x", "(y .* v)'x", "x", "x: vector n, y: vector n, v: vector n", lambda v: sp.Trace(HadamardProduct(v["y"], v["v"]).T * v["x"])),
    Function("a^b", "a^b", "a", "a: positive scalar, b: scalar", lambda v: v["a"] ** v["b"], kind=_D),
    Function("norm1(A*x-y)", "norm(A x - y, 1)", "x", "x: vector n, A: matrix m n, y: vector m", lambda v: total(each("Abs", v["A"] * v["x"] - v["y"]))),
    Function("norm2(A*x-y)^2", "‖A x - y‖^2", "x", "x: vector n, A: matrix m n, y: vector m", lambda v: square(v["A"] * v["x"] - v["y"])),
    Function("tr(A*X'*B*X*C)", "tr(A X'B X C)", "X", "X: matrix m n, A: matrix k n, B: square m, C: matrix n k", lambda v: sp.Trace(v["A"] * v["X"].T * v["B"] * v["X"] * v["C"])),
    Function("log(det(inv(X)))", "log(det(inv(X)))", "X", "X: invertible square n", lambda v: sp.log(sp.Determinant(v["X"].I))),
    # The site's result stands in the header of generated code.
    Function("x'*A*x + c*sin(y)'*x", "x'A x + c sin(y)'x", "x", "x: vector n, A: symmetric n, y: vector n, c: scalar", lambda v: sp.Trace(v["x"].T * v["A"] * v["x"]) + v["c"] * sp.Trace(each("sin", v["y"]).T * v["x"]),
             "2*A*x+c*sin(y)", "2*A*x+c*sin(y)", "2024-06-16"),
    Function("A*exp(x)", "A exp(x)", "x", "x: vector n, A: symmetric n", lambda v: v["A"] * each("exp", v["x"]),
             "A*diag(exp(x))", "A*diag(exp(x))", "2021-02-28", _D),
    Function("sum(log(exp(-b.*(A*x)) + vector(1)))", "sum(log(exp(-b .* (A x)) + 1))", "x", "x: vector n, A: matrix m n, b: vector m", lambda v: total(each("log", each("exp", -HadamardProduct(v["b"], v["A"] * v["x"])) + ones(v["b"]))),
             "-A'*(exp(-b.*(A*x)).*b./(vector(1)+exp(-b.*(A*x))))", "-A'*(exp(-b.*(A*x)).*b./(1+exp(-b.*(A*x))))", "2023-03-21"),
    Function("tr(A'*inv(X))", "tr(A'inv(X))", "X", "X: invertible symmetric n, A: symmetric n", lambda v: sp.Trace(v["A"].T * v["X"].I),
             "0.5*(-(inv(X)'*A*inv(X)'+inv(X)*A'*inv(X)))", "0.5*(-(inv(X)'*A*inv(X)'+inv(X)*A'*inv(X)))", "2023-10-22"),
    Function("-exp(-(x-x0)'*D*(x-x0))", "-exp(-(x - q)'D (x - q))", "x", "x: vector n, q: vector n, D: symmetric n", lambda v: -sp.exp(-sp.Trace((v["x"] - v["q"]).T * v["D"] * (v["x"] - v["q"]))),
             "2*exp(-(x-x0)'*D*(x-x0))*D*(x-x0)", "2*exp(-(x-q)'*D*(x-q))*D*(x-q)", "2022-12-06"),
    Function("norm2(b - A*x + c*x)^2", "‖b - A x + c x‖^2", "x", "x: vector n, A: square n, b: vector n, c: scalar", lambda v: square(v["b"] - v["A"] * v["x"] + v["c"] * v["x"]),
             "(2*c*(b-A*x+c*x))'-2*(b-A*x+c*x)'*A", "(2*c*(b-A*x+c*x))'-2*(b-A*x+c*x)'*A", "2018-11-13", _D),
    Function("x .* tanh(log(vector(1) + exp(x)))", "x .* tanh(log(1 + exp(x)))", "x", "x: vector n", lambda v: HadamardProduct(v["x"], each("tanh", each("log", ones(v["x"]) + each("exp", v["x"])))),
             "diag(tanh(log(vector(1)+exp(x))))+diag(x.*(vector(1)-tanh(log(vector(1)+exp(x))).^2).*exp(x)./(vector(1)+exp(x)))",
             "diag(tanh(log(1+exp(x))))+diag(x.*(1-tanh(log(1+exp(x))).^2).*exp(x)./(1+exp(x)))", "2020-07-24", _D),
    Function("W*x", "vec(W x)", "vec(W)", "W: matrix m n, x: vector n", lambda v: v["W"] * v["x"], "x'\\otimes eye", "x'⊗I", "2019-11-27", _D),
    Function("X * W", "vec(X W)", "vec(W)", "X: matrix m n, W: matrix n k", lambda v: v["X"] * v["W"], "eye\\otimes X", "I⊗X", "2020-11-16", _D),
    Function("w*w'*v - (w'*w)*v", "w w'v - (w'w) v", "w", "w: vector n, v: vector n", lambda v: v["w"] * v["w"].T * v["v"] - v["v"] * v["w"].T * v["w"],
             "w'*v*eye+w*v'-2*v*w'", "w'*v*I+w*v'-2*v*w'", "2023-02-19", _D),
    Function("W2 * z1 + b2", "W z + b", "vec(W)", "W: matrix m n, z: vector n, b: vector m", lambda v: v["W"] * v["z"] + v["b"], "z1'\\otimes eye", "z'⊗I", "2022-05-14", _D),
    Function("b'*H'*A'*M*A*H*b", "b'H'A'M A H b", "A", "A: matrix m n, H: matrix n k, M: square m, b: vector k", lambda v: sp.Trace(v["b"].T * v["H"].T * v["A"].T * v["M"] * v["A"] * v["H"] * v["b"]),
             "M*A*H*b*(H*b)'+M'*A*H*b*(H*b)'", "M*A*H*b*(H*b)'+M'*A*H*b*(H*b)'", "2022-04-17"),
    Function("A+B", "vec(A + B)", "vec(A)", "A: matrix m n, B: matrix m n", lambda v: v["A"] + v["B"], "eye\\otimes eye", "I_n⊗I_m", "2020-07-08", _D),
    Function("norm2(V*W*z-vprime)^2", "‖V W z - v‖^2", "z", "V: matrix m n, W: matrix n k, z: vector k, v: vector m", lambda v: square(v["V"] * v["W"] * v["z"] - v["v"]),
             "2*W'*V'*(V*W*z-vprime)", "2*W'*V'*(V*W*z-v)", "2018-01-01"),
    Function("norm2(V*W*z-vprime)^2", "‖V W z - v‖^2", "W", "V: matrix m n, W: matrix n k, z: vector k, v: vector m", lambda v: square(v["V"] * v["W"] * v["z"] - v["v"]),
             "2*V'*(V*W*z-vprime)*z'", "2*V'*(V*W*z-v)*z'", "2018-01-01"),
    Function("tanh(W1 * t + b1)", "tanh(w t + b)", "b", "w: vector n, b: vector n, t: scalar", lambda v: each("tanh", v["t"] * v["w"] + v["b"]),
             "diag(vector(1)-tanh(b1+t*W1).^2)", "diag(1-tanh(b+t*w).^2)", "2022-05-14", _D),
    Function("((tanh(w'*i+b)+1)/2-d)^2", "((tanh(w'x + b) + 1)/2 - d)^2", "b", "w: vector n, x: vector n, b: scalar, d: scalar", lambda v: ((sp.tanh(sp.Trace(v["w"].T * v["x"]) + v["b"]) + 1) / 2 - v["d"]) ** 2,
             "(1-tanh(b+w'*i).^2)*((1+tanh(b+w'*i))/2-d)", "(1-tanh(b+w'*x)^2)*((1+tanh(b+w'*x))/2-d)", "2024-06-10", _D),
    Function("sum(((0.5 * tanh((i * w) + vector(b)) + vector(1)) - vector(d)).^2)", "sum((0.5 tanh(X w + b) + 1 - d).^2)", "b", "X: matrix m n, w: vector n, b: scalar, d: scalar", lambda v: square(sp.Rational(1, 2) * each("tanh", v["X"] * v["w"] + v["b"] * ones(v["X"] * v["w"])) + (1 - v["d"]) * ones(v["X"] * v["w"])),
             "sum((vector(1)+0.5*tanh(i*w+b*vector(1))-d*vector(1)).*(vector(1)-tanh(i*w+b*vector(1)).^2))", "sum((1+0.5*tanh(X*w+b)-d).*(1-tanh(X*w+b).^2))", "2024-06-16", _D),
    Function("(1-l0/norm2(p-q))*(p-q)", "(1 - l/‖p - q‖) (p - q)", "p", "p: vector n, q: vector n, l: scalar", lambda v: (1 - v["l"] / sp.sqrt(square(v["p"] - v["q"]))) * (v["p"] - v["q"]),
             "l0/norm2(p-q).^3*(p-q)*(p-q)'+(1-l0/norm2(p-q))*eye", "l/‖p-q‖^3*(p-q)*(p-q)'+(1-l/‖p-q‖)*I", "2024-11-04", _D),
    Function("I-(1/2)*phi*phi", "vec(B - 1/2 X X)", "vec(X)", "B: square n, X: square n", lambda v: v["B"] - v["X"] * v["X"] / 2,
             "-(1/2*phi'\\otimes eye+1/2*eye\\otimes phi)", "-(1/2*X'⊗I+1/2*I⊗X)", "2022-04-17", _D),
    Function("phi*-(1/6)*phi*phi*phi", "vec(-1/6 X X X X)", "vec(X)", "X: square n", lambda v: -v["X"] * v["X"] * v["X"] * v["X"] / 6,
             "-(1/6*(phi*phi*phi)'\\otimes eye+1/6*(phi*phi)'\\otimes phi+1/6*phi'\\otimes (phi*phi)+1/6*eye\\otimes (phi*phi*phi))",
             "-(1/6*(X*X*X)'⊗I+1/6*(X*X)'⊗X+1/6*X'⊗(X*X)+1/6*I⊗(X*X*X))", "2022-04-17", _D),
    Function("X'", "vec(X')", "vec(X)", "X: matrix m n", lambda v: v["X"].T, "\\mathbbT", "", "2024-04-23", _D),
    Function("alpha' * (y * y' .* ((P * K * P') .* (Q * K * Q') - (P * K * Q') .* (Q * K * P'))) * alpha", "x'(y y' .* ((P K P') .* (Q K Q') - (P K Q') .* (Q K P'))) x", "x", "x: vector m, y: vector m, P: matrix m n, Q: matrix m n, K: symmetric n",
             lambda v: sp.Trace(v["x"].T * HadamardProduct(v["y"] * v["y"].T, HadamardProduct(v["P"] * v["K"] * v["P"].T, v["Q"] * v["K"] * v["Q"].T) - HadamardProduct(v["P"] * v["K"] * v["Q"].T, v["Q"] * v["K"] * v["P"].T)) * v["x"]),
             "(((P*K*P').*(Q*K*Q')-(P*K*Q').*(Q*K*P'))*(y.*alpha)).*y+(((P*K*P').*(Q*K*Q')-(Q*K*P').*(P*K*Q'))*(alpha.*y)).*y",
             "(((P*K*P').*(Q*K*Q')-(P*K*Q').*(Q*K*P'))*(y.*x)).*y+(((P*K*P').*(Q*K*Q')-(Q*K*P').*(P*K*Q'))*(x.*y)).*y", "2020-05-26"),
)
# fmt: on


# -- SymPy --------------------------------------------------------------------------------------------------------


def symbols(function: Function, sizes: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, declared in function.question().scope.variables.items():
        dims = [sizes.get(str(dim), dim.constant) for dim in declared.shape.dims]
        made[name] = sp.Symbol(name) if declared.shape.is_scalar else sp.MatrixSymbol(name, *dims)
    return made


def by_sympy(function: Function, sizes: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    names = symbols(function, sizes)
    variable = names[re.sub(r"^vec\((.*)\)$", r"\1", function.wrt)]
    return sp.diff(function.sympy(names), variable), names


def judged_by_numbers(function: Function, found: Derivation) -> str:
    """What SymPy's result is worth, at random matrices: right, wrong, or why it has no numbers."""
    question = function.question()
    code = numpy_function(found, question.scope)
    assert isinstance(code, str)
    space: dict[str, Any] = {}
    exec(code, space)  # made of our own tree
    called = next(value for name, value in space.items() if name.startswith("value_and_"))
    dice = np.random.default_rng(7)
    values = {}
    for name, declared in question.scope.variables.items():
        value = dice.normal(size=declared.shape.at(SIZES))
        value = np.abs(value) if "positive" in declared.qualities else value
        values[name] = value + value.T if "symmetric" in declared.qualities else value
    arguments = [values[name].reshape([s for s in values[name].shape if s != 1]) for name in _arguments(called)]
    truth = np.asarray(called(*(a[()] if a.ndim == 0 else a for a in arguments))[1], dtype=float)
    try:
        result, names = by_sympy(function, SIZES)
        put = {
            symbol: sp.Float(values[name].item()) if isinstance(symbol, sp.Symbol) else sp.ImmutableMatrix(values[name])
            for name, symbol in names.items()
        }
        result = result.subs(put).doit()
        result = result.as_explicit() if hasattr(result, "as_explicit") else result
        told = np.array(result.tolist() if hasattr(result, "tolist") else result, dtype=float)
    except Exception as error:
        return f"no value ({type(error).__name__})"
    if told.ndim == 4:  # by the entries of the variable, then those of the function
        told = told.transpose(3, 2, 1, 0).reshape(told.shape[3] * told.shape[2], -1)
    told = np.squeeze(told)
    fits = told.shape == truth.shape and np.allclose(told, truth)
    return "right" if fits or (told.shape == truth.T.shape and np.allclose(told.T, truth)) else "wrong"


def _arguments(function: Callable[..., Any]) -> tuple[str, ...]:
    code = function.__code__
    return code.co_varnames[: code.co_argcount]


# -- the table ----------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--markdown", action="store_true", help="print the table of docs/comparison.md")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    rows = [compared(function) for function in FUNCTIONS]
    if options.markdown:
        print(f"| | function | mctutor | SymPy {sp.__version__} | matrixcalculus.org |\n| --- | --- | --- | --- | --- |")
    for number, row in enumerate(rows, 1):
        if options.markdown:
            print(f"| {number} | " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
        else:
            print(f"{number:>2}  " + "\n    ".join(row) + "\n")


def compared(function: Function) -> tuple[str, str, str, str]:
    """The function; our result, SymPy's and the site's, each with what it is worth."""
    question = function.question()
    judge = Judge(question)
    found = reference(judge)
    assert not isinstance(found, Problem), found.message
    ours = show(found.result, question.scope)
    verdict = judge.judge(found.result)
    proof = verdict.proof if isinstance(verdict, Correct) else "refuted"
    mine = f"`{ours}` ({length(ours, question)}): {'proved' if proof == 'exact' else proof}"
    n, m, k, p = sp.symbols("n m k p", integer=True, positive=True)
    try:
        theirs = str(by_sympy(function, {"n": n, "m": m, "k": k, "p": p})[0])
        theirs = f"`{theirs if len(theirs) < 90 else theirs[:87] + '…'}` ({len(re.findall('[A-Za-z0-9]+|[^A-Za-z0-9 ]', theirs))})"
    except Exception as error:
        theirs = f"raises {type(error).__name__}"
    theirs = f"{theirs}: {judged_by_numbers(function, found)}"
    if not function.date:
        site = "not seen"
    elif not function.reads:
        site = f"`{function.printed}`: a sign of its own, not judged, {function.date}"
    else:
        given, _ = judge(function.reads)
        word = "right" if isinstance(given, Correct) else "wrong"
        site = f"`{function.printed}` ({length(function.reads, question)}): {word}, {function.date}"
    return f"`{function.site}` by `{function.wrt}`", mine, theirs, site


def length(text: str, question: Question) -> int:
    return len(tokenise(text, question.scope.lexicon)) - 1  # the last one is the stop


if __name__ == "__main__":
    main()
