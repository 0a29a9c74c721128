"""A clock for tests: the same times on every run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Half a minute goes by at each look at it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=30)
        return self.now
