"""Every page without data, with data, and after each control that changes what it shows, in both languages."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import kpi
from kpi import Workspace, catalogue
from kpi.wording import Language, words
from pages.shared import address, session
from pages.shared.linkwords import misread_link
from tests.browser.odd_files import orders
from tests.files import Truth, shop_files

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"
PAGES = ("overview.py", "explore.py", "report.py", "data.py")
TITLES: dict[Language, tuple[str, ...]] = {
    "en": ("Overview", "Explore", "Report", "Data"),
    "pl": ("Przegląd", "Analiza", "Raport", "Dane"),
}
LOCALES: dict[Language, str] = {"en": "en-GB", "pl": "pl-PL"}
Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def truth() -> Truth:
    return shop_files()[1]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one workspace, `shop`, that holds the test files."""
    folder = tmp_path_factory.mktemp("loaded")
    with Workspace(folder / "shop.duckdb") as shop:
        for name, content in shop_files()[0].items():
            shop.add(content, name=name)
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The server's home, empty; workspaces that a test has opened are let go."""
    monkeypatch.setenv("KOSZYK_HOME", str(tmp_path))
    yield tmp_path
    session._workspace.clear()


@pytest.fixture
def open_app(home: Path) -> Open:
    """`open_app(page="overview.py", language="en", **link)`: a browser tab that opens a link."""

    def open_one(page: str = "overview.py", language: Language = "en", **link: Any) -> AppTest:
        app = AppTest.from_file(str(SHELL), default_timeout=30)
        app.context = {"locale": LOCALES[language], "timezone": "Europe/Warsaw", "theme": "light"}
        if page != "overview.py":
            # a page can only be reached through the first one, and widgets forget their values on the way
            app.run().switch_page(page).run()
            assert not app.exception, app.exception
        for name, value in link.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return open_one


@pytest.fixture
def with_data(home: Path, loaded: Path) -> None:
    for file in loaded.glob("shop.*"):
        shutil.copy(file, home)


