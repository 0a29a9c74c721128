"""Gradients from the outside in: what a scalar changes by, seen from each part.

In: a scalar expression and a variable. Out: its gradient, in the shape of the variable, with a note of each
part's own gradient on the way. A part that enters twice has the sum of both gradients.
"""

from __future__ import annotations

from collections.abc import Iterable

from tutor.calculus import build
from tutor.calculus.forward import Calculus, Change, Lacks, is_leaf, is_squared_norm
from tutor.calculus.linear import Adjoint
from tutor.language import expr as e
from tutor.language.expr import Expr


class Reverse(Calculus):
    """`parts` keeps the gradient of the function by each part."""

    def gradient(self, root: Expr, start: Expr | None = None) -> Expr | None:
        """The gradient by the variable, or None where it is 0; `start` is the gradient by the root itself."""
        found: dict[Expr, list[Expr]] = {root: [start if start is not None else build.ONE_NUMBER]}
        ways: dict[Expr, tuple[Change, ...]] = {}
        gradient: Expr | None = None
        for node in self.ordered(root):
            terms = found.get(node)
            if not terms:
                continue
            raw = build.total(terms)
            G = self.noted(node, ways.get(node, ()), raw)
            if is_leaf(node, self.wrt):
                return None if build.is_zero(G) else G
            if build.is_zero(G):
                continue
            for part, value in self._passed(node, G, ways):
                found.setdefault(part, []).append(value)
        return gradient

    def ordered(self, root: Expr) -> list[Expr]:
        """The active parts, each before those below it, the variable last."""
        order: list[Expr] = []
        seen: set[Expr] = set()

        def visit(node: Expr) -> None:
            if node in seen or not self.is_active(node):
                return
            seen.add(node)
            if isinstance(node, e.Defined):
                self.named[node.body] = node
            if not is_leaf(node, self.wrt):
                for part in self._below(node):
                    visit(part)
            order.append(node)

        visit(root)
        leaves = [node for node in order if is_leaf(node, self.wrt)]
        return [*(n for n in reversed(order) if not is_leaf(n, self.wrt)), *leaves]

    def _below(self, node: Expr) -> Iterable[Expr]:
        """The parts that are reached one by one; those inside a sum or cases are gone through there."""
        if isinstance(node, e.Sum | e.Cases):
            return [self.wrt]
        if is_squared_norm(node):
            return build.arguments(build.arguments(node)[0])
        return e.children(node)

    def _passed(self, node: Expr, G: Expr, ways: dict[Expr, tuple[Change, ...]]) -> list[tuple[Expr, Expr]]:
        """What the gradient by a part gives to the parts below."""
        if isinstance(node, e.Defined):
            return [(node.body, G)]
        if isinstance(node, e.Sum):
            inner = self._inside(node.body, G)
            if inner is None:
                return []
            return [(self.wrt, build.summed_over(node, inner))]
        if isinstance(node, e.Cases):
            return self._cases(node, G)
        if isinstance(node, e.Blocks):
            return self._blocks(node, G)
        passed: list[tuple[Expr, Expr]] = []
        for change in self.changes(node):
            value = Adjoint(change.placeholder)(change.formula, G)
            if value is not None:
                ways[change.by] = (*ways.get(change.by, ()), change)
                passed.append((change.by, value))
        return passed

    def _inside(self, body: Expr, G: Expr) -> Expr | None:
        inside = Reverse(self.wrt, self.rules, self.tidied)
        inside.parts, inside.named = self.parts, self.named
        return inside.gradient(body, G)

    def _cases(self, node: e.Cases, G: Expr) -> list[tuple[Expr, Expr]]:
        if any(not condition.shape.is_scalar for _, condition in node.branches):
            raise Lacks("cases entry by entry")
        zero = build.zeros(self.wrt.shape)
        branches = tuple((self._inside(value, G) or zero, condition) for value, condition in node.branches)
        rest = None if node.otherwise is None else (self._inside(node.otherwise, G) or zero)
        return [(self.wrt, e.Cases(branches, rest, shape=self.wrt.shape))]

    def _blocks(self, node: e.Blocks, G: Expr) -> list[tuple[Expr, Expr]]:
        passed: list[tuple[Expr, Expr]] = []
        for r, row in enumerate(node.rows, 1):
            for c, part in enumerate(row, 1):
                if not part.shape.is_scalar:
                    raise Lacks("a matrix of parts")
                if self.is_active(part):
                    passed.append((part, e.Entry(G, build.number(r), build.number(c))))
        return passed
