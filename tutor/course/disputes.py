"""Disputes: verdicts that learners think are wrong, in files that the app wrote.

In: the files; what grades. Out: groups of disputes over one answer to one question, judged anew.
Decided here: two answers are one where they were read as one, to a question that is the same but for the lesson it
stands in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.course.file import read_file
from tutor.marking.reply import Reply
from tutor.problem import Problem

FORMAT = 1
KEYS = {"format": int, "date": str, "version": str, "lesson": str, "step": str, "request": dict, "reply": dict}


@dataclass(frozen=True, slots=True)
class Dispute:
    """One file: when it was written, by which version, about which step, the request and what was replied."""

    path: Path
    date: str
    version: str
    lesson: str
    step: str
    request: Mapping[str, Any]
    reply: Reply

    @property
    def question(self) -> str:
        """What makes two questions the same."""
        asked = {key: value for key, value in self.request.items() if key not in ("id", "answer")}
        return json.dumps(asked, ensure_ascii=False)

    @property
    def answer(self) -> str:
        return str(self.request.get("answer", ""))


@dataclass(frozen=True, slots=True)
class Group:
    """Disputes over one answer, the oldest first, and what is replied to it now."""

    disputes: tuple[Dispute, ...]
    now: Reply

    @property
    def has_changed(self) -> bool:
        """Whether any of them has another verdict now."""
        return any(dispute.reply.verdict != self.now.verdict for dispute in self.disputes)


def read_dispute(path: Path) -> Dispute | Problem:
    """The dispute in a file, or why it is none."""
    source, problems = read_file(path)
    if problems:
        return problems[0]
    try:
        data = json.loads(source.text)
    except (ValueError, RecursionError):
        return Problem("no-dispute", "This is no JSON.")
    if not isinstance(data, dict) or "format" not in data:
        return Problem("no-dispute", "This is no dispute: those that mctutor writes have a `format`.")
    if data["format"] != FORMAT:
        return Problem("other-format", f"This dispute is in a format that is not read here; {FORMAT} is.")
    wrong = [key for key, type in KEYS.items() if not isinstance(data.get(key), type)]
    if wrong or not isinstance(data["reply"].get("verdict"), str):
        return Problem("no-dispute", f"This dispute has no usable `{wrong[0] if wrong else 'reply.verdict'}`.")
    try:
        reply = Reply.from_json(data["reply"])
    except (TypeError, ValueError):
        return Problem("no-dispute", "This dispute has no usable `reply`.")
    return Dispute(path, data["date"], data["version"], data["lesson"], data["step"], data["request"], reply)


def grouped(disputes: Iterable[Dispute], grade: Callable[[dict[str, Any]], Reply]) -> list[Group]:
    """Disputes by question and by the answer as it is read; those of most people first."""
    groups: dict[tuple[str, str], list[Dispute]] = {}
    replies: dict[tuple[str, str], Reply] = {}
    for dispute in sorted(disputes, key=lambda dispute: dispute.date):
        now = grade(dict(dispute.request))
        key = dispute.question, now.read_as or "".join(dispute.answer.split())
        groups.setdefault(key, []).append(dispute)
        replies[key] = now
    found = [Group(tuple(group), replies[key]) for key, group in groups.items()]
    return sorted(found, key=lambda group: -len(group.disputes))
