"""Ends the program by force at random moments of a played lesson, and looks for verdicts that are lost.

In: how often, and a seed. Out: a line for each time, and an exit status of 1 where a verdict that was on the
screen is not in the store afterwards. After each time the same learner goes on where the program died.

    python benchmarks/kill.py [TIMES] [SEED]
"""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.app.terminal import Killed, Player, Terminal, builtin
from tutor.course.lesson import Lesson
from tutor.memory.store import Store

ONE_PLAY = 250_000
"""About how many bytes the program writes while the lesson is played once at 80×24."""


def kept(home: Path, lesson: Lesson, after: int = 0) -> tuple[int, set[tuple[str, str]]]:
    """The number of the last event, and the verdicts in the store after a number, by step."""
    store = Store.open(home, datetime.now(UTC))
    events = store.events(lesson.course, lesson.id)
    problem = store.problem
    store.close()
    assert problem is None, problem
    verdicts = [event for event in events if event.kind == "verdict" and event.number > after]
    last = max((event.number for event in events), default=0)
    return last, {(event.step, str(event.data["verdict"])) for event in verdicts}


def main(times: int, seed: int) -> int:
    dice = random.Random(seed)
    lesson = builtin("neuron")
    lost = shown = last = 0
    home = Path(tempfile.mkdtemp(prefix="mctutor-kill-"))
    for number in range(1, times + 1):
        terminal = Terminal(home, str(lesson.path))
        player = Player(terminal, lesson, number)
        terminal.kill_after = moment = dice.randrange(5_000, ONE_PLAY)
        try:
            player.play()
            terminal.kill()
            ended = True
        except Killed:
            ended = False
        last, there = kept(home, lesson, last)
        missing = player.verdicts - there
        lost += len(missing)
        shown += len(player.verdicts)
        where = "at the end" if ended else f"after {moment} bytes"
        print(f"{number:>3}  {where:<20} {len(player.verdicts):>3} verdicts shown, {len(missing)} missing", flush=True)
        if ended:
            last = 0
            home = Path(tempfile.mkdtemp(prefix="mctutor-kill-"))
    print(f"{times} times ended by force: {shown} verdicts shown, {lost} missing")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(*(int(given) for given in (sys.argv[1:] + ["50", "1"][len(sys.argv) - 1 :]))))