def said(app: AppTest) -> str:
    """All words of the main part that are plain elements."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning, app.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


@pytest.mark.parametrize("lang", ["en", "pl"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_without_data_has_one_sentence_and_the_ways_on(open_app: Open, page: str, lang: Language) -> None:
    app = open_app("data.py", lang)
    app.switch_page(page).run()
    assert not app.exception
    assert app.title[0].value == TITLES[lang][PAGES.index(page)]
    if page != "data.py":
        assert words(lang).t("There is no data here yet.") in said(app)
        ways = [words(lang).t("Bring data in"), words(lang).t("Open the demo shop")]
        assert [button.label for button in app.button] == ways


def test_an_empty_workspace_opens_on_the_data_page_once(open_app: Open) -> None:
    app = open_app()
    assert app.title[0].value == "Data"
    app.switch_page("overview.py").run()
    assert app.title[0].value == "Overview"


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize("lang", ["en", "pl"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_data_draws_in_both_languages(open_app: Open, page: str, lang: Language) -> None:
    app = open_app(page, lang)
    assert app.title[0].value == TITLES[lang][PAGES.index(page)]
    assert not app.error


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize("lang", ["en", "pl"])
def test_the_headlines_of_the_overview_are_true(open_app: Open, truth: Truth, lang: Language) -> None:
    say = words(lang)
    assert [metric.value for metric in open_app(language=lang).metric] == [
        say.money(truth.net_sales - truth.refunds, "PLN"),
        say.count(truth.orders),
        say.percent(truth.orders / truth.sessions, 2),
        say.money(truth.net_sales / truth.orders, "PLN"),
    ]


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize("page", ["overview.py", "explore.py", "report.py"])
@pytest.mark.parametrize(
    ("key", "value"),
    [("period", "days_30"), ("period", "quarter"), ("period", "custom"), ("compare", "none"), ("compare", "year")],
)
def test_every_choice_of_the_toolbar_draws_and_is_in_the_address(
    open_app: Open, page: str, key: str, value: str
) -> None:
    app = open_app(page)
    app.selectbox(key=key).set_value(value).run()
    assert not app.exception
    assert app.session_state[key] == value
    assert app.query_params[key] == value


@pytest.mark.usefixtures("with_data")
def test_the_last_month_is_march(open_app: Open) -> None:
    app = open_app()
    app.selectbox(key="period").set_value("month").run()
    assert "1–31\u00a0Mar\u00a02026" in said(app)


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize("page", ["overview.py", "explore.py", "report.py"])
def test_a_filter_narrows_the_numbers_and_is_in_the_address(open_app: Open, truth: Truth, page: str) -> None:
    app = open_app(page, kpi="sessions")
    app.multiselect(key="f").set_value(["device:mobile"]).run()
    assert not app.exception
    assert app.query_params["f"] == "device:mobile"
    if page == "explore.py":
        assert app.metric[0].value == words("en").count(truth.sessions_by_device["mobile"])


@pytest.mark.usefixtures("with_data")
def test_explore_offers_only_filters_that_the_kpi_can_have(open_app: Open) -> None:
    """The orders say no device and the sessions no product; what is set already stays, whatever the KPI."""

    def offered(app: AppTest) -> set[str]:
        return {option.partition(":")[0] for option in app.multiselect(key="f").options}

    app = open_app("explore.py", kpi="sessions")
    assert "Device" in offered(app)
    assert not {"Product", "Country"} & offered(app)
    app.multiselect(key="f").set_value(["device:mobile"]).run()
    app.selectbox(key="kpi").set_value("item_sales").run()
    assert app.multiselect(key="f").value == ["device:mobile"]
    app.multiselect(key="f").set_value([]).run()
    assert "Product" in offered(app)
    assert "Device" not in offered(app)


@pytest.mark.usefixtures("with_data")
def test_the_overview_offers_the_filters_of_all_kpis(open_app: Open) -> None:
    options = {option.partition(":")[0] for option in open_app().multiselect(key="f").options}
    assert {"Device", "Product"} <= options


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize("lang", ["en", "pl"])
def test_amounts_and_their_receipts_say_whether_vat_is_in_them(open_app: Open, home: Path, lang: Language) -> None:
    session._workspace(home, "shop").settings["prices_include_tax"] = True
    say = words(lang)
    app = open_app("explore.py", lang, kpi="aov")
    label = f"{say.say(catalogue().kpis['aov'].short)}, {say.t('incl. VAT')}"
    assert app.metric[0].label == label
    app.button(key="receipt_aov").click().run()
    assert f"**{say.say(catalogue().kpis['aov'].name)}, {say.t('incl. VAT')}** = " in said(app)
    app = open_app("explore.py", lang, kpi="refund_rate")
    app.button(key="receipt_refund_rate").click().run()
    assert say.t("Amounts of orders: {basis}", basis=say.t("incl. VAT")) in said(app)


@pytest.mark.usefixtures("with_data")
def test_the_line_under_the_toolbar_tells_the_rows_and_files_of_the_kpi(open_app: Open, truth: Truth) -> None:
    overview = open_app("overview.py").caption[0].value
    assert overview.startswith(
        f"{truth.orders} orders · 1\u00a0Jan\u00a0– 31\u00a0Mar\u00a02026 · GA4, Google Ads, Shopify"
    )
    assert overview.endswith("19 rows left out")
    sessions = open_app("explore.py", kpi="sessions").caption[0].value
    assert re.match("[0-9]+ rows of “web traffic” · 1\u00a0Jan\u00a0– 31\u00a0Mar\u00a02026 · GA4 ·", sessions), (
        sessions
    )
    assert "Shopify" not in sessions
    assert "left out" not in sessions


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "1–28\u00a0Feb\u00a02026, 28 days against 31"), ("pl", "1–28\u00a0lut\u00a02026, 28 dni wobec 31")],
)
def test_a_sum_of_more_days_than_it_is_compared_with_says_so(open_app: Open, lang: Language, told: str) -> None:
    orders, rate = (open_app(language=lang, period="month").metric[place].proto for place in (1, 2))
    assert orders.delta_description == told
    assert rate.delta_description == told.partition(",")[0]


@pytest.mark.usefixtures("with_data")
def test_the_chart_says_which_compared_points_hold_other_days(open_app: Open) -> None:
    app = open_app("explore.py", kpi="orders", period="custom", days=["2026-02-15", "2026-03-31"])
    app.selectbox(key="grain").set_value("month").run()
    # 14 days of February and March against the 45 days before them, which are January and 14 days of February
    uneven = "January 2026 (31 days, this period 14), 1–14\u00a0Feb\u00a02026 (14 of 28 days)"
    assert f"Hollow grey points, not as many days as here: {uneven}." in said(app)
    assert "Hollow point, not a whole period: 15–28\u00a0Feb\u00a02026 (14 of 28 days)." in said(app)
    assert "Click a point to narrow the period to it." in said(app)


@pytest.mark.usefixtures("with_data")
def test_explore_draws_every_kpi(open_app: Open) -> None:
    app = open_app("explore.py")
    for name in catalogue().kpis:
        app.selectbox(key="kpi").set_value(name).run()
        assert not app.exception, name
        assert app.session_state["kpi"] == name


@pytest.mark.usefixtures("with_data")
def test_explore_draws_every_dimension_and_grain(open_app: Open) -> None:
    app = open_app("explore.py", kpi="sessions")
    for name in catalogue().dimensions_of("sessions"):
        app.selectbox(key="by").set_value(name).run()
        assert not app.exception, name
    for grain in ("day", "week", "month", "quarter", "year", "auto"):
        app.selectbox(key="grain").set_value(grain).run()
        assert not app.exception, grain


@pytest.mark.usefixtures("with_data")
def test_a_breakdown_that_the_files_do_not_know_says_so(open_app: Open) -> None:
    app = open_app("explore.py", kpi="revenue", by="device")
    assert "do not say this: Device." in said(app)


@pytest.mark.usefixtures("with_data")
def test_a_kpi_that_cannot_be_computed_says_why_and_what_to_do(open_app: Open) -> None:
    app = open_app("explore.py", kpi="revenue", f="device:mobile")
    assert "do not say this: Device." in said(app)
    assert not app.metric
    app.button(key="drop_device").click().run()
    assert app.metric


@pytest.mark.usefixtures("with_data")
def test_a_period_without_data_says_so(open_app: Open) -> None:
    for page in ("overview.py", "explore.py", "report.py"):
        app = open_app(page, period="custom", days=["2020-01-01", "2020-01-31"])
        assert not app.metric
        assert re.search("Nothing matches this period|has no rows in this period", said(app)), page


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize("lang", ["en", "pl"])
def test_the_receipt_opens_with_its_formula(open_app: Open, truth: Truth, lang: Language) -> None:
    app, say = open_app(language=lang), words(lang)
    app.button(key="receipt_aov").click().run()
    assert not app.exception
    assert f"{say.money(truth.net_sales, 'PLN')} ÷ {say.count(truth.orders)}" in said(app)


@pytest.mark.usefixtures("with_data")
def test_the_report_needs_a_group_of_kpis(open_app: Open) -> None:
    app = open_app("report.py")
    app.pills(key="areas").set_value([]).run()
    assert not app.exception
    assert "Choose at least one group of KPIs." in said(app)


@pytest.mark.usefixtures("with_data")
def test_the_report_follows_its_title_and_breakdowns(open_app: Open) -> None:
    app = open_app("report.py")
    app.text_input(key="report_title").set_value("Q1").run()
    app.multiselect(key="sheets").set_value(["product"]).run()
    assert not app.exception
    labels = [tab.label for tab in app.tabs]
    assert "Product" in labels
    assert "Device" not in labels


@pytest.mark.usefixtures("with_data")
def test_an_import_is_undone_and_brought_back(open_app: Open) -> None:
    app = open_app("data.py")
    app.button(key="undo_1").click().run()
    assert not app.exception
    app.button(key="redo_1").click().run()
    assert not app.exception
    assert app.button(key="undo_1").label == "Undo"


@pytest.mark.usefixtures("with_data")
def test_the_time_zone_is_kept(open_app: Open, home: Path) -> None:
    app = open_app("data.py")
    app.selectbox(key="time_zone").set_value("UTC").run()
    assert not app.exception
    assert session._workspace(home, "shop").settings["time_zone"] == "UTC"


@pytest.mark.usefixtures("with_data")
def test_whether_vat_is_in_the_orders_is_asked_once(open_app: Open, home: Path) -> None:
    app, shop = open_app("data.py"), session._workspace(home, "shop")
    assert "Do the amounts of your orders include VAT?" in said(app)
    app.button(key="tax_yes").click().run()
    assert not app.exception
    assert shop.settings["prices_include_tax"] is True
    assert "Do the amounts of your orders include VAT?" not in said(app)
    shop.settings["prices_include_tax"] = None
    assert "Do the amounts of your orders include VAT?" not in said(app.run())


@pytest.mark.usefixtures("with_data")
def test_amounts_without_vat_are_smaller_and_say_so(open_app: Open, home: Path, truth: Truth) -> None:
    shop = session._workspace(home, "shop")
    shop.settings["prices_include_tax"] = True
    shop.settings["tax_basis"] = "net"
    revenue = open_app().metric[0]
    assert revenue.label == "Revenue after refunds, excl. VAT"
    net = float(truth.net_sales - truth.refunds) / 1.23
    assert float(revenue.value.removeprefix("PLN").replace(",", "").strip()) == pytest.approx(net, abs=0.05)


@pytest.mark.usefixtures("with_data")
def test_a_rate_typed_in_joins_two_currencies(open_app: Open, home: Path, truth: Truth) -> None:
    shop = session._workspace(home, "shop")
    shop.add(
        orders({"Created at": "2026-03-10 12:00:00 +0100", "Currency": "EUR", "Id": "9001", "Name": "#9001"}),
        name="euro.csv",
    )
    assert "revenue" in shop.ask(kpi.Query(("revenue",))).refused
    app = open_app("data.py")
    (rate,) = [one for one in app.number_input if one.label == "is worth, in PLN"]
    rate.set_value(4.0)
    (use,) = [one for one in app.button if one.label == "Use this rate"]
    use.click().run()
    assert not app.exception
    total = shop.ask(kpi.Query(("revenue",))).totals["revenue"]
    assert total == pytest.approx(float(truth.net_sales - truth.refunds) + 400)


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize("lang", ["en", "pl"])
def test_who_buys_stands_open_under_the_average_order(open_app: Open, lang: Language) -> None:
    app = open_app("explore.py", lang, kpi="aov", by="country")
    titles = [words(lang).t(one) for one in ("Share of customers", "Share of revenue")]
    assert any(set(titles) <= {str(one) for one in _titles(table)} for table in app.dataframe)


def _titles(table: Any) -> list[str]:
    """What the columns of a table are called, from its configuration."""
    configured = json.loads(table.proto.columns or "{}")
    return [column.get("label") or name for name, column in configured.items() if column]


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize("page", PAGES)
def test_another_language_is_chosen_in_the_sidebar(open_app: Open, page: str) -> None:
    app = open_app(page)
    app.segmented_control(key="lang").set_value("pl").run()
    assert not app.exception
    assert app.title[0].value == TITLES["pl"][PAGES.index(page)]
    assert app.query_params["lang"] == "pl"


@pytest.mark.parametrize(("page", "lang"), [("overview.py", "pl"), ("explore.py", "en")])
def test_a_link_to_a_demo_shop_that_nobody_has_opened_offers_to_make_it(
    home: Path, open_app: Open, page: str, lang: Language
) -> None:
    app = open_app(page, lang, ws="demo", kpi="orders", period="quarter")
    assert words(lang).t("This link opens the demo shop, which nobody has opened on this server yet.") in said(app)
    assert [button.key for button in app.button] == ["demo_make"]
    assert not list(home.glob("demo*"))
    app.button(key="demo_make").click().run(timeout=60)
    assert not app.exception
    assert (app.session_state["ws"], app.session_state["period"]) == ("demo", "quarter")
    assert app.query_params["kpi"] == "orders"
    assert app.metric


@pytest.mark.parametrize("name", ["nobody", "../shop", "SHOP", "-", "a" * 41])
def test_an_unknown_workspace_is_not_made(open_app: Open, home: Path, name: str) -> None:
    app = open_app(ws=name)
    assert app.error[0].value == "The link names a workspace that is not on this server, or that you may not see."
    assert list(home.iterdir()) == []


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"period": "bogus"}, "Period. Shown instead: all days"),
        ({"days": "2026-13-01"}, "From – to. Shown instead: all days"),
        ({"days": ["2026-02-01", "2026-01-01"]}, "From – to. Shown instead: all days"),
        ({"f": "nonsense"}, "Filters. Shown instead: no filter"),
        ({"kpi": "unheard_of"}, "KPI. Shown instead: what this page shows at first"),
        ({"by": "shoe_size"}, "By. Shown instead: what this page shows at first"),
        ({"grain": "fortnight"}, "Over time by. Shown instead: what this page shows at first"),
        ({"lang": "de"}, "Language. Shown instead: your browser's language"),
        (
            {"period": "x", "days": "y", "f": "z"},
            "Period, From – to and Filters. Shown instead: all days and no filter",
        ),
    ],
)
def test_an_unreadable_part_of_a_link_is_named_as_its_control_is(
    open_app: Open, link: dict[str, Any], said: str
) -> None:
    app = open_app(**link)
    assert app.warning[0].value == f"This link could not be read in full: {said}."


def test_every_part_of_a_link_has_a_name() -> None:
    for part in address.FIELDS:
        assert misread_link(words("pl"), [part])
