"""How the partial derivatives of one shape by another are laid out."""

from __future__ import annotations

from tutor.language.shape import Axes, Dim, Shape

NUMERATOR, DENOMINATOR = "numerator", "denominator"
LAYOUTS = (NUMERATOR, DENOMINATOR)


def derivative_shape(of: Shape, wrt: Shape, layout: str = NUMERATOR) -> Shape | None:
    """The shape of ∂of/∂wrt, or None where it would need more than two axes.

    Numerator layout: a scalar by an m×n is n×m, an m×n by a scalar m×n, m entries by n entries m×n.
    Denominator layout is the transpose of each.
    """
    if of.is_scalar:
        shape = wrt.transposed
    elif wrt.is_scalar:
        shape = of
    elif (of.is_column or of.is_row) and (wrt.is_column or wrt.is_row):
        shape = Shape(of.rows * of.columns, wrt.rows * wrt.columns)
    else:
        return None
    return shape if layout == NUMERATOR else shape.transposed


def derivative_axes(of: Shape, wrt: Shape, layout: str = NUMERATOR) -> Axes:
    """The sizes of ∂of/∂wrt along all its axes, be there two, three or four.

    Where a matrix holds more than two, those of what comes out stand first, then those of what moves, turned: an
    m×l by an n×k is m×l×k×n. A column or a row has one axis there. Source: Dive into Deep Learning v2, the table of
    shapes in the lecture on matrix calculus. Denominator layout turns all of them round.
    """
    shape = derivative_shape(of, wrt, layout)
    if shape is not None:
        return Axes(shape.dims)
    axes = Axes((*_own(of), *reversed(_own(wrt))))
    return axes if layout == NUMERATOR else axes.turned


def _own(shape: Shape) -> tuple[Dim, ...]:
    """A column and a row lie along one axis, a matrix along two."""
    return (shape.rows,) if shape.is_column else (shape.columns,) if shape.is_row else shape.dims
