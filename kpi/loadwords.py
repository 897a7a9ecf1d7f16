"""What an import's card says, in words: how sure, where the rows went, totals beside ours. Screens and the command line
say the same."""

from __future__ import annotations

from kpi.ingest.load import CheckTotal, Load, Rows
from kpi.model import Table, catalogue
from kpi.wording import Words

SURE = 0.9
"""From this confidence on a file is said to be recognised."""


def is_unknown(load: Load) -> bool:
    """Whether nothing but its reader can say what the file is: a guess is no name for it."""
    return all(any(question.key == "table" for question in part.questions) for part in load.parts or (load,))


def certainty_words(say: Words, load: Load) -> str:
    """How sure the recognition is."""
    if is_unknown(load):
        return say.t("not recognised")
    if load.confidence >= SURE:
        return say.t("recognised")
    return say.t("looks like this, please check")


def rows_words(say: Words, rows: Rows) -> str:
    """Where the rows went, so that the parts visibly add up to what was read."""
    parts = [say.n("{n} loaded", "{n} loaded", rows.loaded)]
    if rows.unchanged:
        parts.append(say.n("{n} already there", "{n} already there", rows.unchanged))
    if rows.refused:
        parts.append(say.n("{n} refused", "{n} refused", rows.refused))
    if rows.totals:
        parts.append(say.n("{n} total row set apart", "{n} total rows set apart", rows.totals))
    if rows.set_aside:
        parts.append(say.n("{n} set aside", "{n} set aside", rows.set_aside))
    return f"{say.n('{n} row read', '{n} rows read', rows.read)} = {' + '.join(parts)}"


def fact_words(say: Words, load: Load) -> list[str]:
    """Rows, canonical tables, days, currencies."""
    tables = catalogue().tables
    facts = [rows_words(say, load.rows)]
    facts += [_table_words(say, tables[table], count) for table, count in load.tables.items() if table in tables]
    if load.period:
        facts.append(say.period(*load.period))
    if load.currencies:
        facts.append(", ".join(load.currencies))
    return facts


def _table_words(say: Words, table: Table, count: int) -> str:
    """A number of rows; said so where "ad spend: 180" would read as money."""
    if table.is_report:
        return say.n("{table}: {n} row", "{table}: {n} rows", count, table=table.name)
    return f"{say.say(table.name)}: {say.count(count)}"


def total_words(say: Words, total: CheckTotal) -> str:
    """The file's own total beside ours; without decimals where neither has any."""
    digits = 0 if float(total.declared).is_integer() and float(total.ours).is_integer() else 2
    declared, ours = (say.number(amount, digits) for amount in (total.declared, total.ours))
    return say.t(
        "{column}: your file's total {declared} — ours {ours}", column=total.column, declared=declared, ours=ours
    )
