"""The section about channels on the Data page: what it shows, a rule made, moved, removed and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kpi import Workspace
from kpi.wording import Language, words
from pages.shared import session
from tests.rows import load_rows, order, visit

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"
RULE = {"channel": "affiliates", "source": {"equals": ["ania"]}, "medium": {"equals": ["bio"]}}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A server's home with one shop: 3 orders and 7 visits of ania / bio, 1 order of google / organic."""
    monkeypatch.setenv("KOSZYK_HOME", str(tmp_path))
    with Workspace(tmp_path / "shop.duckdb") as shop:
        ania = {"utm_source": "Ania", "utm_medium": "bio"}
        google = {"utm_source": "google", "utm_medium": "organic"}
        orders = [order(str(n), "2026-01-10", **(google if n == 3 else ania)) for n in range(4)]
        load_rows(shop, orders=orders, traffic=[visit("2026-01-10", 7, breakdown="utm_medium,utm_source", **ania)])
    yield tmp_path
    session._workspace.clear()


@pytest.fixture
def opened(home: Path) -> Callable[..., AppTest]:
    """`opened(language="en", is_open=True)`: the Data page of the shop."""

    def open_page(language: Language = "en", is_open: bool = True) -> AppTest:
        app = AppTest.from_file(str(SHELL), default_timeout=30)
        app.context = {
            "locale": {"en": "en-GB", "pl": "pl-PL"}[language],
            "timezone": "Europe/Warsaw",
            "theme": "light",
        }
        app.run().switch_page("data.py").run()
        if is_open:
            app.session_state["channels"] = True
            app.run()
        assert not app.exception, app.exception
        return app

    return open_page


def shop_of(home: Path) -> Workspace:
    return session._workspace(home, "shop")


def table(app: AppTest, title: str) -> Any:
    """The table that has a column of this name."""
    (found,) = [one.value for one in app.dataframe if title in one.value.columns]
    return found


def said(app: AppTest) -> str:
    return "\n".join(str(one.value) for kind in (app.markdown, app.caption, app.info, app.error) for one in kind)


def choose(app: AppTest, language: Language, channel: str = "affiliates") -> AppTest:
    app.selectbox(key=f"channels_pair_{language}").set_value(("Ania", "bio")).run()
    return app.selectbox(key=f"channels_channel_{language}").set_value(channel).run()


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_table_shows_who_decided_and_unassigned_first(opened: Callable[..., AppTest], language: Language) -> None:
    say, app = words(language), opened(language)
    decided = table(app, say.t("Decided by"))
    assert decided.iloc[0].tolist() == [
        "Ania / bio",
        {"en": "Unassigned", "pl": "Nieprzypisane"}[language],
        "7",
        "3",
        say.t("no rule fits"),
    ]
    assert decided.iloc[1, 4] == {"en": "source is one of: search engines", "pl": "źródło: wyszukiwarki"}[language]
    assert say.t("Unassigned: {sessions} sessions and {orders} orders.", sessions="7", orders=3) in said(app)


def test_nothing_is_counted_while_it_is_closed(opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Workspace) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(Workspace, "channel_pairs", fail)
    app = opened(is_open=False)
    assert not [one for one in app.selectbox if str(one.key).startswith("channels_pair")]


@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_rule_says_what_it_would_change_and_changes_it(
    opened: Callable[..., AppTest], home: Path, language: Language
) -> None:
    say, app = words(language), choose(opened(language), language)
    effect = say.t(
        "Changes the channel of {orders} and {sessions}.",
        orders=f"**{say.n('{n} order', '{n} orders', 3)}**",
        sessions=f"**{say.n('{n} session', '{n} sessions', 7)}**",
    )
    assert effect in said(app)
    assert shop_of(home).settings["channel_rules"] == []
    app.button(key="channels_keep").click().run()
    assert not app.exception
    assert shop_of(home).settings["channel_rules"] == [RULE]
    assert table(app, say.t("Decided by")).iloc[0, 1] != {"en": "Unassigned", "pl": "Nieprzypisane"}[language]
    assert app.selectbox(key=f"channels_pair_{language}").value is None
    app.button(key="channels_undo").click().run()
    assert shop_of(home).settings["channel_rules"] == []


def test_a_rule_may_be_for_every_medium_of_a_source(opened: Callable[..., AppTest], home: Path) -> None:
    app = choose(opened(), "en", "sms")
    app.selectbox(key="channels_reach_en_Ania_bio").set_value("source").run()
    app.button(key="channels_keep").click().run()
    kept = [{"channel": "sms", "source": {"equals": ["ania"]}}]
    assert shop_of(home).settings["channel_rules"] == kept
    assert "source is “ania” → SMS" in said(app).replace("\\", "")


def test_a_second_rule_for_the_same_takes_the_place_of_the_first(opened: Callable[..., AppTest], home: Path) -> None:
    shop_of(home).settings["channel_rules"] = [{"channel": "sms", "source": {"contains": ["x"]}}, RULE]
    app = choose(opened(), "en", "push")
    app.button(key="channels_keep").click().run()
    assert [one["channel"] for one in shop_of(home).settings["channel_rules"]] == ["push", "sms"]


def test_own_rules_are_moved_and_removed(opened: Callable[..., AppTest], home: Path) -> None:
    shop_of(home).settings["channel_rules"] = [{"channel": "sms", "source": {"equals": ["ania"]}}, RULE]
    app = opened()
    app.button(key="channels_up_1").click().run()
    assert [one["channel"] for one in shop_of(home).settings["channel_rules"]] == ["affiliates", "sms"]
    app.button(key="channels_remove_0").click().run()
    assert [one["channel"] for one in shop_of(home).settings["channel_rules"]] == ["sms"]


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_default_rules_are_shown_on_demand(opened: Callable[..., AppTest], language: Language) -> None:
    say, app = words(language), opened(language)
    app.toggle(key="channels_defaults").set_value(True).run()
    shown = table(app, say.t("Where"))
    assert shown.iloc[0].tolist()[:2] == ["1", {"en": "Direct", "pl": "Bezpośredni"}[language]]
    assert {"en": "source is “(direct)”, “direct”, not given", "pl": "źródło to „(direct)”, „direct”, brak"}[
        language
    ] in shown.iloc[0, 2]


def test_files_without_sources_say_so(opened: Callable[..., AppTest], home: Path) -> None:
    shop_of(home).undo(1)
    load_rows(shop_of(home), orders=[order("9", "2026-01-10")])
    assert "Your files name no source and medium" in said(opened())
