"""The notation's manual: from the operations table, and from what the reader itself knows.

In: nothing. Out: sections of rows (what is typed, what it means), for help on the screen, and the same as
Markdown, which `docs/notation.md` is. Every example can be read in `names()`, as a test proves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tutor.language.operation import Form, Level, Operation
from tutor.language.operations import ELEMENTWISE, OPERATIONS
from tutor.language.parse import DEEPEST, MOST_TERMS
from tutor.language.scope import LARGEST_SIZE, Scope
from tutor.language.tokens import LONGEST, MOST_DIGITS, SYMBOLS
from tutor.problem import Problem

Row = tuple[str, str]


@dataclass(frozen=True)
class Section:
    """A part of the manual: rows of what is typed and what it means, and sentences below them."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


# The names that the examples use.
_VARIABLES = {
    "a": "scalar", "b": "scalar", "c": "scalar", "d": "scalar", "t": "scalar", "z": "scalar", "w": "vector n",
    "x": "vector n", "y": "vector n", "u": "vector n", "v": "vector n", "A": "square n", "B": "square n",
    "X": "list N of vector n", "f": "function",
}  # fmt: skip
_DEFINED = {"C": "max(0, w·x)", "r_i": "w·X_i - b"}

_DECLARATIONS: tuple[Row, ...] = (
    ("scalar", "a number; 1×1"),
    ("vector n", "a column, n×1"),
    ("row n", "a row, 1×n"),
    ("matrix m n", "m×n; square n is matrix n n"),
    ("symmetric n", "n×n, its own transpose"),
    ("list N of vector n", "N items x_1 … x_N; also of scalars or matrices"),
    ("function", "an unnamed differentiable function of one number: f(x), f'(x), f''(x), entry by entry"),
    ("positive, nonzero, nonnegative", "before the type: so is each entry"),
    ("simplex", "nonnegative, adding up to 1"),
    ("invertible, positive definite", "of a square matrix"),
)
_DECLARED = (
    "A size is a name or a whole number, and a name of a size is a scalar too: `1/N`.",
    "`W1`, `W_1` and `W₁` are one name. A declared name wins over everything else of its spelling.",
)
_ENTRIES: tuple[Row, ...] = (
    ("x_i, x[i], x_1, x₁", "an entry; counting begins at 1"),
    ("A_ij, A_{i,j}, A[i, j], A_12", "an entry of a matrix"),
    ("X_i, X_ij", "an item of a list, and an entry of it"),
    ("r_i", "an indexed definition"),
    ("sum_i w_i x_i, sum(i, w_i x_i), Σ_i w_i x_i", "a sum; the index takes its range from where it stands"),
    ("sum_{i=1}^n i x_i", "a sum with its bounds"),
)
_SUMS = ("A sum takes in the product that follows, not a later `+`. An index stands for its number too.",)
_BUILDING: tuple[Row, ...] = (
    ("[a, b; c, d], [[a, b], [c, d]]", "a matrix"),
    ("[a, b]", "a row"),
    ("[a; b]", "a column"),
    ("[A, w; x', 0]", "a matrix of blocks; 0 is a block of zeros"),
    ("I_n, eye(n)", "the identity"),
    ("ones(n), 𝟏_n, ones(n, n)", "ones"),
    ("zeros(n), zeros(n, n)", "zeros"),
    ("unit(2, n)", "a basis vector, the second here"),
)
_CONSTANTS = (
    "A size may be left out where the shapes fix it: `I`, `𝟏`, `1'` for a row of ones, `unit(i)`, and `0` for the zero "
    "of any shape.",
)
_CHOICES: tuple[Row, ...] = (
    ("x' if z > 0 else 0", "cases; also if(z > 0, x', 0)"),
    ("{x' if z > 0; 0 otherwise}", "cases, as many as are wanted"),
    ("cases(x', z > 0; 0, otherwise)", "the same"),
    ("[z > 0], 1[z > 0], (z > 0)", "an indicator: 1 where it holds, else 0; entry by entry for a vector or a matrix"),
)
_DERIVATIVES: tuple[Row, ...] = (
    ("∂C/∂w, dC/dw, d(C)/d(w), D(C, w)", "a derivative"),
    ("∇_w C", "a gradient"),
    ("f'(z), f''(z), σ'(z), tanh'(z)", "the derivative of a function of one number"),
)
_ALLOWED = ("∂, d and ∇ may stand in an answer only where the step allows it.",)
_RULES = (
    "From the tightest: `'` `^` `_` and calls; factors side by side; the minus sign; `·` `*` `⊙` `⊗` `/`; `+` and `−`; "
    "comparisons; `not`; `and`; `or`; `if … else`. So `2x'A` is `2·(x')·A`, and `-x^2` is `-(x^2)`.",
    "`a^b^c` is `a^(b^c)`. `x^2` of a vector is refused: `x.^2`, `x·x` and `x x'` are three different things.",
    "A quotient ends at a space: `2/N X'e` is `(2/N) (X'e)`. Without the space, as in `1/Nx'`, it is read in the one "
    "way that has a shape, or refused where two have.",
    "A chain of products is read from the left. Where that has no shape, the one bracketing that has is taken and "
    "shown: `X b'c` is `X (b'c)`.",
    "Decimals are exact: `0.1` is 1/10.",
)
_OTHER = (
    "Unicode and ASCII spellings mean the same: `−` and `-`, `×` and `*`, `²` and `^2`, `α` and `alpha`, `√` and "
    "`sqrt`.",
    r"LaTeX is read: `\frac{a}{b}`, `\cdot`, `\odot`, `\otimes`, `\top`, `\sum_{i=1}^{n}`, `\mathbf{x}`, "
    r"`\operatorname{diag}(x)`, `\lVert x \rVert`, `\begin{bmatrix} a & b \\ c & d \end{bmatrix}`, "
    r"`\begin{cases} … \end{cases}`.",
    "NumPy's spellings are read: `np.diag(x)`, `np.sum(x)`, `np.where(z > 0, a, b)`, `np.linalg.inv(A)`, `x.T @ A`, "
    "`a**2`.",
    "What means something else elsewhere is refused, with the spelling that works here: `x(1)`, `x[0]`, `[a b]`, "
    "`|A|`.",
)
_BOUNDS = (
    f"A text has at most {LONGEST:,} characters, brackets nest at most {DEEPEST} deep, a sum has at most {MOST_TERMS} "
    f"terms, a number at most {MOST_DIGITS} digits, and a size lies between 1 and {LARGEST_SIZE}.",
)


