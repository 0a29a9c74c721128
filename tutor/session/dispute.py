"""A verdict that the learner does not believe → a small file that can be sent in.

In: the question as it was graded, what was said, where the files go. Out: the path. Decided here: what the file
holds: the request and the reply as they are, so that whoever gets it can grade the answer again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from tutor import __version__

FORMAT = 1


def dispute(
    folder: Path,
    date: datetime,
    course: str,
    lesson: str,
    step: str,
    request: Mapping[str, Any],
    reply: Mapping[str, Any],
) -> Path:
    """Writes the file, under a name of its own. Raises OSError where it cannot be written."""
    told = {
        "format": FORMAT,
        "date": date.isoformat(timespec="seconds"),
        "version": __version__,
        "course": course,
        "lesson": lesson,
        "step": step,
        "request": dict(request),
        "reply": dict(reply),
    }
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{date:%Y-%m-%d-%H%M%S}-{_safe(lesson)}-{_safe(step)}"
    for number in count(1):
        path = folder / (f"{stem}.json" if number == 1 else f"{stem}-{number}.json")
        try:
            with path.open("x", encoding="utf-8") as file:
                json.dump(told, file, ensure_ascii=False, indent=1, default=str)
                file.write("\n")
        except FileExistsError:
            continue
        return path
    raise AssertionError


def _safe(id: str) -> str:
    """An id as a part of a file's name, on any system."""
    return re.sub(r"[^A-Za-z0-9]+", "-", id).strip("-")[:40] or "x"
