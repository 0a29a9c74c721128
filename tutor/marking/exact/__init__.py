"""Numbers in which the equality of two formulas is proved.

In: the entries of the variables, and the operations of the language. Out: elements of a tower of kernels
over a polynomial ring, and `Field.is_zero`, whose True is a proof.

Decides what a zero means: every rewriting in here is an identity of real functions that holds wherever
its left side is defined, up to a set of measure zero. A relation may be missing, so a False says nothing.

`laurent` keeps the polynomials (SymPy's ring), `field` the fractions and their relations, `kernels` the
functions, `kinks` the indicators, `samples` the float values that choose between cases, `factor` the factors.
"""

from tutor.marking.exact.field import Element, Field, Undefined
from tutor.marking.exact.laurent import TooLarge

__all__ = ["Element", "Field", "TooLarge", "Undefined"]
