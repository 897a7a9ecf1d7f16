"""The types that a format's field may have, and what each becomes in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "time", "word"]


@dataclass(frozen=True)
class FieldType:
    """sql: the typed column · kind: how its cells are read · parts: names of the further columns it gives ·
    is_numbered: a list of numbered columns."""

    sql: str
    kind: Kind
    parts: tuple[str, ...] = ()
    is_personal: bool = False
    is_numbered: bool = False


FIELD_TYPES = {
    "text": FieldType("VARCHAR", "text"),
    "group": FieldType("VARCHAR", "text"),
    "list": FieldType("VARCHAR[]", "text"),
    "texts": FieldType("VARCHAR[]", "text", is_numbered=True),
    "amounts": FieldType("DECIMAL(18,4)[]", "text", is_numbered=True),
    "email": FieldType("VARCHAR", "text", is_personal=True),
    "customer_id": FieldType("VARCHAR", "text", is_personal=True),
    "currency": FieldType("VARCHAR", "text"),
    "flag": FieldType("BOOLEAN", "text"),
    "number": FieldType("DOUBLE", "number"),
    "money": FieldType("DECIMAL(18,4)", "number"),
    "count": FieldType("BIGINT", "number"),
    "percent": FieldType("DOUBLE", "number"),
    "duration": FieldType("DOUBLE", "text"),
    "day": FieldType("DATE", "time"),
    "time": FieldType("TIMESTAMP", "time", parts=("offset",)),
    "nth_day": FieldType("DATE", "text"),
    "nth_hour": FieldType("DATE", "text"),
    "day_hour": FieldType("DATE", "text"),
    "period": FieldType("DATE", "text", parts=("start", "end")),
    "month_number": FieldType("DATE", "text", parts=("start", "end")),
    "year": FieldType("DATE", "text", parts=("start", "end")),
    "year_month": FieldType("DATE", "text", parts=("start", "end")),
    "channel": FieldType("VARCHAR", "word"),
    "device": FieldType("VARCHAR", "word"),
    "gender": FieldType("VARCHAR", "word"),
    "age_group": FieldType("VARCHAR", "word"),
    "country": FieldType("VARCHAR", "word"),
    "status": FieldType("VARCHAR", "word", parts=("raw",)),
    "payment_status": FieldType("VARCHAR", "word", parts=("raw",)),
    "sales_channel": FieldType("VARCHAR", "word", parts=("raw",)),
    "medium": FieldType("VARCHAR", "word"),
    "priority": FieldType("VARCHAR", "word"),
    "campaign_type": FieldType("VARCHAR", "word"),
    "ad_format": FieldType("VARCHAR", "word"),
}
