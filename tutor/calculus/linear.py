"""A change's formula, read as a matrix.

In: an expression that is linear in a placeholder, as a rule's formula is in `d`. Out: its matrix from the left
(the Jacobian, by columns of vec where there are matrices), or its adjoint (what a gradient becomes on its way
back). The decision owned here: how each linear construct turns over; nothing here knows a function's slope.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.calculus import build
from tutor.calculus.build import apply, identity, ones, transposed
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.shape import ONE, Shape


class NoForm(Exception):  # noqa: N818 - what happened, not what broke
    """A linear construct that the notation has no matrix or no adjoint for; the argument is its name."""


def contains(expr: Expr, part: Expr) -> bool:
    """Whether a part stands in an expression, or in what a defined name of it stands for."""
    return any(node == part for node in e.walk(expr))


@dataclass(frozen=True)
class Adjoint:
    """⟨G, change⟩ = ⟨result, placeholder⟩, for a placeholder of a given shape."""

    placeholder: Expr

    def __call__(self, change: Expr, G: Expr) -> Expr | None:
        """The adjoint, or None where the change does not depend on the placeholder."""
        if change == self.placeholder:
            return G
        if not contains(change, self.placeholder):
            return None
        match change:
            case e.Apply(operation=operation, arguments=parts):
                method = getattr(self, f"_{operation.name}", None)
                if method is None:
                    raise NoForm(operation.name)
                result: Expr | None = method(G, *parts)
                return result
            case e.Sum(body=body):
                inner = self(body, G)
                return None if inner is None else build.summed_over(change, inner)
            case e.Cases(branches=branches, otherwise=otherwise):
                zero = build.zeros(self.placeholder.shape)
                values = [(self(value, G) or zero, condition) for value, condition in branches]
                rest = None if otherwise is None else (self(otherwise, G) or zero)
                return e.Cases(tuple(values), rest, shape=self.placeholder.shape)
            case e.Entry(base=base, row=row, column=column):
                return self(base, apply("times", G, _unit_matrix(base.shape, row, column)))
            case e.Blocks():
                return self._blocks(change, G)
        raise NoForm(type(change).__name__.lower())

    def is_active(self, part: Expr) -> bool:
        return contains(part, self.placeholder)

    def _fit(self, part: Expr, G: Expr) -> Expr | None:
        """A part that may be a scalar standing for every entry of G."""
        return self(part, apply("sum", G) if part.shape.is_scalar and not G.shape.is_scalar else G)

    def _both(self, first: Expr | None, second: Expr | None) -> Expr | None:
        if first is None or second is None:
            return second if first is None else first
        return apply("add", first, second)

    def _add(self, G: Expr, a: Expr, b: Expr) -> Expr | None:
        return self._both(self._fit(a, G), self._fit(b, G))

    def _subtract(self, G: Expr, a: Expr, b: Expr) -> Expr | None:
        return self._both(self._fit(a, G), self._fit(b, build.minus(G)))

    def _negative(self, G: Expr, a: Expr) -> Expr | None:
        return self(a, build.minus(G))

    def _times(self, G: Expr, a: Expr, b: Expr) -> Expr | None:
        left = right = None
        if self.is_active(a):
            left = self(a, inner(G, b) if a.shape.is_scalar else _scaled(G, b))
        if self.is_active(b):
            right = self(b, inner(G, a) if b.shape.is_scalar else _scaled_left(a, G))
        return self._both(left, right)

    def _dot(self, G: Expr, a: Expr, b: Expr) -> Expr | None:
        left = self(a, apply("times", G, b)) if self.is_active(a) else None
        right = self(b, apply("times", G, a)) if self.is_active(b) else None
        return self._both(left, right)

    def _hadamard(self, G: Expr, a: Expr, b: Expr) -> Expr | None:
        left = self._fit(a, apply("hadamard", G, b)) if self.is_active(a) else None
        right = self._fit(b, apply("hadamard", G, a)) if self.is_active(b) else None
        return self._both(left, right)

    def _over(self, G: Expr, a: Expr, b: Expr) -> Expr | None:
        return self._fit(a, apply("over", G, b))

    def _divide(self, G: Expr, a: Expr, b: Expr) -> Expr | None:
        return self(a, apply("divide", G, b))

    def _transpose(self, G: Expr, a: Expr) -> Expr | None:
        return self(a, transposed(G))

    def _sum(self, G: Expr, a: Expr) -> Expr | None:
        return self(a, apply("times", G, ones(a.shape)))

    def _mean(self, G: Expr, a: Expr) -> Expr | None:
        return self(a, apply("times", apply("divide", G, build.size(build.entries(a.shape))), ones(a.shape)))

    def _trace(self, G: Expr, a: Expr) -> Expr | None:
        return self(a, apply("times", G, identity(a.shape.rows)))

    def _diag(self, G: Expr, a: Expr) -> Expr | None:
        if a.shape.is_row:
            return self(a, transposed(apply("diag", G)))
        return self(a, apply("diag", G))

    def _outer(self, G: Expr, a: Expr, b: Expr) -> Expr | None:
        return self._times(G, build.as_column(a), transposed(build.as_column(b)))

    def _vec(self, G: Expr, a: Expr) -> Expr | None:
        if a.shape.is_column:
            return self(a, G)
        if build.is_apply(G, "vec") and build.arguments(G)[0].shape == a.shape:
            return self(a, build.arguments(G)[0])
        raise NoForm("vec")

    def _blocks(self, change: e.Blocks, G: Expr) -> Expr | None:
        result: Expr | None = None
        for row, line in enumerate(change.rows, 1):
            for column, item in enumerate(line, 1):
                if not item.shape.is_scalar:
                    raise NoForm("blocks")
                place = e.Entry(G, build.number(row), build.number(column))
                result = self._both(result, self(item, place))
        return result


def inner(a: Expr, b: Expr) -> Expr:
    """The sum of the products of two equal shapes' entries."""
    if a.shape.is_scalar:
        return apply("times", a, b)
    if a.shape.is_column:
        return apply("dot", a, b)
    if a.shape.is_row:
        return apply("dot", transposed(a), transposed(b))
    return apply("trace", apply("times", transposed(a), b))


