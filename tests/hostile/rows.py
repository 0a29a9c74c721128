"""Hostile requests: nested, huge, doubling, unseen characters, code, undefined values; what each may end as."""

from __future__ import annotations

from typing import Any

SCALARS = {"a": "scalar", "b": "scalar"}
NEURON: dict[str, Any] = {"variables": {"w": "vector n", "x": "vector n"}, "ask": {"derivative": "w·x", "wrt": "w"}}
LARGE = {"D": "square 100", "v": "vector 100", "a": "scalar", "S": "square n"}
UNSEEN = ("\x1b[31m", "\x07", "\x00", "\x9b31m", "\x7f", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800",
    "\U000e0041", "\x1b]0;t\x07")

# Answers to `equals: a`, each with the verdicts that it may end as; "right" where it is equal.
REFUSED = ("unreadable",)
WRONG = ("incorrect",)
OPEN = ("incorrect", "undecided")
ANY = ("correct", "incorrect", "undecided", "unreadable")

NESTED = {
    "parentheses": ("(" * 1900 + "a" + ")" * 1900, REFUSED), "open parentheses": ("(" * 3999, REFUSED),
    "brackets": ("[" * 39 + "a" + "]" * 39, ("correct", "undecided")), "braces": ("{" * 900, REFUSED),
    "primes": ("a" + "'" * 3000, REFUSED), "signs": ("-" * 3999 + "a", REFUSED), "roots": ("√" * 39 + "a", OPEN),
    "fractions": ("\\frac{" * 300, REFUSED), "bars": ("|" * 3999, REFUSED), "norms": ("‖" * 999, REFUSED),
    "sums": ("sum_i " * 600 + "a", REFUSED), "powers": ("a^" * 1000 + "a", REFUSED), "ifs": ("if(" * 500, REFUSED),
    "cases": ("a if a > 0 else " * 39 + "a", ANY), "nots": ("not " * 900 + "a", REFUSED),
    "environments": ("\\begin{cases}" * 200, REFUSED), "derivatives": ("D(" * 500, REFUSED),
    "slopes": ("∂a/" * 900, REFUSED),
    "subscripts": ("a" + "_1" * 1500, REFUSED), "divisors": ("a/b a" * 700, ANY),
    "tight divisors": ("a/bab" * 700, ANY),
    "letters": ("e" * 4000, REFUSED), "declared letters": ("ab" * 1900, ANY), "backslashes": ("\\" * 3999, REFUSED),
    "superscripts": ("a" + "²" * 3000, ANY), "transposes": ("a" + "ᵀ" * 3000, REFUSED),
    "spaces": (" " * 3990 + "a", ("correct",)),
    "near brackets": ("([{" * 13 + "a" + "}])" * 13, ANY), "commas": ("[" + "a," * 1900 + "a]", OPEN),
    "marks": ("a" + "\u0301" * 900, REFUSED),
}  # fmt: skip

HUGE = {
    "an exponent": ("1e99999999", REFUSED), "digits": ("9" * 3999, REFUSED),
    "decimals": ("0." + "0" * 3900 + "1", REFUSED),
    "a tower": ("9^9^9^9", ANY), "powers of powers": ("((((9^9)^9)^9)^9)^9", ("incorrect", "unreadable")),
    "a power of a sum": ("(a + b)^1000000", OPEN), "powers of sums": ("(((a + b)^1000)^1000)^1000", OPEN),
    "exp of exp": ("exp(exp(exp(exp(exp(a)))))", OPEN), "exp of much": ("exp(10^200 a)", OPEN),
    "a^n": ("a^(10^6)", OPEN),
    "a long sum": ("sum_{i=1}^999999999 a", REFUSED),
    "sums in sums": ("sum_{i=1}^100 sum_{j=1}^100 sum_{k=1}^100 a", OPEN),
    "sums in sums that depend": ("sum_{i=1}^99 sum_{j=1}^99 sum_{k=1}^99 (a i + j k)", OPEN),
    "ones": ("sum(ones(9999999, 9999999))", REFUSED), "kron of ones": ("sum(kron(ones(99, 99), ones(99, 99))) a", OPEN),
    "blocks": ("sum([" + ", ".join(["ones(99, 99)"] * 90) + "]) a", OPEN),
    "eye": ("det(eye(100)) a", ("correct", "undecided")),
    "a power of ones": ("sum(ones(100, 100)^64) a", OPEN), "det": ("det(ones(60, 60)) + a", ("correct", "undecided")),
    "unit": ("sum(unit(10^9)) a", REFUSED), "an index": ("[a; b]_99999999999", REFUSED),
    "products": ("a " * 400 + "a", OPEN),
}  # fmt: skip