def names() -> Scope:
    """The scope in which the examples can be read."""
    scope = Scope.declare(_VARIABLES, _DEFINED)
    assert not isinstance(scope, Problem)
    return scope


def manual() -> tuple[Section, ...]:
    """The notation, what is typed most first."""
    return (
        Section("Sums and products", _rows(_is_arithmetic)),
        Section("Entries and sums over an index", _ENTRIES, _SUMS),
        Section("Functions of vectors and matrices", _rows(_is_of_matrices)),
        Section("Functions of each entry", _elementwise()),
        Section("Cases and conditions", _CHOICES + _rows(lambda row: row.is_condition or row.name == "delta")),
        Section("Building matrices", _BUILDING, _CONSTANTS),
        Section("Derivatives", _DERIVATIVES, _ALLOWED),
        Section("Declarations", _DECLARATIONS, _DECLARED),
        Section("How a text is read", (), _RULES),
        Section("Other spellings", (), _OTHER),
        Section("Symbols: the name, then Tab", _symbols()),
        Section("Bounds", (), _BOUNDS),
    )


def _rows(wanted: Callable[[Operation], bool]) -> tuple[Row, ...]:
    return tuple((_typed(row), row.says) for row in OPERATIONS.values() if row.example and wanted(row))


def _typed(row: Operation) -> str:
    """The example, and again for each name that it leaves out."""
    arguments = row.example[row.example.rfind("(") :] if "(" in row.example else "(x)"
    others = [f"{word}{arguments}" for word in row.spellings if f"{word}(" not in row.example and word != row.sign]
    return ", ".join([row.example, *others])


def _is_arithmetic(row: Operation) -> bool:
    return row.level != Level.ATOM and not row.is_condition


def _is_of_matrices(row: Operation) -> bool:
    return row.level == Level.ATOM and not row.is_condition and row.name not in ELEMENTWISE | {"delta"}


def _elementwise() -> tuple[Row, ...]:
    """The functions of one number: their names, and what else they are called."""
    rows = [row for row in OPERATIONS.values() if row.name in ELEMENTWISE and row.form == Form.CALL]
    plain = ", ".join(f"{row.spellings[0]}(x)" for row in rows if len(row.spellings) == 1)
    others = [(", ".join(f"{word}(x)" for word in row.spellings), "two names of one function") for row in rows
              if len(row.spellings) > 1]  # fmt: skip
    barred = _rows(lambda row: row.name in ELEMENTWISE and row.form == Form.BARS)
    return ((plain, "of each entry"), *others, *barred)


def _symbols() -> tuple[Row, ...]:
    """Each symbol with the names that write it; raised and lowered characters in one row each."""
    names: dict[str, list[str]] = {}
    for name, symbol in SYMBOLS.items():
        if name[0] not in "^_":
            names.setdefault(symbol, []).append(f"\\{name}")
    small = {mark: [(f"\\{name}", s) for name, s in SYMBOLS.items() if name[0] == mark] for mark in "^_"}
    rows = [(" ".join(found), symbol) for symbol, found in names.items()]
    return (*rows, *((" ".join(n for n, _ in pairs), " ".join(s for _, s in pairs)) for pairs in small.values()))


# -- Markdown -----------------------------------------------------------------------------------------------

_HEAD = """# The notation

Answers, lessons and the screen share one language. It reads like matrix calculus on a blackboard, and it is strict
about one thing: shapes. A text that has no consistent shape is not read; it costs no attempt, and what is told is
the place, the shapes and, where one can be worked out, what would work.

This page is made from the tables by which the notation is read (`tutor/language/manual.py`).
"""


def markdown() -> str:
    """The manual as a page."""
    parts = [_HEAD]
    for section in manual():
        parts.append(f"## {section.title}\n")
        if section.rows:
            parts.append("| typed | means |\n| --- | --- |\n" + "".join(map(_line, section.rows)))
        parts += [f"{note}\n" for note in section.notes]
    return "\n".join(parts)


def _line(row: Row) -> str:
    typed, means = (text.replace("|", "\\|") for text in row)
    return f"| `{typed}` | {means} |\n"
