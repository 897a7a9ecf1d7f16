"""Every variant by every metric: how many, what, how different, how sure. A click on a row opens its workings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import streamlit as st

from kpi import experiment as ab
from kpi.abtests import Judged
from kpi.abtests.charts import Tone, Tones, tone_of
from kpi.abtests.scale import Scale, difference_scale
from kpi.abtests.workings import p_words
from kpi.wording import Words
from pages.shared.abtests.verdict import tones
from pages.shared.abtests.words import metric_value, name_words
from pages.shared.markdown import escaped

_KEY = "arms_by_metrics"
_WIDTHS = {"arm": 110, "metric": 190, "units": 66, "value": 88, "difference": 205, "lift": 72, "p": 62, "usual": 64}
_SIGNS: dict[Tone, str] = {"better": "▲ ", "worse": "▼ ", "undecided": ""}


def comparison_table(say: Words, judged: Judged, on_pick: Callable[[str, str], None]) -> None:
    """The primary metric first. `on_pick` gets a metric and an arm."""
    rows = list(_rows(say, judged))
    places = [(row.pop("_metric"), row.pop("_arm")) for row in rows]
    mode = judged.verdict.mode or "fixed"

    def picked() -> None:
        chosen = st.session_state[_KEY].selection
        row = next(iter(cell[0] for cell in chosen.get("cells", [])), None)
        if row is not None and row < len(places) and places[row][1] != judged.design.control:
            on_pick(*places[row])

    names = {
        "metric": say.t("Metric"),
        "arm": say.t("Variant"),
        "difference": say.t("Difference and interval"),
        "lift": say.t("Lift"),
        "p": say.t("p"),
        "usual": say.t("usual p"),
        "value": say.t("Value"),
        "units": say.t("Units"),
    }
    shown = [name for name in names if name != "usual" or mode != "fixed"]
    alt = say.t("Variants by metrics: {metrics}", metrics=[one.label for one in judged.observed.metrics])
    st.dataframe(
        _coloured(pd.DataFrame(rows), tones()),
        column_config={
            name: st.column_config.TextColumn(
                title, alignment="left" if name in ("metric", "arm") else "right", pinned=name == "arm", width=_WIDTHS[name]
            )
            for name, title in names.items()
        }
        | {"tone": None},
        column_order=[shown[1], shown[0], *shown[2:]],
        hide_index=True,
        height="content" if len(rows) <= 14 else 520,
        key=_KEY,
        on_select=picked,
        selection_mode="single-cell",
        alt=alt,
    )  # fmt: skip
    st.caption(_explained(say, judged, mode))
    for one in judged.secondary:
        if one.reason:
            st.caption(
                f":material/info: {escaped(f'{name_words(say, one.metric.label)}, {one.arm}: {say.say(one.reason)}')}"
            )


def _rows(say: Words, judged: Judged) -> Iterator[dict[str, Any]]:
    found = (*judged.verdict.comparisons, *judged.secondary)
    for metric in judged.observed.metrics:
        own = [one for one in found if one.metric.name == metric.name]
        scale = difference_scale(metric, own)
        yield _control_row(say, judged, metric, own)
        for one in own:
            moments = judged.observed.moments(metric.name)[one.arm]
            tone = tone_of(one, judged.design.plan.alpha)
            yield {
                "_metric": metric.name,
                "_arm": one.arm,
                "metric": name_words(say, metric.label),
                "arm": one.arm,
                "units": say.count(moments.n),
                "value": metric_value(say, metric, one.value),
                "difference": _difference(say, scale, one, tone),
                "lift": say.change(one.lift, 1),
                "p": p_words(say, one.p_adjusted),
                "usual": p_words(say, one.fixed.p) if one.fixed else say.number(None),
                "tone": tone,
            }


def _control_row(say: Words, judged: Judged, metric: ab.Metric, own: list[ab.Comparison]) -> dict[str, Any]:
    control = judged.design.control
    value = next((one.control_value for one in own), None)
    blank = dict.fromkeys(("difference", "lift", "p", "usual"), "")
    return {
        "_metric": metric.name,
        "_arm": control,
        "metric": name_words(say, metric.label),
        "arm": control,
        "units": say.count(judged.observed.moments(metric.name)[control].n),
        "value": metric_value(say, metric, value),
        **blank,
        "tone": "",
    }


def _difference(say: Words, scale: Scale, one: ab.Comparison, tone: Tone) -> str:
    if one.estimate is None:
        return say.t("not comparable")
    return _SIGNS[tone] + scale.whole(say, one.estimate.difference, one.estimate.low, one.estimate.high)


def _explained(say: Words, judged: Judged, mode: ab.Mode) -> str:
    parts = []
    if len(judged.verdict.comparisons) > 1:
        parts.append(say.t("p of the primary metric is adjusted for {n} comparisons (Holm).", n=len(judged.verdict.comparisons)))  # fmt: skip
    if judged.secondary:
        parts.append(say.t("The other metrics never decide; their p is adjusted too (Benjamini–Hochberg)."))
    if len(judged.verdict.comparisons) > 1 or judged.secondary:
        parts.append(say.t("Intervals are of each comparison alone, so the adjusted p decides where they disagree."))
    if mode == "always_valid":
        parts.append(say.t("Usual p, in grey: it would hold only had an end been planned before the first look."))
    elif mode == "spending":
        parts.append(say.t("Usual p, in grey: it holds at the planned end, not before."))
    parts.append(say.t("▲ better, ▼ worse, no sign: undecided. Click a row to see how it is computed."))
    return " ".join(parts)


def _coloured(frame: pd.DataFrame, colours: Tones) -> Any:
    tints = {"better": colours.better, "worse": colours.worse}

    def row_colours(row: pd.Series) -> list[str]:
        return [
            f"color: {colours.quiet}"
            if name == "usual"
            else f"color: {tints[row['tone']]}"
            if name == "difference" and row["tone"] in tints
            else ""
            for name in row.index
        ]

    return frame.style.apply(row_colours, axis=1)
