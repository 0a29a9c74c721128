"""Findings of the lint as text: for people, for programs, for the annotations of a code host.

In: findings. Out: text. Decided here: what each format holds; a fourth one is a row of `FORMATS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from tutor.course.lint import Finding
from tutor.excerpt import excerpt, visible


def as_text(found: Sequence[Finding]) -> str:
    """Each finding with its excerpt, and how many there are."""
    parts = [excerpt(finding.problem, finding.source) + f"  [{finding.code}]" for finding in found]
    errors = sum(finding.is_error for finding in found)
    warnings = len(found) - errors
    count = f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}."
    return "\n\n".join([*parts, count if found else "Nothing to report."])


def as_json(found: Sequence[Finding]) -> str:
    """A list of objects; lines and columns count from 1."""
    rows = []
    for finding in found:
        span = finding.problem.span
        end = finding.source.position(span.end) if span else (finding.line, finding.column)
        rows.append(
            {
                "file": str(finding.path),
                "line": finding.line,
                "column": finding.column,
                "end_line": end[0],
                "end_column": end[1],
                "severity": finding.severity,
                "code": finding.code,
                "message": finding.message,
                "mend": finding.mend,
            }
        )
    return json.dumps(rows, ensure_ascii=False, indent=1)


def as_annotations(found: Sequence[Finding]) -> str:
    """Workflow commands, one a line, which the host shows beside the line of the file; nothing for no finding."""
    lines = []
    for finding in found:
        said = visible(finding.message) + (f" What would work: {visible(finding.mend)}" if finding.mend else "")
        place = {"file": str(finding.path), "line": finding.line, "col": finding.column, "title": finding.code}
        properties = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in place.items())
        lines.append(f"::{finding.severity} {properties}::{_escaped(said)}")
    return "\n".join(lines)


def _escaped(text: str, more: str = "") -> str:
    """The text without the characters that mean something in a workflow command."""
    return "".join(f"%{ord(sign):02X}" if sign in f"%\r\n{more}" else sign for sign in text)


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_annotations,
}
