"""What the child process is sent for besides verdicts: derivations, and what is made of them.

In: a question in its neutral form, as `Lesson.request` gives it. Out: what JSON can hold, with a `problem` where
there is none. Decided here: everything that derives runs in the child, so that the screen never waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tutor.course.keys import DERIVED

if TYPE_CHECKING:
    from tutor.calculus.derivation import Derivation
    from tutor.course.lesson import Lesson
    from tutor.problem import Problem

BASED = ("shape", "value", "entries", "line")
"""The kinds of ask that are about a derivative, where they have a `wrt`."""


def derivative_in(request: Mapping[str, Any]) -> dict[str, Any] | None:
    """The question for the derivative that a question asks for, or is about; None where there is none."""
    ask = request["ask"]
    if any(kind in ask for kind in DERIVED):
        asked = {key: ask[key] for key in (*DERIVED, "wrt") if key in ask}
    else:
        of = next((ask[kind] for kind in BASED if kind in ask), None)
        if of is None or not ask.get("wrt"):
            return None
        asked = {"derivative": of, "wrt": ask["wrt"]}
    # A number that was drawn is a definition like any other, and a size where it stands in a type.
    numbers = dict(request.get("numbers") or {})
    types = dict(request.get("variables") or {})
    return {
        "variables": {name: " ".join(numbers.get(word, word) for word in type.split()) for name, type in types.items()},
        "define": {**numbers, **(request.get("define") or {})},
        "ask": asked,
        "layout": request.get("layout", "numerator"),
    }


def _derivation(request: Mapping[str, Any]) -> Derivation | Problem:
    from tutor.marking.judge import Judge
    from tutor.marking.question import Question
    from tutor.marking.reference import reference
    from tutor.problem import Problem

    question = Question.from_request(request)
    return question if isinstance(question, Problem) else reference(Judge(question))


def _working(request: Mapping[str, Any]) -> dict[str, Any]:
    from tutor.problem import Problem
    from tutor.session.working import to_json, worked

    found = _derivation(request)
    return _refused(found) if isinstance(found, Problem) else to_json(worked(found))


def _hints(request: Mapping[str, Any]) -> dict[str, Any]:
    """Hints from the derivation, none of which is the answer; and the answer."""
    from tutor.calculus.hints import hints_for
    from tutor.language.show import show
    from tutor.problem import Problem

    found = _derivation(request)
    if isinstance(found, Problem):
        return _refused(found)
    answer = show(found.result)
    *hints, _ = hints_for(found)
    return {"hints": [hint for hint in hints if f"= {answer}$" not in hint], "answer": answer}


def _smaller(request: Mapping[str, Any]) -> dict[str, Any]:
    from tutor.course.from_formula import smaller

    return _text(smaller(request))


def _lesson(request: Mapping[str, Any]) -> dict[str, Any]:
    from tutor.course.from_formula import lesson_for

    return _text(lesson_for(request))


def _text(made: Lesson | Problem) -> dict[str, Any]:
    from tutor.problem import Problem

    return _refused(made) if isinstance(made, Problem) else {"text": made.text.text}


def _refused(problem: Problem) -> dict[str, Any]:
    return {"problem": {"message": problem.message, "suggestions": list(problem.suggestions)}}


ERRANDS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "working": _working,
    "hints": _hints,
    "smaller": _smaller,
    "lesson": _lesson,
}
