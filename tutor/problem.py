"""A refusal as a value: what is wrong, where, and what would work instead."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tutor.source import Span


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that cannot be read or used.

    `code` names the writer's mistake (`unknown-name`); `message` is one sentence for people, without
    the place; `span` is the place in the text; `suggestions` are texts that would work there.
    """

    code: str
    message: str
    span: Span | None = None
    suggestions: tuple[str, ...] = ()

    def shifted(self, by: int) -> Problem:
        """The same problem, seen from a text that holds this one `by` characters further on."""
        return self if self.span is None else replace(self, span=self.span.shifted(by))
