"""A text file as tables: small ones are read whole, large ones as a stream."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

from kpi.errors import UnreadableFile
from kpi.ingest.bulk import bulk_section
from kpi.ingest.cards import HEAD, card_section
from kpi.ingest.dialect import Dialect, Record, dialect_of, records
from kpi.ingest.encoding import encoding_of
from kpi.ingest.part import Limits
from kpi.ingest.recognise import known_label_count
from kpi.ingest.rowbuffer import RowBuffer
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section, split
from kpi.wording.message import message

_HEAD = 256 << 10
# So many known labels side by side head a table, and lines of a name and a value above it are no card.
_HEADER = 4


def text_sections(scratch: Scratch, path: Path, name: str, limits: Limits) -> Iterator[Section]:
    """The tables of the file. Raises: UnreadableFile: empty, binary, or no rows of cells."""
    encoding = encoding_of(path, name)
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        is_large = path.stat().st_size >= limits.small_file
        dialect = dialect_of(file.read(_HEAD if is_large else -1), known_label_count)
    if is_large and (section := bulk_section(scratch, path, encoding, dialect, name, limits)):
        section.delimiter = dialect.delimiter
        yield section
    else:
        yield from _streamed(scratch, path, name, encoding, dialect)


def _streamed(scratch: Scratch, path: Path, name: str, encoding: str, dialect: Dialect) -> Iterator[Section]:
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        lines = records(file, dialect)
        try:
            head = list(itertools.islice(lines, HEAD))
            for section in _sections(scratch, head, lines):
                section.delimiter = dialect.delimiter
                yield section
        except csv.Error as error:
            raise UnreadableFile(
                name,
                message("A quotation mark is opened and not closed, or a cell is longer than a table's cell can be."),
                message("Export the data again and add that file."),
            ) from error


def _sections(scratch: Scratch, head: list[Record], lines: Iterator[Record]) -> Iterator[Section]:
    def new_rows(width: int) -> RowBuffer:
        return RowBuffer(scratch, width)

    has_table = any(known_label_count(cells) >= _HEADER for _, cells in head)
    if not has_table and (card := card_section(head, new_rows)):
        yield card
    else:
        yield from split(itertools.chain(head, lines), known_label_count, new_rows)
