"""The four verdicts, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from tutor.problem import Problem

Proof = Literal["exact", "sampled"]


@dataclass(frozen=True)
class Witness:
    """A point at which an answer differs from the truth.

    `values` are the names with their values there, `yours` and `true` the two matrices (or numbers), and
    `differs` marks their entries. `entry` is the first that differs, counted from 1; `indices` are the
    values of the question's free indices. `constant` tells that the truth is the same at every point: whoever
    reads it reads the answer.
    """

    values: tuple[tuple[str, Any, str], ...]  # name, value, shape such as "3×1"
    shape: str
    yours: list[list[float | None]]
    true: list[list[float | None]]
    differs: list[list[bool]]
    entry: tuple[int, int]
    indices: tuple[tuple[str, int], ...] = ()
    constant: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "values": [{"name": name, "value": value, "shape": shape} for name, value, shape in self.values],
            "shape": self.shape,
            "yours": self.yours,
            "true": self.true,
            "differs": self.differs,
            "entry": list(self.entry),
            "indices": dict(self.indices) or None,
            "constant": self.constant,
        }


@dataclass(frozen=True)
class Correct:
    """Equal: proved, or (`sampled`) found equal wherever it was tried; `note` for what deserves a word."""

    proof: Proof
    note: str = ""


@dataclass(frozen=True)
class Incorrect:
    """Wrong, with a counterexample where the shape is right; `is_open` where a diagnosis may say more.

    `follows_from` is the step whose wrong answer this one follows from.
    """

    code: str
    message: str
    witness: Witness | None = None
    is_open: bool = False
    follows_from: str = ""


@dataclass(frozen=True)
class Unreadable:
    problem: Problem


@dataclass(frozen=True)
class Undecided:
    message: str


Verdict = Correct | Incorrect | Unreadable | Undecided
