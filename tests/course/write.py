"""Lessons for tests: written down, loaded, looked at."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from tutor.course.lesson import Broken, Lesson
from tutor.course.load import load_lesson
from tutor.problem import Problem

FRONT = """\
---
format: 1
title: One neuron
summary: Its gradient.
variables:
  w: vector n
  x: vector n
  b: scalar
define:
  z: w·x + b
---

"""

ASK = """\
derivative: z
wrt: w
answer: x'
hints: [Write it out., Take one weight., What is left?]
after: Done.
"""


def step(ask: str = ASK, heading: str = "## First", words: str = "Words.") -> str:
    return f"{heading}\n\n{words}\n\n```ask\n{dedent(ask).strip()}\n```\n\n"


def written(folder: Path, text: str, name: str = "18-neuron.md") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def lesson(folder: Path, text: str, name: str = "18-neuron.md") -> Lesson:
    """The lesson in this text; what is wrong with it, where it is none."""
    found = load_lesson(written(folder, text, name), "course")
    assert isinstance(found, Lesson), found.problems
    return found


def broken(folder: Path, text: str) -> Broken:
    found = load_lesson(written(folder, text), "course")
    assert isinstance(found, Broken)
    return found


def problem(folder: Path, text: str) -> tuple[Problem, str, tuple[int, int]]:
    """The only problem of this text, what is underlined, and where that is."""
    found = broken(folder, text)
    (only,) = found.problems
    assert only.span is not None
    return only, found.text.text[only.span.start : only.span.end], found.text.position(only.span.start)
