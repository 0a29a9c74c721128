"""What docs/grading.md shows is what happens."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.cli.check import STATUS
from tutor.marking.grade import grade
from tutor.marking.reply import Reply

PAGE = (Path(__file__).parents[2] / "docs" / "grading.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_examples_hold(code: str) -> None:
    exec(compile(code, "docs/grading.md", "exec"), {})


def test_the_shown_request_gets_the_shown_reply() -> None:
    request, shown = map(json.loads, blocks("json"))
    told = grade({"reference": True, **request}).to_json()
    # How long it took is another number each time.
    assert {k: v for k, v in told.items() if k not in ("ms", "diagnosis_ms")} == shown


def test_the_shell_example_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    found = re.search(r"^    (mctutor check .*?)\n\n", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    assert main(shlex.split(found[1].replace("\\\n", " "))[1:]) == 0
    assert capsys.readouterr().out


def test_every_field_and_verdict_has_its_line() -> None:
    for name in Reply.__dataclass_fields__:
        assert f"| `{name}`" in PAGE or f", `{name}` |" in PAGE, name
    for verdict, status in STATUS.items():
        assert f"`{verdict}`" in PAGE
        assert re.search(rf"\b{status} where", PAGE), status
