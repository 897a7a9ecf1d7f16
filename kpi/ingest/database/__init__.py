"""A table or a SELECT in another database → rows, streamed into a Parquet file that is then read like any other file.

    connection   where and as whom, and which databases there are     statement   the one SELECT, checked
    reader       what a driver can do, and stopping it                 failures    what went wrong, in words
    postgresql, mysql, local, warehouse, sqlserver   the drivers       bulk   the process that connectorx runs in
    fetch        rows → Parquet, with the highest value seen           firstrows   a look at them that names nobody

The session is read-only wherever the database knows such a thing, every statement has a time limit, and nothing that a
driver says is passed on: its words may hold a password or a person.
"""

from kpi.ingest.database.connection import DIALECTS, Connection, connection_from
from kpi.ingest.database.fetch import Fetched, fetch, is_ordered, sign_in, tables
from kpi.ingest.database.firstrows import FirstRows, first_rows
from kpi.ingest.database.reader import Column, SourceTable, Stop
from kpi.ingest.database.statement import DatabaseSource, Since

__all__ = [
    "DIALECTS",
    "Column",
    "Connection",
    "DatabaseSource",
    "Fetched",
    "FirstRows",
    "Since",
    "SourceTable",
    "Stop",
    "connection_from",
    "fetch",
    "first_rows",
    "is_ordered",
    "sign_in",
    "tables",
]
