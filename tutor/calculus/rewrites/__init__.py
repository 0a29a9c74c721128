"""The rewrites of `tidy`, each a function of a Tidy and of the arguments of an operation, which gives terms.

They call each other, and take a Tidy for what has been settled so far. `BY_OPERATION` says which is for which
operation; one that is not in it stays as it is, with tidy arguments.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.calculus.rewrites import arithmetic, entrywise, indexed, reductions
from tutor.calculus.term import Term

BY_OPERATION: dict[str, Callable[..., list[Term]]] = {
    "add": arithmetic.add,
    "subtract": arithmetic.subtract,
    "negative": arithmetic.negative,
    "times": arithmetic.times,
    "dot": arithmetic.dot,
    "divide": arithmetic.divide,
    "power": arithmetic.power,
    "sqrt": arithmetic.sqrt,
    "transpose": arithmetic.transpose,
    "hadamard": entrywise.hadamard,
    "over": entrywise.over,
    "powers": entrywise.powers,
    "diag": entrywise.diag,
    "sum": reductions.total,
    "mean": reductions.mean,
    "trace": reductions.trace,
    "kron": arithmetic.kron,
    "outer": arithmetic.outer,
    "vec": arithmetic.vec,
    "inverse": arithmetic.inverse,
    "delta": indexed.delta,
}
