"""Question, answer → Verdict.

In: a question and the texts of answers to it. Out: a verdict with its evidence. The order is: the reading,
the shape, a counterexample in floats at two choices of sizes, an exact proof. The work for a question is done
once and kept by its Judge. The decision owned here: what is neither refuted nor proved is `sampled` where
every sample agrees and the proof fell short, and `undecided` where no sample could be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property

import numpy as np

from tutor.language import expr as e
from tutor.language.evaluate import OutOfRange, TooLargeToEvaluate
from tutor.language.expr import Expr
from tutor.language.lexicon import canonical
from tutor.language.numbers import Floats
from tutor.language.operations import OPERATIONS
from tutor.language.shape import SCALAR, Axes
from tutor.marking import forms
from tutor.marking.diagnose import Diagnoser
from tutor.marking.entries import same_meaning
from tutor.marking.far import afar
from tutor.marking.feedback import explained, followed, told_shape
from tutor.marking.follow import Earlier, follows
from tutor.marking.prove import Prover, Signature, is_dear
from tutor.marking.question import Question
from tutor.marking.refute import Difference, Refuter
from tutor.marking.sample import choose_sizes, exact_sizes, least_sizes
from tutor.marking.sizes import MoreSizes, more_sizes
from tutor.marking.slivers import beside
from tutor.marking.verdict import Correct, Incorrect, Undecided, Unreadable, Verdict
from tutor.marking.witness import is_close, witness
from tutor.problem import Problem

NOT_EQUAL = "This is not equal to the answer: here is a point where the two differ."
KINK_NOTE = "Right. At the kink itself this gives a value that is not between the slopes on its two sides."
_MOST_OTHERS = 8  # refuters at sizes that an answer speaks of
_MOST_SIZES = 3  # beyond as many, all different, the field's sizes are no longer small
_SEEDS = (20180205, 7)
_HIDDEN = 2  # points at which many digits are asked beside a proof
_DIGITS = (12, 4)  # points at which many digits are asked where a proof falls short, at each choice of sizes


class Judge:
    """One question, and what was worked out for it."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._others: dict[tuple[tuple[str, int], ...], Refuter] = {}

    @cached_property
    def _least(self) -> dict[str, int]:
        return least_sizes(self.question.of, self.question.wrt)

    @cached_property
    def refuters(self) -> tuple[Refuter, Refuter]:
        first, second = choose_sizes(self.question.scope, self._least)
        return Refuter(self.question, first, _SEEDS[0]), Refuter(self.question, second, _SEEDS[1])

    @cached_property
    def prover(self) -> Prover:
        parts = [part for part in (self.question.of, self.question.wrt) if part is not None]
        asked = {node.name for part in parts for node in e.walk(part) if isinstance(node, e.Variable)}
        return Prover(self.question, exact_sizes(self.question.scope, self._least, asked))

    @cached_property
    def provers(self) -> tuple[Prover, ...]:
        """The quicker first: a derivative by a defined name or its entry seldom needs what that name stands for."""
        wrt = self.question.wrt
        moved = wrt.base if isinstance(wrt, e.Entry) else wrt
        if not isinstance(moved, e.Defined) or moved.item is not None:
            return (self.prover,)
        return Prover(self.question, self.prover.sizes, moved), self.prover

    @cached_property
    def signature(self) -> Signature:
        return Signature(self.question, self.refuters[0].sizes, _SEEDS[0])

    # -- the verdict ------------------------------------------------------------------------------------------

    def __call__(self, answer: str) -> tuple[Verdict, Expr | Axes | None]:
        """The verdict on an answer, and how it was read."""
        if self.question.kind == "shape":
            shape = self.question.read(answer)
            assert not isinstance(shape, Expr)
            return (Unreadable(shape), None) if isinstance(shape, Problem) else (self._about_shape(shape), shape)
        members = self.question.members(answer)
        if isinstance(members, Problem):
            return Unreadable(members), None
        *others, read = members
        for member in others:
            if not self.agree(member, read):
                problem = Problem(
                    "other-equation", "The members of this equation are not equal.", member.span.to(read.span)
                )
                return Unreadable(problem), read
        verdict = self.judge(read)
        return (isinstance(verdict, Correct) and self.wanting(read)) or verdict, read

    def judge(self, answer: Expr) -> Verdict:
        """The verdict on an answer that has been read."""
        expected = self.question.expected
        if answer.shape != expected:
            return self._wrong_shape(answer)
        try:
            for refuter in self.refuters:
                difference = refuter.refute(answer)
                if difference is not None:
                    return self._wrong(refuter, difference)
        except OutOfRange as error:
            message = f"This entry does not exist for every size: {error}."
            return Unreadable(Problem("shape-conflict", message, answer.span))
        except (TooLargeToEvaluate, OverflowError, MemoryError) as error:
            return Undecided(_too_large(error))
        if not self.refuters[0].is_defined:
            return Undecided("The function that is asked about has no value at any point that was tried.")
        more = more_sizes(answer, self.refuters[0].sizes, self._least)
        elsewhere = self._elsewhere(answer, more)
        if elsewhere is not None:
            return self._wrong(*elsewhere)
        if more.turns_beyond:
            return Undecided("This depends on sizes that are too large to be tried.")
        same_residues = self.signature.agrees(answer)
        if self._proved(answer, same_residues):
            hidden = None if same_residues else self._hidden(answer)
            if hidden is not None:
                return self._wrong(self.refuters[0], hidden)
            return Correct("exact", KINK_NOTE if self.refuters[0].is_outside_at_kink(answer) else "")
        try:
            return self._unproved(answer)
        except (TooLargeToEvaluate, OverflowError, MemoryError) as error:
            return Undecided(_too_large(error))

    def _refuter_at(self, sizes: tuple[tuple[str, int], ...]) -> Refuter:
        if sizes not in self._others:
            if len(self._others) >= _MOST_OTHERS:
                self._others.clear()
            self._others[sizes] = Refuter(self.question, dict(sizes), _SEEDS[0])
        return self._others[sizes]

    def _elsewhere(self, answer: Expr, more: MoreSizes) -> tuple[Refuter, Difference] | None:
        """A difference at other sizes, of which the answer speaks."""
        for sizes in more.choices:
            refuter = self._refuter_at(tuple(sizes.items()))
            with suppress(OutOfRange, TooLargeToEvaluate, OverflowError, MemoryError):
                difference = refuter.refute(answer)
                if difference is not None and not difference.undefined:
                    return refuter, difference
        return None

    def _proved(self, answer: Expr, same_residues: bool | None) -> bool:
        """Whether it is proved: at small sizes in the field, and not denied by residues at larger ones."""
        if self.question.kind == "equals" and same_meaning(answer, self.question.of):
            return True
        dear = is_dear(answer, self.question.of) or len(self.question.scope.sizes) > _MOST_SIZES
        if same_residues is not None and (dear or not same_residues):
            return same_residues
        return any(prover.proves(answer) for prover in self.provers)

    def _hidden(self, answer: Expr) -> Difference | None:
        """A difference at larger sizes that is too small for floats, where a proof at small sizes is all there is.

        The derivative of `c/‖c‖` with `c = x - mean(x)`, for one, is 0 at n = 2, and so is whatever it is divided by.
        """
        refuter = self.refuters[0]
        digits = refuter.digits_for(answer)
        with suppress(OverflowError, ZeroDivisionError, MemoryError):
            for point in refuter.varied(answer, _HIDDEN):
                difference = refuter.confirm(answer, refuter.points, point, digits)
                if difference is not None:
                    return difference
        return None

    def _unproved(self, answer: Expr) -> Verdict:
        """More digits, where the proof fell short."""
        for refuter, most in zip(self.refuters, _DIGITS, strict=True):
            digits = refuter.digits_for(answer)
            for point in refuter.varied(answer, most):
                try:
                    difference = refuter.confirm(answer, refuter.points, point, digits)
                except (OverflowError, ZeroDivisionError, MemoryError):
                    continue
                if difference is not None:
                    return self._wrong(refuter, difference)
        first = self.refuters[0]
        with suppress(OverflowError, ZeroDivisionError, MemoryError):
            difference = beside(first, answer) or afar(first, answer)
            if difference is not None:
                return self._wrong(first, difference)
        points = first.varied(answer, _DIGITS[0])
        if first.leaves_out(answer) or not any(first.tells(answer, point) for point in points):
            return Undecided("Nothing speaks against this answer, and it could not be proved. It does not count.")
        return Correct("sampled", "Equal at every point that was tried; a proof was not found.")

    # -- why it is wrong ----------------------------------------------------------------------------------------

    @cached_property
    def diagnoser(self) -> Diagnoser:
        return Diagnoser(self.question, self.refuters)

    def explain(self, answer: Expr | Axes | None, verdict: Verdict, earlier: Sequence[Earlier] = ()) -> Verdict:
        """The verdict with what can be said beyond it: which mistake explains a wrong answer, where one does.

        `earlier` are the learner's own wrong answers of earlier steps: one that follows from them has no mistake.
        """
        if not isinstance(verdict, Incorrect) or not verdict.is_open or not isinstance(answer, Expr):
            return verdict
        diagnoser = self.diagnoser
        source = follows(diagnoser.trials, answer, earlier)
        if source is not None:
            return followed(verdict, source, answer, self.question)
        return explained(verdict, diagnoser(answer), answer, self.question, diagnoser.names(answer))

    # -- what is wrong ------------------------------------------------------------------------------------------

    def _wrong(self, refuter: Refuter, difference: Difference) -> Incorrect:
        point = witness(self.question, difference, refuter.is_constant)
        if difference.undefined:
            return Incorrect("undefined", "This has no value at a point where the true answer has one.", point)
        if all(map(is_close, *(np.ravel(x) for x in np.broadcast_arrays(difference.yours, difference.true)))):
            return Incorrect("other", _close_call(difference), point)
        return Incorrect("other", NOT_EQUAL, point, is_open=True)

    def _wrong_shape(self, answer: Expr) -> Incorrect:
        expected, shape = self.question.expected, answer.shape
        told = told_shape(expected, shape)
        if shape == expected.transposed and not expected.is_scalar:
            turned = e.Apply(OPERATIONS["transpose"], (answer,), shape=expected, span=answer.span)
            if isinstance(self.judge(turned), Correct):
                layout = "denominator" if self.question.layout == "numerator" else "numerator"
                if self.question.kind == "derivative":
                    return Incorrect(
                        "other-layout", f"{told} The entries are right: this is the answer in {layout} layout."
                    )
                return Incorrect("other-layout", f"{told} The entries are right: this is the transpose of the answer.")
        code = "scalar-for-vector" if shape == SCALAR or expected == SCALAR else "wrong-shape"
        return Incorrect(code, told, is_open=True)

    def _about_shape(self, read: Axes) -> Verdict:
        asked = self.question.asked_shape
        if read == asked:
            return Correct("exact")
        if read == asked.turned:
            code = "wrong-shape" if self.question.wrt is None else "other-layout"
            return Incorrect(code, "The sizes are right, and the other way round.")
        if len(read.dims) != len(asked.dims):
            return Incorrect("wrong-shape", f"This has {len(read.dims)} axes. How many are needed?")
        if len(read.dims) > 2:
            return Incorrect("wrong-shape", "Not all of these sizes are right, or not in this order.")
        rows, columns = (yours == true for yours, true in zip(read.dims, asked.dims, strict=True))
        part = (
            "The rows are right, the columns are not."
            if rows
            else "The columns are right, the rows are not."
            if columns
            else ""
        )
        return Incorrect("wrong-shape", part or "Neither the rows nor the columns are right.")

    def wanting(self, answer: Expr) -> Incorrect | None:
        """What the question wants to see in a right answer, or not to see."""
        names = forms.names(answer)
        for name in map(canonical, self.question.using):
            if name not in names:
                return Incorrect("other", f"The answer is right; write it with {name}.")
        for name in map(canonical, self.question.avoid):
            if name in names:
                return Incorrect("other", f"The answer is right; write it without {name}.")
        told = forms.told(answer, self.question.form)
        return None if told is None else Incorrect("other", told)

    def agree(self, a: Expr, b: Expr) -> bool:
        """Whether two readings agree at the points of the question."""
        if a.shape != b.shape:
            return False
        refuter = self.refuters[0]
        first, second = (refuter.value(x, Floats(), refuter.base) for x in (a, b))
        return bool(np.allclose(first, second, rtol=1e-7, atol=1e-9, equal_nan=True))


def _too_large(error: Exception) -> str:
    return f"This is too large to be worked out: {error or 'it needs more memory than an answer may take'}."


def _close_call(difference: Difference) -> str:
    """What to say of a difference that floats do not show."""
    told = "This is very close to the answer, and not equal to it"
    return told + ("." if difference.gap is None else f": at this point they differ by {np.max(difference.gap):.1g}.")