def _scaled(G: Expr, b: Expr) -> Expr:
    """G bᵀ, where b may be a scalar or G one."""
    return apply("times", G, transposed(b))


def _scaled_left(a: Expr, G: Expr) -> Expr:
    return apply("times", transposed(a), G)


def _unit_matrix(shape: Shape, row: Expr, column: Expr) -> Expr:
    """The matrix with a 1 at one place."""
    left = None if shape.is_row else e.Unit(row, shape=Shape(shape.rows, ONE))
    right = None if shape.is_column else transposed(e.Unit(column, shape=Shape(shape.columns, ONE)))
    if left is None or right is None:
        made = left if left is not None else right
        assert made is not None
        return made
    return apply("times", left, right)


@dataclass(frozen=True)
class Jacobian:
    """vec(change) = result · v, where vec(placeholder) = J v."""

    placeholder: Expr
    J: Expr

    def __call__(self, change: Expr) -> Expr | None:
        """The matrix, or None where the change does not depend on the placeholder."""
        if change == self.placeholder:
            return self.J
        if not contains(change, self.placeholder):
            return None
        if change.shape.is_scalar:
            return self._scalar(change)
        match change:
            case e.Apply(operation=operation, arguments=parts):
                method = getattr(self, f"_{operation.name}", None)
                if method is None:
                    raise NoForm(operation.name)
                result: Expr | None = method(*parts)
                return result
            case e.Sum(body=body):
                inside = self(body)
                return None if inside is None else build.summed_over(change, inside)
            case e.Cases(branches=branches, otherwise=otherwise):
                return self._cases(branches, otherwise, change.shape)
            case e.Blocks(rows=rows):
                return self._blocks(rows, change.shape)
        raise NoForm(type(change).__name__.lower())

    @property
    def width(self) -> Shape:
        return self.J.shape

    def _scalar(self, change: Expr) -> Expr | None:
        if isinstance(change, e.Cases):
            return self._cases(change.branches, change.otherwise, change.shape)
        if isinstance(change, e.Sum):
            inside = self(change.body)
            return None if inside is None else build.summed_over(change, inside)
        g = Adjoint(self.placeholder)(change, build.ONE_NUMBER)
        if g is None:
            return None
        return apply("times", transposed(build.as_column(g)), self.J)

    def _spread(self, part: Expr, shape: Shape) -> Expr | None:
        J = self(part)
        if J is None or shape.is_scalar or not part.shape.is_scalar:
            return J
        return apply("times", build.as_column(ones(shape)), J)

    def _both(self, first: Expr | None, second: Expr | None) -> Expr | None:
        if first is None or second is None:
            return second if first is None else first
        return apply("add", first, second)

    def _add(self, a: Expr, b: Expr) -> Expr | None:
        shape = b.shape if a.shape.is_scalar else a.shape
        return self._both(self._spread(a, shape), self._spread(b, shape))

    def _subtract(self, a: Expr, b: Expr) -> Expr | None:
        shape = b.shape if a.shape.is_scalar else a.shape
        second = self._spread(b, shape)
        return self._both(self._spread(a, shape), None if second is None else build.minus(second))

    def _negative(self, a: Expr) -> Expr | None:
        J = self(a)
        return None if J is None else build.minus(J)

    def _times(self, a: Expr, b: Expr) -> Expr | None:
        whole = apply("times", a, b)
        # A column and its transpose have one vec: where d' stands in `d' a`, d stands in `a'd`.
        if build.is_vector(whole.shape) and any(self._is_behind(factor) for factor in _factors(whole)):
            return self._product(*build.arguments(_turned(whole)))
        return self._product(a, b)

    def _is_behind(self, factor: Expr) -> bool:
        """Whether a factor is the transpose of a matrix that changes."""
        is_turned = build.is_apply(factor, "transpose") and not build.is_vector(factor.shape)
        return is_turned and contains(factor, self.placeholder)

    def _product(self, a: Expr, b: Expr) -> Expr | None:
        factors = [*_factors(a), *_factors(b)]
        scalar = next((f for f in factors if f.shape.is_scalar and contains(f, self.placeholder)), None)
        if scalar is not None and len(factors) > 2:  # in front, so that the rest stays a product
            rest = build.product([f for f in factors if f is not scalar])
            a, b = scalar, rest
        first, second = self(a), self(b)
        left = None if first is None else self._left(a, b, first)
        right = None if second is None else self._right(a, b, second)
        return self._both(left, right)

    def _left(self, a: Expr, b: Expr, J: Expr) -> Expr:
        """The left factor changes: vec(a b) = (bᵀ ⊗ I) vec(a)."""
        if b.shape.is_scalar:
            return apply("times", b, J)
        if a.shape.is_scalar:
            return apply("times", build.as_column(b), J)
        if a.shape.is_row:
            return apply("times", transposed(b), J)
        return apply("times", apply("kron", transposed(b), identity(a.shape.rows)), J)

    def _right(self, a: Expr, b: Expr, J: Expr) -> Expr:
        """The right factor changes: vec(a b) = (I ⊗ a) vec(b)."""
        if a.shape.is_scalar:
            return apply("times", a, J)
        if b.shape.is_scalar:
            return apply("times", build.as_column(a), J)
        if b.shape.is_column:
            return apply("times", a, J)
        return apply("times", apply("kron", identity(b.shape.columns), a), J)

    def _hadamard(self, a: Expr, b: Expr) -> Expr | None:
        return self._both(self._entrywise(b, a), self._entrywise(a, b))

    def _entrywise(self, fixed: Expr, changing: Expr) -> Expr | None:
        J = self(changing)
        if J is None:
            return None
        if fixed.shape.is_scalar:
            return apply("times", fixed, J)
        if changing.shape.is_scalar:
            return apply("times", build.as_column(fixed), J)
        return apply("times", apply("diag", build.as_column(fixed)), J)

    def _over(self, a: Expr, b: Expr) -> Expr | None:
        if b.shape.is_scalar:
            return self._divide(a, b)
        J = self(a)
        if J is None:
            return None
        reciprocal = apply("over", build.ONE_NUMBER, build.as_column(b))
        left = reciprocal if a.shape.is_scalar else apply("diag", reciprocal)
        return apply("times", left, J)

    def _divide(self, a: Expr, b: Expr) -> Expr | None:
        J = self(a)
        return None if J is None else apply("divide", J, b)

    def _transpose(self, a: Expr) -> Expr | None:
        J = self(a)
        return J if J is None or build.is_vector(a.shape) else apply("times", _commutation(a.shape), J)

    def _vec(self, a: Expr) -> Expr | None:
        return self(a)

    def _outer(self, a: Expr, b: Expr) -> Expr | None:
        return self._times(build.as_column(a), transposed(build.as_column(b)))

    def _kron(self, a: Expr, b: Expr) -> Expr | None:
        if a.shape.is_column and b.shape.is_row:
            return self._times(a, b)
        if a.shape.is_row and b.shape.is_column:
            return self._times(b, a)
        if a.shape.is_column and b.shape.is_column:
            first, second = self(a), self(b)
            left = None if first is None else apply("times", apply("kron", identity(a.shape.rows), b), first)
            right = None if second is None else apply("times", apply("kron", a, identity(b.shape.rows)), second)
            return self._both(left, right)
        raise NoForm("kron")

    def _cases(
        self, branches: tuple[tuple[Expr, Expr], ...], otherwise: Expr | None, shape: Shape
    ) -> Expr | None:
        if any(not condition.shape.is_scalar for _, condition in branches):
            raise NoForm("cases")
        made = [(self._spread(value, shape), condition) for value, condition in branches]
        last = None if otherwise is None else self._spread(otherwise, shape)
        known = next(J for J in [*(J for J, _ in made), last] if J is not None)
        zero = build.zeros(known.shape)
        rest = None if otherwise is None else (last or zero)
        return e.Cases(tuple((J or zero, condition) for J, condition in made), rest, shape=known.shape)

    def _blocks(self, rows: tuple[tuple[Expr, ...], ...], shape: Shape) -> Expr | None:
        if len(rows) > 1 and not shape.is_column:  # vec goes column by column
            raise NoForm("blocks")
        made: list[tuple[Expr, ...]] = []
        for part in (item for row in rows for item in row):
            J = self(part)
            made.append((J if J is not None else build.zeros(Shape(build.entries(part.shape), self.width.columns)),))
        height = sum((row[0].shape.rows for row in made[1:]), made[0][0].shape.rows)
        return e.Blocks(tuple(made), shape=Shape(height, self.width.columns))


def _commutation(shape: Shape) -> Expr:
    """The matrix K with vec(Xᵀ) = K vec(X), for an X of a given shape: the sum of E ⊗ Eᵀ over the unit matrices E."""
    i, j = e.Index("i", shape.rows), e.Index("j", shape.columns)
    E = _unit_matrix(shape, i, j)
    inside = apply("kron", E, transposed(E))
    by_column = e.Sum("j", build.ONE_NUMBER, build.size(shape.columns), inside, shape=inside.shape)
    return e.Sum("i", build.ONE_NUMBER, build.size(shape.rows), by_column, shape=inside.shape)


def _turned(expr: Expr) -> Expr:
    """The transpose, with the factors of products in reverse."""
    if build.is_apply(expr, "times"):
        a, b = build.arguments(expr)
        return apply("times", _turned(b), _turned(a))
    return transposed(expr)


def _factors(expr: Expr) -> list[Expr]:
    """The factors of a product."""
    if build.is_apply(expr, "times"):
        return [f for part in build.arguments(expr) for f in _factors(part)]
    return [expr]
