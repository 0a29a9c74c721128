"""How far a long piece of work is, on standard error.

In: how many things are done. Out: one line that is drawn over and over, and is gone at the end.
Decided here: that work which is done in a moment draws nothing, and that a file never gets a bar.
"""

from __future__ import annotations

import sys
import time

PATIENCE = 1.0
"""Seconds before anything is drawn."""

WIDTH = 30


class Bar:
    """Is called with how many things are done, and how many there are."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._start = time.monotonic()
        self._drawn = False

    def __call__(self, done: int, of: int) -> None:
        if not sys.stderr.isatty() or time.monotonic() - self._start < PATIENCE:
            return
        filled = WIDTH * done // max(of, 1)
        sys.stderr.write(f"\r{'█' * filled}{'░' * (WIDTH - filled)} {done} of {of} {self._what}")
        sys.stderr.flush()
        self._drawn = True

    def close(self) -> None:
        """Leaves nothing behind."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
