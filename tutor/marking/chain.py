"""A free derivation: line after line, each equal to the one above, until the answer stands there.

In: an expression, or a derivative, and the form in which it should end. Out: for the lines of an answer whether
they follow, and whether the last one is the end. The decision owned here: a line follows where it equals what is
asked for, as every line above it does; it is the end where it is free of what the author's form is free
of, and not much longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tutor.calculus.length import length
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.shape import Axes
from tutor.language.show import show
from tutor.marking.choice import unreadable
from tutor.marking.question import Question
from tutor.marking.reply import Reply
from tutor.marking.task import Tell, base, wrong
from tutor.marking.verdict import Correct, Incorrect, Unreadable, Verdict
from tutor.problem import Problem
from tutor.source import Span

if TYPE_CHECKING:
    from tutor.marking.judge import Judge

MOST_LINES = 40
MOST_KEPT = 200
LONGER = 1.5
"""How much longer than the author's form a last line may be, in signs."""


@dataclass(frozen=True)
class Chain:
    """What is derived; `until` is the form in which it should end, where the author gives one."""

    question: Question
    until: Expr | None

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> Chain | Problem:
        ask = request["ask"]
        question = base({**request, "allow_derivatives": True}, ask["line"], ask.get("wrt"))
        if isinstance(question, Problem):
            return question
        until = ask.get("until")
        if until is None:
            return cls(question, None)
        found = question.read(str(until))
        if isinstance(found, Expr):
            return cls(question, found)
        return wrong(f"In ‘until: {str(until)[:60]}’: {found.message if isinstance(found, Problem) else found}")

    @cached_property
    def _judge(self) -> Judge:
        from tutor.marking.judge import Judge

        # What the last line should be like is told by this module; a line on the way may be as it likes.
        return Judge(replace(self.question, using=(), avoid=(), form="any"))

    @cached_property
    def _last(self) -> Judge:
        from tutor.marking.judge import Judge

        return Judge(self.question)

    @cached_property
    def _verdicts(self) -> dict[str, tuple[Verdict, Expr | Axes | None]]:
        return {}

    def read(self, answer: str) -> Expr | Problem | None:
        """The meaning of the last line."""
        lines = lines_in(answer)
        if not lines:
            return None
        last = lines[-1]
        found = self.question.read(answer[last.start : last.end])
        if isinstance(found, Problem):
            return found.shifted(last.start)
        return found if isinstance(found, Expr) else None

    def judge(self, answer: str, tell: Tell) -> Reply:
        lines = lines_in(answer)
        if not lines:
            return unreadable(Problem("syntax", "A line is missing here.", Span(0, len(answer))))
        if len(lines) > MOST_LINES:
            return unreadable(Problem("too-large", f"A derivation may have {MOST_LINES} lines.", lines[MOST_LINES]))
        above: Expr | None = None
        for number, line in enumerate(lines, 1):
            text = answer[line.start : line.end]
            verdict, found = self._verdict(text)
            if isinstance(verdict, Unreadable):
                verdict = Unreadable(verdict.problem.shifted(line.start))
            if not isinstance(verdict, Correct):
                reply = tell(self.question, self._parted(verdict, found, above), found)
                return replace(reply, line=number)
            assert isinstance(found, Expr)
            above = found
        assert above is not None
        to_do = self._to_do(above)
        reply = replace(tell(self.question, verdict, above), line=len(lines))
        return reply if to_do is None else replace(reply, verdict="follows", message=to_do)

    def _verdict(self, text: str) -> tuple[Verdict, Expr | Axes | None]:
        if text not in self._verdicts:
            if len(self._verdicts) >= MOST_KEPT:
                self._verdicts.clear()
            verdict, found = self._judge(text)
            self._verdicts[text] = self._judge.explain(found, verdict), found
        return self._verdicts[text]

    def _parted(self, verdict: Verdict, found: Expr | Axes | None, above: Expr | None) -> Verdict:
        """A wrong line's verdict, with the part of it that does not follow from the line above."""
        from tutor.marking.parting import parting

        start = above or (self.question.of if self.question.wrt is None else None)
        if not isinstance(verdict, Incorrect) or not isinstance(found, Expr) or start is None:
            return verdict
        parted = parting(start, found, self._judge)
        if parted is None:
            return verdict
        before, after = parted
        told = f"The lines part here: ‘{show(before)}’ above, ‘{show(after)}’ in this one."
        message = told if verdict.code == "other" else f"{verdict.message} {told}"
        return replace(verdict, message=message)

    def _to_do(self, last: Expr) -> str | None:
        """What is left to do at a line that follows; None where it is the end."""
        wanting = self._last.wanting(last)
        if wanting is not None:
            return wanting.message
        aim = self.until
        for kind, told in UNFINISHED:
            if _has(last, kind) and not (aim is not None and _has(aim, kind)):
                return told
        if aim is not None and length(last) > max(LONGER * length(aim), length(aim) + 1):
            return "It can be written shorter."
        return None


UNFINISHED: tuple[tuple[type[Expr], str], ...] = (
    (e.Derivative, "There is still a derivative in it."),
    (e.Sum, "There is still a sum over an index in it."),
)


def _has(written: Expr, kind: type[Expr]) -> bool:
    return any(isinstance(node, kind) for node in e.walk_written(written))


def lines_in(text: str) -> list[Span]:
    """The places of the lines that hold something; an equals sign that a line begins with is no part of it."""
    found: list[Span] = []
    start = 0
    for line in text.split("\n"):
        bare = line.strip().removeprefix("=").strip()
        if bare:
            at = start + line.index(bare)
            found.append(Span(at, at + len(bare)))
        start += len(line) + 1
    return found
