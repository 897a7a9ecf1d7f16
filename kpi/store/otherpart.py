"""Whether a report tells another part of an account than one that is there, rather than a newer state of the same."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from typing import Any

from kpi.ingest.load import Question
from kpi.model import catalogue
from kpi.store.appending import Incoming
from kpi.store.database import packaged_text
from kpi.wording.message import Message, message

# What groups of a breakdown are not named by.
_NO_NAMES = frozenset({"currency", "result_kind", "bounce_kind"})
# What is compared of reports that name nothing. Where a tool revises its numbers, most days stay as they were.
_METRICS = {"ad_spend": "cost_amount", "seo": "impressions"}
_LEAST_SHARE, _LEAST_DAYS = 0.2, 3
THIS_FILE = 0
"""Stands for the import that is on its way, which has no number yet."""
_Key = tuple[int, int]


@dataclass(frozen=True)
class Standing:
    """How a report stands to those that are there: `beside`: those whose place it never takes, for it tells another
    part of the account · question: whether it does, where nobody has said · note: what it counts beside."""

    beside: tuple[_Key, ...] = ()
    question: Question | None = None
    note: Message | None = None


class OtherParts:
    """The reports that are there, and those of the file on its way, each judged by what it names.

    A newer state of a report names at least one thing that the older named too. One that names none of them is most
    likely filtered for something else, and asks whether both count, unless the person has said so, or has said it of
    an earlier export of the same part. The very same file, read otherwise, is no other part of itself.
    """

    def __init__(self, con: Any, sha256: str) -> None:
        self._con = con
        found = con.execute("select import_id from imports where sha256 = ?", [sha256]).fetchall()
        self._same = {number for (number,) in found}
        self._live = {THIS_FILE, *(number for (number,) in con.execute("from live_imports").fetchall())}
        self._told = {
            frozenset(((newer, newer_part), (older, older_part)))
            for newer, newer_part, older, older_part in con.execute(
                "select import_id, part_no, older_id, older_part from beside"
            ).fetchall()
        }
        self._arrived: dict[int, tuple[str, list[Incoming]]] = {}

    def standing(self, report: Incoming, title: str, adds: bool | None) -> Standing:
        """`title`: of the part of the file that has the report · adds: what the person says of it, if she does."""
        _, own = self._arrived.setdefault(report.part_no, (title, []))
        shared, apart = self._others(report)
        own.append(report)
        evidence = [key for key in shared if key[0] in self._live]
        beside = [
            key
            for key in apart
            if adds or (adds is None and any(frozenset((key, one)) in self._told for one in evidence))
        ]
        left = [] if adds is not None else self._counting(report.table, [key for key in apart if key not in beside])
        if left:
            return Standing(question=_question(self._names(left[-1:])[0]))
        self._told |= {frozenset(((THIS_FILE, report.part_no), key)) for key in beside}
        return Standing(tuple(beside), note=_note(self._names(self._counting(report.table, beside))))

    def _others(self, report: Incoming) -> tuple[list[_Key], list[_Key]]:
        """The reports of the same account, breakdown and days: those that share a name with this one, or numbers where
        neither names anything, and those that share none."""
        con, table = self._con, catalogue().tables[report.table]
        given = _columns_of(con, report.relation)
        (breakdown,) = con.execute(f'select any_value(breakdown) from "{report.relation}"').fetchone()
        own = [name for name in (breakdown or "").split(",") if name and name not in (*_NO_NAMES, table.source)]
        names = [name for name in own if name in table.columns and name in given]
        metric = _METRICS.get(table.id)
        first, last = report.period or (None, None)
        told = {"account": report.account, "breakdown": breakdown}
        if names:
            needed, file = set(names), "otherpart.sql"
            told |= {"first_on": first, "last_on": last}
        elif metric in given and not own:
            needed, file = {metric}, "othernumbers.sql"
            told |= {"least": _LEAST_SHARE, "days": _LEAST_DAYS}
        else:
            return [], []

        def columns(of: Container[str]) -> str:
            return _columns(names, metric, table.source if table.source in of else None)

        earlier = "".join(
            f"union all select {THIS_FILE}, {other.part_no}, {columns(_columns_of(con, other.relation))} "
            f'from "{other.relation}" where breakdown = $breakdown '
            for _, reports in self._arrived.values()
            for other in reports
            if (other.table, other.account) == (report.table, report.account)
            and needed <= _columns_of(con, other.relation)
        )
        sql = packaged_text(file)
        for place, text in {
            "relation": report.relation, "arriving": columns(given), "columns": columns(table.columns),
            "table": table.id, "earlier": earlier,
        }.items():  # fmt: skip
            sql = sql.replace(f"{{{place}}}", text)
        found = con.execute(sql, told).fetchall()
        shared = [(number, part) for number, part, is_shared in found if is_shared]
        return shared, [
            (number, part) for number, part, is_shared in found if not is_shared and number not in self._same
        ]

    def _counting(self, table: str, keys: Collection[_Key]) -> list[_Key]:
        """Those of which any row counts; all of this file do."""
        if all(number == THIS_FILE for number, _ in keys):
            return list(keys)
        live = set(self._con.execute(f"select distinct import_id, part_no from live_{table}").fetchall())
        return [key for key in keys if key[0] == THIS_FILE or key in live]

    def _names(self, keys: Collection[_Key]) -> list[str]:
        """What the files or the parts of this file are called that brought them."""
        found = dict(self._con.execute("select import_id, name from imports").fetchall()) if keys else {}
        named = (self._arrived[part][0] if number == THIS_FILE else found[number] for number, part in keys)
        return list(dict.fromkeys(named))


def _columns(names: Collection[str], metric: str | None, source: str | None) -> str:
    listed = ", ".join(f"coalesce(\"{name}\"::varchar, '')" for name in names)
    said = f"[{listed}] as name" if names else f'"{metric}" as value'
    return f"{said}, {source or 'null::varchar'} as source, period_start, period_end"


def _columns_of(con: Any, relation: str) -> set[str]:
    return {row[0] for row in con.execute(f'describe "{relation}"').fetchall()}


def _question(file: str) -> Question:
    return Question(
        "adds",
        message(
            "This report is of the same account and days as “{file}”, yet has nothing in common with it. Do both count?",
            file=file,
        ),
        (
            (True, message("Both count: they are about different parts, such as different campaigns")),
            (False, message("Only this one counts: it is a newer version of the same report")),
        ),
    )


def _note(files: Sequence[str]) -> Message | None:
    if not files:
        return None
    return message(
        "Counts together with {file}, which is about another part of the same account and days.", file=", ".join(files)
    )
