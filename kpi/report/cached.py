"""Formulas with the values that they have now.

openpyxl writes a formula without its value. A program that computes shows it all the same; a mail's preview, a phone,
a script and Excel's protected view of a downloaded file compute nothing and would show nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from kpi.report.sheet import Value

_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v ?/></c>')


def with_values(workbook: bytes, sheets: Sequence[Mapping[str, Value]], made_at: datetime) -> bytes:
    """The workbook with a value in every formula's cell. `sheets`: cell → value, a mapping a sheet, in order.

    All files inside carry the time `made_at`, so that the same report is the same bytes.
    """
    parts = {f"xl/worksheets/sheet{number}.xml": values for number, values in enumerate(sheets, 1)}
    written = BytesIO()
    with ZipFile(BytesIO(workbook)) as source, ZipFile(written, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name in parts:
                content = _filled(content.decode(), parts[name]).encode()
            stamp = ZipInfo(name, made_at.timetuple()[:6])
            stamp.compress_type = ZIP_DEFLATED
            target.writestr(stamp, content)
    return written.getvalue()


def _filled(xml: str, values: Mapping[str, Value]) -> str:
    def cell(found: re.Match[str]) -> str:
        place, attributes, formula = found.groups()
        type_, value = _written(values[place])
        return f'<c r="{place}"{attributes}{type_}><f>{formula}</f><v>{value}</v></c>'

    return _FORMULA.sub(cell, xml)


def _written(value: Value) -> tuple[str, str]:
    """The type and text of a value; a formula without one is #N/A, which charts leave out."""
    if value is None:
        return ' t="e"', "#N/A"
    if isinstance(value, str):
        return ' t="str"', value.replace("&", "&amp;").replace("<", "&lt;")
    return "", repr(float(value))  # type: ignore[arg-type]
