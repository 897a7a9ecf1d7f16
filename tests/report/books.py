"""What the tests of the report share: a small shop, its workbook reopened, and LibreOffice's own computation of it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

import kpi
from kpi.report import ReportPlan, workbook_bytes
from tests.rows import line, load_rows, order, spent, visit

MADE_AT = datetime(2026, 4, 2, 8, 14)
JANUARY, FEBRUARY = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))
OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")


def small_shop() -> kpi.Workspace:
    """Two months by hand.

    January: a 100 − 10 on mobile, b 50 on desktop. February: c 200 on mobile, d 60 on no known device, e cancelled.
    """
    shop = kpi.Workspace(":memory:")
    load_rows(
        shop,
        "orders.csv",
        orders=[
            order("a", "2026-01-05", 100, discount_amount=10, device="mobile", country="PL", customer_key="k1"),
            order("b", "2026-01-31", 50, device="desktop", country="DE", customer_key="k2"),
            order("c", "2026-02-01", 200, device="mobile", country="PL", customer_key="k1", refunded_amount=20),
            order("d", "2026-02-28", 60, country="PL", customer_key="k3"),
            order("e", "2026-02-10", 500, device="mobile", status="cancelled"),
        ],
        order_lines=[line("a", 1, "Mug", 2, 50), line("c", 1, "=1+1", 1, 200), line("d", 1, "@Tea", 3, 20)],
    )
    load_rows(shop, "ga4.csv", traffic=[visit(f"2026-0{month}-{day}", 40) for month, day in _days()])
    load_rows(shop, "ads.csv", ad_spend=[spent(f"2026-0{month}-{day}", 1.5) for month, day in _days()])
    stock = [("Mug", "2026-01-31", 4), ("Mug", "2026-02-15", 0), ("@Tea", "2026-01-31", 9), ("@Tea", "2026-02-15", 5)]
    load_rows(shop, "stock.csv", stock=[
        {"sku": sku, "counted_on": day, "quantity": left, "unit_cost": 2, "currency": "PLN"} for sku, day, left in stock
    ])  # fmt: skip
    return shop


def _days() -> list[tuple[int, str]]:
    return [(month, f"{day:02}") for month, last in ((1, 31), (2, 28)) for day in range(1, last + 1)]


def plan(*kpis: str, **more: Any) -> ReportPlan:
    """A plan for February against January, unless told otherwise."""
    plain: dict[str, Any] = {"title": "Test", "period": FEBRUARY, "compare": "previous", "where": {}, "kpis": kpis}
    return ReportPlan(**(plain | more))


def book_of(shop: kpi.Workspace, wanted: ReportPlan) -> Workbook:
    """The workbook, reopened: formulas as formulas."""
    return load_workbook(BytesIO(workbook_bytes(shop.ask, shop.catalogue, wanted, made_at=MADE_AT)))


def row_of(sheet: Worksheet, name: str) -> dict[str, Any]:
    """The cells of the row that begins with `name`, by the titles of the columns above it."""
    places = [number for number in range(1, sheet.max_row + 1) if sheet.cell(number, 1).value == name]
    place = next(number for number in places if number > header_of(sheet))
    titles = [cell.value for cell in sheet[header_of(sheet)]]
    return dict(zip(titles, sheet[place], strict=False))


def header_of(sheet: Worksheet) -> int:
    """The row of the column titles: the one that print repeats."""
    return int(sheet.print_title_rows.replace("$", "").split(":")[0])


def recomputed(workbook: bytes, folder: Path) -> dict[str, list[list[Any]]]:
    """Sheet → rows of values, computed by LibreOffice from the formulas alone: the values that stand beside them are
    dropped before, so that none of them can be read back."""
    return all_recomputed([workbook], folder)[0]


def all_recomputed(workbooks: Sequence[bytes], folder: Path) -> list[dict[str, list[list[Any]]]]:
    """The same of several workbooks, with one start of the office."""
    assert OFFICE
    bare = [folder / f"bare{place}.xlsx" for place in range(len(workbooks))]
    for path, workbook in zip(bare, workbooks, strict=True):
        load_workbook(BytesIO(workbook)).save(path)
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                OFFICE,
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                str(folder / "computed"),
                *map(str, bare),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
    return [values_of((folder / "computed" / path.name).read_bytes()) for path in bare]


def values_of(workbook: bytes) -> dict[str, list[list[Any]]]:
    """Sheet → rows of the values that stand in the file, from the first row on."""
    book = CalamineWorkbook.from_filelike(BytesIO(workbook))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
