"""Experiments: rows per person, counts per variant, and what is never taken for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from kpi import Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
UNITS = (
    "user_id,timestamp,group,landing_page,converted\n1,2026-03-01 10:00:00,control,/old?x=1,0\n"
    "2,2026-03-01 11:00:00,treatment,/new,1\n2,2026-03-02 11:00:00,treatment,/new,1\n3,2026-03-01 12:00:00,control,/old,0\n"
    "3,2026-03-03 12:00:00,treatment,/new,1\n"
)
COUNTS = 'Variation,Visitors,Conversions,Revenue\nControl,"1,000",50,500.50\nGreen button,990,61,610.00\nTotal,"1,990",111,"1,110.50"\n'


def test_every_row_of_a_person_is_kept_and_counted(read: Read, table: Table) -> None:
    (part,) = read(UNITS, "checkout test (1).csv")
    assert (part.format, part.confidence >= 0.9) == ("ab_per_user", True)
    columns = "experiment, occurrence, arm, assigned_at, conversions, landing_page"
    assert table(part, "experiment_units", columns) == [
        ("checkout test", 1, "control", datetime(2026, 3, 1, 10), 0.0, "/old"),
        ("checkout test", 1, "treatment", datetime(2026, 3, 1, 11), 1.0, "/new"),
        ("checkout test", 2, "treatment", datetime(2026, 3, 2, 11), 1.0, "/new"),
        ("checkout test", 1, "control", datetime(2026, 3, 1, 12), 0.0, "/old"),
        ("checkout test", 2, "treatment", datetime(2026, 3, 3, 12), 1.0, "/new"),
    ]
    assert [str(note) for note in part.notes][:2] == [
        "Rows of people who stand in the experiment more than once: 2.",
        "People who stand in more than one variant: 1.",
    ]


def test_a_word_for_no_value_is_no_variant_and_none_is_one(read: Read, table: Table) -> None:
    """A database writes NULL, pandas nan; “None” may well be the group that got nothing."""
    text = "user_id,variant,converted\n1,NULL,0\n2,nan,1\n3,None,0\n4, B ,1\n5,,1\n"
    (part,) = read(text)
    assert table(part, "experiment_units", "arm") == [("None",), ("B",)]
    assert (part.rows.loaded, part.rows.refused) == (2, 3)


def test_a_person_is_only_known_by_a_pseudonym(read: Read, table: Table) -> None:
    text = "user_id,variant,conversions\nanna@example.com,A,1\njan@example.com,B,0\n"
    (part,) = read(text)
    units = [row[0] for row in table(part, "experiment_units", "unit")]
    assert len(set(units)) == 2
    assert not any("@" in unit or "anna" in unit for unit in units)
    assert "anna" not in str(part.sample)


def test_counts_per_variant_leave_the_total_out(read: Read, table: Table) -> None:
    (part,) = read(COUNTS, "button.csv", currency="PLN")
    assert (part.format, part.rows.totals) == ("ab_counts", 1)
    assert table(part, "experiment_counts", "experiment, arm, visitors, conversions, revenue_amount, currency") == [
        ("button", "Control", 1000, 50.0, Decimal("500.5"), "PLN"),
        ("button", "Green button", 990, 61.0, Decimal(610), "PLN"),
    ]
    assert [(check.column, check.agrees) for check in part.check_totals] == [
        ("Visitors", True),
        ("Conversions", True),
        ("Revenue", True),
    ]


def test_polish_counts(read: Read, table: Table) -> None:
    (part,) = read("Wariant;Odwiedzający;Konwersje\nKontrola;1 000;50\nNowy;990;61\n", "przycisk.csv")
    assert table(part, "experiment_counts", "arm, visitors, conversions") == [
        ("Kontrola", 1000, 50.0),
        ("Nowy", 990, 61.0),
    ]


def test_a_row_without_a_variant_and_one_with_a_damaged_count_are_refused(read: Read) -> None:
    (units,) = read("user_id,variant,converted\n1,,1\n2,B,maybe\n3,B,0\n")
    assert (units.rows.loaded, units.rows.refused) == (1, 2)
    (counts,) = read("Variation,Visitors,Conversions\nA,ten,1\nB,20,2\n")
    assert (counts.rows.loaded, counts.rows.refused) == (1, 1)


def test_a_newer_file_of_an_experiment_replaces_it(tmp_path: Path) -> None:
    with Workspace(":memory:") as shop:
        for text in (UNITS, UNITS.replace("3,2026-03-03 12:00:00,treatment,/new,1\n", "")):
            (tmp_path / "checkout.csv").write_text(text, "utf-8")
            shop.add(tmp_path / "checkout.csv")
        assert shop._store.rows("select count(*) from live_experiment_units") == [(4,)]


def test_ad_reports_and_customers_are_no_experiments(read: Read) -> None:
    (ads,) = read(
        "Campaign,Variant,user,Conversions,Cost,Impr.\nA,1,u,2,3.00,9\n",
        period=("2026-01-01", "2026-01-31"),
        currency="PLN",
    )
    assert ads.format != "ab_per_user"
    (people,) = read("customer_id,group,orders\n1,gold,3\n")
    assert people.format != "ab_per_user"


def test_orders_of_people_in_named_variations_are_an_experiment(read: Read, table: Table) -> None:
    text = "visitor_id,variation_name,exposed_at,purchases,revenue\nv1,A,2025-09-01 10:00:00,1,100.50\nv2,B,2025-09-01 10:00:00,0,0\n"
    (part,) = read(text, "koszyk.csv", currency="PLN")
    assert part.format == "ab_per_user_values"
    assert table(part, "experiment_units", "arm, orders, revenue_amount") == [("A", 1, Decimal("100.5")), ("B", 0, 0)]


def test_orders_of_customers_in_groups_are_no_experiment(read: Read) -> None:
    (part,) = read("customer_id,group,orders,revenue\nc1,wholesale,5,100\nc2,retail,1,20\n")
    assert not str(part.format).startswith("ab_")


def test_segments_of_a_variant_are_added_up_once(read: Read, table: Table) -> None:
    header = "Variation,Device,Visitors,Conversions,Revenue (PLN)\n"
    parts = "A,mobile,500,50,1000\nA,desktop,400,45,900\nB,mobile,510,60,1100\nB,desktop,420,70,1200\n"
    for text in (header + parts, header + "A,All,900,95,1900\nB,All,930,130,2300\n" + parts):
        (part,) = read(text, "test koszyka.csv")
        columns = "arm, visitors, conversions, revenue_amount, currency"
        assert table(part, "experiment_counts", columns) == [("A", 900, 95, 1900, "PLN"), ("B", 930, 130, 2300, "PLN")]


def test_variants_in_rows_by_something_unknown_are_not_loaded(read: Read) -> None:
    (part,) = read(
        "Variation,Goal,Visitors,Conversions\nA,cart,900,95\nA,order,900,20\nB,cart,930,99\nB,order,930,25\n"
    )
    assert (part.rows.loaded, part.rows.set_aside) == (0, 4)
    assert any("stands in rows that differ" in str(note) for note in part.notes)


def test_days_of_an_experiment_are_no_traffic_without_a_question(read: Read) -> None:
    (part,) = read("Date,Variant,Users,Conversions\n2026-03-01,A,100,10\n2026-03-02,B,110,15\n")
    assert not part.tables
    assert [question.key for question in part.questions] == ["table", "columns"]


def test_a_rate_is_no_count_of_conversions(read: Read) -> None:
    (part,) = read("Variant,Users,Conversions\nA,1000,5.0%\nB,1000,6.1%\n", "ab.csv")
    assert (part.rows.loaded, part.rows.refused) == (0, 2)
    assert "5.0%" in str(part.refused[0].reason)


def test_a_rate_of_each_person_is_a_number(read: Read, table: Table) -> None:
    (part,) = read("user_id,variant,converted,scroll depth\n1,A,1,55%\n2,B,0,60%\n", "ab.csv")
    assert table(part, "experiment_units", "arm, numbers") == [("A", [0.55]), ("B", [0.6])]
