"""The file that remembers: events in SQLite, on the disk before `add` returns.

In: a folder, and events. Out: the events of a lesson, and one overview of all lessons.
Decided here: when a file counts as damaged (and is then put aside, whole, under a name of its own), and
that the tutor works without a file where there can be none. Nothing in here ends the program: what the
learner has to know is in `Store.problem`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Literal

from tutor.excerpt import visible
from tutor.memory.lock import only_one
from tutor.memory.migrations import MILESTONES, SCRIPTS, VERSION
from tutor.memory.record import KINDS, Event, Overview
from tutor.problem import Problem

NAME = "progress.db"
PATIENCE = 5.0
COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file; it belongs to it, and holds the last events when a program was killed."""

COLUMNS = "at, course, lesson, step, kind, data, behind"
ADD = f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
ALL = f"SELECT {COLUMNS}, number FROM events ORDER BY number"
COPY = f"INSERT INTO events ({COLUMNS}, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
OF_LESSON = """
    SELECT at, course, lesson, step, kind, data, number FROM events
    WHERE course = ? AND lesson = ? ORDER BY number
"""
OVERVIEW = f"""
    SELECT course, lesson, behind, kind, step, MAX(at), MAX(number) FROM events
    WHERE {MILESTONES} GROUP BY course, lesson, behind, kind, step
"""

Row = tuple[str, str, str, str, str, str, bool]
State = Literal["sound", "damaged", "newer"]


class Store:
    """What the learner has done. Any thread may use it, and several programs may use one folder.

    `problem` is what to show the learner: that a file was put aside, or that nothing is being saved; it may
    appear after any `add`. `saving` says whether events outlive this program.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path | None, problem: Problem | None) -> None:
        self._connection = connection
        self._path = path
        self._guard = Lock()
        self.problem = problem

    @classmethod
    def open(cls, folder: Path, now: datetime, patience: float = PATIENCE) -> Store:
        """The store of this folder, which is made where it is missing; never raises.

        `now` names a file that has to be put aside. `patience` is how long, in seconds, to wait for
        another program that is writing.
        """
        path = folder / NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with only_one(folder / "progress.lock", patience):
                problem = _make_way(path, now, patience)
                return cls(_connected(path, patience), path, problem)
        except (OSError, sqlite3.Error) as error:
            problem = _not_saved(path, error)
        return cls(_past(path, patience), None, problem)

    @classmethod
    def forgetful(cls) -> Store:
        """A store that is gone when it is closed: for a lesson that is tried out, not learned."""
        return cls(_in_memory(None), None, None)

    @property
    def saving(self) -> bool:
        return self._path is not None

    def add(self, *events: Event) -> int:
        """Keeps events, all or none, in their order; gives the number of the last one.

        They are on the disk when this returns. Where they cannot be, they are kept for as long as the
        program runs, and `problem` says so.
        """
        rows = [_row(event) for event in events]
        with self._guard:
            try:
                return _written(self._connection, rows)
            except sqlite3.Error as error:
                self._go_on_without_file(error)
                return _written(self._connection, rows)

    def events(self, course: str, lesson: str) -> list[Event]:
        """All that happened in a lesson, in order."""
        return [event for row in self._rows(OF_LESSON, (_kept(course), _kept(lesson))) if (event := _event(row))]

    def overview(self) -> list[Overview]:
        """Every lesson that was ever opened, the one that was touched last at the head."""
        return _overviews(self._rows(OVERVIEW, ()))

    def close(self) -> None:
        with self._guard:
            self._connection.close()

    def _rows(self, query: str, values: Sequence[str]) -> list[tuple[str, ...]]:
        with self._guard:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                self._go_on_without_file(error)
                return self._connection.execute(query, values).fetchall()

    def _go_on_without_file(self, error: sqlite3.Error) -> None:
        """From here on in memory, with what can still be read of the past."""
        if self._path is None:
            raise error
        self.problem = _not_saved(self._path, error)
        old, self._connection, self._path = self._connection, _in_memory(self._connection), None
        old.close()


def _make_way(path: Path, now: datetime, patience: float) -> Problem | None:
    """Puts a file aside that is damaged or newer than this program, and says so."""
    state = _state(path, patience) if path.exists() else "sound"
    if state == "sound":
        return None
    name = _put_aside(path, state, now)
    if state == "newer":
        why = "was written by a newer mctutor"
        after = "Install the newer version and give it its old name to go on with it."
    else:
        why = "is damaged"
        after = "Nothing in it was changed."
    return Problem(
        f"progress-{state}",
        f"The record of your progress {why}. It is kept as {name}, and a new one was begun. {after}",
    )


def _state(path: Path, patience: float) -> State:
    """How the file is. It is opened for reading only: looking at a damaged file must not change it."""
    connection = _for_reading(path, patience)
    try:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            return "newer"
        sound = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        return "sound" if sound and _is_ours(connection, version) else "damaged"
    except sqlite3.DatabaseError as error:
        if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return "damaged"
        raise
    finally:
        connection.close()


def _is_ours(connection: sqlite3.Connection, version: int) -> bool:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return "events" in tables if version else not tables


def _put_aside(path: Path, state: State, now: datetime) -> str:
    """Gives the file, and what belongs to it, a name that nothing has; returns that name."""
    stem = f"{path.name}.{state}-{now:%Y-%m-%d-%H%M%S}"
    name, count = stem, 1
    while any(path.with_name(name + companion).exists() for companion in ("", *COMPANIONS)):
        count += 1
        name = f"{stem}-{count}"
    for companion in (*COMPANIONS, ""):
        whole = path.with_name(path.name + companion)
        if whole.exists():
            whole.rename(path.with_name(name + companion))
    return name


def _connected(path: Path, patience: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        _migrate(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _in_memory(past: sqlite3.Connection | None) -> sqlite3.Connection:
    """A store without a file, with what can be read of the past.

    Row by row: `Connection.backup` waits without end for a file that is locked.
    """
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _migrate(memory)
    if past is not None:
        with suppress(sqlite3.Error):
            memory.executemany(COPY, past.execute(ALL))
    return memory


def _past(path: Path, patience: float) -> sqlite3.Connection:
    """A store without a file, with what the file has, where it can be read though not written."""
    for how in ("mode=ro", "immutable=1"):
        # A file in a folder without writing rights opens as one that nobody changes, or not at all.
        try:
            past = _for_reading(path, patience, how)
        except (OSError, sqlite3.Error):
            continue
        try:
            past.execute(ALL).fetchone()
            return _in_memory(past)
        except sqlite3.Error as error:
            if _is_busy(error):
                break
        finally:
            past.close()
    return _in_memory(None)


def _for_reading(path: Path, patience: float, how: str = "mode=ro") -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True, timeout=patience)


def _migrate(connection: sqlite3.Connection) -> None:
    """Brings the tables to `VERSION`; all of it, or nothing. Writes nothing where nothing is missing."""
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for script in SCRIPTS[version:]:
            for statement in script:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION:d}")
        connection.execute("COMMIT")
    except sqlite3.Error:
        connection.execute("ROLLBACK")
        raise


def _written(connection: sqlite3.Connection, rows: Iterable[Row]) -> int:
    number = 0
    connection.execute("BEGIN IMMEDIATE")
    try:
        for row in rows:
            number = connection.execute(ADD, row).lastrowid or 0
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return number


def _row(event: Event) -> Row:
    return (
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        _kept(event.course),
        _kept(event.lesson),
        _kept(event.step),
        event.kind,
        json.dumps(dict(event.data), separators=(",", ":"), default=str),
        event.puts_behind,
    )


def _kept(id: str) -> str:
    """An id as it can be kept: a file's name may hold what UTF-8 cannot."""
    return id.encode("utf-8", "backslashreplace").decode("utf-8")


