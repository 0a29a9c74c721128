"""Reply: what is said of one answer, as the filter writes it and the screen reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

LONGEST_MESSAGE = 1000


def _told(text: str) -> str:
    """A text with every character that cannot be seen replaced, and no longer than a message may be."""
    if len(text) > LONGEST_MESSAGE:
        text = text[: LONGEST_MESSAGE - 1] + "…"
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


@dataclass(frozen=True)
class Reply:
    """What the filter says of one answer; `docs/grading.md` describes each field."""

    verdict: str
    id: Any = None
    code: str | None = None
    message: str = ""
    span: tuple[int, int] | None = None
    read_as: str | None = None
    shape: str | None = None
    expected_shape: str | None = None
    reference: str | None = None
    follows_from: str | None = None
    proof: str | None = None
    witness: dict[str, Any] | None = None
    cells: list[list[str]] | None = None
    line: int | None = None
    suggestions: tuple[str, ...] = ()
    ms: float = 0.0
    diagnosis_ms: float | None = None

    def __post_init__(self) -> None:
        """Whatever was quoted from an answer, a name or a type, nothing in a reply steers a terminal."""
        object.__setattr__(self, "message", _told(self.message))
        object.__setattr__(self, "suggestions", tuple(map(_told, self.suggestions)))

    def to_json(self) -> dict[str, Any]:
        """The fields that say something, `id` and `ms` always."""
        out = {f.name: getattr(self, f.name) for f in fields(self)}
        return {k: v for k, v in out.items() if k in {"id", "ms", "message"} or (v is not None and v != ())}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reply:
        known = {f.name for f in fields(cls)}
        kept = {k: v for k, v in data.items() if k in known}
        if kept.get("span") is not None:
            kept["span"] = tuple(kept["span"])
        kept["suggestions"] = tuple(kept.get("suggestions") or ())
        return cls(**kept)
