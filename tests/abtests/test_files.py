"""What a file of a test may look like: free columns, no column of people, rows of orders or sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from kpi import Load, Workspace
from kpi.abtests import Design, Measure
from kpi.errors import BadExperiment

TODAY = date(2026, 4, 1)
FREE = (
    "user_id;variant;converted;wartosc_przed;sesje;wyslano;newsletter;kolor;imie;order_no;komentarz\n"
    "1;A;1;10,5;3;1;tak;czerwony;Anna;9001;lubię\n"
    "2;A;0;;1;1;nie;niebieski;Jan;9002;tak sobie\n"
    "3;B;1;1 200,25;0;1;tak;czerwony;Ewa;9003;może\n"
    "4;B;0;7,75;2;1;nie;;Ola;9004;nie\n"
)
SESSIONS = (
    "user_id,variant,session_id,timestamp,conversions,revenue,device\n"
    "1,A,s1,2026-03-01 10:00:00,0,,mobile\n"
    "1,A,s2,2026-03-02 10:00:00,1,50.00,desktop\n"
    "2,A,s3,2026-03-02 11:00:00,0,,mobile\n"
    "3,B,s4,2026-03-01 12:00:00,1,20.00,desktop\n"
    "3,B,s5,2026-03-05 12:00:00,1,30.00,desktop\n"
    "4,B,s6,2026-03-05 12:00:00,0,,desktop\n"
)
NO_PEOPLE = "segment,visit,spend,history\n" + "".join(
    f"{arm},{place % 2},{place}.50,{place * 10}\n" for place, arm in enumerate(["No E-Mail", "E-Mail"] * 6)
)


@pytest.fixture
def shop() -> Iterator[Workspace]:
    with Workspace(":memory:") as shop:
        yield shop


def added(shop: Workspace, text: str, name: str, **answers: object) -> Load:
    load = shop.add(text.encode(), name=name, answers={"currency": "PLN", **answers})
    rows = load.rows
    assert rows.read == rows.loaded + rows.refused + rows.totals + rows.set_aside + rows.unchanged
    return load


def test_columns_that_no_field_takes_are_kept_as_numbers_and_categories(shop: Workspace) -> None:
    added(shop, FREE, "kolor.csv")
    (held,) = shop.experiments.held()
    assert [(one.name, one.kind, one.filled) for one in held.numbers] == [
        ("conversions", "flag", 4),
        ("wartosc_przed", "amount", 3),
        ("sesje", "count", 4),
        ("wyslano", "flag", 4),
        ("newsletter", "flag", 4),
    ]
    assert [one.name for one in held.categories] == ["kolor", "komentarz", "sesje", "newsletter"]
    moments = shop.experiments.judge(
        Design("kolor", "A", Measure("mean", "wartosc_przed", "left_out"), (Measure("proportion", "newsletter"),)),
        TODAY,
    ).observed
    assert {arm: (one.n, one.mean) for arm, one in moments.moments("mean:wartosc_przed").items()} == {
        "A": (1, 10.5),
        "B": (2, (1200.25 + 7.75) / 2),
    }
    assert {arm: one.mean for arm, one in moments.moments("proportion:newsletter").items()} == {"A": 0.5, "B": 0.5}
    by_number = Design("kolor", "A", Measure("proportion", "conversions"), segments=("sesje", "kolor"))
    observed = shop.experiments.judge(by_number, TODAY).observed
    assert set(observed.by_segment("proportion:conversions", "sesje")) == {"0", "1", "2", "3"}
    assert set(observed.by_segment("proportion:conversions", "kolor")) == {"czerwony", "niebieski", None}


def test_no_name_and_no_number_of_a_person_is_kept(shop: Workspace) -> None:
    load = added(shop, FREE, "kolor.csv")
    assert "Columns that were not used: imie, order_no." in [str(note) for note in load.notes]
    stored = str(shop._store.rows("from rows.experiment_units"))
    assert not any(word in stored for word in ("Anna", "Ewa", "9001", "imie"))


def test_a_postcode_stays_in_the_file_and_a_kind_of_place_does_not(shop: Workspace) -> None:
    added(shop, "user_id,variant,converted,zip_code\n1,A,1,Rural\n2,B,0,Urban\n", "place.csv")
    assert [one.name for one in shop.experiments.held()[0].categories] == ["zip_code"]
    added(shop, "user_id,variant,converted,zip_code\n1,A,1,02-697\n2,B,0,02-697\n", "place.csv")
    assert shop.experiments.held()[0].categories == ()


def test_free_text_of_many_values_stays_in_the_file(shop: Workspace) -> None:
    rows = "".join(f"{place},{'AB'[place % 2]},{place % 2},note {place},{place % 30}x\n" for place in range(400))
    load = added(shop, "user_id,variant,converted,comment,plan\n" + rows, "plans.csv")
    assert "Columns that were not used: comment." in [str(note) for note in load.notes]
    assert [one.name for one in shop.experiments.held()[0].categories] == ["plan"]


def test_a_free_column_called_like_one_of_ours_is_numbered(shop: Workspace) -> None:
    added(shop, "user_id,variant,converted,Orders,orders,Unit\n1,A,1,2,7,5\n2,B,0,0,8,6\n", "names.csv")
    (held,) = shop.experiments.held()
    assert [one.name for one in held.numbers] == ["conversions", "orders", "orders (2)", "Unit (2)"]


def test_rows_of_sessions_are_added_up_to_their_person_and_that_is_said(shop: Workspace) -> None:
    """A: person 1 has 50 in two sessions, person 2 nothing; B: person 3 has 20 + 30, person 4 nothing."""
    load = added(shop, SESSIONS, "sessions.csv")
    assert any("added up for each person" in str(note) for note in load.notes)
    (held,) = shop.experiments.held()
    assert (held.rows, held.rows_are) == (6, "event")
    found = shop.experiments.judge(Design("sessions", "A", Measure("mean", "revenue_amount")), TODAY)
    assert (found.observed.intake.rows, found.observed.intake.units) == (6, 4)
    moments = found.observed.moments("mean:revenue_amount")
    assert {arm: (one.n, one.mean, one.var) for arm, one in moments.items()} == {
        "A": (2, 25.0, 1250.0),
        "B": (2, 25.0, 1250.0),
    }
    converted = shop.experiments.judge(Design("sessions", "A", Measure("proportion", "conversions")), TODAY)
    assert {arm: one.mean for arm, one in converted.observed.moments("proportion:conversions").items()} == {
        "A": 0.5,
        "B": 0.5,
    }


def test_an_order_in_several_rows_is_refused_for_its_amount_may_be_repeated(shop: Workspace) -> None:
    added(shop, SESSIONS.replace("s5", "s4"), "sessions.csv")
    with pytest.raises(BadExperiment) as raised:
        shop.experiments.judge(Design("sessions", "A", Measure("mean", "revenue_amount")), TODAY)
    assert str(raised.value.title) == "Orders or sessions stand in several rows"


def test_a_file_without_people_is_asked_about_and_each_row_is_a_person(shop: Workspace) -> None:
    load = added(shop, NO_PEOPLE, "mailing.csv")
    assert [question.key for question in load.questions] == ["table", "columns"]
    assert load.questions[0].suggested == "experiment_units"
    assert load.questions[1].suggested == {"arm": "segment", "revenue": "spend"}
    answers = {"table": "experiment_units", "columns": load.questions[1].suggested}
    load = added(shop, NO_PEOPLE, "mailing.csv", **answers)
    assert any("each row is taken for another person" in str(note) for note in load.notes)
    design = shop.experiments.suggested("mailing")
    assert (design.control, design.primary) == ("No E-Mail", Measure("proportion", "visit"))
    assert design.others == (Measure("mean", "revenue_amount", covariate="history"),)
    found = shop.experiments.judge(design, TODAY)
    # No E-Mail has rows 0, 2, … 10: mean (0.5 + 2.5 + … + 10.5) / 6 = 5.5; E-Mail has 1, 3, … 11: 6.5
    assert {arm: (one.n, one.mean) for arm, one in found.observed.moments("mean:revenue_amount").items()} == {
        "E-Mail": (6, 6.5),
        "No E-Mail": (6, 5.5),
    }


def test_a_unit_that_is_an_address_is_the_customer_and_can_be_erased(shop: Workspace) -> None:
    text = "email,variant,revenue\nanna@example.com,A,10\njan@example.com,A,20\newa@example.com,B,30\nola@example.com,B,40\n"
    added(shop, text, "letter.csv")
    stored = [unit for (unit,) in shop._store.rows("select unit from rows.experiment_units order by row_no")]
    assert stored[0] == shop._store.customer_key("anna@example.com")
    design = Design("letter", "A", Measure("mean", "revenue_amount"))
    assert shop.experiments.judge(design, TODAY).observed.units == {"A": 2, "B": 2}
    assert shop.erase_person("Anna@example.com") == 1
    found = shop.experiments.judge(design, TODAY).observed
    assert found.units == {"A": 1, "B": 2}
    assert [(str(one.rule), one.count) for one in found.intake.left_out] == [
        ("Rows without a unit are left out: nobody can be told apart in them.", 1)
    ]
    added(shop, text + "\n", "letter.csv", account="again")
    assert shop.experiments.judge(design, TODAY).observed.units == {"A": 1, "B": 2}


def test_duplicates_and_people_in_two_arms_are_left_out_and_counted(shop: Workspace) -> None:
    text = (
        "user_id,variant,timestamp,converted\n1,A,2026-03-01,1\n1,A,2026-03-02,0\n2,A,2026-03-01,0\n2,B,2026-03-01,1\n"
        "3,B,2026-03-01,1\n4,B,2026-03-01,0\n5,A,2026-03-01,0\n"
    )
    added(shop, text, "twice.csv")
    found = shop.experiments.judge(Design("twice", "A", Measure("proportion", "conversions")), TODAY).observed
    assert (found.units, found.intake.in_two_arms) == ({"A": 2, "B": 2}, 1)
    assert sorted((one.count, str(one.rule)) for one in found.intake.left_out) == [
        (1, "Of a unit with several rows the earliest counts; its other rows are left out."),
        (1, "Units whose rows name several variants are left out of all of them."),
    ]
    assert {arm: one.nonzero for arm, one in found.moments("proportion:conversions").items()} == {"A": 1, "B": 1}


def test_a_newer_file_counts_in_place_of_an_older_one_under_another_format(shop: Workspace) -> None:
    added(shop, "user_id,variant,converted\n1,A,1\n2,B,0\n", "both.csv")
    added(shop, "user_id,variant,revenue\n1,A,10\n2,B,20\n3,B,30\n4,A,0\n", "both.csv")
    (held,) = shop.experiments.held()
    assert (held.rows, [one.name for one in held.numbers]) == (4, ["revenue_amount"])


def test_amounts_in_two_currencies_are_refused_and_conversion_is_not(shop: Workspace) -> None:
    text = "user_id,variant,converted,revenue,currency\n1,A,1,10,PLN\n2,A,0,0,PLN\n3,B,1,20,EUR\n4,B,0,0,PLN\n"
    added(shop, text, "money.csv")
    assert shop.experiments.held()[0].currencies == ("EUR", "PLN")
    with pytest.raises(BadExperiment) as raised:
        shop.experiments.judge(Design("money", "A", Measure("mean", "revenue_amount")), TODAY)
    assert str(raised.value.title) == "The amounts of this test are in several currencies"
    found = shop.experiments.judge(Design("money", "A", Measure("proportion", "conversions")), TODAY)
    assert found.verdict.code == "not_enough_data"


def test_orders_with_a_variant_may_be_a_shops_and_are_asked_about(shop: Workspace) -> None:
    """A variant of two values in a file of orders is a product's as well as a test's."""
    rows = "".join(f"o{n},{n // 2},{'SM'[n // 2 % 2]},2026-03-{1 + n:02d},{n}.50\n" for n in range(12))
    text = "order_id,user_id,variant,order_date,revenue\n" + rows
    load = added(shop, text, "orders.csv")
    assert [question.key for question in load.questions] == ["table", "columns"]
    answers = {"table": "experiment_units", "columns": load.questions[1].suggested}
    assert any("added up for each person" in str(note) for note in added(shop, text, "orders.csv", **answers).notes)
    assert shop.experiments.held()[0].rows_are == "event"


def test_a_report_by_segment_is_no_test(shop: Workspace) -> None:
    """A line for each segment: nothing stands in many rows, so there are no variants."""
    load = added(shop, "segment,clicks,conversions,revenue\nmen,100,5,20\nwomen,120,7,50\nkids,5,1,10\n", "report.csv")
    assert load.questions
    assert all(question.suggested != "experiment_units" for question in load.questions)


def test_an_outcome_without_any_value_is_nothing_to_compare(shop: Workspace) -> None:
    added(shop, "user_id,variant,converted\n1,A,\n2,B,\n3,A,\n4,B,\n", "empty.csv")
    with pytest.raises(BadExperiment) as raised:
        shop.experiments.suggested("empty")
    assert str(raised.value.title) == "Nothing can be compared in this test"
