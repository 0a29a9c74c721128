"""The learner's own courses: a folder in which each is a folder, and lessons without a course are files.

In: that folder; what is to be added, or the name of what is to go. Out: what was done, or why it was not.
Decided here: that a course is there whole or not at all, and never takes the place of another unasked.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tutor.course.lesson import Course
from tutor.course.library import COURSE, Library, builtin_lessons
from tutor.course.load import lesson_id
from tutor.course.unpack import MOST_BYTES, MOST_FILES, is_archive, stem, unpack
from tutor.excerpt import visible
from tutor.problem import Problem


def add(given: Path, own: Path, replace: bool = False) -> Course | Problem:
    """The course of a folder, a lesson file or an archive, copied into `own`; or why it was not added."""
    if not given.exists():
        return _refused(f"There is no file or folder {visible(str(given))}.")
    try:
        own.mkdir(parents=True, exist_ok=True)
        with _workshop(own) as workshop:
            made = _brought(given, workshop)
            return made if isinstance(made, Problem) else _shelved(made, own, replace)
    except OSError as error:
        return _refused(f"{visible(str(given))} could not be added: {visible(error.strerror or str(error))}.")


def remove(name: str, own: Path) -> Path | Problem:
    """Where the course or lesson of this name was, until now; or why it was not removed."""
    mine = {lesson_id(path): path for path in sorted(own.iterdir())} if own.is_dir() else {}
    path = mine.get(name)
    if path is None or path.name.startswith("."):
        if name in _builtin():
            return _refused(f"{visible(name)} is built in and stays.")
        there = ", ".join(sorted(id for id, at in mine.items() if not at.name.startswith(".")))
        return _refused(f"You have no course {visible(name)}. " + (f"There is {there}." if there else "There is none."))
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
    return path


@contextmanager
def _workshop(own: Path) -> Iterator[Path]:
    """A folder beside the courses in which one is put together: moving it into place is then one step."""
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=own))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _brought(given: Path, workshop: Path) -> Path | Problem:
    """A copy of what was given: a folder with a course or lessons, or one lesson file."""
    if is_archive(given):
        inside = workshop / stem(given)
        inside.mkdir()
        refusal = unpack(given, inside)
        return refusal or _root(inside)
    if given.is_dir():
        return _copied(given, workshop / given.resolve().name)
    if given.suffix == ".md":
        shutil.copyfile(given, workshop / given.name)
        return workshop / given.name
    return _refused(f"{visible(given.name)} is no lesson (.md), no folder, no zip and no tar.")


def _copied(given: Path, target: Path) -> Path | Problem:
    """The plain files of a folder. A link may lead anywhere, so none is followed."""
    kept: list[Path] = []
    size = 0
    for folder, folders, names in os.walk(given):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found = (Path(folder, name) for name in sorted(names) if not name.startswith("."))
        for path in found:
            if path.is_file() and not path.is_symlink():
                kept.append(path)
                size += path.stat().st_size
        # A folder may be a whole disk: it is not walked to its end to find that out.
        if len(kept) > MOST_FILES or size > MOST_BYTES:
            most = f"{MOST_FILES:,} files of {MOST_BYTES >> 20} MiB together"
            return _refused(f"{visible(str(given))} is not added: a course has no more than {most}.")
    for path in kept:
        copy = target / path.relative_to(given)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return target


def _root(folder: Path) -> Path:
    """The folder in an archive that is the course: many archives hold one folder, and all else in that."""
    inside = list(folder.iterdir())
    if len(inside) == 1 and inside[0].is_dir() and not (folder / COURSE).exists():
        return _root(inside[0])
    return folder


def _shelved(made: Path, own: Path, replace: bool) -> Course | Problem:
    """What was made, moved to its place."""
    courses = Library.find(made).courses
    if not courses:
        return _refused(f"There is no lesson in {visible(made.name)}.")
    if made.is_dir() and courses[0].path != made:
        return _refused(f"{visible(made.name)} has courses in folders of its own; add each by itself.")
    id = lesson_id(made)
    if id in _builtin():
        return _refused(f"There is a built-in course {id}. Give the folder another name, and add it again.")
    taken = next((path for path in own.iterdir() if lesson_id(path) == id and not path.name.startswith(".")), None)
    if taken is not None and not replace:
        return _refused(f"You have {id} already. --replace puts this in its place; what you have done is kept.")
    if taken is not None:
        taken.rename(made.parent / f".old-{taken.name}")
    made.rename(own / made.name)
    return Library.find(own / made.name).courses[0]


def _builtin() -> frozenset[str]:
    folder = builtin_lessons()
    return frozenset(course.id for course in Library.find(folder).courses) if folder else frozenset()


def _refused(message: str) -> Problem:
    return Problem("refused-course", message)