UNDEFINED = {
    "0/0": ("0/0", WRONG), "1/0": ("1/0", WRONG), "a/0": ("a/0", WRONG), "log(0)": ("log(0)", WRONG),
    "0^-1": ("0^-1", WRONG),
    "a/(a - a)": ("a/(a - a)", WRONG), "log(-1)": ("log(-1)", WRONG), "sqrt(-1)": ("sqrt(-1)^4 a", WRONG),
    "asin(2)": ("asin(2)", WRONG),
    "0 times nothing": ("a + 0 (1/0)", WRONG), "a part": ("a + 0 sqrt(b)", WRONG),
    "a far part": ("a + 0 log(10^9 - b)", OPEN),
    "no case": ("{a if a > 0}", WRONG), "never": ("a if b > 0 else 1/0", WRONG), "nan": ("nan", REFUSED),
    "inf": ("inf", REFUSED),
    "inf - inf": ("exp(exp(exp(9 + a^2))) - exp(exp(exp(9 + a^2))) + a", ("correct", "undecided")),
}  # fmt: skip

CODE = {
    text: (text, REFUSED)
    for text in (
        "__import__('os').system('id')", "eval('1')", "exec(a)", "a.__class__.__mro__", "lambda: 0",
        "open('/etc/passwd')", "a; import os",
        "$(id)", "`id`", "%s%n%x", "{0.__class__}", "{{7*7}} a.b", "<script>", "'; DROP TABLE a; --",
        "\\input{/etc/passwd}", "\\write18{id}",
        "[link=x]a[/link]", "Symbol('a')", "Lambda(a, a)", "a if __name__ else b", "(?:a+)+$", "a" * 30 + "!",
        "\\def\\a{\\a\\a}\\a",
    )
}  # fmt: skip

ANSWERS = {**NESTED, **HUGE, **UNDEFINED, **CODE}


