"""The A/B tests screen: nothing yet, every verdict, every control, bad links and bad counts, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest

from kpi import Workspace
from kpi.abtests import Design
from kpi.experiment import ArmCount
from kpi.wording import Language, words
from pages.shared import address, session
from pages.shared.abtests.counts import half_typed
from pages.shared.abtests.workbook import book_of
from tests.rows import load_rows, order
from tests.tested import visitors

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"
LOCALES: dict[Language, str] = {"en": "en-GB", "pl": "pl-PL"}
LANGUAGES: tuple[Language, ...] = ("en", "pl")
Open = Callable[..., AppTest]

LETTERS = b"email,variant,assigned_at,bought\n" + b"".join(
    f"k{number}@example.com,{'AB'[number > 3]},2026-03-01 10:00:00,{number % 2}\n".encode() for number in range(1, 7)
)
COUNTS: dict[str, tuple[tuple[ArmCount, ...], dict[str, Any]]] = {
    # 5.0 % against 6.5 %: z = 4.56, far beyond any boundary
    "win": ((ArmCount("A", 10_000, 500), ArmCount("B", 10_000, 650)), {}),
    "loss": ((ArmCount("A", 10_000, 650), ArmCount("B", 10_000, 500)), {}),
    "no_difference": ((ArmCount("A", 10_000, 500), ArmCount("B", 10_000, 505)), {"units": 20_000}),
    "keep_running": ((ArmCount("A", 10_000, 500), ArmCount("B", 10_000, 540)), {}),
    # 10,000 against 9,000: chi-square of the split 52.6
    "blocked": ((ArmCount("A", 10_000, 500), ArmCount("B", 9_000, 500)), {}),
    "not_enough_data": ((ArmCount("A", 500, 20), ArmCount("B", 500, 30)), {}),
}
WORDS: dict[str, dict[Language, str]] = {
    "win": {"en": "Win", "pl": "Wygrana"},
    "loss": {"en": "Loss", "pl": "Przegrana"},
    "no_difference": {"en": "No difference", "pl": "Brak różnicy"},
    "keep_running": {"en": "Keep running", "pl": "Kontynuuj test"},
    "blocked": {"en": "Blocked", "pl": "Wstrzymane"},
    "not_enough_data": {"en": "Not enough data", "pl": "Za mało danych"},
}
COLOURS = {"win": ":blue[", "loss": ":orange["}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KOSZYK_HOME", str(tmp_path))
    yield tmp_path
    session._workspace.clear()


@pytest.fixture
def shop(home: Path) -> Workspace:
    return session._workspace(home, session.DEFAULT_WORKSPACE)


@pytest.fixture
def open_test(home: Path) -> Open:
    """`open_test(language, asked=Design, **link)`: a browser tab that opens a link to the screen."""

    def open_one(language: Language = "en", asked: Design | None = None, **link: str) -> AppTest:
        app = AppTest.from_file(str(SHELL), default_timeout=30)
        app.context = {"locale": LOCALES[language], "timezone": "Europe/Warsaw", "theme": "light"}
        app.run().switch_page("experiments.py").run()
        assert not app.exception, app.exception
        if asked is not None:
            link["design"] = json.dumps(asked.as_dict())
        for name, value in link.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return open_one


@pytest.fixture
def visited(shop: Workspace) -> Workspace:
    """A workspace that holds the test `checkout`."""
    shop.add(visitors(), name="checkout.csv")
    return shop


def said(app: AppTest) -> str:
    kinds = (app.title, app.markdown, app.caption, app.info, app.warning, app.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def design_of(app: AppTest) -> Design:
    """What the address asks."""
    return Design.of(json.loads(app.query_params["design"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_test_there_is_one_sentence_and_the_ways_in(open_test: Open, language: Language) -> None:
    app, say = open_test(language), words(language)
    assert app.title[0].value == {"en": "A/B tests", "pl": "Testy A/B"}[language]
    sentence = "Drop the file of a test, and read a verdict that holds: who won, by how much, how sure."
    assert say.t(sentence) in said(app)
    labels = [one.label for one in app.expander]
    assert labels == [say.t("Type or paste counts"), say.t("Plan a test")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", COUNTS)
def test_every_verdict_stands_in_its_word_colour_and_sentence(
    shop: Workspace, open_test: Open, code: str, language: Language
) -> None:
    counts, plan = COUNTS[code]
    shop.experiments.add_counts("test", counts)
    suggested = shop.experiments.suggested("test")
    design = Design.of(suggested.as_dict() | plan)
    app = open_test(language, design)
    head = next(one.value for one in app.markdown if one.value.startswith("**:"))
    sentence = next(one.value for one in app.markdown if one.value.startswith("## "))
    colour = COLOURS.get(code, ":gray[")
    assert head.startswith(f"**{colour}")
    assert WORDS[code][language] in head
    assert sentence.startswith(f"## {colour}")
    assert not app.error


def test_the_sentence_of_a_win_has_its_range(shop: Workspace, open_test: Open) -> None:
    """Newcombe at the planned end, from Wilson's 6.0333–7.0001 % of 650/10,000 and 4.5899–5.4447 % of 500/10,000:
    1.5 − √(0.4667² + 0.4447²) = 0.855 and 1.5 + √(0.5001² + 0.4101²) = 2.147 points."""
    shop.experiments.add_counts("test", COUNTS["win"][0])
    design = Design.of(shop.experiments.suggested("test").as_dict() | {"units": 20_000})
    app = open_test("en", design)
    sentence = next(one.value for one in app.markdown if one.value.startswith("## "))
    assert "raises conversion rate by 0\\.86\u00a0pp to 2\\.15\u00a0pp" in sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", ["segments", "time", "methods", "quantile", "factors"])
def test_every_closer_look_draws(visited: Workspace, open_test: Open, look: str, language: Language) -> None:
    app = open_test(language, look=look)
    assert not app.error
    assert app.query_params["look"] == look


def test_what_is_closed_is_not_computed(visited: Workspace, open_test: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for name in ("quantile", "results", "traffic"):
        monkeypatch.setattr(visited.experiments, name, lambda *args, name=name, **more: asked.append(name) or ())
    open_test()
    assert asked == []


def test_segments_are_told_with_holm_and_the_interaction(visited: Workspace, open_test: Open) -> None:
    app = open_test(look="segments")
    assert "interaction, p = " in said(app).replace("\\", "")
    assert "(Holm)" in said(app)


def test_a_changed_plan_changes_the_verdict_at_once(shop: Workspace, open_test: Open) -> None:
    shop.experiments.add_counts("test", COUNTS["keep_running"][0])
    app = open_test(step="plan")
    assert "Keep running" in said(app)
    app.number_input(key="ab_units").set_value(20_000).run()
    assert not app.exception
    assert "No difference" in said(app)
    assert design_of(app).units == 20_000


def test_each_control_of_the_plan_is_in_the_address(visited: Workspace, open_test: Open) -> None:
    app = open_test(step="plan")
    app.selectbox(key="ab_control").set_value("new").run()
    app.segmented_control(key="ab_direction").set_value(False).run()
    app.toggle(key="ab_equal").set_value(False).run()
    app.number_input(key="ab_weight_0").set_value(3.0).run()
    app.date_input(key="ab_end").set_value(date(2026, 3, 31)).run()
    app.number_input(key="ab_margin").set_value(1.5).run()
    app.multiselect(key="ab_segments").set_value([]).run()
    assert not app.exception
    asked = design_of(app)
    assert (asked.control, asked.primary.is_higher_better, asked.end) == ("new", False, date(2026, 3, 31))
    assert (dict(asked.split), asked.margin, asked.segments) == ({"control": 3.0, "new": 1.0}, 0.015, ())


def test_a_mean_may_be_adjusted_and_winsorised(visited: Workspace, open_test: Open) -> None:
    app = open_test(step="plan", look="methods")
    revenue = next(one for one in app.selectbox(key="ab_primary").options if one == "Revenue per visitor")
    app.selectbox(key="ab_primary").select(revenue).run()
    app.selectbox(key="ab_covariate").select("Revenue_before").run()
    app.selectbox(key="ab_winsor").select("above the 99.0% quantile").run()
    app.toggle(key="ab_cuped").set_value(True).run()
    assert not app.exception
    asked = design_of(app)
    assert (asked.primary.kind, asked.primary.covariate, asked.primary.winsor_share) == ("mean", "revenue_before", 0.99)
    assert asked.is_adjusted
    (table,) = [one.value for one in app.dataframe if "Variance explained" in one.value.columns]
    assert len(table) == 3


def test_empty_revenue_is_asked_and_changes_the_number(visited: Workspace, open_test: Open) -> None:
    app = open_test(step="plan")
    before = _value(app, "Revenue per visitor", "control")
    app.radio(key="ab_empty_revenue_amount").set_value("left_out").run()
    assert not app.exception
    assert _value(app, "Revenue per visitor", "control") != before
    # of 980 control visitors every tenth place bought: 98 orders, whose mean is the revenue of a buyer
    assert _units(app, "Revenue per visitor", "control") == "98"


def test_average_order_value_stands_beside_revenue_per_visitor(visited: Workspace, open_test: Open) -> None:
    metrics = set(_table(open_test())["metric"])
    assert {"Revenue per visitor", "Average order value"} <= metrics


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_plan_the_usual_p_is_there_in_grey_and_explained(
    visited: Workspace, open_test: Open, language: Language
) -> None:
    app, say = open_test(language), words(language)
    assert "usual" in _table(app).columns
    told = say.t("Usual p, in grey: it would hold only had an end been planned before the first look.")
    assert told in said(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workings_open_with_formula_numbers_and_sql(
    visited: Workspace, open_test: Open, language: Language
) -> None:
    app = open_test(language)
    app.button(key="workings_of_verdict").click().run()
    assert not app.exception
    assert words(language).t("Half width that may be looked at every day") in said(app)
    assert any("COUNT" in one.value.upper() for one in app.code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_saved_result_says_whether_its_inputs_are_the_same(
    visited: Workspace, open_test: Open, language: Language
) -> None:
    app, say = open_test(language), words(language)
    app.button(key="ab_keep").click().run()
    app.session_state["ab_results"] = True
    app.run()
    assert say.t("inputs unchanged") in said(app)
    visited.experiments.add_counts("test", COUNTS["win"][0])
    visited.undo(visited.imports()[-1].id)
    app.run()
    assert not app.exception
    assert say.t("inputs have changed since") in said(app)
    app.button(key="ab_forget_1").click().run()
    assert visited.experiments.results() == ()


def test_saved_results_stand_side_by_side(shop: Workspace, open_test: Open) -> None:
    for name, code in (("first", "win"), ("second", "loss")):
        shop.experiments.add_counts(name, COUNTS[code][0])
        shop.experiments.save(shop.experiments.suggested(name), date(2026, 3, 1), name)
    app = open_test()
    app.session_state["ab_results"] = True
    app.run()
    app.multiselect(key="ab_results_compared").set_value([1, 2]).run()
    (table,) = [one.value for one in app.dataframe if "Verdict" in one.value.columns]
    assert list(table["Verdict"]) == ["Loss", "Win"]
    app.button(key="ab_open_1").click().run()
    assert design_of(app).experiment == "first"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_test_is_planned_from_what_was_learnt(shop: Workspace, open_test: Open, language: Language) -> None:
    """5 % and a tenth of it more, Fleiss' formula: 31,234 a variant."""
    shop.experiments.add_counts("test", COUNTS["win"][0])
    wanted = {"kind": "proportion", "baseline": 0.05, "effect": 0.005, "units_a_day": 5000}
    app = open_test(language, next=json.dumps(wanted))
    say = words(language)
    assert say.n("{n} unit in all", "{n} units in all", 62_468) in said(app)
    assert say.n("About {n} whole week of this traffic", "About {n} whole weeks of this traffic", 2) in said(app)


