"""One question about a file, as the widget that fits it."""

from __future__ import annotations

from typing import Any

import streamlit as st

import kpi
from kpi.wording import Words

_CURRENCIES = ("PLN", "EUR", "USD", "GBP", "CZK", "HUF", "RON", "SEK", "UAH", "CHF", "DKK", "NOK", "INR", "THB")


def asked(say: Words, question: kpi.Question, prefix: str) -> Any:
    """The widget for one question and what it says; None or nothing while it is open."""
    label, key = say.say(question.text), f"{prefix}_{question.key}"
    if question.key == "currency":
        options = list(dict.fromkeys([*([question.suggested] if question.suggested else []), *_CURRENCIES]))
        return st.selectbox(
            label,
            options,
            index=0 if question.suggested else None,
            format_func=lambda code: f"{code} — {say.currency_name(code)}",
            placeholder=say.t("Choose a currency or type its code"),
            accept_new_options=True,
            key=key,
        )
    if question.key == "period":
        days = st.date_input(label, value=[], format="DD.MM.YYYY" if say.language == "pl" else "YYYY-MM-DD", key=key)
        return tuple(days) if isinstance(days, tuple) and len(days) == 2 else None
    if question.key == "day":
        return st.date_input(label, value=None, format="DD.MM.YYYY" if say.language == "pl" else "YYYY-MM-DD", key=key)
    if question.choices:
        names = {value: say.say(words) for value, words in question.choices}
        values = list(names)
        index = values.index(question.suggested) if question.suggested in values else None
        return st.radio(label, values, index=index, format_func=names.__getitem__, key=key)
    return st.text_input(label, value=question.suggested or "", key=key)
