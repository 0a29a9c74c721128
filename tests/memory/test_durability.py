"""What `add` returned for is on the disk, whatever happens to the programs."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tutor.memory.store import NAME, Store

NOW = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tutor.memory.record import Event
from tutor.memory.store import Store

folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = Store.open(folder, datetime(2026, 11, 21, tzinfo=UTC))
assert store.saving, store.problem
for number in range(count):
    store.add(Event(datetime.now(UTC), "c", "l", "s", "answer", {"text": f"{name} {number}"}))
    print(number, flush=True)
"""


def writer(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kept(folder: Path) -> list[str]:
    store = Store.open(folder, NOW)
    assert store.problem is None
    assert store.saving
    texts = [event.data["text"] for event in store.events("c", "l")]
    store.close()
    return texts


def test_two_programs_write_at_once_and_nothing_is_lost_or_mixed_up(tmp_path: Path) -> None:
    both = [writer(tmp_path, name, 60) for name in ("one", "two")]
    assert [program.wait(60) for program in both] == [0, 0]
    for program in both:
        assert program.stdout is not None
        program.stdout.close()
    texts = kept(tmp_path)
    for name in ("one", "two"):
        assert [text for text in texts if text.startswith(name)] == [f"{name} {number}" for number in range(60)]
    assert len(texts) == 120


def test_two_programs_that_find_a_damaged_file_put_it_aside_once(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"no database" * 100)
    both = [writer(tmp_path, name, 5) for name in ("one", "two")]
    assert [program.wait(60) for program in both] == [0, 0]
    for program in both:
        assert program.stdout is not None
        program.stdout.close()
    assert len(list(tmp_path.glob(f"{NAME}.damaged-*"))) == 1
    assert len(kept(tmp_path)) == 10


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_a_program_that_is_killed_at_any_moment_loses_nothing_that_add_returned_for(tmp_path: Path) -> None:
    dice = random.Random(7)
    shown: list[str] = []
    for round in range(6):
        program = writer(tmp_path, f"round {round},", 100_000)
        assert program.stdout is not None
        for _ in range(dice.randint(1, 40)):
            number = program.stdout.readline().strip()
            shown.append(f"round {round}, {number}")
        os.kill(program.pid, signal.SIGKILL)
        late = program.stdout.read().split()
        shown += [f"round {round}, {number}" for number in late]
        program.wait(60)
        program.stdout.close()
    texts = kept(tmp_path)
    assert set(shown) <= set(texts)
    assert len(texts) <= len(shown) + 6
