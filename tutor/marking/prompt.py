"""What a question looks like: `∂z/∂w`, `∇_w C`, on a line and in two dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.language import expr as e
from tutor.language.block import Block, beside, text_block
from tutor.language.show import show
from tutor.language.typeset import typeset

if TYPE_CHECKING:
    from tutor.marking.question import Question


def prompt_line(question: Question) -> str:
    """The question on one line, without `= ?`."""
    before, asked = asked_for(question)
    return before + show(asked)


def prompt_block(question: Question) -> Block:
    """The question set in two dimensions, without `= ?`."""
    before, asked = asked_for(question)
    block = typeset(asked)
    return beside(text_block(before), block) if before else block


def asked_for(question: Question) -> tuple[str, e.Expr]:
    """Words that stand before, and the expression that is asked for."""
    of, wrt = question.of, question.wrt
    words = "shape of " if question.kind == "shape" else ""
    if wrt is None:
        return words, of
    if question.kind == "hessian":
        return f"Hessian by {show(wrt)} of ", of
    return words, e.Derivative(of, wrt, question.kind == "gradient", shape=question.expected)
