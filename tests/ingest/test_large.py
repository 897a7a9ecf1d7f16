"""Files above the limit of small ones go another way and give the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import duckdb
import pytest

from kpi import Workspace
from kpi.ingest import Defaults, Limits, Part
from kpi.ingest.lines import record_count

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
LARGE = Defaults(limits=Limits(small_file=1, many_rows=1))
HEADER = (
    'Campaign report\n"July 8, 2025 - July 31, 2025"\nCampaign,Note,Campaign type,Currency code,Impr.,Clicks,Cost\n'
)
ROWS = "".join(
    f'"Łódź ""{i}""",{"x" if i % 3 else chr(34) + "two" + chr(10) + "lines" + chr(34)},Search,PLN,"1,{i:03}",{i},{i}.50\n'
    for i in range(900)
)
TOTAL = f"Total: Account, --, --,PLN,,{sum(range(900))},{sum(range(900)) + 450}.00\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
@pytest.mark.parametrize(
    "text", [HEADER + ROWS + TOTAL, HEADER + TOTAL + ROWS, (HEADER + ROWS + TOTAL).replace("\n", "\r\n")]
)
def test_a_large_file_gives_what_a_small_one_gives(
    read: Read, table: Table, con: duckdb.DuckDBPyConnection, text: str, encoding: str
) -> None:
    found = []
    for defaults in (Defaults(), LARGE):
        (part,) = read(text.encode(encoding), defaults=defaults)
        rows = table(part, "ad_spend", "*")
        kept = {
            field.name: getattr(part, field.name) for field in fields(part) if field.name not in ("relations", "made")
        }
        found.append((rows, kept))
        part.drop(con)
    assert found[0] == found[1]
    assert found[0][1]["rows"].loaded == 900
    assert found[0][1]["rows"].totals == 1
    assert all(check.agrees for check in found[0][1]["check_totals"])


@pytest.mark.parametrize(
    "damage",
    [
        "Cut,1\n",
        "\n",
        HEADER.splitlines()[2] + "\n",
        '5" pipe,x,Search,PLN,1,1,1.50\n',
        'a,"open,Search,PLN,1,1,1.50\n',
    ],
)
def test_damage_in_the_middle_of_a_large_file_is_treated_like_that_of_a_small_one(
    read: Read, table: Table, con, damage: str
) -> None:  # type: ignore[no-untyped-def]
    lines = ROWS.splitlines(keepends=True)
    text = HEADER + "".join(lines[:-5]) + damage + "".join(lines[-5:])
    found = []
    for defaults in (Defaults(), LARGE):
        (part,) = read(text, defaults=defaults)
        assert part.rows.are_conserved
        found.append((part.rows, part.refused, table(part, "ad_spend", "*")))
        part.drop(con)
    assert found[0] == found[1]


def test_nothing_is_left_in_the_staging_folder(read: Read, tmp_path: Path) -> None:
    read((HEADER + ROWS).encode("cp1250"), defaults=LARGE)
    assert [path.name for path in tmp_path.iterdir()] == ["staged"]


@pytest.mark.parametrize(
    ("body", "records", "shifts", "has_blank"),
    [
        ("a,b\nc,d\n", 2, (), False),
        ("a,b\nc,d", 2, (), False),
        ("a,b\n\n\nc,d\n\n", 2, (), True),
        ("a,b\r\n\r\nc,d\r\n", 2, (), True),
        ('a,"b\nb"\nc,d\n"x\n\ny",z\ne,f\n', 4, ((1, 1), (3, 3)), False),
        ("", 0, (), False),
    ],
)
def test_records_are_counted_outside_quotation_marks(
    tmp_path: Path, body: str, records: int, shifts: tuple[tuple[int, int], ...], has_blank: bool
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"header\n" + body.encode())
    counted = record_count(path, 1, is_quoted=True)
    assert (counted.has_blank, counted.shifts) == (has_blank, shifts)
    if not has_blank:
        assert counted.records == records


@pytest.mark.parametrize(
    "header", ["order number,order date,total,note", 'order number,order date,total,"note\nof the shop"']
)
def test_a_refused_row_of_a_large_file_is_named_by_its_line(tmp_path: Path, header: str) -> None:
    """In the workspace's own transaction, and where a cell has several lines above the damage."""
    lines = [f"A{n},2026-03-{1 + n % 28:02} 10:00,{n % 900}.50,{'x' * 40}" for n in range(160_000)]
    lines[70] = 'A70,2026-03-01 10:00,7.50,"two\nlines"'
    lines[120_000] = "A120000,never,7.50,x"
    lines[159_998] = "A159998,2026-03-01 10:00,much,x"
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    assert file.stat().st_size > Limits().small_file
    written = file.read_text("utf-8").split("\n")
    with Workspace(tmp_path / "shop.duckdb") as shop:
        load = shop.add(file, answers={"currency": "PLN"})
        assert load.rows.loaded == 159_998
        assert [written[row.row_no - 1].split(",")[0] for row in load.refused] == ["A120000", "A159998"]
        assert shop._store.rows("select row_no from rows.orders where order_id = 'A0'") == [(header.count("\n") + 2,)]
