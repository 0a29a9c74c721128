"""From a path to a text that is safe to read on.

In: a path. Out: the file as a `Source`, and what is wrong with it as a whole.
Decided here: which files are read at all (real files of up to 1 MiB, in UTF-8), and which characters may
not be in a lesson: those that a terminal would obey instead of showing them.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from tutor.excerpt import visible
from tutor.problem import Problem
from tutor.source import Source, Span

MAX_BYTES = 1 << 20

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters but tab and line end; line ends that only some programs see; turns of the writing
direction, by which a text can show something else than it says."""

SHOWN_AT_MOST = 5


def read_file(path: Path) -> tuple[Source, tuple[Problem, ...]]:
    """The text of a file and what is wrong with it; empty where it cannot be read. Never raises.

    Line ends become `\\n`, a byte order mark is dropped.
    """
    name = visible(str(path))
    try:
        data = _bytes(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Source(name, ""), (Problem("unreadable-file", f"This file cannot be read: {visible(reason)}."),)
    if b"\0" in data:
        return Source(name, ""), (Problem("not-text", "This is no text file."),)
    text, problem = _decoded(data)
    source = Source(name, _unified(text))
    if problem:
        return source, (problem,)
    return source, tuple(control_characters(source.text))


def control_characters(text: str) -> Iterator[Problem]:
    """The first few characters that a text may not have."""
    for count, match in enumerate(OBEYED.finditer(text), start=1):
        if count > SHOWN_AT_MOST:
            return
        message = f"The character U+{ord(match.group()):04X} is for terminals, not for reading; take it out."
        yield Problem("control-character", message, Span(*match.span()))


def _bytes(path: Path) -> bytes:
    about = os.stat(path)
    if not stat.S_ISREG(about.st_mode):
        raise ValueError("it is a folder" if stat.S_ISDIR(about.st_mode) else "it is no regular file")
    if about.st_size > MAX_BYTES:
        raise ValueError(f"it has {about.st_size:,} bytes, and a lesson may have {MAX_BYTES:,}")
    with open(path, "rb", buffering=0) as file:
        return file.read(MAX_BYTES) or b""


def _decoded(data: bytes) -> tuple[str, Problem | None]:
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        at = len(_unified(data[: error.start].decode("utf-8")))
        message = f"This is not UTF-8: the byte 0x{data[error.start]:02X}. Save the file as UTF-8."
        return data.decode("utf-8", "replace"), Problem("not-utf-8", message, Span(at, at + 1))


def _unified(text: str) -> str:
    text = text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n") if "\r" in text else text
