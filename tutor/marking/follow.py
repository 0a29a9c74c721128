"""Follow-through: a wrong answer that is right if an earlier wrong answer were.

In: a question, an answer that was refuted, and the learner's own earlier wrong answers. Out: the earlier one from which
this one follows, or None. The decision owned here: the earlier answer is put where the true value or
the true derivative stood, at the points of a trial, and everything above it is worked out as ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.language import expr as e
from tutor.language.evaluate import Evaluation
from tutor.language.expr import Expr
from tutor.language.numbers import Array, Dual, plain
from tutor.marking.entries import same_meaning
from tutor.marking.question import Question
from tutor.marking.trial import FAILS, Path, Trial, equal
from tutor.problem import Problem

_MOST = 12  # earlier answers that are looked at, the last ones


@dataclass(frozen=True)
class Earlier:
    """An earlier answer: what was asked, what was answered, and what the step is called."""

    question: Question
    answer: Expr
    step: str


def earlier_in(request: Mapping[str, Any]) -> list[Earlier]:
    """The earlier answers that a request carries; those that cannot be read are left out."""
    given = request.get("earlier")
    if not isinstance(given, Sequence) or isinstance(given, str):
        return []
    found = []
    for item in given[-_MOST:]:
        if not isinstance(item, Mapping) or not isinstance(item.get("answer"), str):
            continue
        layout = item.get("layout") or request.get("layout")
        question = Question.from_request({**request, "ask": item.get("ask"), "layout": layout})
        if isinstance(question, Problem) or question.kind not in {"equals", "derivative", "gradient"}:
            continue
        answer = question.read(item["answer"])
        if isinstance(answer, Expr) and answer.shape == question.expected:
            found.append(Earlier(question, answer, str(item.get("step") or "")))
    return found


def follows(trials: Sequence[Trial], answer: Expr, earlier: Sequence[Earlier]) -> Earlier | None:
    """The last of the earlier answers from which this one follows at the points of every trial."""
    for one in reversed(earlier):
        try:
            with np.errstate(all="ignore"):
                if all(equal(trial.value(answer), _carried(trial, one)) for trial in trials):
                    return one
        except FAILS:
            continue
    return None


def _carried(trial: Trial, earlier: Earlier) -> Any:
    """The answer to a trial's question with an earlier answer in the place of what is true."""
    asked = earlier.question
    if asked.kind == "equals":
        return trial.with_value(_places(trial.question.of, asked.of), earlier.answer)
    written = [path for path in _paths(trial.question.of) if _is_derivative(path[-1], asked)]
    if written:
        return trial.with_value(written, earlier.answer)
    assert asked.wrt is not None
    wrt = asked.wrt

    def changed(inside: Evaluation, node: Expr) -> Array:
        """The earlier result, and its derivative by the chain rule with the earlier answer as a factor."""
        varying = inside(wrt)
        values = {**inside.values, _name(wrt): plain(varying)}
        rest = Evaluation(inside.numbers, inside.sizes, values, inside.slots, inside.axes)(_body(node))
        if not isinstance(varying, Dual):
            return rest
        matrix = _by_entries(trial.value(earlier.answer), asked, inside.sizes)
        flat = varying.tangent.reshape(*varying.tangent.shape[:-2], -1, 1)
        through = matrix @ flat
        tangent = through.reshape(*through.shape[:-2], *node.shape.at(inside.sizes))
        return Dual(plain(rest), tangent + (rest.tangent if isinstance(rest, Dual) else 0.0))

    return trial.changed(_places(trial.question.of, asked.of), changed)


def _by_entries(value: Any, asked: Question, sizes: Mapping[str, int]) -> Any:
    """A derivative as a matrix with a row for each entry of the function and a column for each of the variable."""
    assert asked.wrt is not None
    (p, q), (r, s) = asked.of.shape.at(sizes), asked.wrt.shape.at(sizes)
    lead = value.shape[:-2]
    denominator = asked.layout == "denominator"
    if p * q == 1:
        turned = value if asked.kind == "gradient" or denominator else value.swapaxes(-1, -2)
        return turned.reshape(*lead, 1, r * s)
    turned = value.swapaxes(-1, -2) if denominator else value
    return turned.reshape(*lead, p * q, r * s)


def _is_derivative(node: Expr, asked: Question) -> bool:
    return (
        isinstance(node, e.Derivative)
        and asked.wrt is not None
        and node.shape == asked.expected
        and same_meaning(node.of, asked.of)
        and same_meaning(node.wrt, asked.wrt)
    )


def _places(of: Expr, part: Expr) -> list[Path]:
    """The ways to where a part stands in a function, by its name or spelled out; raises where it does not."""
    found = [path for path in _paths(of) if len(path) > 1 and same_meaning(path[-1], part)]
    if not found:
        raise ValueError("the earlier answer is not used")
    return found


def _paths(of: Expr) -> list[Path]:
    """The way to each node, each node once."""
    found: list[Path] = []
    seen: set[int] = set()

    def visit(node: Expr, path: Path) -> None:
        if id(node) not in seen:
            seen.add(id(node))
            found.append((*path, node))
            for part in e.children(node):
                visit(part, (*path, node))

    visit(of, ())
    return found


def _name(wrt: Expr) -> str:
    return wrt.name if isinstance(wrt, e.Variable | e.Defined) else ""


def _body(node: Expr) -> Expr:
    return node.body if isinstance(node, e.Defined) else node
