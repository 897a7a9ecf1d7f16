"""How numbers are counted: the zone of the days, VAT, the workspace's currency and the exchange rates."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

import streamlit as st

import kpi
from kpi.wording import Words
from pages.shared.session import show_error

_ZONE = "time_zone"
_COMMON = ("PLN", "EUR", "USD", "GBP", "CZK", "HUF", "RON", "SEK", "NOK", "DKK", "CHF", "UAH")


def counting(shop: kpi.Workspace, say: Words) -> None:
    """The settings that change numbers, each with what it does."""
    left, right = st.columns(2, gap="large")
    with left:
        _zone(shop, say)
        _tax(shop, say)
    with right:
        _currency(shop, say)


def _keep(shop: kpi.Workspace, say: Words, name: str, value: Any) -> None:
    """Write a value into the settings, and say so."""
    shop.settings[name] = value
    if name == _ZONE:
        st.toast(say.t("Days are now counted in this zone: {zone}.", zone=value), icon=":material/schedule:")
    else:
        st.toast(say.t("Every number follows."), icon=":material/calculate:")


def _zone(shop: kpi.Workspace, say: Words) -> None:
    zones = sorted(available_timezones())
    st.selectbox(
        say.t("Time zone in which days are counted"),
        zones,
        index=zones.index(shop.settings[_ZONE]),
        key=_ZONE,
        on_change=lambda: _keep(shop, say, _ZONE, st.session_state[_ZONE]),
        help=say.t(
            "An order of 23:30 in one zone is the next day's in another. "
            "Use your shop's own zone, so that days agree with its admin."
        ),
    )


def _tax(shop: kpi.Workspace, say: Words) -> None:
    told = {
        "file": say.t("As each file says"),
        "with": say.t("Prices include VAT"),
        "without": say.t("Prices are without VAT"),
    }
    meant = {"file": None, "with": True, "without": False}
    options = list(told)
    key = f"prices_include_tax_{say.language}"
    st.selectbox(
        say.t("VAT in the amounts of your files"),
        options,
        index=list(meant.values()).index(shop.settings["prices_include_tax"]),
        format_func=told.__getitem__,
        key=key,
        on_change=lambda: _keep(shop, say, "prices_include_tax", meant[st.session_state[key]]),
        help=say.t(
            "Where an export states the VAT of an order, that is taken. This is for orders that say nothing; "
            "gross profit is always without VAT."
        ),
    )
    if shop.settings["prices_include_tax"]:
        st.number_input(
            say.t("VAT rate (%)"),
            min_value=0.0,
            max_value=50.0,
            value=round(shop.settings["tax_rate"] * 100, 2),
            step=1.0,
            format="%g",
            key="tax_percent",
            on_change=lambda: _keep(shop, say, "tax_rate", round(st.session_state["tax_percent"] / 100, 6)),
        )
    bases = {"as_written": say.t("As in the files"), "net": say.t("Without VAT")}
    basis_key = f"tax_basis_{say.language}"
    st.segmented_control(
        say.t("Show sales and revenue"),
        list(bases),
        default=shop.settings["tax_basis"],
        format_func=bases.__getitem__,
        required=True,
        key=basis_key,
        on_change=lambda: _keep(shop, say, "tax_basis", st.session_state[basis_key]),
    )


def _currency(shop: kpi.Workspace, say: Words) -> None:
    held = shop.holdings
    own = shop.settings["currency"]
    names = sorted({name for table in shop.catalogue.tables for name in held.currencies_of(table)} - {None})
    options = list(dict.fromkeys([*([own] if own else []), *names, *_COMMON]))
    st.selectbox(
        say.t("Currency of this workspace"),
        options,
        index=options.index(own) if own else None,
        format_func=lambda code: f"{code} — {say.currency_name(code)}",
        placeholder=say.t("Choose a currency or type its code"),
        key="own_currency",
        on_change=lambda: _keep(shop, say, "currency", st.session_state["own_currency"]),
        help=say.t(
            "Amounts of other currencies are converted to it where you give a rate; without one they stay apart."
        ),
    )
    foreign = [name for name in names if name != own]
    if not own or not foreign:
        return
    with st.form("rate", border=True):
        st.caption(say.t("Exchange rate, from a day on; leave the day empty for one rate for all days."))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            origin = st.selectbox(say.t("One unit of"), foreign, width=110)
            rate = st.number_input(
                say.t("is worth, in {currency}", currency=own), min_value=0.0, value=None, format="%.6g", width=150
            )
            day = st.date_input(
                say.t("from"), value=None, format="DD.MM.YYYY" if say.language == "pl" else "YYYY-MM-DD", width=150
            )
        if st.form_submit_button(say.t("Use this rate"), icon=":material/currency_exchange:"):
            try:
                shop.set_rate(origin, own, rate or 0, day=day if not isinstance(day, tuple) else None)
                st.rerun()
            except kpi.KpiError as error:
                show_error(error)
