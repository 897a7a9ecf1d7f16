"""The scorecard on a page: every KPI by area with its value, change, trend and reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

import kpi
from kpi.changes import change_between
from kpi.headlines import pins_after
from kpi.labels import kpi_label
from kpi.wording import Words
from pages.shared.address import KPI
from pages.shared.component import component
from pages.shared.figures import band_words, change_words, compared_days, judgement_words
from pages.shared.receipt import ask_for_receipt

OPEN: Final = "_open"
_component = component("scorecard", "<table><tbody></tbody></table>", before="focus")


def scorecard(
    shop: kpi.Workspace,
    say: Words,
    answer: kpi.Answer,
    sparks: Mapping[str, list[float]],
    areas: Mapping[str, Sequence[str]],
    pinned: Sequence[str],
    *,
    key: str,
) -> None:
    """The KPIs of each area, by the area's title. A click on a name asks for Explore, on a value for its receipt."""

    def clicked(what: str) -> Any:
        return getattr(st.session_state[key], what)

    def open_kpi() -> None:
        st.session_state[KPI] = clicked("opened")
        st.session_state[OPEN] = True

    def pin() -> None:
        shop.settings["pins"] = pins_after(clicked("pinned"), shop.settings["pins"], pinned)

    is_compared = any(value is not None for value in answer.totals_compared.values())
    _component(
        key=key,
        data={
            "areas": [
                {"title": title, "rows": [_row(say, answer, sparks.get(name, []), name, pinned) for name in names]}
                for title, names in areas.items()
            ],
            "compared": is_compared,
            "words": _words(say),
        },
        on_opened_change=open_kpi,
        on_asked_change=lambda: ask_for_receipt(clicked("asked")),
        on_pinned_change=pin,
        width="stretch",
    )


def _words(say: Words) -> dict[str, Any]:
    return {
        "title": say.t("Scorecard: each row is a KPI and opens in Explore"),
        "heads": [say.t("Value"), say.t("Change"), say.t("Compared"), say.t("Trend"), say.t("Reference")],
        "open": say.t("Open in Explore"),
        "receipt": say.t("How is this computed?"),
        "pin": say.t("Keep on top, for everyone in this workspace"),
        "unpin": say.t("No longer keep on top"),
    }


def _row(say: Words, answer: kpi.Answer, spark: list[float], name: str, pinned: Sequence[str]) -> dict[str, Any]:
    entry = kpi.catalogue().kpis[name]
    currency = answer.currencies.get(name)
    change = change_between(entry, answer.totals.get(name), answer.totals_compared.get(name))
    return {
        "id": name,
        "name": kpi_label(say, answer, name),
        "value": say.value(answer.totals.get(name), entry.unit, currency),
        "change": change_words(say, change, entry, currency) if change else "",
        "verdict": change.verdict if change else "",
        "word": judgement_words(say, change),
        "told": (compared_days(say, answer, entry) or "") if change else "",
        "before": say.value(answer.totals_compared.get(name), entry.unit, currency) if change else "",
        "trend": spark,
        "band": band_words(say, entry, bare=True),
        "pinned": name in pinned,
    }
