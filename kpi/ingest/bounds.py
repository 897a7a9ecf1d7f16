"""How large one line, one cell and one table of a file may be. Beyond that it is damaged, or made to do harm."""

from __future__ import annotations

from kpi.errors import UnreadableFile
from kpi.wording.message import Message, message

LONGEST_LINE = 1 << 20
"""Characters of one line of text; a stray quotation mark must not swallow a gigabyte."""

LONGEST_CELL = 32_767
"""Characters of a cell that means something: what a spreadsheet program can hold."""

LONGEST_LABEL = 2_000
"""Characters of a column's name; a longer cell is no label, and no pattern needs to look at it."""

WIDEST_TABLE = 2_000
"""Columns of one table."""


class OutOfBounds(Exception):
    """A line or a table beyond these bounds. `detail` says which; whoever knows the file's name makes it an error."""

    def __init__(self, detail: Message) -> None:
        super().__init__(str(detail))
        self.detail = detail

    def of(self, name: str) -> UnreadableFile:
        """The error to show for the file of this name."""
        return UnreadableFile(name, self.detail, message("Export the data again as CSV or XLSX and add that file."))


def long_line(line_no: int) -> OutOfBounds:
    """A line that goes on and on, as in a file without line ends."""
    return OutOfBounds(
        message("Line {line} is longer than {limit} characters, so it is no row.", line=line_no, limit=LONGEST_LINE)
    )


def wide_table(columns: int) -> OutOfBounds:
    """A header of more columns than any export has."""
    return OutOfBounds(
        message("It has {columns} columns; a table may have {limit}.", columns=columns, limit=WIDEST_TABLE)
    )
