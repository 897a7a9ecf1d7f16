"""Small files of every format there is, made from the formats' own labels, and damaged copies of them from a seed."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kpi.ingest.formats import Field, Format, formats

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1250", "iso-8859-2")
SEPARATORS = (",", ";", "\t", "|")
NEWLINES = ("\n", "\r\n", "\r")
ROWS = 12
_WORDS = {
    "channel": "Organic Search",
    "device": "mobile",
    "gender": "female",
    "age_group": "25-34",
    "country": "PL",
    "status": "paid",
    "sales_channel": "web",
    "medium": "cpc",
    "priority": "high",
    "currency": "PLN",
    "flag": "yes",
    "nth_day": "0003",
    "nth_hour": "0050",
    "day_hour": "2026030305",
    "period": "2026-03-01 - 2026-03-31",
    "month_number": "3",
    "year": "2026",
    "year_month": "202603",
    "list": "WIOSNA10",
    "duration": "00:01:30",
}
# What a row has to say of itself to be one that is loaded.
_SAYS = {
    ("allegro_orders", "type"): "order",
    ("allegro_order_lines", "type"): "lineItem",
    ("square_items", "event"): "Payment",
    ("square_transactions", "event"): "Payment",
}
# What a file has to be called for the formats that are known by it.
_FILE_NAMES = {
    "google_ads_overview": "time_series(2026.03.01-2026.03.31).csv",
    "google_ads_other_cards": "auction_insights(2026.03.01-2026.03.31).csv",
    "meta_business_facebook": "facebook.csv",
    "meta_business_insights": "reach.csv",
    "meta_business_instagram": "instagram.csv",
    "plausible_export": "imported_visitors.csv",
    "plausible_lists": "sources.csv",
}


@dataclass(frozen=True)
class Sheet:
    """A table as its cells, header first, and how it is written."""

    format: str
    rows: tuple[tuple[str, ...], ...]
    separator: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"

    @property
    def name(self) -> str:
        return _FILE_NAMES.get(self.format, "file.csv")

    @property
    def answers(self) -> dict[str, Any]:
        """What is asked of it, where another file would be asked for something else."""
        return {"period": ("2026-03-31", "2026-03-31")} if self.format == "shoper_products" else {}

    @property
    def content(self) -> bytes:
        return self._text.encode(self.encoding, errors="replace")

    def can_be(self, encoding: str) -> bool:
        """Whether the encoding has all its letters: those of Central Europe lack Spanish and French ones."""
        return self._text.encode(encoding, errors="ignore").decode(encoding).strip("\ufeff") == self._text

    @property
    def _text(self) -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=self.separator, lineterminator=self.newline).writerows(self.rows)
        return text.getvalue()


def sheets() -> list[Sheet]:
    """Every table's format with its first spelling of each label, and with its last, which is often another language."""
    tables = [known for known in formats() if not known.is_card]
    return [sheet for known in tables for place in (0, -1) if (sheet := _sheet(known, place))]


def _sheet(known: Format, place: int) -> Sheet | None:
    fields = [field for field in known.fields.values() if field.labels and not field.unless and not field.named]
    labels = {field.name: _label(field, place) for field in fields}
    present = {labels[field.name] for field in fields}
    extra = [sorted(entry)[0] for entry in known.required if not entry & present]
    fields = [field for field in fields if labels[field.name] not in known.forbidden]
    header = (*(labels[field.name] for field in fields), *extra)
    if len(set(header)) < len(header) or not fields:
        return None
    rows = (
        tuple(_SAYS.get((known.id, field.name)) or _cell(field, row) for field in fields) + ("1",) * len(extra)
        for row in range(1, ROWS + 1)
    )
    separator = known.delimiters[0] if known.delimiters else ","
    return Sheet(known.id, (header, *rows), separator)


def _label(field: Field, place: int) -> str:
    text = field.labels[place].pattern
    text = re.sub(r"\(\[a-z\]\{3\}\)|\(\.\+\??\)|\(\\w\{3\}\)", "pln", text)
    return re.sub(r"\\(.)", r"\1", text.replace(".*", "jak"))


def _cell(field: Field, row: int) -> str:
    if field.type in _WORDS:
        return _WORDS[field.type]
    if field.within:
        low, high = field.within
        return str(low + row % (high - low + 1))
    kinds = {
        "money": f"{row * 10}.{row:02}",
        "number": f"{row}.5",
        "count": str(row * 3),
        "percent": f"{row}.25%",
        "day": f"2026-03-{row + 12:02}",
        "time": f"2026-03-{row + 12:02} 10:{row:02}:00",
        "email": f"klient{row}@example.com",
        "customer_id": str(7_000 + row),
    }
    return kinds.get(field.type, f"Łódź {field.name} {row}")