def test_the_planner_follows_its_controls(shop: Workspace, open_test: Open) -> None:
    shop.experiments.add_counts("test", COUNTS["win"][0])
    app = open_test(next=json.dumps({"kind": "proportion", "baseline": 0.05, "effect": 0.005}))
    app.number_input(key="ab_next_effect").set_value(20.0).run()
    app.number_input(key="ab_next_arms").set_value(3).run()
    assert not app.exception
    asked = json.loads(app.query_params["next"])
    assert (asked["effect"], asked["arms"]) == (pytest.approx(0.01), 3)


@pytest.mark.parametrize(
    "link",
    [
        {"design": "no json"},
        {"design": "[]"},
        {"design": '{"experiment": 1}'},
        {"next": '{"kind": "guess"}'},
        {"next": '{"kind": "proportion", "baseline": "much", "effect": 0.1}'},
        {"look": "palm"},
        {"step": "third"},
    ],
)
def test_an_unreadable_part_of_a_link_is_said(visited: Workspace, open_test: Open, link: dict[str, str]) -> None:
    app = open_test(**link)
    assert "This link could not be read in full" in app.warning[0].value
    assert any(one.value.startswith("## ") for one in app.markdown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_to_a_test_that_is_gone_says_so(visited: Workspace, open_test: Open, language: Language) -> None:
    design = Design.of(visited.experiments.suggested("checkout").as_dict() | {"experiment": "gone"})
    app = open_test(language, design)
    assert "gone" in app.warning[0].value
    assert design_of(app).experiment == "checkout"


ASSIGNED = b"user_id,variant,assigned_at\nu1,A,2026-03-01\nu2,B,2026-03-02\nu3,A,2026-03-02\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_test_without_outcomes_says_why_and_leaves_the_others(
    shop: Workspace, open_test: Open, language: Language
) -> None:
    """Nothing can be asked of who saw what as long as nobody in it has ordered."""
    columns = {"unit": "user_id", "arm": "variant", "assigned_at": "assigned_at"}
    shop.add(ASSIGNED, name="assigned.csv", answers={"table": "experiment_units", "columns": columns})
    app = open_test(language)
    assert len(app.error) == 1
    assert words(language).t("Another test") in said(app)
    shop.add(visitors(), name="checkout.csv")
    app.run()
    assert design_of(app).experiment == "checkout"
    app.query_params["step"] = "file"
    app.run()
    app.selectbox(key="ab_test").set_value("assigned").run()
    assert not app.exception
    assert len(app.error) == 1
    assert design_of(app).experiment == "checkout"


