"""From a file to canonical tables.

    containers  what the file is: text, workbook, zip          encoding, dialect  bytes → cells
    sections    the tables of a file: preamble, header, rows   recognise, formats which export a table is
    generic, guess, mapping   a table that is none of them     table, unknown     its answers, its mapping, its Part
    typed       cells → typed fields (numbers, times, words)   convert            fields → rows, refusals, totals

`read_file` does it all; what it gives is in `part` and `load`.
"""

from kpi.ingest.containers import ENDINGS
from kpi.ingest.formats import platform_of
from kpi.ingest.load import CheckTotal, Load, Question, RefusedRow, Rows
from kpi.ingest.part import Defaults, Limits, Part
from kpi.ingest.read import read_file

__all__ = [
    "ENDINGS",
    "CheckTotal",
    "Defaults",
    "Limits",
    "Load",
    "Part",
    "Question",
    "RefusedRow",
    "Rows",
    "platform_of",
    "read_file",
]
