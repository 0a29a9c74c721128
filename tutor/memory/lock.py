"""One program at a time: a lock on a file, which ends with its holder however that ends.

In: a path. Out: a context in which no other program has the same lock.
Decided here: the lock is the operating system's, on an open file, and not the file's existence, which
would outlive a program that was killed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE = 0.02


@contextmanager
def only_one(path: Path, patience: float) -> Iterator[None]:
    """Holds the lock at `path`; waits up to `patience` seconds for it, then raises OSError."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        end = time.monotonic() + patience
        while not _taken(handle):
            if time.monotonic() > end:
                raise TimeoutError(f"another program has held {path} for {patience:g} s")
            time.sleep(PAUSE)
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _taken(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # A file system without locks: SQLite's own have to do, as they do while the file is in use.
            return True
        return True
