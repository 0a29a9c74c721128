"""The first text of a new lesson: one that lints clean, with comments that explain it; or one made of a formula.

In: a name; perhaps a lesson that was made from a formula. Out: the text of a file.
Decided here: what a new author sees first. Comments stand in the YAML parts, where learners never see them.
"""

from __future__ import annotations

from tutor.course.lesson import Lesson
from tutor.course.node import quoted

LESSON = """\
---
# What stands between these lines describes the lesson. A line that begins with # is a comment, for you alone.
# Check this file with `mctutor lint FILE`, look at it with `mctutor preview FILE`; lessons/README.md has every key.
format: 1
title: TITLE
summary: How a squared length changes with the vector.
minutes: 5
# Lessons to do first, by file name without number and ending:
# needs: [dot-products]
# The names that your formulas use. Types: scalar, vector n, row n, matrix m n, list N of vector n, …
variables:
  x: vector n
# Names for parts of the formula, in order; each may use those above it.
define:
  s: x·x
# How derivatives lie: numerator (a row for one number by a vector), denominator, or learner (as the learner likes it).
layout: numerator
# Where the derivation comes from:
# source: Parr & Howard 2018, section 5
---

The squared length of a vector is a dot product with itself, $s = x·x$. Both of its sides move
when $x$ moves: that is what makes its derivative worth a look.

## One entry {#one-entry}

Write the sum out and move one entry alone. How does $s$ change with $x_j$?

```ask
# The question: derivative, gradient, hessian, entry, equals, shape; or choose, order, value, entries, line.
entry: s
wrt: x_j
# The form that you want shown. `mctutor lint` proves it; learners may give any equal form.
answer: 2x_j
# From a push to nearly the answer; no hint may contain it.
hints:
  - Write $s$ as a sum of squares, $sum_i x_i^2$.
  - Only one of its terms holds $x_j$. Which?
  - What is the slope of a square?
# Wrong answers that you expect, and what to tell whoever gives them.
nudges:
  - when: x_j
    say: Both sides of $x·x$ move. This is what one of them gives.
  - when: x_j^2
    say: This is the term itself. How fast does it grow?
# Shown once the step is answered: what was gained.
after: Every entry pulls in its own direction, with twice its own size.
```

## The whole {#the-whole}

Now all entries together. What is the derivative of $s$ by the whole vector?

```ask
derivative: s
wrt: x
answer: 2x'
hints:
  - You have every entry of it already.
  - The output is one number. Which way does its derivative lie in numerator layout?
  - Put the slopes side by side, from the first to the last.
nudges:
  - when: 2x
    say: The right entries. Which way do they lie?
  - when: x'
    say: Both sides of $x·x$ move. This is what one of them gives.
after: |
  A row, twice the vector itself. The same holds for numbers, where the slope of a square is
  twice the number.
```
"""

MADE = """\
---
# Made from a formula: questions, answers and hints are proved. Titles, texts, hints and `after` are yours to better;
# add nudges for the mistakes that you expect. `mctutor lint FILE` checks it, `mctutor preview FILE` shows it.
"""


def new_lesson(title: str) -> str:
    """A lesson of two steps to go on from."""
    return LESSON.replace("title: TITLE", f"title: {quoted(title)}", 1)


def made_lesson(title: str, lesson: Lesson) -> str:
    """The text of a lesson that was made from a formula, under a title of its own."""
    text = lesson.text.text.removeprefix("---\n")
    lines = [f"title: {quoted(title)}" if line.startswith("title:") else line for line in text.split("\n")]
    return MADE + "\n".join(lines)
