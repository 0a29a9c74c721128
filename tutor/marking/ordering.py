"""To order: factors to be put in an order in which their product is the one that is meant.

In: factors, and an expression. Out: whether the product in the order of an answer equals the expression. The
decision owned here: every order with the right product is right, whatever the author had in mind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tutor.language.expr import Expr
from tutor.language.read import read
from tutor.marking.choice import numbers, unreadable
from tutor.marking.question import Question
from tutor.marking.reply import Reply
from tutor.marking.task import Tell, base, wrong
from tutor.marking.verdict import Incorrect
from tutor.problem import Problem
from tutor.source import Span

if TYPE_CHECKING:
    from tutor.marking.judge import Judge

MOST_FACTORS = 8
SIMPLE = re.compile(r"\w+'*")
CHAIN_ORDER = "These factors meet in this order, and their product is another one."


@dataclass(frozen=True)
class Ordering:
    """Factors as texts; `product` asks for what they should multiply to."""

    factors: tuple[str, ...]
    product: Question
    question: Question | None = None

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> Ordering | Problem:
        factors, product_text = request["ask"].get("order"), request["ask"].get("product")
        if not isinstance(factors, list | tuple) or not all(isinstance(factor, str) for factor in factors):
            return wrong("‘order’ must be a list of factors.")
        if not 2 <= len(factors) <= MOST_FACTORS:
            return wrong(f"‘order’ takes from 2 to {MOST_FACTORS} factors.")
        if not isinstance(product_text, str):
            return wrong("‘product’ is missing: what the factors multiply to in the right order.")
        product = base(request, product_text, None)
        if isinstance(product, Problem):
            return product
        for factor in factors:
            found = read(factor, product.scope)
            if isinstance(found, Problem):
                return wrong(f"In ‘{factor[:60]}’: {found.message}")
        return cls(tuple(factors), product)

    @cached_property
    def _judge(self) -> Judge:
        from tutor.marking.judge import Judge

        return Judge(self.product)

    def read(self, answer: str) -> Expr | Problem | None:
        order = self._order(answer)
        return order if isinstance(order, Problem) else self._product(order)

    def judge(self, answer: str, tell: Tell) -> Reply:
        order = self._order(answer)
        if isinstance(order, Problem):
            return unreadable(order)
        if len(order) < len(self.factors):
            return unreadable(Problem("syntax", "Every factor has its place: some are left.", Span(0, len(answer))))
        product = self._product(order)
        if isinstance(product, Problem):
            return unreadable(product)
        verdict = self._judge.judge(product)
        if isinstance(verdict, Incorrect):
            code = "chain-order" if product.shape == self.product.expected else verdict.code
            message = CHAIN_ORDER if code == "chain-order" else verdict.message
            verdict = replace(verdict, code=code, message=message)
        return tell(self.product, verdict, product)

    def _order(self, answer: str) -> tuple[int, ...] | Problem:
        order = numbers(answer, len(self.factors))
        if not isinstance(order, Problem) and len(set(order)) < len(order):
            return Problem("syntax", "Every factor has one place only.", Span(0, len(answer)))
        return order

    def _product(self, order: tuple[int, ...]) -> Expr | Problem:
        """The product of some factors; a problem with it has no place in the numbers of the answer."""
        product = read(written(self.factors, order), self.product.scope)
        return replace(product, span=None, suggestions=()) if isinstance(product, Problem) else product


def written(factors: tuple[str, ...], order: tuple[int, ...]) -> str:
    """The product of the factors in an order, as a text: those that are one word without parentheses."""
    chosen = [factors[number - 1].strip() for number in order]
    return " * ".join(factor if SIMPLE.fullmatch(factor) else f"({factor})" for factor in chosen)
