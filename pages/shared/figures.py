"""Numbers on a page: metric cards, changes and tables in words. What they say is computed in kpi; here it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pandas as pd
import streamlit as st

import kpi
import kpi.report
from kpi.changes import POINTS_DIGITS, RELATIVE_DIGITS, change_between
from kpi.labels import kpi_label
from kpi.model.values import value_name
from kpi.wording import Words
from pages.shared.theme import is_light

_WHOLE_FROM = 100_000
# Narrow enough for a phone to show the change beside it.
_GROUP_PX = 120
_COLOURS: dict[str, Literal["blue", "orange", "gray"]] = {
    "better": "blue",
    "worse": "orange",
    "same": "gray",
    "": "gray",
}


def metric_card(
    say: Words, answer: kpi.Answer, spark: list[float] | None, name: str, on_receipt: Callable[[str], None]
) -> None:
    """One headline number: value, change with its direction in colour and sign, sparkline, reference band, receipt.

    `spark`: the values of the line under it, None for a card that stands alone.
    """
    entry = kpi.catalogue().kpis[name]
    value, before = answer.totals.get(name), answer.totals_compared.get(name)
    change = change_between(entry, value, before)
    with st.container(border=True, gap="xsmall", height="content" if spark is None else "stretch", key=f"card_{name}"):
        st.metric(
            kpi_label(say, answer, name, is_short=True),
            _headline(say, value, entry, answer.currencies.get(name)),
            change_words(say, change, entry, answer.currencies.get(name)) if change else None,
            delta_color=_COLOURS[change.verdict] if change else "off",
            delta_arrow=change.arrow if change else "off",
            delta_description=compared_days(say, answer, entry) if change else None,
            help=f"{say.say(entry.name)}. {say.say(entry.meaning)}",
            chart_data=spark or None,
            chart_type="line",
        )
        if answer.query.compare and value is not None and before is None and (spark is None or answer.totals_compared):
            st.caption(say.t("nothing to compare with"))
        if entry.band and value is not None:
            st.caption(_beside_band(say, entry, value))
        st.button(
            say.t("How is this computed?"),
            key=f"receipt_{name}",
            type="tertiary",
            icon=":material/receipt_long:",
            on_click=on_receipt,
            args=(name,),
        )


def _headline(say: Words, value: float | None, entry: kpi.Kpi, currency: str | None) -> str:
    """The value as large as a card can show it: cents of a hundred thousand would push its end out of the card."""
    if entry.unit == "money" and value is not None and abs(value) >= _WHOLE_FROM:
        return say.money(value, currency, digits=0)
    return say.value(value, entry.unit, currency)


def compared_days(say: Words, answer: kpi.Answer, entry: kpi.Kpi) -> str | None:
    """`1–28 Feb 2026, 28 days against 31`: what is compared with; how many days where a sum is of more of them."""
    if answer.compared_period is None:
        return None
    words = say.period(*answer.compared_period)
    if answer.period is None or entry.unit not in ("money", "count") or entry.formula.is_ratio:
        return words
    ours, theirs = ((last - first).days + 1 for first, last in (answer.period, answer.compared_period))
    if ours == theirs or kpi.catalogue().looks_back(entry.id):
        return words
    return say.n(
        "{period}, {n} day against {ours}", "{period}, {n} days against {ours}", theirs, period=words, ours=ours
    )


def change_words(say: Words, change: kpi.changes.Change, entry: kpi.Kpi, currency: str | None) -> str:
    """`+12.3%`, percentage points for a rate, the difference where a percentage says nothing; after zero it is new."""
    if change.is_alike:
        return say.t("no change")
    if change.is_new:
        return say.t("new")
    if change.is_points:
        return say.points(change.points, POINTS_DIGITS)
    if change.is_none:
        return say.change(0, RELATIVE_DIGITS)
    if change.relative == change.relative:
        return say.change(change.relative, RELATIVE_DIGITS)
    return ("+" if change.difference > 0 else "") + say.value(change.difference, entry.unit, currency)


def judgement_words(say: Words, change: kpi.changes.Change | None) -> str:
    """The direction of a change as a word, for who cannot see its colour; once where the change itself says so."""
    return "" if change is None or change.is_alike else verdict_words(say, change.verdict)


def _beside_band(say: Words, entry: kpi.Kpi, value: float) -> str:
    """The reference, and on which side of it the value lies."""
    low, high = entry.band or (value, value)
    if low <= value <= high:
        return band_words(say, entry)
    ends = band_words(say, entry, bare=True)
    return (
        say.t("below the reference {band}", band=ends)
        if value < low
        else say.t("above the reference {band}", band=ends)
    )


def band_words(say: Words, entry: kpi.Kpi, *, bare: bool = False) -> str:
    """The literature's range, always called a reference; `bare` where a column's head says so."""
    if entry.band is None:
        return ""
    low, high = (
        say.percent(end, digits=0) if entry.unit == "percent" else say.value(end, entry.unit) for end in entry.band
    )
    return f"{low} – {high}" if bare else say.t("reference {low} – {high}", low=low, high=high)


def verdict_words(say: Words, verdict: str) -> str:
    """The direction of a change as a word, for who cannot see its colour."""
    return {"better": say.t("better"), "worse": say.t("worse"), "same": say.t("no change")}.get(verdict, "")


def _coloured(frame: pd.DataFrame) -> Any:
    """Change and direction in blue (better) or orange (worse)."""
    tones = {
        "better": "color: #2166AC" if is_light() else "color: #7CB8E8",
        "worse": "color: #A34F04" if is_light() else "color: #EFAE72",
    }

    def row_colours(row: pd.Series) -> list[str]:
        return [tones.get(row["tone"], "") if name in ("change", "verdict") else "" for name in row.index]

    return frame.style.apply(row_colours, axis=1)


def breakdown_table(say: Words, answer: kpi.Answer, name: str, chosen: tuple[str | None, ...]) -> None:
    """The groups with value, change and share of the whole where shares add up, folded; only the chosen ones, if any."""
    box = st.expander(say.t("The numbers as a table"), on_change="rerun", key=f"as_table_{answer.query.by[0]}")
    if not box.open:
        return
    with box:
        _table(say, answer, name, chosen)


def _table(say: Words, answer: kpi.Answer, name: str, chosen: tuple[str | None, ...]) -> None:
    entry = kpi.catalogue().kpis[name]
    dimension = answer.query.by[0]
    total = answer.totals.get(name)
    is_additive = entry.unit in ("money", "count") and not entry.formula.is_ratio
    rows = []
    for _, group in answer.frame.sort_values(name, ascending=False, na_position="last").iterrows():
        value = None if group[dimension] != group[dimension] else group[dimension]
        if chosen and value not in chosen:
            continue
        currency = answer.currencies.get(name) or _row_currency(dimension, group)
        change = change_between(entry, group[name], group.get(f"{name}_compared"))
        rows.append(
            {
                "group": value_name(dimension, value, say),
                "value": say.value(group[name], entry.unit, currency),
                "share": say.percent(group[name] / total) if is_additive and total else "",
                "change": change_words(say, change, entry, currency) if change else "—",
                "before": say.value(group.get(f"{name}_compared"), entry.unit, currency),
                "tone": change.verdict if change else "",
            }
        )
    title = say.say(kpi.catalogue().dimensions[dimension].name)
    columns = {
        "group": st.column_config.TextColumn(title, pinned=True, width=_GROUP_PX),
        "value": st.column_config.TextColumn(kpi_label(say, answer, name, is_short=True), alignment="right"),
        "share": st.column_config.TextColumn(say.t("Share"), alignment="right"),
        "change": st.column_config.TextColumn(say.t("Change"), alignment="right"),
        "before": st.column_config.TextColumn(say.t("Compared"), alignment="right"),
    }
    hidden = set() if is_additive and total else {"share"}
    if not answer.totals_compared:
        hidden |= {"before", "change"}
    shown = {column: config for column, config in columns.items() if column not in hidden}
    st.dataframe(
        _coloured(pd.DataFrame(rows, columns=[*columns, "tone"])),
        column_config={**columns, "tone": None},
        column_order=list(shown),
        hide_index=True,
        alt=say.t("{kpi} by {dimension}", kpi=entry.name, dimension=kpi.catalogue().dimensions[dimension].name),
    )


def sheet_preview(say: Words, preview: kpi.report.SheetPreview) -> None:
    """The first rows of a sheet as the workbook will show them."""
    titles = [title or "\u00a0" * (place + 1) for place, title in enumerate(preview.columns)]
    columns = _distinct(titles)
    st.dataframe(
        pd.DataFrame(list(preview.rows), columns=pd.Index(columns)),
        column_config={columns[place]: st.column_config.TextColumn(alignment="right") for place in preview.numbers},
        hide_index=True,
        height="content",
        alt=say.t("Preview of the sheet {name}", name=preview.name),
    )
    hidden = preview.row_count - len(preview.rows)
    if hidden > 0:
        st.caption(say.n("{n} more row in the workbook.", "{n} more rows in the workbook.", hidden))


def _distinct(titles: list[str]) -> list[str]:
    """Titles that differ: a table cannot have two columns of one name."""
    seen: dict[str, int] = {}
    found = []
    for title in titles:
        seen[title] = seen.get(title, 0) + 1
        found.append(title + "\u200b" * (seen[title] - 1))
    return found


def _row_currency(dimension: str, group: pd.Series) -> str | None:
    return group[dimension] if dimension == "currency" else None
