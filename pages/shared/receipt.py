"""The receipt of a number: what it means, how it was computed, from what, and what would make it wrong."""

from __future__ import annotations

from typing import Any

import sqlglot
import streamlit as st

import kpi
from kpi.labels import amounts_note, kpi_label
from kpi.model.values import status_name, value_name
from kpi.wording import Words
from pages.shared.markdown import escaped
from pages.shared.session import reader_words

_ASKED = "_receipt"


def ask_for_receipt(name: str, **keys: Any) -> None:
    """Open the receipt of a KPI at the end of this run; for buttons' callbacks."""
    st.session_state[_ASKED] = (name, keys)


def show_asked_receipt(*answers: kpi.Answer) -> None:
    """Open the drawer if a receipt was asked for, from the answer that is broken down as it says. Called once, at the
    end of a page."""
    name, keys = st.session_state.pop(_ASKED, (None, {}))
    answer = next((one for one in answers if name in one.query.kpis and set(one.query.by) == keys.keys()), None)
    if name and answer:
        say = reader_words()
        told = answer.receipt(name, **keys)
        where = {**answer.query.where, **{key: (value,) for key, value in keys.items()}}
        title = kpi_label(say, answer, name)
        note = amounts_note(say, answer, name)
        st.dialog(title, width="medium", position="right")(_drawer)(say, told, where, title, note)


def _drawer(say: Words, receipt: kpi.Receipt, where: dict[str, tuple[str | None, ...]], title: str, note: str) -> None:
    entry = receipt.kpi
    for dimension, values in where.items():
        names = ", ".join(value_name(dimension, value, say) for value in values)
        st.markdown(f":gray-badge[{say.say(kpi.catalogue().dimensions[dimension].name)}: {escaped(names)}]")
    st.markdown(say.say(entry.meaning))
    if receipt.value is None:
        st.info(say.t("There is no value here: nothing to divide by, or no rows."), icon=":material/info:")
    with st.container(border=True):
        st.markdown(f"**{title}** = {formula_words(say, entry)}")
        st.markdown(f"{numbers_words(say, receipt)} = **{say.value(receipt.value, entry.unit, receipt.currency)}**")
    if about := [*([say.period(*receipt.period)] if receipt.period else []), *([note] if note else [])]:
        st.caption(" · ".join(about))
    _rows(say, receipt)
    if entry.caution or receipt.notes:
        warnings = ([entry.caution] if entry.caution else []) + list(receipt.notes)
        lines = "".join(f"\n- {say.say(warning)}" for warning in warnings)
        st.markdown(f"**{say.t('What would make it wrong')}**\n{lines}")
    with st.expander(say.t("The SQL"), icon=":material/code:"):
        st.code(readable_sql(receipt.sql), language="sql", wrap_lines=True)
        st.caption(say.t("Parameters: {values}", values=", ".join(str(value) for value in receipt.parameters)))


def readable_sql(sql: str) -> str:
    """The SQL with a line a clause."""
    return sqlglot.transpile(sql, read="duckdb", write="duckdb", pretty=True)[0] if sql else ""


def formula_words(say: Words, entry: kpi.Kpi) -> str:
    """The formula in words: `Net sales ÷ Orders`."""
    measures = kpi.catalogue().measures
    return entry.formula.words(lambda name: say.say(measures[name].name))


def numbers_words(say: Words, receipt: kpi.Receipt) -> str:
    """The formula with the numbers in it: `1,240,312.40 zł ÷ 6,182`."""
    measures = kpi.catalogue().measures
    return receipt.kpi.formula.words(
        lambda name: say.value(receipt.measures.get(name), measures[name].unit, _currency(receipt, name))
    )


def _currency(receipt: kpi.Receipt, measure: str) -> str | None:
    return receipt.currency if kpi.catalogue().measures[measure].unit == "money" else None


def left_out_words(say: Words, left: kpi.answer.LeftOut) -> str:
    """`5 left out: cancelled, failed or test orders`."""
    return say.n("{n} left out: {reason}", "{n} left out: {reason}", left.count, reason=left.reason)


def _rows(say: Words, receipt: kpi.Receipt) -> None:
    tables = kpi.catalogue().tables
    lines = [
        say.n("{n} row of “{table}”", "{n} rows of “{table}”", count, table=tables[table].name)
        for table, count in receipt.n.items()
    ]
    for left in receipt.left_out:
        detail = ", ".join(f"{status_name(name, say)} {say.count(count)}" for name, count in left.detail.items())
        sentence = left_out_words(say, left)
        lines.append(f"{sentence} ({detail})" if detail else sentence)
    lines += [
        say.n("{n} row from {file}", "{n} rows from {file}", source.rows, file=escaped(source.name))
        for source in receipt.imports
    ]
    st.markdown(f"**{say.t('What it stands on')}**\n" + "".join(f"\n- {line}" for line in lines))
