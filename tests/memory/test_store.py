"""The file that remembers, when all is well and when it is not."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.memory.progress import progress
from tutor.memory.record import KINDS, Event, Kind
from tutor.memory.store import NAME, Store

NOW = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
ASIDE = f"{NAME}.damaged-2026-11-21-101500"


def event(kind: Kind = "answer", step: str = "clip", lesson: str = "neuron", **data: object) -> Event:
    return Event(NOW, "calculus", lesson, step, kind, data)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data", NOW)
    yield opened
    opened.close()


def filled(folder: Path, count: int = 3) -> Path:
    """A folder with a file of some events; returns the file."""
    store = Store.open(folder, NOW)
    for number in range(count):
        store.add(event(text=f"answer {number}"))
    store.close()
    return folder / NAME


def texts(store: Store) -> list[str]:
    return [event.data["text"] for event in store.events("calculus", "neuron")]


# All is well ---------------------------------------------------------------------------------------------


def test_the_folder_is_made(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "a" / "b", NOW)
    assert (tmp_path / "a" / "b" / NAME).is_file()
    assert store.problem is None
    assert store.saving
    store.close()


def test_events_come_back_as_they_were_added_in_their_order(store: Store) -> None:
    given = [event("opened", ""), event("answer", text="x'", question="q1"), event("hint", hint=1)]
    for one in given:
        store.add(one)
    back = store.events("calculus", "neuron")
    assert [(e.at, e.step, e.kind, dict(e.data)) for e in back] == [(e.at, e.step, e.kind, dict(e.data)) for e in given]
    assert [e.number for e in back] == sorted(e.number for e in back)


def test_add_gives_the_number_by_which_a_verdict_names_its_answer(store: Store) -> None:
    number = store.add(event("answer", text="x'"))
    assert store.events("calculus", "neuron")[0].number == number


def test_order_is_that_of_adding_though_the_clock_went_back(store: Store) -> None:
    store.add(event(text="first"))
    store.add(Event(NOW - timedelta(days=1), "calculus", "neuron", "clip", "answer", {"text": "second"}))
    assert texts(store) == ["first", "second"]


def test_a_time_in_any_zone_is_the_same_moment_afterwards(store: Store) -> None:
    from datetime import timezone

    there = datetime(2026, 11, 21, 15, 45, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    store.add(Event(there, "calculus", "neuron", "clip", "opened"))
    assert store.events("calculus", "neuron")[0].at == there


def test_events_of_other_lessons_stay_out(store: Store) -> None:
    store.add(event(text="mine"))
    store.add(event(lesson="layer", text="other"))
    assert texts(store) == ["mine"]


def test_ids_and_texts_of_any_kind_are_kept(store: Store) -> None:
    odd = "λ \x1b[31m '; DROP TABLE events; -- \ud800 \0"
    store.add(Event(NOW, odd, odd, odd, "answer", {"text": odd}))
    assert [e.data["text"] for e in store.events(odd, odd)] == [odd]


def test_events_survive_closing(tmp_path: Path) -> None:
    filled(tmp_path)
    again = Store.open(tmp_path, NOW)
    assert texts(again) == ["answer 0", "answer 1", "answer 2"]
    again.close()


def test_several_events_are_added_all_or_none(store: Store) -> None:
    store.add(event("verdict", verdict="correct"), event("solved"))
    assert [e.kind for e in store.events("calculus", "neuron")] == ["verdict", "solved"]
    with pytest.raises(TypeError):
        store.add(event(text="kept?"), event(table={1j: 2}))
    assert len(store.events("calculus", "neuron")) == 2


def test_events_can_be_neither_changed_nor_taken_away(tmp_path: Path) -> None:
    connection = sqlite3.connect(filled(tmp_path))
    with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
        connection.execute("DELETE FROM events")
    with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
        connection.execute("UPDATE events SET data = '{}'")
    connection.close()


def test_every_add_is_synced_to_the_disk(tmp_path: Path) -> None:
    store = Store.open(tmp_path, NOW)
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()


def test_threads_may_share_a_store(store: Store) -> None:
    def add(name: str) -> None:
        for number in range(20):
            store.add(event(text=f"{name}{number}"))

    threads = [threading.Thread(target=add, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(texts(store)) == sorted(f"{name}{number}" for name in "abc" for number in range(20))


# The overview --------------------------------------------------------------------------------------------


def test_nothing_done_is_an_empty_overview(store: Store) -> None:
    assert store.overview() == []


def test_the_overview_says_what_is_behind_and_what_is_done(store: Store) -> None:
    for one in (event("opened", ""), event("solved", "a"), event("reveal", "b"), event("hint", "c"), event("done", "")):
        store.add(one)
    (seen,) = store.overview()
    assert (seen.course, seen.lesson, seen.behind, seen.done) == ("calculus", "neuron", frozenset("ab"), True)


happenings = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from("abc"),
    st.fixed_dictionaries({"verdict": st.sampled_from(["correct", "incorrect", "undecided"]), "answer": st.just(1)}),
)


@given(st.lists(happenings, max_size=12))
@settings(max_examples=30, deadline=None)
def test_the_overview_and_the_progress_of_a_lesson_agree(happened: list[tuple[Kind, str, dict[str, object]]]) -> None:
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder), NOW)
        for kind, step, data in happened:
            store.add(Event(NOW, "calculus", "neuron", step, kind, data))
        stands = progress(store.events("calculus", "neuron"))
        seen = {one.lesson: one for one in store.overview()}.get("neuron")
        store.close()
    behind = {id for id, step in stands.steps.items() if step.behind}
    assert (set(seen.behind) if seen else set()) == behind
    assert (seen.done if seen else False) == stands.done


def test_the_lesson_touched_last_is_at_the_head(store: Store) -> None:
    for lesson in ("neuron", "layer", "neuron"):
        store.add(event("opened", "", lesson))
    assert [seen.lesson for seen in store.overview()] == ["neuron", "layer"]


def test_the_overview_reads_an_index_and_not_every_event(store: Store) -> None:
    from tutor.memory.store import OVERVIEW

    plan = store._connection.execute("EXPLAIN QUERY PLAN " + OVERVIEW).fetchall()
    assert any("USING COVERING INDEX milestones" in row[-1] for row in plan)


# All is not well -----------------------------------------------------------------------------------------


def damage(file: Path, how: str) -> None:
    data = file.read_bytes()
    if how == "no database":
        file.write_bytes(b"To do: buy milk\n" * 400)
    elif how == "truncated":
        file.write_bytes(data[: len(data) // 2 + 100])
    elif how == "garbage in its head":
        file.write_bytes(b"\xff" * 64 + data[64:])
    elif how == "garbage in a page":
        file.write_bytes(data[:4096] + b"\xff" * 4096 + data[8192:])
    elif how == "another program's":
        file.unlink()
        other = sqlite3.connect(file)
        other.execute("CREATE TABLE recipes (name)")
        other.commit()
        other.close()
    elif how == "without its table":
        other = sqlite3.connect(file)
        other.execute("DROP TABLE events")
        other.commit()
        other.close()


DAMAGES = (
    "no database", "truncated", "garbage in its head", "garbage in a page", "another program's", "without its table",
)  # fmt: skip


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_file_is_put_aside_whole_and_a_new_one_is_begun(tmp_path: Path, how: str) -> None:
    file = filled(tmp_path, 50)
    damage(file, how)
    damaged = file.read_bytes()
    store = Store.open(tmp_path, NOW)
    assert (tmp_path / ASIDE).read_bytes() == damaged
    assert store.problem is not None
    assert store.problem.code == "progress-damaged"
    assert ASIDE in store.problem.message
    assert store.saving
    store.add(event(text="new"))
    store.close()
    again = Store.open(tmp_path, NOW)
    assert again.problem is None
    assert texts(again) == ["new"]
    again.close()


def test_a_newer_file_is_put_aside_unchanged(tmp_path: Path) -> None:
    file = filled(tmp_path)
    newer = sqlite3.connect(file)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    before = file.read_bytes()
    store = Store.open(tmp_path, NOW)
    aside = tmp_path / f"{NAME}.newer-2026-11-21-101500"
    assert aside.read_bytes() == before
    assert store.problem is not None
    assert "newer" in store.problem.message
    assert texts(store) == []
    store.close()


def test_what_was_put_aside_before_is_never_overwritten(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / NAME).write_bytes(b"damage %d, and not a database" % number)
        Store.open(tmp_path, NOW).close()
    kept = [tmp_path / ASIDE, tmp_path / f"{ASIDE}-2", tmp_path / f"{ASIDE}-3"]
    assert [file.read_bytes()[:8] for file in kept] == [b"damage 0", b"damage 1", b"damage 2"]


def test_what_belongs_to_a_damaged_file_goes_with_it(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"no database at all")
    (tmp_path / f"{NAME}-wal").write_bytes(b"the last events")
    Store.open(tmp_path, NOW).close()
    assert (tmp_path / f"{ASIDE}-wal").read_bytes() == b"the last events"


def test_an_empty_file_is_a_new_one(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    store = Store.open(tmp_path, NOW)
    assert store.problem is None
    assert store.saving
    store.close()


def test_a_file_that_is_merely_busy_is_not_damaged(tmp_path: Path) -> None:
    file = filled(tmp_path)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    store = Store.open(tmp_path, NOW, patience=0.05)
    assert store.problem is not None
    assert store.problem.code == "progress-not-saved"
    assert "another program" in store.problem.message
    assert not store.saving
    store.add(event(text="for now"))
    assert texts(store)[-1] == "for now"
    store.close()
    holder.execute("ROLLBACK")
    holder.close()
    assert sorted(path.name for path in tmp_path.glob(f"{NAME}.*")) == []
    again = Store.open(tmp_path, NOW)
    assert texts(again) == ["answer 0", "answer 1", "answer 2"]
    again.close()


def test_another_writer_is_waited_for(tmp_path: Path) -> None:
    file = filled(tmp_path)
    store = Store.open(tmp_path, NOW)
    holder = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, lambda: holder.execute("COMMIT"))
    release.start()
    store.add(event(text="after the other"))
    release.join()
    assert store.saving
    assert texts(store)[-1] == "after the other"
    store.close()
    holder.close()


def test_a_writer_who_never_ends_leaves_the_learner_working_in_memory(tmp_path: Path) -> None:
    file = filled(tmp_path)
    store = Store.open(tmp_path, NOW, patience=0.05)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    store.add(event(text="unsaved"))
    assert not store.saving
    assert store.problem is not None
    assert texts(store) == ["answer 0", "answer 1", "answer 2", "unsaved"]
    store.close()
    holder.close()


def test_a_folder_that_cannot_be_made_leaves_the_learner_working_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Store.open(tmp_path / "file" / "data", NOW)
    assert store.problem is not None
    assert "MCTUTOR_HOME" in store.problem.message
    assert not store.saving
    number = store.add(event(text="x'"))
    assert store.events("calculus", "neuron")[0].number == number
    store.close()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_still_shows_what_was_done(tmp_path: Path) -> None:
    file = filled(tmp_path)
    file.chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        store = Store.open(tmp_path, NOW)
        assert not store.saving
        assert texts(store) == ["answer 0", "answer 1", "answer 2"]
        store.close()
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_in_place_of_the_file_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    store = Store.open(tmp_path, NOW)
    assert not store.saving
    assert (tmp_path / NAME).is_dir()
    store.close()


def test_what_another_version_wrote_and_nobody_knows_is_passed_over(tmp_path: Path) -> None:
    other = sqlite3.connect(filled(tmp_path))
    row = ("2026-11-21T10:15:00+00:00", "calculus", "neuron", "clip")
    other.execute(
        "INSERT INTO events (at, course, lesson, step, kind, data, behind) VALUES (?,?,?,?,'sung','{}',0)", row
    )
    other.execute(
        "INSERT INTO events (at, course, lesson, step, kind, data, behind) VALUES (?,?,?,?,'hint','{',0)", row
    )
    other.commit()
    other.close()
    store = Store.open(tmp_path, NOW)
    assert texts(store) == ["answer 0", "answer 1", "answer 2"]
    store.close()
