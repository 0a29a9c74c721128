"""The words that a text may use: declared names first, then the notation's own.

In: the declared names. Out: what a run of letters stands for. The decision owned here: a declared name
wins over everything else of the same spelling, and a run that is no name is split into names only where
every part is declared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ",
    "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "rho": "ρ", "varrho": "ρ", "sigma": "σ",
    "varsigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ",
    "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
# Look-alikes that keyboards and web pages give for the letter that is meant.
_SAME = {"µ": "μ", "ϵ": "ε", "ϕ": "φ", "ϑ": "θ", "ς": "σ", "∆": "Δ"}

KEYWORDS = frozenset({"if", "else", "otherwise", "and", "or", "not"})


def canonical(word: str) -> str:
    """The one spelling of a name: `lambda` and `λ` are `λ`, `W_1` is `W1`, `alpha2` is `α2`."""
    stem = word.rstrip("0123456789")
    digits = word[len(stem) :]
    stem = stem.rstrip("_") if digits else stem
    stem = "".join(_SAME.get(letter, letter) for letter in stem)
    return GREEK.get(stem, stem) + digits


@dataclass(frozen=True)
class Lexicon:
    """The declared names (`variables`, sizes, definitions), and which of them are functions."""

    names: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    operations: frozenset[str] = field(default=frozenset(), repr=False)
    constants: frozenset[str] = field(default=frozenset(), repr=False)

    @classmethod
    def of(
        cls, names: Iterable[str], functions: Iterable[str], operations: Iterable[str], constants: Iterable[str]
    ) -> Lexicon:
        return cls(frozenset(names), frozenset(functions), frozenset(operations), frozenset(constants))

    @cached_property
    def _longest(self) -> int:
        return max((len(name) for name in self.names), default=0)

    def is_call(self, word: str) -> bool:
        """Whether a `(` after this word makes a call of it."""
        return word in self.functions or (word in self.operations and word not in self.names)

    def is_known(self, word: str) -> bool:
        return word in self.names or word in self.operations or word in self.constants

    def is_entry(self, word: str) -> bool:
        """Whether the word is a declared name with digits behind it: `x1` is an entry of `x`."""
        stem = word.rstrip("0123456789")
        return stem != word and stem in self.names

    def split(self, word: str) -> list[str] | None:
        """The declared names that make up the word, each the longest that leaves a rest that can be split.

        `I` counts as declared. None where there is no such split.
        """
        rests: dict[int, list[str] | None] = {len(word): []}
        for start in range(len(word) - 1, -1, -1):
            rests[start] = None
            for end in range(min(len(word), start + self._longest + 3), start, -1):
                part = word[start:end]
                rest = rests[end]
                if rest is not None and (part in self.names or part == "I" or self.is_entry(part)):
                    rests[start] = [part, *rest]
                    break
        return rests[0]
