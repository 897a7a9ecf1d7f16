"""Counts typed in or pasted: a small table of variants, visitors, conversions and revenue."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

import kpi
from kpi.abtests.pasted import pasted_counts
from kpi.experiment import ArmCount
from kpi.wording import Words
from pages.shared.abtests.question import choose_test
from pages.shared.markdown import escaped
from pages.shared.session import show_error

_CURRENCIES = ("PLN", "EUR", "USD", "GBP", "CZK", "HUF", "RON", "SEK", "UAH", "CHF", "DKK", "NOK")
_COLUMNS = ("arm", "visitors", "conversions", "revenue")
_NUMBER = "_counts_number"
_VARIANTS_AT_FIRST = 2


def counts_form(shop: kpi.Workspace, say: Words, *, key: str) -> None:
    """The table, a box for pasted cells, and the button that judges them."""
    number = st.session_state.setdefault(_NUMBER, 0)
    with st.container(gap="small", key=f"{key}_counts"):
        name = st.text_input(
            say.t("Name of the test"), key=f"{key}_name", max_chars=80, placeholder=say.t("e.g. Green button, November")
        )
        table = _table(say, f"{key}_table_{number}")
        with st.popover(say.t("Paste cells from a spreadsheet"), icon=":material/content_paste:"):
            text = st.text_area(
                say.t("Variant, visitors, conversions, revenue: a variant a line"),
                key=f"{key}_pasted",
                placeholder="A\t10 000\t500\nB\t10 000\t560",
                height=140,
            )
        has_revenue = bool(table["revenue"].notna().any()) or len(text.strip().splitlines()) > 0
        currency = st.selectbox(
            say.t("Currency of the revenue"), _CURRENCIES, key=f"{key}_currency", width=180, format_func=lambda code: f"{code} — {say.currency_name(code)}"
        ) if has_revenue else None  # fmt: skip
        if st.button(say.t("Judge these counts"), type="primary", key=f"{key}_judge", icon=":material/balance:"):
            _judge(shop, say, name, table, text, currency)


def _table(say: Words, key: str) -> pd.DataFrame:
    start = pd.DataFrame(
        {"arm": ["A", "B"], "visitors": [None, None], "conversions": [None, None], "revenue": [None, None]}
    )
    kinds = {"arm": "object", "visitors": "Int64", "conversions": "Int64", "revenue": "Float64"}
    whole: dict[str, Any] = {"min_value": 0, "step": 1, "format": "localized"}
    return st.data_editor(
        start.astype(kinds),
        column_config={
            "arm": st.column_config.TextColumn(say.t("Variant"), max_chars=80),
            "visitors": st.column_config.NumberColumn(say.t("Visitors"), **whole),
            "conversions": st.column_config.NumberColumn(say.t("Conversions"), **whole),
            "revenue": st.column_config.NumberColumn(say.t("Revenue (optional)"), min_value=0, format="localized"),
        },
        num_rows="dynamic",
        placeholder="",
        hide_index=True,
        key=key,
        alt=say.t("Counts by variant, to be typed in"),
    )


def _judge(shop: kpi.Workspace, say: Words, name: str, table: pd.DataFrame, text: str, currency: str | None) -> None:
    """Keep the counts as an import of the workspace and ask the first question about them."""
    try:
        lacking = () if text.strip() else half_typed(table)
        counts = pasted_counts(text) if text.strip() else typed_counts(table)
        lacking = lacking or without_revenue(counts)
        if lacking or len(counts) < 2:
            st.warning(escaped(_incomplete(say, lacking)), icon=":material/edit_note:")
            return
        title = name.strip() or _free_name(shop, say)
        money = currency if any(one.revenue_amount is not None for one in counts) else None
        shop.experiments.add_counts(title, counts, money)
    except kpi.KpiError as error:
        show_error(error)
        return
    st.session_state[_NUMBER] += 1
    choose_test(shop, title)
    st.rerun()


def typed_counts(table: pd.DataFrame) -> tuple[ArmCount, ...]:
    """The rows of the table that have a variant and both numbers."""
    found = []
    for arm, visitors, conversions, revenue in table[list(_COLUMNS)].itertuples(index=False):
        if pd.isna(arm) or not str(arm).strip() or pd.isna(visitors) or pd.isna(conversions):
            continue
        amount = None if pd.isna(revenue) or not math.isfinite(revenue) else float(revenue)
        found.append(ArmCount(str(arm).strip(), int(visitors), int(conversions), amount))
    return tuple(found)


def half_typed(table: pd.DataFrame) -> tuple[str, ...]:
    """The variants, or the numbers of lines without one, that have some of their cells and lack others."""
    found = []
    for line, (arm, *numbers) in enumerate(table[list(_COLUMNS)].itertuples(index=False), 1):
        name = "" if pd.isna(arm) else str(arm).strip()
        has_counts = not any(map(pd.isna, numbers[:2]))
        # the table begins with two variants whose numbers are still to come
        if not all(map(pd.isna, numbers)) and not (name and has_counts):
            found.append(name or str(line))
        elif line > _VARIANTS_AT_FIRST and name and not has_counts:
            found.append(name)
    return tuple(found)


def without_revenue(counts: Sequence[ArmCount]) -> tuple[str, ...]:
    """The variants whose revenue is missing where others have theirs."""
    missing = tuple(one.arm for one in counts if one.revenue_amount is None)
    return missing if len(missing) < len(counts) else ()


def _incomplete(say: Words, lacking: tuple[str, ...]) -> str:
    if lacking:
        return say.t("Some cells are missing: {lines}. Fill them in, or clear the whole line.", lines=lacking)
    return say.t("A test needs at least two variants with visitors and conversions.")


def _free_name(shop: kpi.Workspace, say: Words) -> str:
    taken = {one.name for one in shop.experiments.held()}
    number = 1
    while (name := say.t("Typed counts {n}", n=number)) in taken:
        number += 1
    return name
