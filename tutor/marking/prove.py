"""Proofs: an answer's difference from the truth is zero, entry by entry.

In: a question, and answers to it one after the other. Out: whether an answer is proved equal. A Prover works
in an exact field; a Signature compares residues, for the formulas that a field finds dear. The truth's entries
are worked out once for a question; what an answer adds to the field is forgotten after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from random import Random
from typing import Any

import numpy as np

from tutor.language import expr as e
from tutor.language.evaluate import OutOfRange, TooLargeToEvaluate
from tutor.language.expr import Expr
from tutor.language.numbers import Exact, plain
from tutor.marking.exact import Field, TooLarge, Undefined
from tutor.marking.question import Question
from tutor.marking.sample import entries
from tutor.marking.signature import NoSignature, Residues
from tutor.marking.truth import evaluation, true_value

# What ends an attempt without a proof; anything else is a fault of the tutor.
_GIVEN_UP = (TooLarge, Undefined, TooLargeToEvaluate, OutOfRange, ZeroDivisionError, OverflowError, MemoryError)
_DEAR = frozenset({"det", "logdet", "inverse", "power"})


class Prover:
    """The exact truth of one question at one choice of sizes.

    The entries of `free`, a name that the question defines, are taken as variables: what holds for all values of it
    holds for its own, and the kinks on the way to it do not matter.
    """

    def __init__(self, question: Question, sizes: Mapping[str, int], free: e.Defined | None = None) -> None:
        self.question = question
        self.sizes = sizes
        self.field = Field()
        self.numbers = Exact(self.field)
        self.values = entries(question.scope, sizes, self.field)
        if free is not None:
            rows, columns = free.shape.at(sizes)
            letters = [self.field.entry(f"{free.name}[{r},{c}]") for r in range(rows) for c in range(columns)]
            self.values[free.name] = np.array(letters, dtype=object).reshape(1, rows, columns)
        self._truth: Any = None
        self._failed = False

    @property
    def truth(self) -> Any:
        if self._truth is None and not self._failed:
            try:
                self._truth = plain(true_value(self.question, self.numbers, self.sizes, self.values))
            except _GIVEN_UP:
                self._failed = True
        return self._truth

    def proves(self, answer: Expr) -> bool:
        """True is a proof at these sizes; False says nothing."""
        true = self.truth
        if true is None:
            return False
        mark = self.field.mark()
        try:
            self.field.strict = True
            yours = plain(evaluation(self.question, self.numbers, self.sizes, self.values)(answer))
            self.field.strict = False
            yours, true = np.broadcast_arrays(yours, true)
            return all(self._same(a, b) for a, b in zip(yours.reshape(-1), true.reshape(-1), strict=True))
        except _GIVEN_UP:
            return False
        finally:
            self.field.strict = False
            self.field.reset(mark)

    def _same(self, a: Any, b: Any) -> bool:
        yours, true = self.field.element(a), self.field.element(b)
        gap = yours - true
        # What is said where the truth has no value does not matter: [z < 0] of √max(0, z), for one.
        same = self.field.is_zero(gap) or (true.facts and self.field.is_zero(self.field.defined(true) * gap))
        return bool(same) and self.field.is_defined_where(yours, true)


class Signature:
    """The truth of one question at random residues, drawn twice."""

    def __init__(self, question: Question, sizes: Mapping[str, int], seed: int) -> None:
        self.question = question
        self.sizes = sizes
        self._draws: list[tuple[Residues, Any, Any]] = []
        dice = Random(seed)
        with suppress(*_GIVEN_UP, NoSignature):
            for _ in range(2):
                numbers = Residues(dice.randrange)
                values = entries(question.scope, sizes, numbers)
                self._draws.append((numbers, values, plain(true_value(question, numbers, sizes, values))))
        self._truth_is_opaque = any(numbers.met_opaque for numbers, _, _ in self._draws)

    def agrees(self, answer: Expr) -> bool | None:
        """Whether the answer equals the truth at these sizes, but for a chance below 2⁻²⁰⁰.

        None where residues cannot tell: at conditions, and at a difference under functions that are opaque here.
        """
        if len(self._draws) < 2:
            return None
        for numbers, _, _ in self._draws:
            numbers.met_opaque = self._truth_is_opaque
        try:
            if all(self._same(answer, *draw) for draw in self._draws):
                return True
        except (*_GIVEN_UP, NoSignature):
            return None
        return None if any(numbers.met_opaque for numbers, _, _ in self._draws) else False

    def _same(self, answer: Expr, numbers: Residues, values: Any, true: Any) -> bool:
        yours = plain(evaluation(self.question, numbers, self.sizes, values)(answer))
        yours, true = np.broadcast_arrays(yours, true)
        return all((a - b + numbers.zero).value == 0 for a, b in zip(yours.flat, true.flat, strict=True))


def is_dear(*parts: Expr | None) -> bool:
    """Whether an expression has determinants or inverses, which grow quickly with the size."""
    return any(
        isinstance(node, e.Apply) and node.operation.name in _DEAR and not node.arguments[0].shape.is_scalar
        for part in parts
        for node in (e.walk(part) if part is not None else ())
    )