def damaged(sheet: Sheet, seed: str) -> tuple[bytes, frozenset[str]]:
    """A damaged copy, and the labels of the columns that the damage has taken away or renamed."""
    chance = random.Random(seed)
    rows, gone = damaged_rows(sheet.rows, chance)
    written = replace(
        sheet,
        rows=tuple(map(tuple, rows)),
        separator=chance.choice([sheet.separator] * 3 + list(SEPARATORS)),
        encoding=chance.choice(ENCODINGS),
        newline=chance.choice(NEWLINES),
    )
    return damaged_bytes(written.content, chance), gone


def damaged_rows(rows: Sequence[Sequence[str]], chance: random.Random) -> tuple[list[list[str]], frozenset[str]]:
    """The rows, header first, with one to three damages, and the labels of columns that are gone."""
    copy, gone = [list(row) for row in rows], set()
    for damage in chance.sample(_DAMAGES, chance.randint(1, 3)):
        gone |= damage(copy, chance)
    return copy, frozenset(gone)


def _cut_row(rows: list[list[str]], chance: random.Random) -> set[str]:
    row = chance.choice([row for row in rows[1:] if row])
    del row[chance.randrange(len(row)) :]
    return set()


def _second_header(rows: list[list[str]], chance: random.Random) -> set[str]:
    rows.insert(chance.randrange(1, len(rows)), list(rows[0]))
    return set()


def _swapped_columns(rows: list[list[str]], chance: random.Random) -> set[str]:
    one, other = (chance.randrange(len(rows[0])) for _ in range(2))
    for row in rows:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]
    return set()


def _added_column(rows: list[list[str]], chance: random.Random) -> set[str]:
    place = chance.randrange(len(rows[0]) + 1)
    for number, row in enumerate(rows):
        row.insert(place, "Moja notatka" if number == 0 else str(number))
    return set()


def _missing_column(rows: list[list[str]], chance: random.Random) -> set[str]:
    place = chance.randrange(len(rows[0]))
    gone = rows[0][place]
    for row in rows:
        del row[place : place + 1]
    return {gone}


def _footer(rows: list[list[str]], chance: random.Random) -> set[str]:
    label = chance.choice(["Total", "Suma", "Razem", "Grand total", "Ogółem", "--"])
    rows.append([label, *[""] * (len(rows[0]) - 1)] if chance.random() < 0.5 else [label])
    return set()


def _blank_rows(rows: list[list[str]], chance: random.Random) -> set[str]:
    for _ in range(chance.randint(1, 4)):
        rows.insert(chance.randrange(1, len(rows) + 1), [""] * chance.choice([0, 1, len(rows[0])]))
    return set()


def _null_bytes(rows: list[list[str]], chance: random.Random) -> set[str]:
    row = chance.choice([row for row in rows if row])
    row[chance.randrange(len(row))] += "\0"
    return set()


def _trailing_separators(rows: list[list[str]], chance: random.Random) -> set[str]:
    for row in rows if chance.random() < 0.5 else [chance.choice(rows)]:
        row += [""] * chance.randint(1, 3)
    return set()


def _other_cells(rows: list[list[str]], chance: random.Random) -> set[str]:
    for _ in range(chance.randint(1, 5)):
        row = chance.choice([row for row in rows[1:] if row] or [rows[0]])
        odd = ["n/a", "", "abc", "=1+1", "9" * 40, "31/31/2031", "-", "1.234,5", "\u202e1", "'; drop table rows;--"]
        row[chance.randrange(len(row))] = chance.choice(odd)
    return set()


def _doubled_row(rows: list[list[str]], chance: random.Random) -> set[str]:
    place = chance.randrange(len(rows))
    rows.insert(place, list(rows[place]))
    return set()


def _spaced_labels(rows: list[list[str]], chance: random.Random) -> set[str]:
    style = chance.choice([str.upper, lambda label: f" {label}\u00a0", lambda label: label.replace(" ", "  ")])
    rows[0] = [style(label) for label in rows[0]]
    return set()


def _split_cell(rows: list[list[str]], chance: random.Random) -> set[str]:
    """A separator that nobody has quoted: the rest of the row stands one column too far."""
    row = chance.choice([row for row in rows[1:] if row] or rows)
    row.insert(chance.randrange(len(row)), "Kowalski")
    return set()


_DAMAGES = (
    _cut_row,
    _second_header,
    _swapped_columns,
    _added_column,
    _missing_column,
    _footer,
    _blank_rows,
    _null_bytes,
    _trailing_separators,
    _other_cells,
    _doubled_row,
    _spaced_labels,
    _split_cell,
)


def damaged_bytes(content: bytes, chance: random.Random) -> bytes:
    match chance.choice(["nothing", "nothing", "cut", "quote", "hole"]):
        case "cut":
            return content[: -chance.randint(1, 40)]
        case "quote":
            place = chance.randrange(len(content) // 2, len(content))
            return content[:place] + b'"' + content[place:]
        case "hole":
            place = chance.randrange(len(content) // 2, len(content))
            return content[:place] + content[place + chance.randint(1, 12) :]
    return content
