"""Broken lessons, one a file, with the messages that their author gets: the place, a sentence, what would mend it.

To see the words after a change, run with MCTUTOR_REWRITE=1 and read the difference: this folder is where the wording
for authors is judged.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tutor.course.lint import lint
from tutor.marking.grade import grade
from tutor.plain.findings import FORMATS

FOLDER = Path(__file__).parent / "broken"
FILES = sorted(FOLDER.glob("*.md"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_author_of_a_broken_lesson_reads_these_words(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    findings = lint([Path(file.name)], grade)
    assert findings
    text = FORMATS["text"](findings) + "\n"
    expected = file.with_suffix(".txt")
    if os.environ.get("MCTUTOR_REWRITE"):
        expected.write_text(text, encoding="utf-8")
    else:
        assert text == expected.read_text(encoding="utf-8")


def test_every_text_has_its_lesson() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == {file.stem for file in FILES}
