"""How the file came to its present form, one script for each version.

In: a connection whose file has an older version, or none. Out: the same file at `VERSION`.
Decided here: the tables. A script that was ever published stays as it is; a change is a new one.
"""

from __future__ import annotations

from collections.abc import Sequence

MILESTONES = "(behind OR kind IN ('opened', 'moved', 'done'))"
"""The events that the list of lessons needs. It is part of an index: a query that is to use the index
has to say it in the same words. `behind` is `Event.puts_behind`, kept so that no verdict has to be read."""

SCRIPTS: Sequence[Sequence[str]] = (
    (
        """
        CREATE TABLE events (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            at     TEXT NOT NULL,
            course TEXT NOT NULL,
            lesson TEXT NOT NULL,
            step   TEXT NOT NULL,
            kind   TEXT NOT NULL,
            data   TEXT NOT NULL,
            behind INTEGER NOT NULL
        )
        """,
        "CREATE INDEX events_by_lesson ON events (course, lesson)",
        f"CREATE INDEX milestones ON events (course, lesson, behind, kind, step, at) WHERE {MILESTONES}",
        """
        CREATE TRIGGER events_stay BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END
        """,
        """
        CREATE TRIGGER events_remain BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END
        """,
    ),
)
"""`SCRIPTS[k]` takes a file from version k to k + 1."""

VERSION = len(SCRIPTS)
