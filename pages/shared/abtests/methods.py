"""The same test by other methods, beside the one that decides: CUPED, winsorised values, Bayes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

import kpi
from kpi import experiment as ab
from kpi.abtests import Judged
from kpi.abtests.scale import difference_scale
from kpi.abtests.workings import p_is, p_words
from kpi.wording import Words
from pages.shared.abtests.words import metric_value
from pages.shared.markdown import escaped


def other_methods(shop: kpi.Workspace, say: Words, judged: Judged) -> None:
    """Raw, CUPED and winsorised in one table; for a proportion the posterior; all arms at once."""
    _beside(say, judged)
    metric = judged.observed.metric(judged.design.primary.name)
    if metric.kind == "proportion":
        _bayes(say, judged)
        _overall(say, judged)


def _beside(say: Words, judged: Judged) -> None:
    names = {
        "raw": say.t("As measured"),
        "cuped": say.t("CUPED, with the measure from before the test"),
        "winsorised": say.t("Winsorised: the highest values cut"),
    }
    metric = judged.observed.metric(judged.design.primary.name)
    scale = difference_scale(metric, [one for found in judged.beside.values() for one in found])
    decides = "cuped" if judged.design.is_adjusted and metric.covariate else "raw"
    rows = []
    for way, found in judged.beside.items():
        for one in found:
            rows.append(
                {
                    say.t("Method"): names[way] + (f" · {say.t('decides')}" if way == decides else ""),
                    say.t("Variant"): one.arm,
                    say.t("Difference"): scale.written(say, one.estimate.difference)
                    if one.estimate
                    else say.say(one.reason or ""),
                    say.t("Interval"): scale.range(say, one.estimate.low, one.estimate.high)
                    if one.estimate
                    else say.number(None),
                    say.t("p"): p_words(say, one.p_adjusted),
                    say.t("Variance explained"): say.percent(one.variance_reduction, 2)
                    if one.variance_reduction is not None
                    else "",
                }
            )
    if not any(way == "cuped" for way in judged.beside):
        rows = [{title: text for title, text in row.items() if title != say.t("Variance explained")} for row in rows]
    _table(rows, say.t("The primary metric by each method"))
    if cap := judged.observed.caps.get(metric.name):
        st.caption(
            say.t(
                "Values above {cap} are set to it, beside the raw ones, never instead.",
                cap=metric_value(say, metric, cap),
            )
        )
    if len(judged.beside) == 1:
        st.caption(
            say.t(
                "CUPED and winsorising are for means such as revenue; choose a measure from before the test in step 2."
            )
        )


def _bayes(say: Words, judged: Judged) -> None:
    moments = judged.observed.moments(judged.design.primary.name)
    counts = {arm: (one.nonzero, one.n) for arm, one in moments.items() if one.n}
    if len(counts) < 2:
        return
    st.markdown(f"**{say.t('Bayesian view')}**")
    rows = [
        {
            say.t("Variant"): one.arm,
            say.t("Value"): say.percent(one.mean, 2),
            say.t("95% credible interval"): f"{say.percent(one.interval[0], 2)} … {say.percent(one.interval[1], 2)}",
            say.t("Probability of being best"): say.percent(one.best_share, 1),
            say.t("Expected loss if chosen"): say.points(one.expected_loss, 3).removeprefix("+"),
        }
        for one in ab.posteriors(counts)
    ]
    _table(rows, say.t("Bayesian view"))
    less = (
        ""
        if judged.design.primary.is_higher_better
        else " " + say.t("Here “best” means the highest rate, though less is better.")
    )
    st.caption(
        say.t(
            "Beta-binomial with a flat prior. It does not excuse peeking: stopping as soon as one variant looks 95% sure "
            "to be best is wrong far more often than in 5% of tests."
        )
        + less
    )


def _overall(say: Words, judged: Judged) -> None:
    moments = judged.observed.moments(judged.design.primary.name)
    if len(moments) < 3:
        return
    found = ab.overall([(one.nonzero, one.n) for one in moments.values()])
    if isinstance(found, kpi.wording.Message):
        st.caption(escaped(say.say(found)))
        return
    statistic, df, p = found
    st.caption(
        say.t(
            "All variants at once: χ² = {statistic} with {df} degrees of freedom, p {p}.",
            statistic=round(statistic, 2),
            df=df,
            p=p_is(say, p),
        )
    )


def _table(rows: list[dict[str, Any]], alt: str) -> None:
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt=alt)
