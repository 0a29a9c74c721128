"""From an archive that someone sent to files in a folder, or to the reason why not.

In: a zip or a tar, packed in any usual way. Out: its files, below a folder that is empty before.
Decided here: what an archive may do. Plain files and folders only, below the folder, so many and so large; their
modes, owners and times are not taken over. One member that is anything else, and nothing of the archive is used.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

from tutor.excerpt import visible
from tutor.problem import Problem

MOST_FILES = 5_000
MOST_BYTES = 64 << 20
DEEPEST = 8
LONGEST_NAME = 120

DRIVE = re.compile(r"[A-Za-z]:")
LEFT_OUT = ("__MACOSX",)
"""What programs pack without being asked; so are names that begin with a dot."""

ENDINGS = (".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tbz", ".txz", ".tar", ".zip")

Member = tuple[str, Callable[[], bytes] | None]
"""A path as the archive has it, and what reads it; None for a folder."""


class _RefusedError(Exception):
    """Carries the reason why an archive is not used."""


def is_archive(path: Path) -> bool:
    """Whether this file is a zip or a tar, by its name: to look into a tar is to begin to unpack it."""
    return path.is_file() and path.name.lower().endswith(ENDINGS)


def stem(path: Path) -> str:
    """The name of an archive without its ending."""
    ending = next((ending for ending in ENDINGS if path.name.lower().endswith(ending)), "")
    return path.name[: len(path.name) - len(ending)] or "course"


def unpack(archive: Path, into: Path) -> Problem | None:
    """Writes the files of an archive below `into`, an empty folder; or gives the reason why not.

    After a refusal there may be files in the folder; they are not to be used.
    """
    try:
        with archive.open("rb") as file:
            members = _zipped(file) if zipfile.is_zipfile(archive) else _tarred(file)
            _write(members, into)
    except _RefusedError as refused:
        return _refusal(archive, str(refused))
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, NotImplementedError):
        return _refusal(archive, "it is damaged, or packed in an unusual way")
    except OSError as error:
        return _refusal(archive, error.strerror or str(error))
    return None


def _refusal(archive: Path, why: str) -> Problem:
    return Problem("refused-archive", f"{visible(archive.name)} is not used: {visible(why)}.")


def _write(members: Iterator[Member], into: Path) -> None:
    count = size = 0
    seen: dict[str, str] = {}
    for name, read in members:
        parts = _parts(name)
        if not parts or any(part.startswith(".") or part in LEFT_OUT for part in parts):
            continue
        count += 1
        if count > MOST_FILES:
            raise _RefusedError(f"it has more than {MOST_FILES:,} files and folders")
        if read is None:
            continue
        # Some disks take two names for one that differ only in case.
        if seen.setdefault("/".join(parts).casefold(), name) != name:
            raise _RefusedError(f"two of its files have one name, {name}")
        data = read()
        size += len(data)
        if size > MOST_BYTES:
            raise _too_large()
        target = into.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(data)


def _parts(name: str) -> list[str]:
    """A path in pieces, each of which is a plain name."""
    if name.startswith("/") or "\\" in name or DRIVE.match(name):
        raise _RefusedError(f"the path {name} is not one below a folder")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise _RefusedError(f"the path {name} leads out of the folder")
    if len(parts) > DEEPEST or any(len(part.encode("utf-8", "replace")) > LONGEST_NAME for part in parts):
        raise _RefusedError(f"the path {name[:LONGEST_NAME]} is too deep or too long")
    if not name.isprintable():
        raise _RefusedError(f"the path {name} has characters that cannot be seen")
    return parts


def _zipped(file: BinaryIO) -> Iterator[Member]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise _RefusedError(f"{info.filename} is a link or a device, and lessons are plain files")
            if info.flag_bits & 1:
                raise _RefusedError("it is locked by a password")
            if info.is_dir():
                yield info.filename, None
            else:
                yield info.filename, lambda info=info: _read(archive.open(info))  # type: ignore[misc]


def _tarred(file: BinaryIO) -> Iterator[Member]:
    with tarfile.open(fileobj=_Bounded(_unpacked(file)), mode="r|") as archive:
        for info in archive:
            if info.isdir():
                yield info.name, None
            elif not info.isreg():
                raise _RefusedError(f"{info.name} is a link or a device, and lessons are plain files")
            else:
                yield info.name, lambda info=info: _read(archive.extractfile(info))  # type: ignore[misc]


def _unpacked(file: BinaryIO) -> IO[bytes]:
    """The tar inside of a file that holds it packed, by how the file begins."""
    head = file.read(6)
    file.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if head.startswith(b"BZh"):
        return cast(IO[bytes], bz2.BZ2File(file))
    return cast(IO[bytes], lzma.LZMAFile(file)) if head.startswith(b"\xfd7zXZ") else file


def _read(file: IO[bytes] | None) -> bytes:
    """The content of a member; a member that says it is small and is not is found out too."""
    if file is None:
        raise _RefusedError("a file in it cannot be read")
    with file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _too_large()
    return data


class _Bounded(io.RawIOBase):
    """A file that gives no more than an archive may hold, whatever a few packed bytes unfold to."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._left = 2 * MOST_BYTES  # the headers of small files take as much room as these do

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self._left + 1 if size < 0 else min(size, self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise _too_large()
        return data


def _too_large() -> _RefusedError:
    return _RefusedError(f"its files have more than {MOST_BYTES >> 20} MiB together")
