"""A large file into a workspace: a CSV of orders beside DuckDB's bare reader, a workbook beside openpyxl.

Each is read in a process of its own, so that none finds the memory of another.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from kpi import Workspace, warm_up
from tests.bench.memory import extra_mb, memory_of

ROOT = Path(__file__).resolve().parents[2]
CSV_ORDERS, SHEET_ORDERS = 8_000_000, 200_000
CSV_BUDGET, SHEET_BUDGET_SECONDS, OPENPYXL_SHARE = 2.5, 2.0, 0.33
Line = tuple[str, float, float | None, str]

_COLUMNS = {
    "Numer zamówienia": "VARCHAR", "Data zamówienia": "TIMESTAMP", "Status": "VARCHAR", "E-mail klienta": "VARCHAR",
    "Kwota zamówienia": "DECIMAL(18,4)", "Koszt dostawy": "DECIMAL(18,4)", "Rabat": "DECIMAL(18,4)", "Waluta": "VARCHAR",
    "Metoda płatności": "VARCHAR", "Miasto": "VARCHAR", "Kraj": "VARCHAR", "Sposób dostawy": "VARCHAR",
}  # fmt: skip
_ROWS = """
    SELECT 'ZAM/' || (100000 + i) AS "Numer zamówienia",
        strftime(TIMESTAMP '2024-01-01' + to_seconds(i * {step}), '%d.%m.%Y %H:%M') AS "Data zamówienia",
        ['Zrealizowane', 'Opłacone', 'Anulowane', 'Wysłane'][1 + (hash(i) % 4)::INT] AS "Status",
        'klient' || (hash(i * 7) % {customers}) || '@example.pl' AS "E-mail klienta",
        replace(printf('%.2f', 20 + (hash(i * 3) % 40000) / 100.0), '.', ',') AS "Kwota zamówienia",
        replace(printf('%.2f', (hash(i * 5) % 2000) / 100.0), '.', ',') AS "Koszt dostawy",
        replace(printf('%.2f', (hash(i * 11) % 1000) / 100.0), '.', ',') AS "Rabat", 'PLN' AS "Waluta",
        ['BLIK', 'Przelewy24', 'Karta', 'Za pobraniem'][1 + (hash(i * 13) % 4)::INT] AS "Metoda płatności",
        ['Warszawa', 'Kraków', 'Łódź', 'Gdańsk', 'Wrocław'][1 + (hash(i * 17) % 5)::INT] AS "Miasto", 'Polska' AS "Kraj",
        ['InPost Paczkomaty', 'Kurier DPD', 'Odbiór osobisty'][1 + (hash(i * 19) % 3)::INT] AS "Sposób dostawy"
    FROM range({orders}) t(i)"""


def measure() -> list[Line]:
    """What, measured, budget, unit."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_csv_lines(Path(folder)), *_sheet_lines(Path(folder))]


def _csv_lines(folder: Path) -> list[Line]:
    file = folder / "orders.csv"
    duckdb.sql(f"COPY ({_rows(CSV_ORDERS)}) TO '{file}' (HEADER, DELIMITER ';')")
    size, (bare, _) = f"{file.stat().st_size / 1e9:.1f} GB CSV", _child("bare", file)
    lines: list[Line] = [(f"{size}, DuckDB's bare reader", bare, None, "s")]
    for encoding in ("utf-8", "cp1250"):
        if encoding == "cp1250":
            _recode(file)
        taken, used = _child("added", file)
        lines += [
            (f"{size} ({encoding}) into the workspace / bare reader", taken / bare, CSV_BUDGET, "ratio"),
            (f"{size} ({encoding}) into the workspace, extra memory", used, None, "MB"),
        ]
    file.unlink()
    return lines


def _recode(file: Path) -> None:
    """The same file as Polish Excel saves it."""
    other = file.with_suffix(".cp1250")
    with file.open(encoding="utf-8", newline="") as source, other.open("w", encoding="cp1250", newline="") as target:
        shutil.copyfileobj(source, target, 1 << 22)
    other.replace(file)


def _sheet_lines(folder: Path) -> list[Line]:
    import openpyxl

    file, book = folder / "orders.xlsx", openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Zamówienia")
    sheet.append(list(_COLUMNS))
    columns = ", ".join(f'"{name}"' if kind == "VARCHAR" else _typed(name, kind) for name, kind in _COLUMNS.items())
    for row in duckdb.sql(f"SELECT {columns} FROM ({_rows(SHEET_ORDERS)})").fetchall():
        sheet.append(row)
    book.save(file)
    (taken, used), (theirs, _) = _child("added", file), _child("openpyxl", file)
    return [
        ("Excel file of 200,000 rows into the workspace", taken, SHEET_BUDGET_SECONDS, "s"),
        ("Excel file of 200,000 rows into the workspace / openpyxl reads it", taken / theirs, OPENPYXL_SHARE, "ratio"),
        ("Excel file of 200,000 rows into the workspace, extra memory", used, None, "MB"),
    ]


def _rows(orders: int) -> str:
    return _ROWS.format(orders=orders, customers=orders // 3, step=max(1, 63_000_000 // orders))


def _typed(name: str, kind: str) -> str:
    if kind == "TIMESTAMP":
        return f'strptime("{name}", \'%d.%m.%Y %H:%M\') AS "{name}"'
    return f"replace(\"{name}\", ',', '.')::DOUBLE AS \"{name}\""


def _child(what: str, file: Path) -> tuple[float, float]:
    """Seconds and extra megabytes of one way to read the file."""
    command = [sys.executable, "-m", "tests.bench.files", what, str(file)]
    taken, used = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return float(taken), float(used)


def bare(file: Path) -> None:
    """What a person types who knows every column's type, into a file as the workspace is one."""
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in _COLUMNS.items())
    with duckdb.connect(str(file.with_suffix(".bare"))) as con:
        con.execute(
            f"CREATE TABLE orders AS FROM read_csv('{file}', delim = ';', header = true, auto_detect = false, "
            f"decimal_separator = ',', timestampformat = '%d.%m.%Y %H:%M', columns = {{{columns}}})"
        )
    file.with_suffix(".bare").unlink()


def added(file: Path) -> None:
    """As the app does: recognised, converted, stored, facts made."""
    with tempfile.TemporaryDirectory() as folder, Workspace(Path(folder) / "shop.duckdb") as shop:
        load = shop.add(file)
        assert load.rows.loaded == load.rows.read > 0, load


def openpyxl(file: Path) -> None:
    """Every cell once."""
    from openpyxl import load_workbook

    for _ in load_workbook(file, read_only=True).active.iter_rows(values_only=True):  # type: ignore[union-attr]
        pass


_WAYS: dict[str, Callable[[Path], None]] = {"bare": bare, "added": added, "openpyxl": openpyxl}


def main(what: str, file: str) -> None:
    # What a process reads once is not measured.
    warm_up()
    with memory_of() as samples:
        began = time.perf_counter()
        _WAYS[what](Path(file))
        taken = time.perf_counter() - began
    print(taken, extra_mb(samples))


if __name__ == "__main__":
    main(*sys.argv[1:])
