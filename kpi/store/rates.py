"""An exchange rate that a person types in, as a row of its own import."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.numbers import list_currencies

from kpi.errors import BadAnswer
from kpi.wording.message import Text, message

RATE_NAME = Text("Exchange rate, typed in", "Kurs waluty wpisany ręcznie")
_TABLE = "typed_rate"


@dataclass(frozen=True)
class Rate:
    """One unit of `origin` is worth `rate` of `target` from `day` on; None: always."""

    origin: str
    target: str
    rate: float
    day: date | None

    def table(self, con: Any) -> str:
        """The rate as a temporary table of one canonical row."""
        con.execute(
            f"create or replace temp table {_TABLE} as select 1::bigint as row_no, ?::date as day, "
            "?::varchar as from_currency, ?::varchar as to_currency, ?::double as rate",
            [self.day, self.origin, self.target, self.rate],
        )
        return _TABLE


def rate_row(origin: str, target: str, rate: float, day: date | None) -> Rate:
    """Raises: BadAnswer: a code that is no currency, the same one twice, or a rate that is not above zero."""
    codes = origin.strip().upper(), target.strip().upper()
    unknown = [code for code in codes if code not in list_currencies()]
    if unknown or codes[0] == codes[1]:
        raise BadAnswer(
            message("This exchange rate cannot be used"),
            message("It goes from “{origin}” to “{target}”.", origin=codes[0], target=codes[1]),
            message("Name two different currencies by their codes of three letters, such as EUR and PLN."),
        )
    if not (math.isfinite(rate) and rate > 0):
        raise BadAnswer(
            message("This exchange rate cannot be used"),
            message("The rate is {rate}.", rate=str(rate)),
            message("A rate is a number above zero."),
        )
    return Rate(*codes, rate, day)
