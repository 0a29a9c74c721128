"""The real program, the real judge, a real terminal."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tutor.memory.store import Store

from .terminal import Killed, Player, Terminal, builtin


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (160, 50)], ids=["80x24", "160x50"])
def test_the_neuron_lesson_is_played_to_its_end_by_keyboard(tmp_path: Path, columns: int, lines: int) -> None:
    neuron = builtin("neuron")
    terminal = Terminal(tmp_path, columns=columns, lines=lines)
    terminal.sees("/ search")
    terminal.type(f"/{neuron.title}")
    terminal.sees(f"{neuron.title}   {neuron.id}")
    terminal.press("enter")
    player = Player(terminal, neuron)
    player.play()
    terminal.sees("✓ This lesson is done.")
    asked = {step.id for step in neuron.steps if step.ask}
    assert {step for step, verdict in player.verdicts if verdict == "correct"} == asked
    terminal.press("escape")
    terminal.sees("● done     The gradient of one neuron")
    terminal.press("escape")
    assert terminal.ends() == 0


def test_a_lesson_is_left_and_resumed_with_its_unfinished_text(tmp_path: Path) -> None:
    neuron = builtin("neuron")
    terminal = Terminal(tmp_path, str(neuron.path))
    Player(terminal, neuron).to_a_question()
    terminal.type("x' + \\alpha")
    terminal.press("tab")
    terminal.sees("❯ x' + α")
    terminal.press("escape")
    terminal.sees("Continue  The gradient of one neuron")
    terminal.press("escape")
    assert terminal.ends() == 0
    again = Terminal(tmp_path, str(neuron.path))
    again.sees("❯ x' + α")
    again.kill()


@pytest.mark.parametrize("seed", range(5))
def test_no_shown_verdict_is_missing_after_the_program_was_killed(tmp_path: Path, seed: int) -> None:
    neuron = builtin("neuron")
    terminal = Terminal(tmp_path, str(neuron.path))
    player = Player(terminal, neuron)
    terminal.kill_after = random.Random(seed).randrange(20_000, 160_000)
    with pytest.raises(Killed):
        player.play()
    store = Store.open(tmp_path, datetime.now(UTC))
    events = store.events(neuron.course, neuron.id)
    store.close()
    kept = {(event.step, event.data["verdict"]) for event in events if event.kind == "verdict"}
    assert player.verdicts <= kept
    again = Terminal(tmp_path, str(neuron.path))
    back = Player(again, neuron)
    back.play(wrong=False)
    again.sees("✓ This lesson is done.")
    again.kill()