def doubling(form: str, count: int) -> tuple[dict[str, str], str]:
    """Definitions that each hold the one before twice, and the last name."""
    define, last = {}, "a"
    for k in range(count):
        name = "Q" + chr(ord("a") + k % 26) * (1 + k // 26)
        define[name] = form.format(last)
        last = name
    return define, last


def definitions() -> list[dict[str, Any]]:
    """Requests whose size doubles, or squares, with each definition."""
    requests: list[dict[str, Any]] = []
    for form in ("{0} + {0}", "{0} {0}", "exp({0}) + {0}", "max({0}, 1 + {0})", "{0}/({0} + 1)", "sin({0}) cos({0})",
        "{0}^9 + 1"):
        define, last = doubling(form, 30)
        asked = {"variables": SCALARS, "define": define}
        requests += [
            {**asked, "ask": {"equals": last}, "answer": last},
            {**asked, "ask": {"equals": "a"}, "answer": last},
            {**asked, "ask": {"derivative": last, "wrt": "a"}, "answer": "a"},
        ]
    define, last = doubling("kron({0}, {0})", 12)
    asked = {"variables": {"a": "square 9"}, "define": define}
    requests.append({**asked, "ask": {"equals": f"sum({last})"}, "answer": "0"})
    return requests


def large() -> list[dict[str, Any]]:
    """Questions about matrices of 100 rows."""
    asked = [
        ({"equals": "D"}, "D"), ({"equals": "D"}, "kron(D, D)"), ({"equals": "sum(D)"}, "sum(kron(D, kron(D, D)))"),
        ({"equals": "det(D)"}, "det(D')"), ({"equals": "D"}, "inv(inv(D))"), ({"equals": "tr(D^64)"}, "tr(D'^64)"),
        ({"equals": "D"}, "D D D D D D D D"), ({"equals": "sum(v)"}, "sum(kron(v v', v v'))"),
        ({"equals": "max(v)"}, "-min(-v)"),
        ({"derivative": "det(D)", "wrt": "D"}, "det(D) inv(D)"), ({"derivative": "tr(D D)", "wrt": "D"}, "2 D"),
        ({"derivative": "vec(D D)", "wrt": "vec(D)"}, "kron(D', I)"), ({"hessian": "exp(v·v)", "wrt": "v"}, "I"),
        ({"hessian": "prod(v)", "wrt": "v"}, "0"), ({"equals": "S"}, "S^64 S^-63"),
    ]  # fmt: skip
    return [{"variables": LARGE, "ask": ask, "answer": answer} for ask, answer in asked]


def unseen() -> list[dict[str, Any]]:
    """Characters that steer a terminal, in every place of a request that a reply may quote."""
    requests: list[dict[str, Any]] = []
    scalar = {"variables": {"a": "scalar"}, "answer": "1"}
    for text in UNSEEN:
        requests += [
            {"variables": {text: "scalar"}, "ask": {"equals": "1"}, "answer": "1"},
            {"variables": {"u": text}, "ask": {"equals": "1"}, "answer": "1"},
            {"variables": {"u": f"vector {text}"}, "ask": {"equals": "1"}, "answer": "1"},
            {**scalar, "define": {text: "a"}, "ask": {"equals": "1"}},
            {**scalar, "define": {"q": text}, "ask": {"equals": "1"}},
            {**scalar, "ask": {"equals": f"a {text}"}},
            {**scalar, "ask": {"derivative": "a", "wrt": text}},
            {**scalar, "ask": {text: "a"}},
            {**NEURON, "layout": text, "answer": "x'"},
            {**NEURON, "form": text, "answer": "x'"},
            {**NEURON, "using": [text], "answer": "x'"},
            *({**NEURON, "answer": form.format(text)} for form in ("{0}", "x' {0}", "{0}x'", "x_{{{0}}}", "{0} = x'",
                "\\text{{{0}}}")),
            *({**NEURON, "answer": form.format(text)} for form in ("\\begin{{{0}}}", "\\{0}", "x'{0}x'", "xx{0}yy",
                "x[{0}]")),
            {"variables": {"a": "scalar"}, "ask": {"shape": "a", "wrt": "a"}, "answer": f"({text}, 1)"},
        ]
    return requests


def malformed() -> list[dict[str, Any]]:
    """Fields of every wrong type."""
    requests: list[dict[str, Any]] = []
    values: tuple[Any, ...] = (None, 0, 1.5, True, [], {}, "", "x", ["a"], {"a": 1}, [[]], [None])
    for value in values:
        keys = ("variables", "define", "ask", "layout", "answer", "using", "avoid", "form", "allow_derivatives", "id")
        requests += [{**NEURON, "answer": "x'", key: value} for key in keys]
        requests += [
            {**NEURON, "ask": {"derivative": value, "wrt": value}, "answer": "x'"},
            {**NEURON, "ask": {"equals": value}, "answer": "x'"},
            {"variables": {"a": value}, "ask": {"equals": "1"}, "answer": "1"},
            {"variables": {"a": "scalar"}, "define": {"q": value}, "ask": {"equals": "1"}, "answer": "1"},
            {**NEURON, "using": [value], "answer": "x'"},
        ]
    return requests
