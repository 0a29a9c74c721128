"""Known derivatives, each with its source: what `derive` must find, and a form of the answer that a book has.

MC is the Matrix Cookbook (2012) by equation, d2l the lecture on matrix calculus of Dive into Deep Learning, PH
Parr and Howard by section. A row: source, declarations, definitions, kind of question, function, variable, a right
answer, and the layout where it is not the numerator's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    source: str
    types: str
    of: str
    wrt: str
    answer: str
    kind: str = "derivative"
    layout: str = "numerator"
    define: str = ""

    @property
    def request(self) -> Mapping[str, object]:
        pairs = [part.split(": ") for part in self.types.split("; ")]
        defined = dict(part.split(" := ") for part in self.define.split("; ") if part)
        ask = {self.kind: self.of, "wrt": self.wrt}
        return {"variables": dict(pairs), "define": defined, "ask": ask, "layout": self.layout}


_G, _H, _N = "gradient", "hessian", "entry"
_X = "X: matrix m n; a: vector m; b: vector n; A: matrix p m; B: matrix n q; C: square m; D: square n"
_S = "X: invertible square n; A: square n; B: square n; a: vector n; b: vector n"
_V = "x: vector n; a: vector n; b: vector n; A: square n; B: matrix m n; c: vector m; s: vector n; W: symmetric n"

# ruff: noqa: E501 - the rows of a table lie in columns.

# fmt: off
IDENTITIES = (
    # -- Matrix Cookbook, chapter 2: determinants
    Identity("MC 49", "X: invertible square n", "det(X)", "X", "det(X) X^{-T}", _G),
    Identity("MC 49", "X: invertible square n", "det(X)", "X", "det(X) X^-1"),
    Identity("MC 51", "A: invertible square n; X: invertible square n; B: invertible square n", "det(A X B)", "X", "det(A X B) X^{-T}", _G),
    Identity("MC 52", "X: invertible square 2; A: invertible square 2", "det(X'A X)", "X", "2 det(X'A X) X^{-T}", _G),
    Identity("MC 53", "X: matrix 3 2; A: positive definite symmetric 3", "det(X'A X)", "X", "2 det(X'A X) A X inv(X'A X)", _G),
    Identity("MC 54", "X: matrix 3 2; A: square 3", "det(X'A X)", "X", "det(X'A X) (A X inv(X'A X) + A'X inv(X'A'X))", _G),
    Identity("MC 55", "X: matrix 3 2", "log(det(X'X))", "X", "2 X inv(X'X)", _G),
    Identity("MC 57", "X: invertible square 3", "logdet(X)", "X", "X^{-T}", _G),
    Identity("MC 58", "X: invertible square 3", "det(X^2)", "X", "2 det(X)^2 X^{-T}", _G),
    # inverses
    Identity("MC 59", "A: square n; B: square n; t: scalar", "inv(A + t B)", "t", "-inv(A + t B) B inv(A + t B)"),
    Identity("MC 60", _S, "inv(X)_ij", "X_kl", "-inv(X)_ik inv(X)_lj", _N),
    Identity("MC 61", _S, "a'inv(X) b", "X", "-X^{-T} a b'X^{-T}", _G),
    Identity("MC 62", _S, "det(inv(X))", "X", "-det(inv(X)) X^{-T}", _G),
    Identity("MC 63", _S, "tr(A inv(X) B)", "X", "-(X^-1 B A X^-1)'", _G),
    Identity("MC 64", "X: square n; A: square n", "tr(inv(X + A))", "X", "-(inv(X + A) inv(X + A))'", _G),
    # first and second order, vectors and matrices
    Identity("MC 69", _V, "x'a", "x", "a", _G),
    Identity("MC 69", _V, "a'x", "x", "a'"),
    Identity("MC 70", _X, "a'X b", "X", "a b'", _G),
    Identity("MC 71", _X, "b'X'a", "X", "a b'", _G),
    Identity("MC 72", _S, "a'X a", "X", "a a'", _G),
    Identity("MC 72", _S, "a'X'a", "X", "a a'", _G),
    Identity("MC 73", _X, "X_ij", "X_kl", "δ_ik δ_jl", _N),
    Identity("MC 74", "X: matrix m n; A: matrix n n", "(X A)_ij", "X_kl", "δ_ik A_lj", _N),
    Identity("MC 75", "X: matrix m n; A: matrix m n", "(X'A)_ij", "X_kl", "δ_il A_kj", _N),
    Identity("MC 76", "X: matrix m n", "sum(X)^2", "X", "2 sum(X) ones(m, n)", _G),
    Identity("MC 77", "X: matrix m n; b: vector n; c: vector n", "b'X'X c", "X", "X (b c' + c b')", _G),
    Identity("MC 78", "B: matrix m n; D: matrix k n; x: vector n; b: vector m; d: vector k; C: matrix m k", "(B x + b)'C (D x + d)", "x", "B'C(D x + d) + D'C'(B x + b)", _G),
    Identity("MC 79", "X: matrix m n; B: square m", "(X'B X)_ij", "X_kl", "δ_jl (X'B)_ik + δ_il (B X)_kj", _N),
    Identity("MC 81", _V, "x'A x", "x", "(A + A') x", _G),
    Identity("MC 81", _V, "x'A x", "x", "x'(A + A')"),
    Identity("MC 82", "X: matrix m n; b: vector n; c: vector n; D: square m", "b'X'D X c", "X", "D'X b c' + D X c b'", _G),
    Identity("MC 83", "X: matrix m n; b: vector n; c: vector m; D: square m", "(X b + c)'D(X b + c)", "X", "(D + D')(X b + c) b'", _G),
    Identity("MC 84", "x: vector n; s: vector m; A: matrix m n; W: symmetric m", "(A x - s)'W(A x - s)", "x", "2 A'W(A x - s)", _G),
    Identity("MC 85", "x: vector n; s: vector n; W: symmetric n", "(x - s)'W(x - s)", "x", "2 W(x - s)", _G),
    Identity("MC 86", "x: vector n; s: vector n; W: symmetric n", "(x - s)'W(x - s)", "s", "-2 W(x - s)", _G),
    Identity("MC 87", "x: vector n; s: vector m; A: matrix m n; W: symmetric m", "(s - A x)'W(s - A x)", "s", "2 W(s - A x)", _G),
    Identity("MC 88", "x: vector m; s: vector n; A: matrix m n; W: symmetric m", "(x - A s)'W(x - A s)", "A", "-2 W(x - A s) s'", _G),
    Identity("MC 2.4.3", _S, "a'X^2 b", "X", "a b'X' + X'a b'", _G),
    Identity("MC 2.4.3", _S, "a'X^3 b", "X", "a b'(X^2)' + X'a b'X' + (X^2)'a b'", _G),
    Identity("MC 2.4.3", _S, "a'(X^2)'X^2 b", "X", "X^2 a b'X' + X'X^2 a b' + X^2 b a'X' + X'X^2 b a'", _G),
    Identity("MC 95", _V, "a'x x'b", "x", "(a b' + b a') x", _G),
    Identity("MC 96", "x: vector n; A: square n; b: vector n", "x'A x + b'x", "x", "(A + A') x + b", _G),
    Identity("MC 98", "x: vector n; A: square n; b: vector n", "x'A x + b'x", "x", "A + A'", _H),
    # traces
    Identity("MC 99", "X: square n", "tr(X)", "X", "I", _G),
    Identity("MC 100", "X: matrix m n; A: matrix n m", "tr(X A)", "X", "A'", _G),
    Identity("MC 101", "X: matrix m n; A: matrix p m; B: matrix n p", "tr(A X B)", "X", "A'B'", _G),
    Identity("MC 102", "X: matrix m n; A: matrix p n; B: matrix m p", "tr(A X'B)", "X", "B A", _G),
    Identity("MC 103", "X: matrix m n; A: matrix m n", "tr(X'A)", "X", "A", _G),
    Identity("MC 104", "X: matrix m n; A: matrix m n", "tr(A X')", "X", "A", _G),
    Identity("MC 106", "X: square n", "tr(X^2)", "X", "2 X'", _G),
    Identity("MC 107", "X: square n; B: square n", "tr(X^2 B)", "X", "(X B + B X)'", _G),
    Identity("MC 108", "X: matrix m n; B: square m", "tr(X'B X)", "X", "B X + B'X", _G),
    Identity("MC 109", "X: matrix m n; B: square m", "tr(B X X')", "X", "(B + B') X", _G),
    Identity("MC 110", "X: matrix m n; B: square m", "tr(X X'B)", "X", "(B + B') X", _G),
    Identity("MC 111", "X: matrix m n; B: square n", "tr(X B X')", "X", "X (B + B')", _G),
    Identity("MC 112", "X: matrix m n; B: square n", "tr(B X'X)", "X", "X (B + B')", _G),
    Identity("MC 113", "X: matrix m n; B: square n", "tr(X'X B)", "X", "X (B + B')", _G),
    Identity("MC 114", "X: square n; A: square n; B: square n", "tr(A X B X)", "X", "A'X'B' + B'X'A'", _G),
    Identity("MC 115", "X: matrix m n", "tr(X'X)", "X", "2 X", _G),
    Identity("MC 116", "X: matrix m n; B: matrix n p; C: square m", "tr(B'X'C X B)", "X", "(C + C') X B B'", _G),
    Identity("MC 117", "X: matrix m n; B: square n; C: square m", "tr(X'C X B)", "X", "C X B + C'X B'", _G),
    Identity("MC 118", "A: matrix p m; X: matrix m n; B: square n; C: matrix m p", "tr(A X B X'C)", "X", "A'C'X B' + C A X B", _G),
    Identity("MC 119", "A: matrix p m; X: matrix m n; B: matrix n q; C: matrix p q", "tr((A X B + C)(A X B + C)')", "X", "2 A'(A X B + C) B'", _G),
    Identity("MC 120", "X: square n; Y: square n", "tr(X)^2", "X", "2 tr(X) I", _G),
    Identity("MC 121", "X: square n", "tr(X^3)", "X", "3 (X^2)'", _G),
    Identity("MC 122", "X: square n; A: square n", "tr(A X^3)", "X", "(X^2 A + X A X + A X^2)'", _G),
    Identity("MC 123", "X: matrix 3 2; B: matrix 2 2; C: square 3", "tr(B'X'C X X'C X B)", "X", "C X X'C X B B' + C'X B B'X'C'X + C X B B'X'C X + C'X X'C'X B B'", _G),
    Identity("MC 124", _S, "tr(A inv(X) B)", "X", "-X^{-T} A'B'X^{-T}", _G),
    Identity("MC 125", "X: matrix 3 2; C: symmetric 2; A: square 3", "tr(inv(X'X) C)", "X", "-2 X inv(X'X) C inv(X'X)", _G),
    Identity("MC 126", "X: matrix 3 2; B: symmetric 3; C: positive definite symmetric 3", "tr(inv(X'C X) X'B X)", "X", "2 B X inv(X'C X) - 2 C X inv(X'C X) X'B X inv(X'C X)", _G),
    # norms
    Identity("MC 129", "x: vector n; a: vector n", "‖x - a‖", "x", "(x - a)/‖x - a‖", _G),
    Identity("MC 130", "x: vector n; a: vector n", "(x - a)/‖x - a‖", "x", "I/‖x - a‖ - (x - a)(x - a)'/‖x - a‖^3"),
    Identity("MC 131", "x: vector n", "‖x‖^2", "x", "2 x", _G),
    Identity("MC 132", "X: matrix m n", "‖X‖^2", "X", "2 X", _G),
    # along a scalar, vec
    Identity("MC 35", "A: matrix m n; B: matrix m n; t: scalar", "A + t^2 B", "t", "2 t B"),
    Identity("MC 37", "A: square n; B: square n; t: scalar", "(A + t B)^2", "t", "B(A + t B) + (A + t B) B"),
    Identity("MC 43", "A: positive definite square n; B: square n; t: scalar", "logdet(A + t B)", "t", "tr(inv(A + t B) B)"),
    Identity("MC 46", "A: positive definite square n; B: square n; t: scalar", "det(A + t B)", "t", "det(A + t B) tr(inv(A + t B) B)"),
    Identity("MC 512", "A: matrix p m; X: matrix m n; B: matrix n q", "vec(A X B)", "vec(X)", "kron(B', A)"),
    Identity("MC 512", "A: matrix p m; X: matrix m n", "vec(A X)", "vec(X)", "kron(I, A)"),
    Identity("MC 512", "X: matrix m n; B: matrix n q", "vec(X B)", "vec(X)", "kron(B', I)"),
    Identity("MC 512", "X: square n", "vec(X^2)", "vec(X)", "kron(X', I) + kron(I, X)"),
    Identity("MC 512", "X: matrix m n; b: vector n", "X b", "vec(X)", "kron(b', I)"),
    Identity("MC 59", "X: invertible square n", "vec(inv(X))", "vec(X)", "-kron(X^{-T}, X^-1)"),
    # -- d2l: scalar, then vector rows
    Identity("d2l", "a: scalar; x: scalar", "a", "x", "0"),
    Identity("d2l", "x: positive scalar; k: scalar", "x^k", "x", "k x^(k - 1)"),
    Identity("d2l", "x: scalar", "exp(x)", "x", "exp(x)"),
    Identity("d2l", "x: positive scalar", "log(x)", "x", "1/x"),
    Identity("d2l", "x: scalar", "sin(x)", "x", "cos(x)"),
    Identity("d2l", "x: scalar; f: function; g: function", "f(x) + g(x)", "x", "f'(x) + g'(x)"),
    Identity("d2l", "x: scalar; f: function; g: function", "f(x) g(x)", "x", "f'(x) g(x) + f(x) g'(x)"),
    Identity("d2l", "x: scalar; f: function; g: function", "f(g(x))", "x", "f'(g(x)) g'(x)"),
    Identity("d2l", "x: vector 2", "x_1^2 + 2 x_2^2", "x", "[2 x_1, 4 x_2]"),
    Identity("d2l", "x: vector n; a: scalar", "a", "x", "0'"),
    Identity("d2l", "x: vector n; a: scalar; c: vector n", "a (c·x)", "x", "a c'"),
    Identity("d2l", "x: vector n", "sum(x)", "x", "1'"),
    Identity("d2l", "x: vector n", "‖x‖^2", "x", "2x'"),
    Identity("d2l", "x: vector n; A: matrix m n; B: matrix m n", "(A x)·(B x)", "x", "(A x)'B + (B x)'A"),
    Identity("d2l", "x: vector n; a: vector m", "a", "x", "zeros(m, n)"),
    Identity("d2l", "x: vector n", "x", "x", "I"),
    Identity("d2l", "x: vector n; A: matrix m n", "A x", "x", "A"),
    Identity("d2l", "x: vector n; A: matrix m n", "A x", "x", "A'", layout="denominator"),
    Identity("d2l", "x: vector n; A: matrix n m", "x'A", "x", "A'"),
    Identity("d2l", "x: vector n; A: matrix n m", "x'A", "x", "A", layout="denominator"),
    Identity("d2l", "x: vector n; a: scalar; f: function", "a f(x)", "x", "a diag(f'(x))"),
    Identity("d2l", "x: vector n; A: matrix m n; f: function", "A f(x)", "x", "A diag(f'(x))"),
    Identity("d2l", "x: vector n; X: matrix m n; y: vector m", "‖X x - y‖^2", "x", "2 (X x - y)'X"),
    # -- Parr and Howard
    Identity("PH 3", "x: scalar; y: scalar", "3x^2 y", "x", "6 x y"),
    Identity("PH 3", "x: scalar; y: scalar", "3x^2 y", "y", "3 x^2"),
    Identity("PH 4.1", "x: vector 2", "[3x1^2 x2; 2x1 + x2^8]", "x", "[6 x1 x2, 3 x1^2; 2, 8 x2^7]"),
    Identity("PH 4.2", "w: vector n; x: vector n", "w - x", "x", "-I"),
    Identity("PH 4.2", "w: vector n; x: vector n", "w .* x", "w", "diag(x)"),
    Identity("PH 4.2", "w: vector n; x: nonzero vector n", "w ./ x", "w", "diag(1 ./ x)"),
    Identity("PH 4.2", "w: vector n; x: nonzero vector n", "w ./ x", "x", "diag(-w ./ x.^2)"),
    Identity("PH 4.2", "w: vector n; x: vector n", "max(w, x)", "w", "diag([w > x])"),
    Identity("PH 4.3", "x: vector n; z: scalar", "x + z", "x", "I"),
    Identity("PH 4.3", "x: vector n; z: scalar", "z x", "z", "x"),
    Identity("PH 4.3", "x: vector n; z: scalar", "z x", "x", "z I"),
    Identity("PH 4.4", "x: vector n; f: function", "sum(f(x))", "x", "f'(x)'"),
    Identity("PH 4.4", "x: vector n; z: scalar", "sum(z x)", "x", "z 1'"),
    Identity("PH 4.4", "x: vector n; z: scalar", "sum(z x)", "z", "sum(x)"),
    Identity("PH 4.5", "x: scalar", "sin(x^2)", "x", "2 x cos(x^2)"),
    Identity("PH 4.5", "x: positive scalar", "log(sin(x^3)^2)", "x", "6 x^2 cos(x^3)/sin(x^3)"),
    Identity("PH 4.5", "x: scalar", "sin(x + x^2)", "x", "cos(x + x^2)(1 + 2 x)"),
    Identity("PH 4.5", "x: scalar", "x x^2", "x", "3 x^2"),
    Identity("PH 4.5", "x: positive scalar", "[log(x^2); sin(3x)]", "x", "[2/x; 3 cos(3 x)]"),
    Identity("PH 5", "w: vector n; x: vector n; b: scalar", "w·x + b", "w", "x'"),
    Identity("PH 5", "w: vector n; x: vector n; b: scalar", "max(0, w·x + b)", "b", "1 if w·x + b > 0 else 0"),
    Identity("PH 5", "w: vector n; x: vector n; b: scalar", "max(0, z)", "w", "x' if z > 0 else 0", define="z := w·x + b"),
    Identity("PH 6", "w: vector n; b: scalar; x: list N of vector n; y: list N of scalar", "1/N sum_i (y_i - max(0, w·x_i + b))^2", "b", "2/N sum_i [w·x_i + b > 0](w·x_i + b - y_i)"),
    # -- elementary functions
    *(Identity("elementary", "x: scalar", of, "x", answer) for of, answer in (
        ("cos(x)", "-sin(x)"), ("tan(x)", "1 + tan(x)^2"), ("sinh(x)", "cosh(x)"), ("cosh(x)", "sinh(x)"),
        ("tanh(x)", "1 - tanh(x)^2"), ("sec(x)", "sec(x) tan(x)"), ("csc(x)", "-csc(x) cot(x)"), ("cot(x)", "-csc(x)^2"),
        ("sech(x)", "-sech(x) tanh(x)"), ("atan(x)", "1/(1 + x^2)"), ("sigmoid(x)", "σ(x)(1 - σ(x))"),
        ("softplus(x)", "σ(x)"), ("erf(x)", "2/sqrt(pi) exp(-x^2)"), ("relu(x)", "1 if x > 0 else 0"), ("|x|", "sign(x)"),
        ("2^x", "log(2) 2^x"), ("x/(1 + x^2)", "(1 - x^2)/(1 + x^2)^2"), ("exp(-x^2/2)", "-x exp(-x^2/2)"),
        ("x sigmoid(x)", "σ(x) + x σ(x)(1 - σ(x))"), ("log(1 + exp(x))", "σ(x)"), ("5", "0"), ("7x", "7"),
        ("1/(1 + exp(-x))", "σ(x)(1 - σ(x))"), ("x^3 - 2x + 1", "3x^2 - 2"), ("(3x + 1)^4", "12(3x + 1)^3"),
        ("asin(x)", "1/sqrt(1 - x^2)"), ("acos(x)", "-1/sqrt(1 - x^2)"), ("sign(x)", "0"), ("step(x)", "0"),
        ("log(cos(x))", "-tan(x)"), ("log(cosh(x))", "tanh(x)"), ("sin(x)^2", "2 sin(x) cos(x)"), ("atan(2x)", "2/(1 + 4x^2)"),
        ("tanh(3x)", "3(1 - tanh(3x)^2)"), ("log(|x|)", "1/x"), ("max(x, 0)", "1 if x > 0 else 0"), ("min(x, 1)", "1 if x < 1 else 0"),
    )),
    *(Identity("elementary", "x: positive scalar", of, "x", answer) for of, answer in (
        ("sqrt(x)", "1/(2 sqrt(x))"), ("1/x", "-1/x^2"), ("x^x", "x^x (log(x) + 1)"), ("x log(x)", "log(x) + 1"),
        ("1/sqrt(x)", "-1/(2 x sqrt(x))"), ("x^-3", "-3 x^-4"), ("log(x)/x", "(1 - log(x))/x^2"),
    )),
    # -- deep learning
    Identity("softmax", "x: vector n", "softmax(x)", "x", "diag(s) - s s'", define="s := softmax(x)"),
    Identity("softmax", "x: vector n", "softmax(x)", "x", "diag(softmax(x)) - softmax(x) softmax(x)'"),
    Identity("softmax", "x: vector n", "softmax(x)_i", "x_j", "s_i (δ_ij - s_j)", _N, define="s := softmax(x)"),
    Identity("logsumexp", "x: vector n", "logsumexp(x)", "x", "softmax(x)'"),
    Identity("logsumexp", "x: vector n", "logsumexp(x)", "x", "diag(s) - s s'", _H, define="s := softmax(x)"),
    Identity("cross-entropy", "z: vector n; y: simplex vector n", "-y·log(softmax(z))", "z", "(s - y)'", define="s := softmax(z)"),
    Identity("cross-entropy", "z: vector n; y: vector n", "logsumexp(z) - y·z", "z", "(softmax(z) - y)'"),
    Identity("log-softmax", "z: vector n", "log(softmax(z))", "z", "I - ones(n) s'", define="s := softmax(z)"),
    Identity("log-softmax", "z: vector n", "z - logsumexp(z)", "z", "I - ones(n) softmax(z)'"),
    Identity("logistic", "w: vector n; x: vector n; b: scalar; y: scalar", "softplus(z) - y z", "w", "(σ(z) - y) x'", define="z := w·x + b"),
    Identity("logistic", "w: vector n; x: vector n; y: scalar", "-y log(σ(w·x)) - (1 - y) log(1 - σ(w·x))", "w", "(σ(w·x) - y) x'"),
    Identity("logistic", "w: vector n; x: vector n; y: scalar", "-y log(p) - (1 - y) log(1 - p)", "w", "(p - y) x'", define="p := σ(w·x)"),
    Identity("least squares", "X: matrix N n; w: vector n; y: vector N", "1/N ‖X w - y‖^2", "w", "2/N (X w - y)'X"),
    Identity("least squares", "X: matrix N n; w: vector n; y: vector N", "1/2 (X w - y)·(X w - y)", "w", "X'(X w - y)", _G),
    Identity("least squares", "X: matrix N n; w: vector n; y: vector N", "‖X w - y‖^2", "w", "2 X'X", _H),
    Identity("ridge", "X: matrix N n; w: vector n; y: vector N; λ: positive scalar", "‖X w - y‖^2 + λ w·w", "w", "2 (X w - y)'X + 2 λ w'"),
    Identity("list", "x: list N of vector n; w: vector n; y: list N of scalar", "sum_i (w·x_i - y_i)^2", "w", "2 sum_i (w·x_i - y_i) x_i'"),
    Identity("list", "x: list N of vector n; w: vector n; y: list N of scalar", "sum_i (w·x_i - y_i)^2", "w", "2 sum_i x_i x_i'", _H),
    Identity("list", "x: list N of vector n; w: vector n; y: list N of scalar", "1/N sum_i log(1 + exp(-y_i (w·x_i)))", "w", "-1/N sum_i y_i σ(-y_i (w·x_i)) x_i'"),
    Identity("sum", "x: vector n", "sum_i x_i^2", "x", "2 x'"),
    Identity("sum", "x: vector n; a: vector n", "sum_i a_i exp(x_i)", "x", "(a .* exp(x))'"),
    Identity("sum", "A: matrix m n; x: vector n; y: vector m", "sum_i (sum_j A_ij x_j - y_i)^2", "x", "2 (A x - y)'A"),
    Identity("entry", "A: matrix m n; x: vector n", "(A x)_i", "x_j", "A_ij", _N),
    Identity("entry", "x: vector n", "x_i^2", "x_j", "2 x_i δ_ij", _N),
    Identity("entry", "A: square n; x: vector n", "sum_i (sum_j (x_i A_ij x_j))", "x_k", "sum_i (A_ik + A_ki) x_i", _N),
    Identity("layer", "W: matrix m n; x: vector n; b: vector m", "tanh(W x + b)", "x", "diag(1 - tanh(W x + b).^2) W"),
    Identity("layer", "W: matrix m n; x: vector n; b: vector m", "σ(W x + b)", "b", "diag(a .* (1 - a))", define="a := σ(W x + b)"),
    Identity("layer", "W: matrix m n; x: vector n; y: vector m", "1/2 ‖W x - y‖^2", "W", "(W x - y) x'", _G),
    Identity("layer", "W: matrix m n; x: vector n; b: vector m", "(W x + b)_k", "W_ij", "δ_ik x_j", _N),
    Identity("two layers", "U: matrix k m; W: matrix m n; x: vector n; y: vector k", "1/2 ‖U max(0, W x) - y‖^2", "W", "([W x > 0] .* (U'(U max(0, W x) - y))) x'", _G),
    Identity("two layers", "U: matrix k m; W: matrix m n; x: vector n; y: vector k", "1/2 ‖U tanh(W x) - y‖^2", "U", "(U h - y) h'", _G, define="h := tanh(W x)"),
    Identity("two layers", "U: matrix k m; W: matrix m n; x: vector n", "U relu(W x)", "x", "U diag([W x > 0]) W"),
    Identity("batch", "X: matrix N n; W: matrix n k; Y: matrix N k", "‖X W - Y‖^2/N", "W", "2/N X'(X W - Y)", _G),
    Identity("batch", "X: matrix N n; W: matrix n k; b: vector k; Y: matrix N k", "1/2 ‖X W + ones(N) b' - Y‖^2", "b", "(X W + ones(N) b' - Y)'ones(N)", _G),
    Identity("batch", "X: matrix N n; W: matrix n k", "sum(relu(X W))", "W", "X'step(X W)", _G),
    Identity("norms", "x: vector n", "x - mean(x)", "x", "I - ones(n, n)/n"),
    Identity("norms", "x: vector n", "‖x - mean(x)‖^2", "x", "2 (x - mean(x))'"),
    Identity("norms", "x: nonzero vector n; a: vector n", "a·x/‖x‖", "x", "a'/‖x‖ - a·x x'/‖x‖^3"),
    Identity("norms", "x: nonzero vector n", "x/sqrt(mean(x.^2))", "x", "I/r - x x'/(n r^3)", define="r := sqrt(mean(x.^2))"),
    Identity("attention", "q: vector d; K: matrix N d; V: matrix N m", "V'softmax(K q)", "q", "V'(diag(a) - a a') K", define="a := softmax(K q)"),
    Identity("residual", "x: vector n; W: square n", "x + tanh(W x)", "x", "I + diag(1 - tanh(W x).^2) W"),
    Identity("Gaussian", "x: vector n; μ: vector n; P: positive definite symmetric n", "1/2 (x - μ)'P(x - μ) - 1/2 logdet(P)", "P", "1/2 (x - μ)(x - μ)' - 1/2 P^-1", _G),
    Identity("Gaussian", "x: list N of scalar; μ: scalar; s: positive scalar", "sum_i (x_i - μ)^2/(2 s^2) + N log(s)", "s", "N/s - sum_i (x_i - μ)^2/s^3"),
    Identity("factorisation", "R: matrix m n; U: matrix m k; V: matrix n k", "1/2 ‖R - U V'‖^2", "V", "(V U' - R')U", _G),
    Identity("PCA", "x: vector n; w: vector n", "‖x - w (w·x)‖^2", "x", "2 (x - w (w·x))'(I - w w')"),
    Identity("rank one", "x: vector n; b: vector n", "x x'b", "x", "x'b I + x b'"),
    Identity("gate", "x: vector n; W: square n; U: square n", "σ(W x) .* tanh(U x)", "x", "diag(σ(W x) .* (1 - σ(W x)) .* tanh(U x)) W + diag(σ(W x) .* (1 - tanh(U x).^2)) U"),
    Identity("swish", "x: vector n", "x .* σ(x)", "x", "diag(σ(x) + x .* σ(x) .* (1 - σ(x)))"),
    Identity("quotient", "x: vector n; A: symmetric n; B: positive definite symmetric n", "x'A x/(x'B x)", "x", "2 (A x - ρ B x)/(x'B x)", _G, define="ρ := x'A x/(x'B x)"),
    Identity("hessian", "x: vector n; A: symmetric n; b: vector n", "1/2 x'A x - b'x", "x", "A", _H),
    Identity("hessian", "w: vector n; x: vector n", "softplus(w·x)", "w", "σ(w·x)(1 - σ(w·x)) x x'", _H),
    Identity("hessian", "x: nonzero vector n", "‖x‖", "x", "(I - x x'/‖x‖^2)/‖x‖", _H),
    Identity("hessian", "x: vector n", "sum(exp(x))", "x", "diag(exp(x))", _H),
)
# fmt: on
