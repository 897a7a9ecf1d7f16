"""Encodings, separators, preambles, damaged rows: what reaches the formats is what the file says."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from kpi.errors import UnknownFormat, UnreadableFile
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
META = "Nazwa kampanii,Wyświetlenia,Wydana kwota (PLN),Początek okresu raportowania,Koniec okresu raportowania\n"
ROWS = '"Żółta łódź",100,12.50,2026-09-01,2026-09-30\n"Gęś, święta",50,7.50,2026-09-01,2026-09-30\n'
EXPECTED = [("Żółta łódź", 100, Decimal("12.5")), ("Gęś, święta", 50, Decimal("7.5"))]
COLUMNS = "campaign, impressions, cost_amount"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1250", "iso-8859-2"])
def test_every_encoding_gives_the_same_rows(read: Read, table: Table, encoding: str) -> None:
    (part,) = read((META + ROWS).encode(encoding))
    assert part.format == "meta_ads_report"
    assert table(part, "ad_spend", COLUMNS) == EXPECTED
    assert part.currencies == ("PLN",)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_every_separator_gives_the_same_rows(read: Read, table: Table, separator: str) -> None:
    text = separator.join(META.split(",")) + separator.join(("A, b", "100", '"12,50"', "2026-09-01", "2026-09-30"))
    (part,) = read(text)
    assert table(part, "ad_spend", COLUMNS) == [("A, b", 100, Decimal("12.5"))]


def test_a_sep_line_is_no_row(read: Read, table: Table) -> None:
    (part,) = read("sep=,\n" + META + ROWS)
    assert table(part, "ad_spend", "row_no, campaign") == [(3, "Żółta łódź"), (4, "Gęś, święta")]


def test_blank_lines_are_no_rows_and_do_not_end_a_table(read: Read) -> None:
    (part,) = read("\n" + META + ROWS + "\n\n" + ROWS.replace("Żółta", "Inna") + "\n")
    assert part.rows.read == part.rows.loaded == 4


def test_a_quoted_line_end_stays_in_its_cell_and_counts_as_a_line(read: Read, table: Table) -> None:
    (part,) = read(META + '"Two\nlines",1,1.00,2026-09-01,2026-09-30\n' + ROWS)
    assert table(part, "ad_spend", "row_no, campaign")[:2] == [(2, "Two\nlines"), (4, "Żółta łódź")]


def test_a_cut_last_line_is_refused_with_its_reason(read: Read) -> None:
    (part,) = read(META + ROWS + "Last,1")
    assert (part.rows.loaded, part.rows.refused) == (2, 1)
    assert part.refused[0].row_no == 4
    assert str(part.refused[0].reason) == "The row has 2 cells and the header has 5."


def test_a_row_with_a_comma_too_many_is_refused(read: Read) -> None:
    (part,) = read(META + ROWS + "Spring, sale,1,1.00,2026-09-01,2026-09-30\n")
    assert part.rows.refused == 1


def test_a_footer_is_a_total_and_never_a_row(read: Read, table: Table) -> None:
    (part,) = read(META + ROWS + "Suma,150,20.00\n")
    assert table(part, "ad_spend", COLUMNS) == EXPECTED
    assert (part.rows.totals, part.rows.refused) == (1, 0)
    assert [(check.column, check.declared, check.agrees) for check in part.check_totals] == [
        ("Wydana kwota (PLN)", 20.0, True),
        ("Wyświetlenia", 150.0, True),
    ]


def test_a_total_may_be_written_in_another_way_than_the_rows(read: Read) -> None:
    rows = '"A",100,512.50,2026-09-01,2026-09-30\n"B",50,1007.50,2026-09-01,2026-09-30\n'
    (part,) = read(META + rows + 'Suma,150,"1,520.00",,\n')
    assert [(check.declared, check.agrees) for check in part.check_totals] == [(1520.0, True), (150.0, True)]


def test_a_total_that_does_not_match_is_said(read: Read) -> None:
    (part,) = read(META + ROWS + "Razem,150,25.00,,\n")
    assert [check.agrees for check in part.check_totals] == [False, True]


@pytest.mark.parametrize(
    "name",
    [
        "Total Wireless",
        "Suma marzeń",
        "Razem taniej",
        "Razem-z-nami",
        "Total-Body Fitness",
        "Suma - wiosna",
        "Razem: mama i dziecko",
    ],
)
def test_a_campaign_may_begin_like_a_total(read: Read, table: Table, name: str) -> None:
    (part,) = read(META + ROWS + f"{name},1,1.00,2026-09-01,2026-09-30\n")
    assert part.rows.loaded == 3
    assert table(part, "ad_spend", "campaign")[2] == (name,)


@pytest.mark.parametrize(
    ("row", "totals"),
    [
        ("Suma - x,A,150,20.00", 1),
        ("Suma - x,,990,99.00", 1),
        ("Suma - x,A,990,99.00", 0),
        ("Razem: x,,1,1.00", 1),
        ("Razem: x,A,990,99.00", 0),
    ],
)
def test_a_total_with_a_dash_adds_up_or_stands_alone(read: Read, row: str, totals: int) -> None:
    header = META.replace("Wyświetlenia", "Nazwa zestawu reklam,Wyświetlenia")
    rows = "".join(f"{cells},2026-09-01,2026-09-30\n" for cells in ("Lato,A,100,12.50", "Zima,B,50,7.50", row))
    (part,) = read(header + rows)
    assert (part.rows.loaded, part.rows.totals) == (3 - totals, totals)


def test_a_nameless_row_that_adds_up_the_others_is_a_total(read: Read) -> None:
    (part,) = read(META + ",150,20.00,2026-09-01,2026-09-30\n" + ROWS)
    assert (part.rows.loaded, part.rows.totals) == (2, 1)


def test_a_nameless_row_as_large_as_all_others_is_refused_unless_it_adds_up(read: Read) -> None:
    (part,) = read(META + ",990,99.00,2026-09-01,2026-09-30\n" + ROWS)
    assert (part.rows.loaded, part.rows.refused, part.rows.totals) == (2, 1, 0)


def test_decimal_commas_and_hard_spaces(read: Read, table: Table) -> None:
    rows = 'A;1 000;"1\u00a0234,50 zł";2026-09-01;2026-09-30\nB;999;−2,00 zł;2026-09-01;2026-09-30\n'
    (part,) = read(META.replace(",", ";").replace(" (PLN)", "") + rows)
    assert table(part, "ad_spend", COLUMNS) == [("A", 1000, Decimal("1234.5")), ("B", 999, Decimal(-2))]
    assert part.currencies == ("PLN",)


@pytest.mark.parametrize("unseen", ["\x01", "\u200b", "\u00ad", "\ufeff"])
def test_characters_that_nobody_sees_do_not_change_a_label(read: Read, unseen: str) -> None:
    (part,) = read(
        "id,purchase date,grand total (base),status,subtotal,shipping and handling\n1,2026-03-01,20,complete,15,5\n"
    )
    header = f"id,purchase date,grand total (base),status,subtotal,shipping and handling{unseen}"
    (again,) = read(f"{header}\n1,2026-03-01,20,complete,15,5\n")
    assert (again.format, again.fingerprint) == (part.format, part.fingerprint) == ("magento_orders", part.fingerprint)


def test_a_repeated_header_is_no_row(read: Read) -> None:
    (part,) = read(META + ROWS + META + ROWS.replace("Żółta", "Inna"))
    assert part.rows.read == part.rows.loaded == 4


def test_an_empty_account_is_known_and_loads_nothing(read: Read) -> None:
    (part,) = read(META + "No data available.\n")
    assert part.format == "meta_ads_report"
    assert part.rows.read == 0
    assert not part.relations
    assert part.notes


def test_a_header_alone_is_known_and_loads_nothing(read: Read) -> None:
    (part,) = read(META)
    assert (part.format, part.rows.read, part.relations) == ("meta_ads_report", 0, {})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"%PDF-1.7\n...",
        b"\x89PNG\r\n\x1a\n",
        b"\x00\x01\x02\x03\xff" * 40,
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0junk",
        b"<html><table></table>",
    ],
)
def test_what_is_no_table_is_unreadable(read: Read, content: bytes) -> None:
    with pytest.raises(UnreadableFile) as raised:
        read(content)
    assert "export.csv" in str(raised.value.title)
    assert str(raised.value.detail).endswith(".")
    assert str(raised.value.fix).endswith(".")


def test_an_unknown_table_is_asked_about(read: Read) -> None:
    (part,) = read("Alpha,Beta\n1,2\n3,4\n")
    assert [question.key for question in part.questions] == ["table", "columns"]
    assert part.mapping is not None
    assert [(column.label, column.samples) for column in part.mapping.columns] == [
        ("Alpha", ("1", "3")),
        ("Beta", ("2", "4")),
    ]
    assert not part.relations


def test_a_file_without_a_header_row_is_not_repeated(read: Read) -> None:
    with pytest.raises(UnknownFormat) as raised:
        read("Jan Kowalski,jan@example.com\nAnna Nowak,anna@example.com\n")
    assert "jan" not in f"{raised.value}".lower()


def test_no_temporary_table_outlives_a_part(read: Read, con) -> None:  # type: ignore[no-untyped-def]
    (part,) = read(META + ROWS)
    part.drop(con)
    part.drop(con)
    with pytest.raises(UnknownFormat):
        read("Jan,jan@example.com\nAnna,anna@example.com\n")
    (unknown,) = read("Alpha,Beta\n1,2\n")
    unknown.drop(con)
    assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
    assert con.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone() == (0,)
