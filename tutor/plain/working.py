"""A derivation as text: for a terminal, as Markdown, as LaTeX, as JSON.

In: a derivation, and the types that were inferred for it. Out: text without a line end. Decided here: what a line
of the working says: the part, its derivative before and after the rewrites, the shape, the rule and its source.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap
from typing import Any

from tutor.calculus.derivation import Derivation, Local, Step
from tutor.excerpt import columns
from tutor.language.block import Block, beside, text_block
from tutor.language.expr import Expr
from tutor.language.infer import in_words
from tutor.language.latex import latex
from tutor.language.show import show
from tutor.language.typeset import typeset

Types = Mapping[str, str]
WIDTH = 80
_INDENT = 5
_GAP = 2


def working(derivation: Derivation, form: str = "text", inferred: Mapping[str, str] | None = None) -> str:
    """The working in one of `FORMATS`; `inferred` are the types that were not declared."""
    return FORMATS[form](derivation, inferred or {})


# -- text -----------------------------------------------------------------------------------------------------------


def _text(derivation: Derivation, inferred: Types) -> str:
    """Typeset, within 80 columns where no single formula is wider."""
    known = [f"Taken as: {in_words(inferred)}."] if inferred else []
    parts = [_paragraph(derivation, number, step) for number, step in enumerate(derivation.parts, 1)]
    return "\n\n".join([*known, _heading(derivation), *parts, *_result(derivation)])


def _heading(derivation: Derivation) -> str:
    of, wrt = show(derivation.of), show(derivation.wrt)
    way = "from the outside in" if derivation.way == "reverse" else "from the inside out"
    words = f"The {_called(derivation)} of {of} by {wrt}, {way}:"
    return "\n".join(wrap(words, WIDTH, break_long_words=False))


def _called(derivation: Derivation) -> str:
    return {"entry": "derivative", "hessian": "Hessian"}.get(derivation.kind, derivation.kind)


def _paragraph(derivation: Derivation, number: int, step: Step) -> str:
    """A step: what the part stands for, its derivative with the shape, the rule in words."""
    blocks = [text_block(_head(derivation, step)), *(typeset(value, WIDTH - _INDENT) for value in _values(step))]
    named = [] if step.name is None else [f"{show(step.name)} = {show(step.of)}"]
    lines = [*named, *_chained(blocks, f"{step.result.shape}")]
    lines += _wrapped(_rule(step), WIDTH - _INDENT)
    return "\n".join(f"{number if k == 0 else '':>3}  {line}".rstrip() for k, line in enumerate(lines))


def _wrapped(words: str, width: int) -> list[str]:
    """Words on lines of a width; a source, `[MC 35]`, is not broken."""
    return [line.replace("\0", " ") for line in wrap(re.sub(r" (?=[^\[\]]*\]$)", "\0", words), width)]


def _values(step: Step) -> list[Expr]:
    """The result of a step, behind what the chain rule gave where that is not the same."""
    products = [] if step.product is None or show(step.product) == show(step.result) else [step.product]
    return [*products, step.result]


def _head(derivation: Derivation, step: Step) -> str:
    part = show(step.of if step.name is None else step.name)
    if step.name is None and step.of != derivation.wrt:
        part = f"({part})"
    return f"∇_{part}" if _is_backward(derivation, step) else f"∂{part}/∂{show(derivation.wrt)}"


def _is_backward(derivation: Derivation, step: Step) -> bool:
    """Whether a step gives the gradient by its part, and not the derivative of the part."""
    is_of_part = any(local.by in (step.of, step.name) for local in step.locals)
    return is_of_part or derivation.way == "reverse" or step.of == derivation.wrt


def _chained(blocks: Sequence[Block], shape: str) -> list[str]:
    """Blocks with = between them, on as few lines as hold them, and the shape at the right end of the last."""
    rows: list[Block] = []
    row = blocks[0]
    for k, block in enumerate(blocks[1:], 2):
        longer = beside(row, text_block(" = "), block)
        reserved = columns(shape) + _GAP if k == len(blocks) else 0
        if longer.width + reserved > WIDTH - _INDENT and k > 2:
            rows.append(row)
            longer = beside(text_block("  = "), block)
        row = longer
    gap = max(WIDTH - _INDENT - row.width - columns(shape), _GAP)
    rows.append(beside(row, text_block(" " * gap + shape)))
    return [line for row in rows for line in row.lines]


def _rule(step: Step) -> str:
    return f"{step.sentence} [{step.source}]" if step.source else step.sentence


def _result(derivation: Derivation) -> list[str]:
    """The rewrites that end the working, and what comes out."""
    last = [step for step in derivation.steps[-1:] if step.kind == "rewrite"]
    tidied = ["\n".join(_wrapped(step.sentence, WIDTH)) for step in last]
    shape = derivation.result.shape
    layout = f" in {derivation.layout} layout" if derivation.kind == "derivative" and not shape.is_scalar else ""
    result = "\n".join(line.rstrip() for line in typeset(derivation.result, WIDTH).lines)
    return [*tidied, f"The {_called(derivation)}, {shape.described}{layout}:", result]


# -- Markdown and LaTeX -----------------------------------------------------------------------------------------------


def _markdown(derivation: Derivation, inferred: Types) -> str:
    """Maths between dollars as code hosts set it."""
    known = [f"Taken as: {in_words(inferred)}."] if inferred else []
    asked = f"The {_called(derivation)} of ${latex(derivation.of)}$ by ${latex(derivation.wrt)}$:"
    parts = [
        f"{number}. ${_equation(derivation, step)}$ ({step.result.shape})"
        f"{_where(step)}  \n   {_rule(step)}".rstrip()
        for number, step in enumerate(derivation.parts, 1)
    ]
    return "\n\n".join([*known, asked, *parts, f"$${latex(derivation.result)}$$"])


def _where(step: Step) -> str:
    return f", where ${latex(step.name)} = {latex(step.of)}$" if step.name is not None else ""


def _equation(derivation: Derivation, step: Step, sign: str = "=") -> str:
    part = latex(step.of if step.name is None else step.name)
    if _is_backward(derivation, step):
        head = rf"\nabla_{{{part}}}"
    else:
        part = part if step.name is not None else rf"\left({part}\right)"
        head = rf"\frac{{\partial {part}}}{{\partial {latex(derivation.wrt)}}}"
    values = [latex(value) for value in _values(step)]
    return f"{head} {sign} {' = '.join(values)}"


def _latex(derivation: Derivation, inferred: Types) -> str:
    """An `align*` with a line for each step; the rules stand in comments."""
    lines = []
    for step in derivation.parts:
        lines.append(f"% {_rule(step)}")
        if step.name is not None:
            lines.append(rf"{latex(step.name)} &= {latex(step.of)} \\")
        lines.append(rf"{_equation(derivation, step, '&=')} \\")
    head = rf"\frac{{\partial f}}{{\partial {latex(derivation.wrt)}}}" if derivation.kind == "derivative" else "f"
    known = [f"% Taken as: {in_words(inferred)}."] if inferred else []
    of = rf"f &= {latex(derivation.of)} \\"
    last = f"{head if derivation.kind == 'derivative' else _sign(derivation)} &= {latex(derivation.result)}"
    return "\n".join([*known, r"\begin{align*}", of, *lines, last, r"\end{align*}"])


def _sign(derivation: Derivation) -> str:
    wrt = latex(derivation.wrt)
    if derivation.kind == "entry":
        return rf"\frac{{\partial f}}{{\partial {wrt}}}"
    return rf"\nabla^2_{{{wrt}}} f" if derivation.kind == "hessian" else rf"\nabla_{{{wrt}}} f"


# -- JSON -----------------------------------------------------------------------------------------------------------


def _json(derivation: Derivation, inferred: Types) -> str:
    """One object; every expression has its `text`, its `latex` and its `shape`."""
    told = {
        "of": _expression(derivation.of),
        "wrt": _expression(derivation.wrt),
        "kind": derivation.kind,
        "layout": derivation.layout,
        "way": derivation.way,
        "inferred": dict(inferred),
        "steps": [_step(step) for step in derivation.steps],
        "result": _expression(derivation.result),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _step(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "name": None if step.name is None else show(step.name),
        "of": _expression(step.of),
        "rule": step.rule,
        "sentence": step.sentence,
        "source": step.source or None,
        "locals": [_local(local) for local in step.locals],
        "product": None if step.product is None else _expression(step.product),
        "rewrites": list(step.rewrites),
        "result": _expression(step.result),
    }


def _local(local: Local) -> dict[str, Any]:
    form = {"derivative": _expression(local.form)} if local.is_jacobian else {"change": _expression(local.change)}
    return {"by": _expression(local.by), "rule": local.rule.operation, "argument": local.rule.argument, **form}


def _expression(expr: Expr) -> dict[str, str]:
    return {"text": show(expr), "latex": latex(expr), "shape": str(expr.shape)}


FORMATS: Mapping[str, Callable[[Derivation, Types], str]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "latex": _latex,
}
