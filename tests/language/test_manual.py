"""The manual: every example in it can be read, and the page in docs/ is the one that is made here."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tutor.language.expr import Expr
from tutor.language.manual import manual, markdown, names
from tutor.language.operations import OPERATIONS
from tutor.language.read import read
from tutor.language.scope import declared_type
from tutor.language.shape import ONE, Dim, Shape

PAGE = Path(__file__).parents[2] / "docs" / "notation.md"


def examples(text: str) -> list[str]:
    """The texts between commas that stand in no brackets."""
    found, depth = [""], 0
    for character in text:
        depth += (character in "([{⟨") - (character in ")]}⟩")
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return [example.strip() for example in found]


TYPED = [
    (section.title, example)
    for section in manual()
    if not section.title.startswith(("Declarations", "Symbols"))
    for typed, _ in section.rows
    for example in examples(typed)
]


@pytest.mark.parametrize(("title", "example"), TYPED)
def test_every_example_of_the_manual_can_be_read(title: str, example: str) -> None:
    n = Dim.of("n")
    free = {"i": n, "j": n} if "sum" not in example and "Σ" not in example else {}
    if example.startswith(("X_", "r_")):
        free = {"i": Dim.of("N"), "j": n}
    scope = replace(names().binding(free), allow_derivatives=True)
    assert any(isinstance(read(example, scope, shape), Expr) for shape in (None, Shape(n, ONE), Shape(n, n)))


def test_every_type_of_the_manual_can_be_declared() -> None:
    (rows,) = (section.rows for section in manual() if section.title == "Declarations")
    for typed, _ in rows:
        for word in typed.split(", "):
            of = {"invertible": " square n", "positive definite": " square n"}.get(word)
            quality = word in {"positive", "nonzero", "nonnegative", "simplex"}
            declared_type(word + (of or (" vector n" if quality else "")))


def test_every_operation_is_in_the_manual() -> None:
    text = markdown()
    for row in OPERATIONS.values():
        for word in row.spellings:
            assert word in text
        assert row.says in text


def test_the_page_is_the_manual() -> None:
    if os.environ.get("MCTUTOR_REWRITE"):
        PAGE.write_text(markdown(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == markdown()