def test_a_link_to_a_plan_alone_opens_it(visited: Workspace, open_test: Open) -> None:
    app = open_test(next=json.dumps({"kind": "proportion", "baseline": 0.05, "effect": 0.005}))
    assert "62,468 units in all" in said(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "wrong",
    [
        {"control": "nobody"},
        {"primary": {"kind": "mean", "column": "nowhere"}},
        {"primary": {"kind": "ratio", "column": "revenue_amount"}},
        {"units": -5},
        {"margin": 0},
        {"split": [["control", -1.0], ["new", 1.0]]},
    ],
)
def test_a_question_that_cannot_be_answered_is_a_sentence(
    visited: Workspace, open_test: Open, wrong: dict[str, Any], language: Language
) -> None:
    design = Design.of(visited.experiments.suggested("checkout").as_dict() | wrong)
    app = open_test(language, design, step="plan")
    assert len(app.error) == 1
    assert words(language).t("cannot be computed") in said(app)


def test_typed_counts_are_judged_and_stand_in_the_journal(shop: Workspace, open_test: Open) -> None:
    app = open_test()
    app.session_state["ab_type"] = True
    app.run()
    app.text_input(key="ab_name").set_value("Green button")
    app.text_area(key="ab_pasted").set_value("A\t10 000\t500\nB\t10 000\t650")
    app.button(key="ab_judge").click().run()
    assert not app.exception
    assert [one.name for one in shop.experiments.held()] == ["Green button"]
    assert "Win" in said(app)
    shop.undo(shop.imports()[0].id)
    assert shop.experiments.held() == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "pasted", ["A\t10\nB\t10", "A\t100\t5\nB\t1.5\t5", "A\t10\t50\nB\t10\t5", "A\t10\t5\t1.234\nB\t10\t5\t2"]
)
def test_counts_that_cannot_be_read_are_refused(
    shop: Workspace, open_test: Open, pasted: str, language: Language
) -> None:
    app = open_test(language)
    app.session_state["ab_type"] = True
    app.run()
    app.text_area(key="ab_pasted").set_value(pasted)
    app.button(key="ab_judge").click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert shop.experiments.held() == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workspaces_orders_may_be_the_outcomes(shop: Workspace, open_test: Open, language: Language) -> None:
    """Of three people on either side one ordered after she was assigned, for 100 and for 60; the last day does not count."""
    answers = {
        "columns": {"customer_email": "email", "arm": "variant", "assigned_at": "assigned_at", "converted": "bought"}
    }
    shop.add(LETTERS, name="letter.csv", answers={"table": "experiment_units", **answers})
    shop.settings["currency"] = "PLN"
    placed = {"k1": ("2026-03-05 10:00:00", 100), "k4": ("2026-03-06 10:00:00", 60), "k5": ("2026-03-20 10:00:00", 70)}
    people = {name: shop._store.customer_key(f"{name}@example.com") for name in placed}
    load_rows(shop, orders=[order(name, day, paid, customer_key=people[name]) for name, (day, paid) in placed.items()])
    app, say = open_test(language, step="plan"), words(language)
    app.radio(key="ab_outcomes").set_value("orders").run()
    assert not app.exception
    assert not app.error
    assert design_of(app).outcomes == "orders"
    revenue = {"en": "Revenue per customer", "pl": "Przychód na klienta"}[language]
    assert [_value(app, revenue, arm) for arm in "AB"] == [say.money(100 / 3, "PLN"), say.money(60 / 3, "PLN")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_twenty_variants_stand_side_by_side(shop: Workspace, open_test: Open, language: Language) -> None:
    """5 % everywhere but in the last one, 8 %: against nineteen comparisons it still wins, and a twenty-first is too many."""
    arms = [ArmCount(f"v{number:02d}", 10_000, 800 if number == 19 else 500) for number in range(20)]
    shop.experiments.add_counts("many", arms)
    app = open_test(language, step="plan")
    app.toggle(key="ab_equal").set_value(False).run()
    assert not app.exception
    assert len(_table(app)) == 20
    assert "“v19”" in said(app) or "„v19”" in said(app)
    assert app.number_input(key="ab_weight_19").value == 1.0
    shop.experiments.add_counts("too many", [*arms, ArmCount("v20", 10_000, 500)])
    app = open_test(language, Design.of(shop.experiments.suggested("too many").as_dict()))
    assert WORDS["blocked"][language] in said(app)
    assert not app.error


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blocked_verdict_has_a_workbook_that_says_why(shop: Workspace, language: Language) -> None:
    shop.experiments.add_counts("test", COUNTS["blocked"][0])
    design = shop.experiments.suggested("test")
    found, made_at = shop.experiments.judge(design, date(2026, 3, 1)), datetime(2026, 3, 1, 12)
    content = book_of(found, language, made_at)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    cells = {cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    (reason,) = found.verdict.reasons
    assert {words(language).say(found.verdict.sentence), words(language).say(reason)} <= cells


def test_a_line_of_counts_that_is_half_typed_is_named() -> None:
    """Left out without a word, the third variant would change which split and how many comparisons are judged."""
    lines = [("A", 100, 10, None), ("B", 100, None, None), ("C", None, None, None), (None, 50, 5, None), (None,) * 4]
    table = pd.DataFrame(lines, columns=["arm", "visitors", "conversions", "revenue"])
    assert half_typed(table) == ("B", "C", "4")
    assert half_typed(table.head(1)) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_revenue_of_some_variants_only_is_asked_for(shop: Workspace, open_test: Open, language: Language) -> None:
    app = open_test(language)
    app.session_state["ab_type"] = True
    app.run()
    app.text_area(key="ab_pasted").set_value("A\t10 000\t500\t900\nB\t10 000\t650")
    app.button(key="ab_judge").click().run()
    assert not app.exception
    missing = "Some cells are missing: {lines}. Fill them in, or clear the whole line."
    assert app.warning[0].value.replace("\\", "") == words(language).t(missing, lines=("B",))
    assert shop.experiments.held() == ()


def test_an_accepted_loss_goes_with_the_metric_that_it_was_said_of(visited: Workspace, open_test: Open) -> None:
    """One percentage point of conversion is no hundredth of a złoty per visitor."""
    app = open_test(step="plan")
    app.number_input(key="ab_margin").set_value(1.0).run()
    assert design_of(app).margin == 0.01
    app.selectbox(key="ab_primary").select("Revenue per visitor").run()
    assert not app.exception
    assert (design_of(app).primary.kind, design_of(app).margin) == ("mean", None)
    assert "Conversion rate" in set(_table(app)["metric"])


def test_other_screens_do_not_carry_the_question(visited: Workspace, open_test: Open) -> None:
    app = open_test()
    assert "design" in app.query_params
    app.switch_page("data.py").run()
    assert "design" not in app.query_params
    app.switch_page("experiments.py").run()
    assert design_of(app).experiment == "checkout"


def test_the_fields_of_this_screen_belong_to_it_alone() -> None:
    own = {name for name, field in address.FIELDS.items() if field.page == "experiments"}
    assert own == {"design", "step", "arm", "look", "next"}


def _table(app: AppTest) -> Any:
    return next(one.value for one in app.dataframe if {"metric", "arm", "units"} <= set(one.value.columns))


def _row(app: AppTest, metric: str, arm: str) -> Any:
    table = _table(app)
    return table[(table["metric"] == metric) & (table["arm"] == arm)].iloc[0]


def _value(app: AppTest, metric: str, arm: str) -> str:
    return str(_row(app, metric, arm)["value"])


def _units(app: AppTest, metric: str, arm: str) -> str:
    return str(_row(app, metric, arm)["units"])
