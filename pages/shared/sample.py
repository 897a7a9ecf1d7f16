"""The first rows of a table that is being mapped, written as everywhere else: days, amounts and names of values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

import pandas as pd
import streamlit as st

import kpi
from kpi.model.values import known_values, value_name
from kpi.wording import Words

_TIMES = ("day", "time")
_AMOUNTS = ("money", "number", "percent", "duration")


def sample_rows(say: Words, mapping: kpi.Mapping, load: kpi.Load) -> None:
    """The columns that the file has, in its own order, then what was made of them."""
    types = {field.id: field.type for field in mapping.fields}
    names = {field.id: say.say(field.name) for field in mapping.fields} | {"customer_key": say.t("Customer")}
    if not load.sample:
        return
    places = {column.label: place for place, column in enumerate(mapping.columns)}
    chosen = load.mapping.chosen if load.mapping else mapping.chosen
    first = sorted(chosen, key=lambda field: places.get(chosen[field], len(places)))
    shown = [name for name in dict.fromkeys((*first, *names)) if any(row.get(name) for row in load.sample)]
    rows = [{names[name]: _written(say, types.get(name, ""), row.get(name)) for name in shown} for row in load.sample]
    caption = say.t("The first rows, read like this:")
    st.caption(caption)
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt=caption)


def _written(say: Words, type: str, text: str | None) -> str:
    if text is None:
        return ""
    try:
        return _by_type(say, type)(text)
    except (ValueError, InvalidOperation):
        # dots for what may name a person, or a list
        return text


def _by_type(say: Words, type: str) -> Callable[[str], str]:
    if type in _TIMES:
        return lambda text: _moment(say, datetime.fromisoformat(text))
    if type in _AMOUNTS:
        return lambda text: say.number(Decimal(text), 2 if type == "money" else None)
    if type == "count":
        return lambda text: say.count(Decimal(text))
    if type == "flag":
        return lambda text: say.t("yes") if text == "true" else say.t("no")
    if type == "country" or known_values(type):
        return lambda text: value_name(type, text, say)
    return str


def _moment(say: Words, at: datetime) -> str:
    """The day alone where the file gives no time."""
    return say.moment(at) if at.time().replace(microsecond=0).isoformat() != "00:00:00" else say.date(at)
