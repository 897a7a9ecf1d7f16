"""Folders of the server that a workspace may watch: which are allowed, and which files in one are ready to be read.

Only whoever runs the server says which folders may be watched, by naming roots; a path or a link that leads out of them
is refused, and so is everything that is no ordinary file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from kpi.errors import FolderRefused, UnreadableFile
from kpi.ingest import ENDINGS
from kpi.wording.message import message

_UNFINISHED = (".part", ".tmp", ".crdownload", ".partial", "~")
_MOST_FILES = 2_000
_MOST_CHOICES = 200


@dataclass(frozen=True)
class Found:
    """A file of a watched folder. Two equal `stamp`s, a look apart, mean that nobody is writing it."""

    name: str
    path: Path
    stamp: tuple[int, ...]


def allowed_roots(text: str | None) -> tuple[Path, ...]:
    """The folders named in `text`, parted as in PATH; those that are relative or not there are left out."""
    named = [Path(part) for part in (text or "").split(os.pathsep) if part.strip()]
    return tuple(root.resolve() for root in named if root.is_absolute() and root.is_dir())


def folder_choices(roots: Sequence[Path]) -> tuple[str, ...]:
    """The roots and the folders right inside them, to choose from."""
    inside = sorted(path for root in roots for path in _folders(root) if _is_inside(path.resolve(), roots))
    return tuple(dict.fromkeys(map(str, [*roots, *inside])))[:_MOST_CHOICES]


def watched_folder(folder: str, roots: Sequence[Path]) -> Path:
    """The folder itself, without links. Raises: FolderRefused: not allowed, or not there."""
    try:
        path = Path(folder).resolve()
        is_allowed = Path(folder).is_absolute() and _is_inside(path, roots)
    except (OSError, ValueError, RuntimeError):
        is_allowed = False
    if not is_allowed:
        raise FolderRefused(
            folder,
            message("This server does not allow that folder to be watched."),
            message("Choose one that it allows, or ask whoever runs it."),
        )
    if not path.is_dir():
        raise FolderRefused(
            folder, message("There is no such folder at the moment."), message("Files are read as soon as it is back.")
        )
    return path


def files_in(folder: Path, roots: Sequence[Path]) -> tuple[Found, ...]:
    """The files that may be exports, by name; hidden and unfinished ones, links that lead out, and folders are not.

    Raises: FolderRefused: the folder may not be read.
    """
    try:
        paths = sorted(path for path in _visible(folder) if _is_export(path.name))[:_MOST_FILES]
    except OSError as error:
        raise FolderRefused(
            str(folder),
            message("The server may not read this folder."),
            message("Give the server's user the right to read it."),
        ) from error
    return tuple(found for path in paths if (found := _found(path, roots)))


@contextmanager
def opened(file: Found) -> Iterator[BufferedReader]:
    """The file for reading, if it still is an ordinary one. Raises: UnreadableFile · OSError."""
    # a pipe would keep the server waiting, and a link may have taken the file's place
    handle = os.open(file.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as source:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise UnreadableFile(
                file.name,
                message("It is no ordinary file but a pipe or a device."),
                message("Save the data as a file first."),
            )
        yield source


def is_unchanged(file: Found, source: BufferedReader) -> bool:
    """Whether the open file is still as it was found."""
    return _stamp(os.fstat(source.fileno())) == file.stamp


def _found(path: Path, roots: Sequence[Path]) -> Found | None:
    try:
        target = path.resolve(strict=True)
        state = target.stat()
    except (OSError, RuntimeError):
        return None
    if not stat.S_ISREG(state.st_mode) or not _is_inside(target, roots):
        return None
    return Found(path.name, target, _stamp(state))


def _stamp(state: os.stat_result) -> tuple[int, ...]:
    return state.st_size, state.st_mtime_ns, state.st_ino


def _visible(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.name.startswith((".", "~$"))]


def _folders(root: Path) -> list[Path]:
    try:
        return [path for path in _visible(root) if path.is_dir()]
    except OSError:
        return []


def _is_export(name: str) -> bool:
    folded = name.casefold()
    return folded.endswith(ENDINGS) and not folded.endswith(_UNFINISHED)


def _is_inside(path: Path, roots: Sequence[Path]) -> bool:
    return any(path.is_relative_to(root) for root in roots)
