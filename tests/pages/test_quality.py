"""Data quality and the bridge on the Data page: folded where there is nothing, in both languages where there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi import Workspace
from kpi.wording import Language, words
from pages.shared import session
from tests.rows import load_rows, order, visit

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KOSZYK_HOME", str(tmp_path))
    yield tmp_path
    session._workspace.clear()


def data_page(lang: Language = "en") -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=30)
    app.query_params["lang"] = lang
    app.run().switch_page("data.py").run()
    assert not app.exception, app.exception
    return app


def labels(app: AppTest) -> list[str]:
    return [box.label for box in app.expander]


def test_a_clean_shop_has_one_folded_line(home: Path) -> None:
    with Workspace(home / "shop.duckdb") as shop:
        load_rows(shop, orders=[order("1", "2026-01-05")])
    app = data_page()
    assert "Data quality: nothing found" in labels(app)
    assert "Data quality" not in [one.value for one in app.subheader]


@pytest.mark.parametrize(
    ("lang", "negative", "zero"),
    [
        ("en", "2 orders that count are worth less than zero.", "1 order that counts has an amount of zero."),
        ("pl", "2 ważne zamówienia mają kwotę ujemną.", "1 ważne zamówienie ma kwotę zero."),
    ],
)
def test_findings_stand_by_what_they_do_to_numbers(home: Path, lang: Language, negative: str, zero: str) -> None:
    with Workspace(home / "shop.duckdb") as shop:
        odd = [order("2", "2026-01-05", -5), order("3", "2026-01-06", -7), order("4", "2026-01-06", 0)]
        load_rows(shop, orders=[order("1", "2026-01-05"), *odd])
    app, say = data_page(lang), words(lang)
    found = [label.replace("\\", "") for label in labels(app)]
    assert found.index(negative) < found.index(zero)
    captions = [one.value for one in app.caption]
    assert captions.index(say.t("Affects numbers")) < captions.index(say.t("Worth a look"))


def test_more_than_six_findings_wait_behind_a_switch(home: Path) -> None:
    with Workspace(home / "shop.duckdb") as shop:
        for n in range(8):
            load_rows(shop, f"{n}.csv", f"shop/{n}", orders=[order(f"{n}-1", f"2026-01-0{n + 1}", -5)])
    app = data_page()
    shown = [label for label in labels(app) if "worth less than zero" in label]
    assert len(shown) == 6
    (switch,) = app.toggle
    assert switch.label == "Show 2 more findings"
    switch.set_value(True).run()
    assert len([label for label in labels(app) if "worth less than zero" in label]) == 8


@pytest.mark.parametrize(("counted", "is_there"), [({}, False), ({"transactions": 1}, True)])
def test_the_bridge_is_there_only_where_a_tool_counts_transactions(
    home: Path, counted: dict[str, int], is_there: bool
) -> None:
    with Workspace(home / "shop.duckdb") as shop:
        load_rows(shop, orders=[order("1", "2026-01-05")])
        load_rows(shop, "ga4.csv", traffic=[visit("2026-01-05", 10, **counted)])
    title = words("en").t("Shop, analytics and ads: why they do not count the same")
    assert (title in labels(data_page())) == is_there
