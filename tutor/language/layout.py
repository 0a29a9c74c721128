"""How the partial derivatives of one shape by another are laid out."""

from __future__ import annotations

from tutor.language.shape import Shape

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


