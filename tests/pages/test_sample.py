"""The first rows of a mapped table are written as everywhere else, in the order of the file."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
import streamlit as st

from kpi import Workspace
from kpi.wording import Language, words
from pages.shared.sample import sample_rows
from tests.browser.odd_files import GUESSED


@pytest.mark.parametrize(
    ("lang", "first"),
    [
        ("en", ["1", "5 Jan 2026", "110.00", "10.00", "PLN", "paid", "Web shop"]),
        ("pl", ["1", "5 sty 2026", "110,00", "10,00", "PLN", "opłacone", "Sklep internetowy"]),
    ],
)
def test_days_amounts_and_values_are_in_the_reader_s_words(
    monkeypatch: pytest.MonkeyPatch, lang: Language, first: list[str]
) -> None:
    shown: list[pd.DataFrame] = []

    def take(frame: pd.DataFrame, **options: Any) -> None:
        shown.append(frame)

    monkeypatch.setattr(st, "dataframe", take)
    with Workspace(":memory:") as shop:
        load = shop.preview(GUESSED, name="orders.csv")
    assert load.mapping is not None
    sample_rows(words(lang), load.mapping, load)
    assert shown[0].iloc[0].tolist() == first
