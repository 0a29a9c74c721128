"""The JSON-lines filter: one question with its answer in, one reply out.

In: an object as docs/grading.md describes it. Out: a Reply. Judges are kept for the questions seen last, so
that the work for a question is done once.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from tutor.language.expr import Expr
from tutor.language.shape import Shape
from tutor.language.show import show
from tutor.marking.judge import Judge
from tutor.marking.question import Question
from tutor.marking.verdict import Correct, Incorrect, Undecided, Unreadable, Verdict
from tutor.problem import Problem

MOST_JUDGES = 64
LONGEST_LINE = 1 << 20


@dataclass(frozen=True)
class Reply:
    """What the filter says of one answer; `docs/grading.md` describes each field."""

    verdict: str
    id: Any = None
    code: str | None = None
    message: str = ""
    span: tuple[int, int] | None = None
    read_as: str | None = None
    shape: str | None = None
    expected_shape: str | None = None
    reference: str | None = None
    proof: str | None = None
    witness: dict[str, Any] | None = None
    suggestions: tuple[str, ...] = ()
    ms: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The fields that say something, `id` and `ms` always."""
        out = {f.name: getattr(self, f.name) for f in fields(self)}
        return {k: v for k, v in out.items() if k in {"id", "ms", "message"} or (v is not None and v != ())}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reply:
        known = {f.name for f in fields(cls)}
        kept = {k: v for k, v in data.items() if k in known}
        if kept.get("span") is not None:
            kept["span"] = tuple(kept["span"])
        kept["suggestions"] = tuple(kept.get("suggestions") or ())
        return cls(**kept)


class Grader:
    """Grades requests, and keeps the judges of the questions that came last."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self._judges: OrderedDict[str, Judge | Problem] = OrderedDict()

    def __call__(self, request: Mapping[str, Any]) -> Reply:
        """The reply to one request; every fault of the request is a reply too."""
        start = self.clock()
        reply = self._reply(request)
        ms = (self.clock() - start) * 1000
        return _with(reply, id=request.get("id"), ms=round(ms, 3))

    def _reply(self, request: Mapping[str, Any]) -> Reply:
        answer = request.get("answer")
        if not isinstance(answer, str):
            return Reply("error", message="‘answer’ is missing: it must be a text.")
        judge = self._judge(request)
        if isinstance(judge, Problem):
            return Reply("error", message=judge.message)
        verdict, read = judge(answer)
        return _told(judge.question, verdict, read)

    def _judge(self, request: Mapping[str, Any]) -> Judge | Problem:
        asked = {k: request.get(k) for k in ("variables", "define", "ask", "layout", "allow_derivatives", "using", "avoid")}
        # Definitions keep their order: it is part of the question.
        key = json.dumps(asked, ensure_ascii=False)
        judge = self._judges.pop(key, None)
        if judge is None:
            question = Question.from_request(request)
            judge = question if isinstance(question, Problem) else Judge(question)
        self._judges[key] = judge
        if len(self._judges) > MOST_JUDGES:
            self._judges.popitem(last=False)
        return judge


def _told(question: Question, verdict: Verdict, read: Expr | Shape | None) -> Reply:
    common: dict[str, Any] = {
        "read_as": None if read is None else _size_pair(read) if isinstance(read, Shape) else show(read),
        "shape": None if read is None or question.kind == "shape" else str(read if isinstance(read, Shape) else read.shape),
        "expected_shape": None if question.kind == "shape" else question.expected_shape,
    }
    match verdict:
        case Correct(proof=proof, note=note):
            return Reply("correct", proof=proof, message=note or "Right.", **common)
        case Incorrect(code=code, message=message, witness=witness):
            told = None if witness is None else witness.to_json()
            proof = None if witness is None else "counterexample"
            return Reply("incorrect", code=code, message=message, witness=told, proof=proof, **common)
        case Unreadable(problem=problem):
            span = None if problem.span is None else (problem.span.start, problem.span.end)
            return Reply(
                "unreadable", code=_CODES.get(problem.code, problem.code), message=problem.message, span=span,
                suggestions=problem.suggestions, **common,
            )  # fmt: skip
        case Undecided(message=message):
            return Reply("undecided", message=message, **common)


_CODES = {"bad-name": "syntax", "bad-type": "syntax"}


def _size_pair(shape: Shape) -> str:
    return f"({shape.rows}, {shape.columns})"


def _with(reply: Reply, **changes: Any) -> Reply:
    from dataclasses import replace

    return replace(reply, **changes)


_grader: Grader | None = None


def grade(request: Mapping[str, Any]) -> Reply:
    """Grade one request in this process, without a time limit."""
    global _grader
    if _grader is None:
        _grader = Grader()
    return _grader(request)
