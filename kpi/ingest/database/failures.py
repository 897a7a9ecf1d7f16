"""What went wrong with a database, in words of our own: a driver's may hold a password, an address or a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from kpi.errors import DatabaseError
from kpi.wording.message import Message, message

Kind = Literal[
    "unreachable",
    "unknown_host",
    "sign_in",
    "table",
    "column",
    "statement",
    "rights",
    "slow",
    "cut",
    "stopped",
    "names",
    "other",
]

_DETAILS: Final[dict[Kind, Callable[[str], tuple[Message, Message]]]] = {
    "unreachable": lambda name: (
        message("No database answers at the address of the connection {name}.", name=name),
        message("Check host and port, and that this server may reach the database."),
    ),
    "unknown_host": lambda name: (
        message("The host of the connection {name} is not known in this network.", name=name),
        message("Check how the host is written."),
    ),
    "sign_in": lambda name: (
        message("The database does not let the connection {name} in.", name=name),
        message("Check the user's name, the password, and the name of the database."),
    ),
    "table": lambda name: (
        message("The table that is read does not exist in the database of the connection {name}.", name=name),
        message("It may have been renamed or dropped: choose a table anew, or correct the SELECT."),
    ),
    "column": lambda name: (
        message("A column that is read does not exist in the database of the connection {name}.", name=name),
        message("It may have been renamed or dropped: choose the columns anew, or correct the SELECT."),
    ),
    "statement": lambda name: (
        message("The database of the connection {name} does not understand the statement.", name=name),
        message("Correct the SELECT; its names and functions are those of that database."),
    ),
    "rights": lambda name: (
        message("The user of the connection {name} may not read this, or the statement would write.", name=name),
        message("Ask for the right to read it, or choose another table."),
    ),
    "slow": lambda name: (
        message("The database of the connection {name} took longer than it may.", name=name),
        message("Read fewer rows, for example since a day, or ask for a longer limit."),
    ),
    "cut": lambda name: (
        message("The connection {name} broke while rows were coming.", name=name),
        message("Try again; if it happens again, ask whoever runs the database."),
    ),
    "stopped": lambda name: (
        message("Reading from the connection {name} was cancelled.", name=name),
        message("Start again whenever you like."),
    ),
    "names": lambda name: (
        message("Several columns of what is read from the connection {name} have the same name.", name=name),
        message("Give each column a name of its own in the SELECT, with AS."),
    ),
    "other": lambda name: (
        message("The database of the connection {name} refused for a reason of its own.", name=name),
        message("Try the same in the database's own program, or ask whoever runs it."),
    ),
}


class Failed(Exception):
    """What a driver met, by its kind, without its words; `failure` puts it into ours."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.kind: Kind = kind


def failure(kind: Kind, name: str) -> DatabaseError:
    """The error for the person; nothing was loaded."""
    detail, fix = _DETAILS[kind](name)
    title = message("Reading was cancelled") if kind == "stopped" else message("The database could not be read")
    return DatabaseError(title, message("{detail} Nothing was loaded.", detail=detail), fix)


# PostgreSQL's SQLSTATE by its beginning, the longest first.
_STATES: Final[tuple[tuple[str, Kind], ...]] = (
    ("42P01", "table"),
    ("42702", "names"),
    ("3F000", "table"),
    ("42703", "column"),
    ("42501", "rights"),
    ("25006", "rights"),
    ("57014", "slow"),
    ("28", "sign_in"),
    ("3D000", "sign_in"),
    ("57P", "cut"),
    ("08", "cut"),
    ("42", "statement"),
)
_MYSQL: Final[dict[int, Kind]] = {
    1044: "sign_in", 1045: "sign_in", 1049: "sign_in", 1698: "sign_in", 1251: "sign_in", 2059: "sign_in", 2061: "sign_in",
    1146: "table", 1054: "column", 1060: "names", 1064: "statement", 1065: "statement", 1305: "statement", 1370: "statement", 1582: "statement",
    1142: "rights", 1143: "rights", 1227: "rights", 1792: "rights", 1290: "rights",
    1969: "slow", 3024: "slow", 1205: "slow",
    1317: "cut", 1053: "cut", 2006: "cut", 2013: "cut", 2055: "cut", 1927: "cut", 1152: "cut", 1153: "cut",
}  # fmt: skip


def kind_of_state(state: str | None) -> Kind | None:
    """What an SQLSTATE means here; None for one that says nothing."""
    return next((kind for begin, kind in _STATES if state and state.startswith(begin)), None)


def kind_of_mysql(number: int | None) -> Kind:
    """What an error number of MySQL or MariaDB means here."""
    return _MYSQL.get(number or 0, "other")
