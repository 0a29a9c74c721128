"""The folders of the user.

In: the environment. Out: paths, which need not exist yet.
Decided here: `MCTUTOR_HOME` goes before the user data folder of the system.
"""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder for what a learner has done."""
    if given := os.environ.get("MCTUTOR_HOME"):
        return Path(given).expanduser()
    from platformdirs import user_data_path

    return user_data_path("mctutor", appauthor=False)


def own_lessons() -> Path:
    """The folder for the courses that the learner added."""
    return home() / "lessons"
