"""What comes along when a layer is imported in a fresh Python: heavy libraries never delay the first screen."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("textual", "numpy", "sympy", "mpmath", "markdown_it", "sqlite3", "yaml")


def imported(code: str) -> set[str]:
    """The heavy libraries that a fresh Python has after some code."""
    program = f"{code}\nimport json, sys; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(option: str) -> None:
    code = f"import contextlib\nfrom tutor.cli import main\nwith contextlib.suppress(SystemExit): main([{option!r}])"
    assert imported(code) == set()


def test_the_help_of_every_command_imports_nothing_heavy() -> None:
    code = (
        "import contextlib\nfrom tutor.cli import COMMANDS, main\n"
        "for name in COMMANDS:\n    with contextlib.suppress(SystemExit): main([name, '--help'])"
    )
    assert imported(code) == set()


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("tutor", set()),
        ("tutor.source", set()),
        ("tutor.problem", set()),
        ("tutor.excerpt", set()),
        ("tutor.language.parse", {"numpy"}),
        ("tutor.language.read", {"numpy"}),
        ("tutor.language.show", {"numpy"}),
        ("tutor.language.typeset", {"numpy"}),
        ("tutor.marking.question", {"numpy"}),
        ("tutor.marking.worker", set()),
        ("tutor.marking.filter", set()),
        ("tutor.memory.store", {"sqlite3"}),
        ("tutor.course.library", {"yaml"}),
        ("tutor.cli", set()),
    ],
)
def test_a_layer_brings_no_more_than_it_needs(module: str, allowed: set[str]) -> None:
    assert imported(f"import {module}") <= allowed


def test_the_app_starts_without_what_only_lessons_need() -> None:
    assert imported("import tutor.app.app") <= {"textual", "sqlite3", "yaml"}


def test_a_user_of_the_package_can_check_and_read() -> None:
    code = (
        "from tutor import check, read\n"
        "assert check(\"x'\", derivative='w·x', wrt='w', variables={'w': 'vector n', 'x': 'vector n'}).proof == 'exact'"
    )
    assert "numpy" in imported(code)
