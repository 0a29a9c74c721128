"""What the program loads before the first picture, and that it does load the rest."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("numpy", "sympy", "markdown_it", "yaml", "sqlite3", "tutor.language", "tutor.marking", "tutor.calculus")


@pytest.mark.parametrize("heavy", HEAVY)
def test_the_first_picture_needs_nothing_heavy(heavy: str) -> None:
    loaded = f"import sys, tutor.app.app; print({heavy!r} in sys.modules)"
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_the_list_of_lessons_comes_without_mathematics() -> None:
    listed = (
        "import sys, tempfile, pathlib\n"
        "from tutor.session import Session\n"
        "session = Session.start(None, pathlib.Path(tempfile.mkdtemp()))\n"
        "assert session.home().courses\n"
        "print('numpy' in sys.modules, 'sympy' in sys.modules)\n"
    )
    said = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False False"


def test_a_lesson_is_shown_without_sympy_in_the_program_itself() -> None:
    opened = (
        "import sys, tempfile, pathlib\n"
        "from tutor.session import Session\n"
        "session = Session.start(None, pathlib.Path(tempfile.mkdtemp()))\n"
        "run = session.open('matrix-calculus', 'neuron')\n"
        "assert run.here.title and run.declared and run.read('x').message is not None\n"
        "print('sympy' in sys.modules)\n"
    )
    said = subprocess.run([sys.executable, "-c", opened], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
