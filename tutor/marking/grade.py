"""The JSON-lines filter: one question with its answer in, one reply out.

In: an object as docs/grading.md describes it. Out: a Reply. Judges are kept for the questions seen last, so
that the work for a question is done once.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from tutor.language.expr import Expr
from tutor.language.shape import Axes
from tutor.language.show import show
from tutor.marking.follow import earlier_in
from tutor.marking.judge import Judge
from tutor.marking.kinds import asked
from tutor.marking.question import Question
from tutor.marking.reference import reference
from tutor.marking.reply import Reply
from tutor.marking.task import Task
from tutor.marking.verdict import Correct, Incorrect, Undecided, Unreadable, Verdict
from tutor.problem import Problem

MOST_JUDGES = 64


class Grader:
    """Grades requests, and keeps the judges of the questions that came last."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self._judges: OrderedDict[str, Judge | Task | Problem] = OrderedDict()
        self._references: WeakKeyDictionary[Judge, str | None] = WeakKeyDictionary()

    def __call__(self, request: Mapping[str, Any]) -> Reply:
        """The reply to one request; every fault of the request is a reply too."""
        *_, (reply, _) = self.replies(request)
        return reply

    def replies(self, request: Mapping[str, Any]) -> Iterator[tuple[Reply, bool]]:
        """The verdict as soon as it is known, and whether more is to come: the same with what explains it."""
        start = self.clock()
        judge, verdict, read = self._verdict(request)
        reply = verdict if isinstance(verdict, Reply) else _told(judge.question, verdict, read)
        ms = round((self.clock() - start) * 1000, 3)
        reply = replace(reply, id=request.get("id"), ms=ms)
        is_open = isinstance(verdict, Incorrect) and verdict.is_open
        wants_formula = bool(request.get("reference")) and not isinstance(verdict, Reply | Unreadable)
        yield reply, is_open or wants_formula
        if is_open:
            start = self.clock()
            told = _told(judge.question, judge.explain(read, verdict, earlier_in(request)), read)
            spent = round((self.clock() - start) * 1000, 3)
            reply = replace(told, id=reply.id, ms=ms, diagnosis_ms=spent)
            yield reply, wants_formula
        if wants_formula:
            yield replace(reply, reference=self._reference(judge)), False

    def _reference(self, judge: Judge) -> str | None:
        """The tutor's own formula, judged right before it is shown; worked out once for a question."""
        if judge not in self._references:
            self._references[judge] = None  # should the work be cut off, it is not begun again
            found = reference(judge)
            self._references[judge] = None if isinstance(found, Problem) else show(found.result)
        return self._references[judge]

    def _verdict(self, request: Mapping[str, Any]) -> tuple[Any, Verdict | Reply, Expr | Axes | None]:
        """What judges a request, the verdict (or the whole reply), and how the answer was read."""
        answer = request.get("answer")
        if not isinstance(answer, str):
            return None, Reply("error", message="‘answer’ is missing: it must be a text."), None
        judge = self._judge(request)
        if isinstance(judge, Problem):
            return None, Reply("error", message=judge.message), None
        if not isinstance(judge, Judge):
            return None, judge.judge(answer, _told), None
        return (judge, *judge(answer))

    def forget(self, request: Mapping[str, Any]) -> None:
        """Drop what is kept for a question: its work may have been cut off in the middle."""
        self._judges.pop(_key(request), None)

    def warm_up(self) -> None:
        """Grade one easy question, so that the first learner does not wait for what is done once."""
        ask = {"derivative": "max(0, w·x + b)", "wrt": "w"}
        request = {"variables": {"w": "vector n", "x": "vector n", "b": "scalar"}, "ask": ask}
        self({**request, "answer": "[w·x + b > 0] x'"})
        self({**request, "answer": "x'"})
        self.forget(request)

    def _judge(self, request: Mapping[str, Any]) -> Judge | Task | Problem:
        key = _key(request)
        judge = self._judges.pop(key, None)
        if judge is None:
            question = asked(request)
            judge = Judge(question) if isinstance(question, Question) else question
        self._judges[key] = judge
        if len(self._judges) > MOST_JUDGES:
            self._judges.popitem(last=False)
        return judge


_ASKED = ("variables", "define", "numbers", "ask", "layout", "allow_derivatives", "using", "avoid", "form")


def _key(request: Mapping[str, Any]) -> str:
    """What makes two requests the same question; definitions keep their order, which is part of it."""
    return json.dumps({k: request.get(k) for k in _ASKED}, ensure_ascii=False, default=str)


def _told(question: Question, verdict: Verdict, read: Expr | Axes | None) -> Reply:
    common: dict[str, Any] = {
        "read_as": None if read is None else str(read) if isinstance(read, Axes) else show(read),
        "shape": None if read is None or isinstance(read, Axes) else str(read.shape),
        "expected_shape": None if question.kind == "shape" else question.expected_shape,
    }
    match verdict:
        case Correct(proof=proof, note=note):
            return Reply("correct", proof=proof, message=note or "Right.", **common)
        case Incorrect(code=code, message=message, witness=witness):
            told = None if witness is None else witness.to_json()
            shown = None if witness is None else "counterexample"
            return Reply(
                "incorrect", code=code, message=message, witness=told, proof=shown,
                follows_from=verdict.follows_from or None, **common,
            )  # fmt: skip
        case Unreadable(problem=problem):
            span = None if problem.span is None else (problem.span.start, problem.span.end)
            return Reply(
                "unreadable", code=_CODES.get(problem.code, problem.code), message=problem.message, span=span,
                suggestions=problem.suggestions, **common,
            )  # fmt: skip
        case Undecided(message=message):
            return Reply("undecided", message=message, **common)


_CODES = {"bad-name": "syntax", "bad-type": "syntax"}


def check(
    answer: str,
    *,
    derivative: str | None = None,
    gradient: str | None = None,
    hessian: str | None = None,
    entry: str | None = None,
    equals: str | None = None,
    shape: str | None = None,
    wrt: str | None = None,
    variables: Mapping[str, str] | None = None,
    define: Mapping[str, str] | None = None,
    layout: str = "numerator",
) -> Reply:
    """Judge one answer: `check("x'", derivative="w·x", wrt="w", variables={"w": "vector n", "x": "vector n"})`.

    Exactly one of the six kinds of question is given, `variables` maps names to types and `define` names to
    expressions, as docs/notation.md says. Returns a Reply, whose `verdict` is correct, incorrect,
    unreadable, undecided or error; a broken question is an `error`, never an exception. There is no time
    limit in this process: `tutor.marking.worker.Worker` judges within one.
    """
    asks = {
        "derivative": derivative, "gradient": gradient, "hessian": hessian, "entry": entry, "equals": equals,
        "shape": shape, "wrt": wrt,
    }  # fmt: skip
    ask = {kind: text for kind, text in asks.items() if text is not None}
    request = {"variables": variables, "define": define, "ask": ask, "layout": layout, "answer": answer}
    return grade({**request, "reference": True})


_grader: Grader | None = None


def grade(request: Mapping[str, Any]) -> Reply:
    """Grade one request in this process, without a time limit."""
    global _grader
    if _grader is None:
        _grader = Grader()
    return _grader(request)
