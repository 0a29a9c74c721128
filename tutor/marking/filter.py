"""`mctutor grade`: one JSON object a line in, one a line out, in order; no line ever ends it.

In: lines of bytes. Out: replies, written as they come. A line that is no request gets `error` with its number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from tutor.marking.reply import Reply

LONGEST_LINE = 1 << 20


def grade_lines(lines: BinaryIO, grade: Callable[[Mapping[str, Any]], Reply]) -> Iterator[str]:
    """The replies to a stream of requests, each as one line of JSON; empty lines get none."""
    for number, line in _bounded(lines):
        if line is None:
            yield _error(number, f"the line is longer than {LONGEST_LINE:,} bytes")
        elif line.strip():
            yield _reply(number, line, grade)


def _bounded(lines: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers; None for one that is too long, which is never held as a whole."""
    number = 0
    while line := lines.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = lines.readline(LONGEST_LINE)
        yield number, None


def _reply(number: int, line: bytes, grade: Callable[[Mapping[str, Any]], Reply]) -> str:
    try:
        request = json.loads(line.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        return _error(number, f"byte {error.start + 1} is no UTF-8")
    except RecursionError:
        return _error(number, "the JSON is nested too deeply")
    except ValueError as error:
        return _error(number, f"this is no JSON object ({error})")
    if not isinstance(request, dict):
        return _error(number, 'a JSON object is expected, such as {"ask": …, "answer": …}')
    reply = grade({"reference": True, **request})
    data = reply.to_json()
    if reply.verdict == "error":
        data["message"] = f"Line {number}: {reply.message}"
    return json.dumps(data)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _error(number: int, what: str) -> str:
    return json.dumps({"id": None, "verdict": "error", "message": f"Line {number}: {what}.", "ms": 0.0})