def _event(row: Sequence[object]) -> Event | None:
    """The event of a row; None where another version wrote something that this one does not know."""
    at, course, lesson, step, kind, data, number = row
    try:
        known = next(name for name in KINDS if name == kind)
        content = json.loads(str(data))
        if not isinstance(content, dict) or not isinstance(number, int):
            return None
        return Event(_moment(str(at)), str(course), str(lesson), str(step), known, content, number)
    except (StopIteration, ValueError):
        return None


def _overviews(rows: Iterable[Sequence[object]]) -> list[Overview]:
    behind: dict[tuple[str, str], set[str]] = {}
    touched: dict[tuple[str, str], tuple[int, str]] = {}
    done: set[tuple[str, str]] = set()
    for course, lesson, is_behind, kind, step, at, number in rows:
        key = str(course), str(lesson)
        steps = behind.setdefault(key, set())
        if is_behind:
            steps.add(str(step))
        elif kind == "done":
            done.add(key)
        last = (number if isinstance(number, int) else 0), str(at)
        touched[key] = max(touched.get(key, last), last)
    latest = sorted(touched, key=lambda key: touched[key], reverse=True)
    return [Overview(*key, _moment(touched[key][1]), frozenset(behind[key]), key in done) for key in latest]


def _moment(text: str) -> datetime:
    """A time that was kept; the first of all where it is no time, so that its event is not lost."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; -1 where the error came from Python's side."""
    code: int = getattr(error, "sqlite_errorcode", -1)
    return code & 0xFF if code >= 0 else -1


def _is_busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.Error) and _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _not_saved(path: Path, error: Exception) -> Problem:
    if _is_busy(error):
        why, mend = "another program is holding it", "close that program and start mctutor again"
    else:
        why, mend = str(error), "set MCTUTOR_HOME to a folder that can be written"
    return Problem(
        "progress-not-saved",
        f"Progress is not being saved: {visible(str(path))} cannot be used ({visible(why)}). To have it saved, {mend}.",
    )
