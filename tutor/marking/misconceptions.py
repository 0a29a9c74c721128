"""TABLE 3: what a mistake does to a right answer, its code, and what to tell.

A row says what an answer did and what to look at again; it never gives the answer away. How each row shows is in
`bends.py` (a rule of differentiation that is bent), in `edits.py` (a formula that is changed in one place) and in
`diagnose.py` (a result that is changed as a whole), which name the rows here. `cost` says how far-fetched a mistake
is: of two explanations the cheaper one is told, and of two that cost the same and have different codes neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Misconception:
    """A row: its name here, its code in a reply, what the answer did, and what to look at again."""

    name: str
    code: str
    cost: float
    does: str
    asks: str

    @property
    def says(self) -> str:
        return f"{self.does} {self.asks}"


_R = Misconception

# fmt: off
# ruff: noqa: E501 - the rows of a table lie in columns.
_ROWS = (
    # name, code, cost, what the answer did, what to look at again
    _R("transposed",         "other-layout", 1.0, "The entries are right, and stand the other way round.", "Which index counts the rows in this layout?"),
    _R("negated",            "sign", 1.0, "Everything is right but the sign.", "Where does a minus come in, or go out?"),
    _R("negated term",       "sign", 2.0, "One part has the wrong sign.", "Go through the signs once more, term by term."),
    _R("negated change",     "sign", 2.0, "The sign of one local derivative is wrong.", "Which rule brings a minus, and which does not?"),
    _R("negated inside",     "sign", 2.1, "One sign inside the formula is wrong.", "Copy the function once more: which parts are added, which subtracted?"),
    _R("scaled",             "constant-factor", 1.5, "Right up to a constant factor.", "Which constant comes down, or is there already?"),
    _R("scaled term",        "constant-factor", 1.9, "One part is off by a constant factor.", "Check the number in front of each term."),
    _R("constant dropped",   "constant-factor", 2.05, "A constant factor is left out.", "Which constants of the function stay in front?"),
    _R("function itself",    "undifferentiated", 1.0, "This is the function itself.", "What is its derivative?"),
    _R("function kept",      "undifferentiated", 2.2, "A function stands where its derivative belongs.", "Which factor still has to be differentiated?"),
    _R("function times",     "undifferentiated", 2.15, "The function itself is a factor of this.", "Does the function stay when it is differentiated?"),
    _R("term kept",          "undifferentiated", 2.4, "A part of the function stands where its derivative belongs.", "Which part still has to be differentiated?"),
    _R("variable kept",      "undifferentiated", 2.15, "The variable is still there, where its derivative belongs.", "What is the derivative of the variable by itself?"),
    _R("other variable",     "wrong-variable", 1.4, "This is a derivative with respect to another variable.", "Which variable changes here, and which are held fixed?"),
    _R("variable swapped",   "wrong-variable", 2.3, "One variable stands where another belongs.", "Which of the two is held fixed here, and is what remains?"),
    _R("by the inside",      "missing-inner-derivative", 1.35, "This differentiates the outer function and stops at what is inside it.", "What is the derivative of the inner part, by the chain rule?"),
    _R("inside not changed", "missing-inner-derivative", 2.0, "One factor of the chain rule is left out.", "Name each step from the inside out: how many factors are there?"),
    _R("outside left out",   "missing-inner-derivative", 2.1, "The local derivative of one function is left out.", "Name each step from the inside out: how many factors are there?"),
    _R("chain factor dropped", "missing-inner-derivative", 2.22, "One factor of the product is left out.", "Name each step from the inside out: how many factors are there?"),
    _R("held factor dropped", "missing-term", 2.25, "A part of the product that stays is left out.", "Which parts of the function are held fixed, and stay?"),
    _R("factor dropped",     "missing-factor", 2.2, "One factor is left out.", "Which factor is held fixed, and stays?"),
    _R("chain reordered",    "chain-order", 2.3, "The factors are right, and stand in another order.", "Which factor comes first in the chain rule of this layout? Matrices do not commute."),
    _R("extra term",         "extra-term", 2.4, "There is a term too many.", "Which terms depend on the variable?"),
    _R("extra factor",       "extra-factor", 2.6, "There is a factor too many.", "Where does each factor come from?"),
    _R("term dropped",       "missing-term", 2.15, "A term is left out.", "In how many places does the variable stand? Each brings a term."),
    _R("change dropped",     "missing-term", 2.0, "One term of the product rule or of the total derivative is left out.", "In how many places does the variable stand? Each brings a term."),
    _R("summand dropped",    "missing-term", 2.2, "A term inside the formula is left out.", "Copy the function once more: is every term there?"),
    _R("transpose changed",  "missing-transpose", 2.1, "A transpose is missing or too many, inside the formula.", "Go through the product: which matrix is transposed when it comes from the other side?"),
    _R("transposes changed", "missing-transpose", 2.35, "Transposes are missing or too many, inside the formula.", "Go through the product: which matrix is transposed when it comes from the other side?"),
    _R("diag left out",      "missing-diag", 2.0, "A vector stands where a diagonal matrix belongs, or the reverse.", "Which entry of the result depends on which entry of the variable?"),
    _R("full for diagonal",  "missing-diag", 2.4, "A full matrix stands where a diagonal one belongs, or the reverse.", "Which entries of that matrix are 0?"),
    _R("elementwise",        "elementwise-for-matrix-product", 2.2, "A product entry by entry stands where a matrix product belongs, or the reverse.", "Does each entry depend on one entry alone, or on a row?"),
    _R("one for all",        "scalar-for-vector", 1.3, "A scalar stands where a vector or a matrix belongs.", "What shape must the result have, and which entry stands where?"),
    _R("scalar for all",     "scalar-for-vector", 1.8, "A scalar stands where a vector or a matrix belongs, or the reverse.", "What shape does each part have, and what shape must it have?"),
    _R("summed up",          "scalar-for-vector", 2.3, "Entries are added up that stay apart, or the reverse.", "What shape does each part have, and what shape must it have?"),
    _R("one sided",          "missing-case", 1.2, "Right on one side of a kink, wrong on the other.", "What holds on the other side?"),
    _R("at the boundary",    "missing-case", 0.5, "Right at most points, wrong at a boundary of the cases.", "Where exactly does one case end?"),
    _R("case dropped",       "missing-case", 1.9, "One case is used on both sides of the kink.", "What holds on the other side?"),
    _R("case without change", "missing-case", 2.05, "One case is taken as constant on both sides of the kink.", "On which side does the function change?"),
    _R("cases swapped",      "missing-case", 1.9, "The cases are the wrong way round.", "On which side does the function change?"),
    _R("condition changed",  "missing-case", 2.1, "The condition of a case is not the right one.", "Where exactly is the kink?"),
    _R("power not lowered",  "power-rule", 2.1, "A power has the wrong exponent.", "What becomes of the exponent when a power is differentiated?"),
    _R("power without factor", "power-rule", 2.1, "A power is lowered without its factor.", "What comes down in front when a power is differentiated?"),
    _R("exponent off",       "power-rule", 2.4, "A power has the wrong exponent.", "What becomes of the exponent when a power is differentiated?"),
    _R("function slope",     "function-derivative", 2.2, "The derivative of one function is not the right one.", "Look up the derivatives of the elementary functions."),
    _R("function swapped",   "function-derivative", 2.6, "One function stands where another belongs.", "Look up the derivatives of the elementary functions."),
    _R("doubled",            "symmetry-assumed", 1.9, "This takes two terms as equal, as they are for a symmetric matrix.", "Is the matrix said to be symmetric?"),
)
# fmt: on

ROWS: Mapping[str, Misconception] = {row.name: row for row in _ROWS}
