"""Zip files: what is inside, within limits, and one member at a time on the disk."""

from __future__ import annotations

import lzma
import struct
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpi.errors import UnreadableFile
from kpi.ingest.bounds import OutOfBounds
from kpi.ingest.part import Limits
from kpi.ingest.place import shown_name
from kpi.ingest.sheetbounds import check_workbook
from kpi.wording.message import message

_BLOCK = 1 << 20
DAMAGE = (
    zipfile.BadZipFile,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
"""What damaged or protected members raise, each packing method with an error of its own."""

_JUNK = ("__macosx/", ".ds_store", "thumbs.db")


def is_workbook(path: Path, name: str) -> bool:
    """True for xlsx and ods, which are zip files too. Raises: UnreadableFile: no readable zip."""
    with _opened(path, name) as archive:
        names = set(archive.namelist())
        return "[Content_Types].xml" in names or "content.xml" in names


def check_size(path: Path, name: str, limits: Limits) -> None:
    """Raises: UnreadableFile: it would unfold to more than the limits allow."""
    with _opened(path, name) as archive:
        entries = archive.infolist()
    expanded = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > limits.members or expanded > limits.expanded or expanded > limits.ratio * max(packed, 1 << 14):
        raise UnreadableFile(
            name,
            message("It would unfold to {count} files and {size} bytes.", count=len(entries), size=expanded),
            message("Unpack it and add the files that you need one by one."),
        )


def archive_members(path: Path, name: str) -> list[tuple[str, str]]:
    """Pairs of a member's own name and a harmless label for it; folders and system files are left out."""
    with _opened(path, name) as archive:
        entries = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    return [(entry, shown_name(entry)) for entry in entries if not _is_junk(entry)]


@contextmanager
def extracted(path: Path, entry: str, label: str, limits: Limits) -> Iterator[Path]:
    """The member as a file of our own naming beside the archive, removed afterwards. Raises: UnreadableFile."""
    target = path.with_name(f"{uuid.uuid4().hex}.part")
    try:
        with _opened(path, label) as archive:
            _copy(archive, entry, label, target, limits)
        yield target
    finally:
        target.unlink(missing_ok=True)


def _copy(archive: zipfile.ZipFile, entry: str, label: str, target: Path, limits: Limits) -> None:
    size = 0
    try:
        with archive.open(entry) as source, target.open("wb") as file:
            while block := source.read(_BLOCK):
                size += len(block)
                if size > limits.expanded:
                    raise _broken(label)
                file.write(block)
    except DAMAGE as error:
        raise _broken(label) from error


def check_sheets(path: Path, name: str, *, has_large: bool = False) -> None:
    """`has_large`: see `check_workbook`. Raises: UnreadableFile: a workbook whose sheets would not fit in memory."""
    try:
        with _opened(path, name) as archive:
            check_workbook(archive, has_large=has_large)
    except OutOfBounds as error:
        raise UnreadableFile(
            name, error.detail, message("Export the data as CSV, or split it by months, and add those files.")
        ) from error
    except DAMAGE as error:
        raise _broken(name) from error


@contextmanager
def _opened(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGE as error:
        raise _broken(name) from error
    with archive:
        yield archive


def _is_junk(entry: str) -> bool:
    return entry.casefold().startswith(_JUNK[0]) or entry.casefold().endswith(_JUNK[1:])


def _broken(name: str) -> UnreadableFile:
    return UnreadableFile(
        name,
        message("The zip file is damaged, protected by a password, or larger than it says."),
        message("Unpack it yourself and add the files inside."),
    )
