"""A file put into the staging folder, where the database may read it, and the name that it is shown by."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from kpi.errors import UnreadableFile
from kpi.wording.message import message

_NAME_CHARACTERS = 120


def shown_name(name: str) -> str:
    """The last part of a file's name, without signs that a screen or a path could stumble over; its ending is kept."""
    last = PurePosixPath(str(name).replace("\\", "/")).name
    shown = "".join(char for char in last if char.isprintable()) or "?"
    suffix = PurePosixPath(shown).suffix[:12]
    return shown if len(shown) <= _NAME_CHARACTERS else shown[: _NAME_CHARACTERS - len(suffix)] + suffix


def place(source: str | Path | bytes | BinaryIO, path: Path, label: str) -> None:
    """Put the bytes at `path`: linked where they lie on the same disk, copied otherwise.

    Raises: UnreadableFile: there is no such file, it is no file, or it may not be read.
    """
    try:
        if isinstance(source, bytes):
            path.write_bytes(source)
        elif isinstance(source, str | Path):
            _place_file(_ordinary_file(Path(source), label), path)
        else:
            with path.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    except OSError as error:
        raise _unplaced(label, error) from error


def _place_file(origin: Path, path: Path) -> None:
    try:
        path.hardlink_to(origin.resolve())
    except OSError:
        shutil.copyfile(origin, path)


def _ordinary_file(origin: Path, label: str) -> Path:
    try:
        mode = origin.stat().st_mode
    except (OSError, ValueError):
        raise UnreadableFile(label, message("There is no such file."), message("Check the path.")) from None
    if stat.S_ISDIR(mode):
        raise UnreadableFile(
            label, message("It is a folder, not a file."), message("Add the files in it, or the folder as a zip file.")
        )
    if not stat.S_ISREG(mode):
        raise UnreadableFile(
            label, message("It is no ordinary file but a pipe or a device."), message("Save the data as a file first.")
        )
    if not os.access(origin, os.R_OK):
        raise PermissionError(errno.EACCES, "unreadable", str(origin))
    return origin


def _unplaced(label: str, error: OSError) -> UnreadableFile:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UnreadableFile(
            label, message("The server's disk is full."), message("Tell whoever runs it, and add the file again.")
        )
    return UnreadableFile(
        label, message("It may not be opened."), message("Check who may read the file, and add it again.")
    )
