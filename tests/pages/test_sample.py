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
    assert shown(monkeypatch, lang, GUESSED, "orders.csv").iloc[0].tolist() == first


@pytest.mark.parametrize(("lang", "answers"), [("en", ["yes", "no"]), ("pl", ["tak", "nie"])])
def test_whether_a_deal_was_won_is_in_the_reader_s_words(
    monkeypatch: pytest.MonkeyPatch, lang: Language, answers: list[str]
) -> None:
    deals = b"Deal ID,Amount,Currency,Stage,Status,Created\n1,10.00,PLN,Talk,Won,2026-03-01\n2,5.00,PLN,Talk,Lost,2026-03-02\n"
    assert shown(monkeypatch, lang, deals, "deals.csv").iloc[:, -1].tolist() == answers


def shown(monkeypatch: pytest.MonkeyPatch, lang: Language, content: bytes, name: str) -> pd.DataFrame:
    """The table that the reader sees of a file."""
    frames: list[pd.DataFrame] = []

    def take(frame: pd.DataFrame, **options: Any) -> None:
        frames.append(frame)

    monkeypatch.setattr(st, "dataframe", take)
    with Workspace(":memory:") as shop:
        load = shop.preview(content, name=name)
    assert load.mapping is not None
    sample_rows(words(lang), load.mapping, load)
    return frames[0]
