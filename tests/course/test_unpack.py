"""Archives from strangers: what is taken out of them, and what is refused."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tutor.course import unpack as unpacking
from tutor.course.unpack import unpack
from tutor.problem import Problem

Packer = Callable[[Path, Mapping[str, bytes]], Path]


def zipped(folder: Path, files: Mapping[str, bytes]) -> Path:
    path = folder / "course.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def tarred(folder: Path, files: Mapping[str, bytes], mode: str = "w:gz") -> Path:
    path = folder / "course.tar.gz"
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def with_member(folder: Path, info: tarfile.TarInfo) -> Path:
    path = folder / "course.tar"
    with tarfile.open(path, "w") as archive:
        archive.addfile(info, io.BytesIO(b"x" * info.size))
    return path


def unpacked(archive: Path, folder: Path) -> Problem | dict[str, bytes]:
    """What comes out, by path; or the refusal."""
    into = folder / "inside" / "here"
    into.mkdir(parents=True)
    refusal = unpack(archive, into)
    outside = [path for path in folder.rglob("*") if path.is_file() and path != archive and into not in path.parents]
    assert outside == []
    return refusal or {str(p.relative_to(into)): p.read_bytes() for p in into.rglob("*") if p.is_file()}


def refused(archive: Path, folder: Path) -> str:
    found = unpacked(archive, folder)
    assert isinstance(found, Problem), found
    assert found.message.startswith(f"{archive.name} is not used: ")
    return found.message


both = pytest.mark.parametrize("pack", [zipped, tarred])


@both
def test_files_come_out_with_their_folders_and_without_what_is_hidden(tmp_path: Path, pack: Packer) -> None:
    files = {"c/course.yaml": b"title: C", "./c/1-a.md": b"---", "c/.git/config": b"no", "__MACOSX/c/._a": b"no"}
    assert unpacked(pack(tmp_path, files), tmp_path) == {"c/course.yaml": b"title: C", "c/1-a.md": b"---"}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_may_be_packed_in_any_usual_way(tmp_path: Path, mode: str) -> None:
    assert unpacked(tarred(tmp_path, {"a.md": b"a"}, mode), tmp_path) == {"a.md": b"a"}


@both
@pytest.mark.parametrize("name", ["../a.md", "c/../../a.md", "/tmp/a.md", "c\\..\\a.md", "C:/a.md", "a\x1b[2J.md"])
def test_a_path_that_is_not_below_the_folder_is_refused(tmp_path: Path, pack: Packer, name: str) -> None:
    assert "path" in refused(pack(tmp_path, {"ok.md": b"", name: b"x"}), tmp_path)


@both
@pytest.mark.parametrize("name", ["d/" * 9 + "a.md", "a" * 121])
def test_a_path_that_is_too_deep_or_too_long_is_refused(tmp_path: Path, pack: Packer, name: str) -> None:
    assert "too deep or too long" in refused(pack(tmp_path, {name: b"x"}), tmp_path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("a.md")
    info.type, info.linkname = kind, "/etc/passwd"
    assert "link or a device" in refused(with_member(tmp_path, info), tmp_path)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a.md")
    info.external_attr = 0o120777 << 16
    path = tmp_path / "course.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "link or a device" in refused(path, tmp_path)


@both
def test_what_unfolds_to_more_than_a_course_is_refused(
    tmp_path: Path, pack: Packer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MOST_BYTES", 1 << 20)
    files = {f"{number}.md": bytes(1 << 18) for number in range(5)}
    assert "more than 1 MiB" in refused(pack(tmp_path, files), tmp_path)
    assert "more than 1 MiB" in refused(pack(tmp_path, {"a.md": bytes(1 << 21)}), tmp_path / "second")


def test_a_header_that_unfolds_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_BYTES", 1 << 20)
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.XHDTYPE, 1 << 30
    path = tmp_path / "course.tar.gz"
    with gzip.open(path, "wb") as file:
        file.write(info.tobuf(tarfile.PAX_FORMAT))
        file.write(bytes(1 << 23))
    assert "more than 1 MiB" in refused(path, tmp_path)


@both
def test_too_many_files_are_refused(tmp_path: Path, pack: Packer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_FILES", 3)
    assert "more than 3 files" in refused(pack(tmp_path, {f"{k}.md": b"" for k in range(4)}), tmp_path)


@both
def test_two_names_that_some_disks_take_for_one_are_refused(tmp_path: Path, pack: Packer) -> None:
    assert "one name" in refused(pack(tmp_path, {"a.md": b"1", "A.md": b"2"}), tmp_path)


@both
def test_a_damaged_archive_is_refused(tmp_path: Path, pack: Packer) -> None:
    path = pack(tmp_path, {"a.md": bytes(range(256)) * 64})
    data = bytearray(path.read_bytes())
    data[40:60] = bytes(20)
    path.write_bytes(data)
    assert "damaged" in refused(path, tmp_path)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "course.zip"
    path.write_bytes(b"hello")
    assert "damaged" in refused(path, tmp_path)
