"""Medians and other quantiles, by a bootstrap that runs when it is asked for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import kpi
from kpi import experiment as ab
from kpi.abtests import Judged
from kpi.abtests.scale import difference_scale
from kpi.wording import Words
from pages.shared.abtests.words import metric_value, name_words
from pages.shared.markdown import escaped

_SHARES = (0.5, 0.75, 0.9, 0.95, 0.99)


def quantiles(shop: kpi.Workspace, say: Words, judged: Judged) -> None:
    """Choose a column and a quantile, then compute."""
    columns = {one.name: name_words(say, one.label) for one in judged.held.numbers if one.kind != "flag"}
    if judged.held.shape == "counts" or not columns:
        st.info(
            say.t("A quantile needs the value of every unit; counts do not have them."), icon=":material/bar_chart_off:"
        )
        return
    names = {
        share: say.t("median") if share == 0.5 else say.t("{share} quantile", share=say.percent(share, 0))
        for share in _SHARES
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        column = st.selectbox(
            say.t("Column"), list(columns), format_func=columns.__getitem__, key="ab_quantile_of", width=220
        )
        share = st.selectbox(
            say.t("Quantile"), list(names), format_func=names.__getitem__, key="ab_quantile", width=180
        )
    found = shop.experiments.quantile(judged.design, column, share)
    metric = _metric_of(judged, column)
    rows = []
    for arm, one in found.items():
        if not isinstance(one, ab.QuantileDifference):
            st.caption(f"{escaped(arm)}: {escaped(say.say(one))}")
            continue
        scale = difference_scale(metric)
        rows.append(
            {
                say.t("Variant"): arm,
                say.t("Control"): metric_value(say, metric, one.control),
                say.t("Value"): metric_value(say, metric, one.treatment),
                say.t("Difference"): scale.written(say, one.difference),
                say.t("95% interval"): scale.range(say, *one.interval),
            }
        )
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt=say.t("A quantile by variant"))
    st.caption(
        say.t(
            "Bootstrap of {n} resamples, never a verdict. Where most people have the same value, such as no purchase, "
            "the quantile is that value and its interval says nothing.",
            n=ab.quantiles.DRAWS,
        )
    )


def _metric_of(judged: Judged, column: str) -> ab.Metric:
    """How values of the column are written: as money where the column is the revenue."""
    currency = judged.held.currency if column == "revenue_amount" else None
    return ab.Metric("quantile", "mean", column, "zero", unit="money" if currency else "number", currency=currency)
