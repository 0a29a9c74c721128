"""Text → typed expression: the one way in."""

from __future__ import annotations

from tutor.language.elaborate import elaborate
from tutor.language.expr import Expr
from tutor.language.parse import parse
from tutor.language.refusal import Refused
from tutor.language.scope import Scope
from tutor.language.shape import Shape
from tutor.language.syntax import Node
from tutor.problem import Problem
from tutor.source import Span


def read(
    text: str, scope: Scope, expected: Shape | None = None, *, indices_may_be_open: bool = False
) -> Expr | Problem:
    """The expression that a text means, or the problem with it, its span in the text.

    `expected` is the shape that is asked for: a bare `0` becomes the zero of that shape, and a size that
    nothing else fixes, as in `I`, is taken from it. Never raises.
    """
    try:
        return elaborate(parse(text, scope.lexicon), text, scope, expected, indices_may_be_open)
    except Refused as refused:
        return refused.problem
    except RecursionError:
        return too_deep(text)


def read_syntax(node: Node, text: str, scope: Scope, expected: Shape | None = None) -> Expr | Problem:
    """The same for a part of a text that is parsed already."""
    try:
        return elaborate(node, text, scope, expected)
    except Refused as refused:
        return refused.problem
    except RecursionError:
        return too_deep(text)


def too_deep(text: str) -> Problem:
    """The refusal of a text that would need more nesting than there is room for."""
    return Problem("too-large", "The text is nested too deeply to be read.", Span(0, len(text)))
