"""What an import's card says, in words: how sure, where the rows went, totals beside ours. Screens and the command line
say the same."""

from __future__ import annotations

from kpi.ingest.load import CheckTotal, Load, Rows
from kpi.model import catalogue
from kpi.wording import Words

SURE = 0.9
"""From this confidence on a file is said to be recognised."""


def certainty_words(say: Words, load: Load) -> str:
    """How sure the recognition is."""
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
    facts += [
        f"{say.say(tables[table].name)}: {say.count(count)}" for table, count in load.tables.items() if table in tables
    ]
    if load.period:
        facts.append(say.period(*load.period))
    if load.currencies:
        facts.append(", ".join(load.currencies))
    return facts


def total_words(say: Words, total: CheckTotal) -> str:
    """The file's own total beside ours."""
    declared, ours = say.number(total.declared, digits=2), say.number(total.ours, digits=2)
    return say.t(
        "{column}: your file's total {declared} — ours {ours}", column=total.column, declared=declared, ours=ours
    )
