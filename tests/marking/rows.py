"""The project's own questions: where they are, and how a right answer is spelled anew or spoiled."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "rows"
ASKED = ("variables", "define", "ask", "layout", "allow_derivatives", "using", "avoid")
WANTED = {"correct": "correct", "wrong": "incorrect", "unreadable": "unreadable"}


@dataclass(frozen=True)
class Row:
    """One answer to a question, with the verdict that it must get."""

    name: str
    question: dict[str, Any]
    answer: str
    verdict: str
    codes: tuple[str, ...] = ()
    why: str = ""

    def request(self, answer: str | None = None) -> dict[str, Any]:
        return {**self.question, "answer": self.answer if answer is None else answer}


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.jsonl"))


def questions(path: Path) -> Iterator[tuple[str, dict[str, Any], list[Row]]]:
    """The questions of a file, each with its name and its answers."""
    with path.open(encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            row = json.loads(line)
            asked = {k: row[k] for k in ASKED if k in row}
            told = [
                Row(row["id"], asked, item["answer"], verdict, tuple(item.get("codes", ())), item.get("why", ""))
                for kind, verdict in WANTED.items()
                for item in row.get(kind, ())
            ]
            yield row["id"], asked, told


# -- other spellings ---------------------------------------------------------------------------------------------

# Where a space is a product for certain: between a number, a name or a bracket and the next, no word nearby.
_WORDS = re.compile(r"[A-Za-z_]{2,}|\\|Σ|∑|√|\[|\{|=|;|,|\|")


def starred(answer: str) -> str | None:
    """`2 w x'` as `2*w*x'`, where every space between factors is a product."""
    if _WORDS.search(answer):
        return None
    return re.sub(r"(?<=[\w)'²³ᵀ⁻¹]) (?=[\w(])", "*", answer)


def raised(answer: str) -> str | None:
    """`x^2` as `x**2`."""
    return re.sub(r"(?<!\.)\^(?=[\d(-])", "**", answer) if "\\" not in answer else None


_UNICODE = (
    (">=", "≥"), ("<=", "≤"), ("!=", "≠"), (".*", "⊙"), ("./", "⊘"), ("sqrt(", "√("), ("sigmoid(", "σ("), ("*", "×"),
    ("^-1", "⁻¹"), ("^2", "²"), ("^3", "³"), ("-", "−"), ("sum_", "Σ_"), ("_1", "₁"), ("_2", "₂"), ("_i", "ᵢ"),
    ("_j", "ⱼ"), ("pi", "π"), ("lambda", "λ"),
)  # fmt: skip
_UNSAFE = re.compile(r"\*\*|\.\^|\^\(|\^-1/|\^-1\.|\^-\d\.|\^\d+[./\d]|_\w\w|_\{|e-|np\.|pinv|\\|[A-Za-z]\^-")


def in_unicode(answer: str) -> str | None:
    """ASCII signs as the signs of the blackboard."""
    if _UNSAFE.search(answer.replace("^-1 ", "").replace("^-1)", "")):
        return None
    for ascii_sign, sign in _UNICODE:
        answer = answer.replace(ascii_sign, sign)
    return answer


_ASCII = (
    ("≥", ">="), ("≤", "<="), ("≠", "!="), ("⊙", ".*"), ("∘", ".*"), ("⊘", "./"), ("√(", "sqrt("), ("σ(", "sigmoid("),
    ("×", "*"), ("⁻¹", "^-1"), ("²", "^2"), ("³", "^3"), ("−", "-"), ("Σ", "sum"), ("∑", "sum"), ("‖", "||"),
    ("ᵀ", "'"), ("⊤", "T"), ("π", "pi"), ("₁", "_1"), ("₂", "_2"), ("₃", "_3"),
)  # fmt: skip


def in_ascii(answer: str) -> str | None:
    """The signs of the blackboard in ASCII."""
    if re.search(r"‖[^‖]*‖[^‖]*‖|√[^(]|[₁₂₃][₁₂₃]", answer):
        return None  # bars beside bars, a root without parentheses, two indices: these need more than other signs
    for sign, ascii_sign in _ASCII:
        answer = answer.replace(sign, ascii_sign)
    return answer


SPELLINGS: dict[str, Callable[[str], str | None]] = {
    "starred": starred,
    "raised": raised,
    "in Unicode": in_unicode,
    "in ASCII": in_ascii,
}
