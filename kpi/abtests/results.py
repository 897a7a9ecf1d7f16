"""Saved results: what was found, on which inputs, and whether the same would still be found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpi import experiment as ab
from kpi.abtests.design import Design
from kpi.abtests.judged import Judged
from kpi.errors import BadExperiment
from kpi.store import Store
from kpi.store.journal import dumped, parsed
from kpi.wording.message import Message, Text, message

Judge = Callable[[Design, date], Judged]
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class Result:
    """A verdict that somebody wanted to keep.

    arm, metric, unit, currency: what the effect is about · effect: difference, low, high, where there is one ·
    is_current: whether the workspace's data still give the same numbers.
    """

    id: int
    title: str
    saved_at: datetime
    by: str
    design: Design
    as_of: date
    code: ab.Code
    sentence: Message
    arm: str | None
    metric: Text | str
    unit: str
    currency: str | None
    effect: tuple[float, float, float] | None
    units: int
    fingerprint: str
    is_current: bool


class Results:
    """The list of saved results, in the workspace's file."""

    def __init__(self, store: Store, judge: Judge, now: Callable[[], datetime]) -> None:
        self._store, self._judge, self._now = store, judge, now

    def save(self, design: Design, as_of: date, title: str, by: str) -> Result:
        """Raises: BadExperiment: no title, or nothing to save."""
        if not title.strip() or len(title) > _LONGEST_TITLE:
            raise BadExperiment(
                message("This result needs a name"),
                message("The name is empty or longer than {n} characters.", n=_LONGEST_TITLE),
                message("Give it a short name."),
            )
        found = self._judge(design, as_of)
        with self._store.writing() as con:
            (id,) = con.execute(
                "insert into experiment_results (title, saved_at, saved_by, as_of, design, found, fingerprint) "
                "values (?, ?, ?, ?, ?, ?, ?) returning result_id",
                [
                    title.strip(),
                    self._now(),
                    by,
                    as_of,
                    json.dumps(design.as_dict()),
                    _written(found),
                    found.fingerprint,
                ],
            ).fetchone()
            self._audit(con, by, "save_result", id)
        return next(one for one in self.all() if one.id == id)

    def all(self) -> tuple[Result, ...]:
        """The newest first."""
        found = self._store.rows(
            "select result_id, title, saved_at, saved_by, as_of, design::varchar, found::varchar, fingerprint "
            "from experiment_results order by result_id desc"
        )
        return tuple(self._read(*row) for row in found)

    def forget(self, id: int, by: str) -> None:
        """Raises: BadExperiment: there is no such result."""
        with self._store.writing() as con:
            if not con.execute(
                "delete from experiment_results where result_id = ? returning result_id", [id]
            ).fetchall():
                raise BadExperiment(
                    message("There is no such result"),
                    message("Result {number} was never saved, or it has been forgotten.", number=id),
                    message("Look at the list of results."),
                )
            self._audit(con, by, "forget_result", id)

    def _audit(self, con: Any, by: str, what: str, id: int) -> None:
        con.execute("insert into audit values (?, ?, ?, ?)", [self._now(), by, what, json.dumps({"result": id})])

    def _read(
        self, id: int, title: str, at: datetime, by: str, as_of: date, design: str, found: str, fingerprint: str
    ) -> Result:
        asked, told = Design.of(json.loads(design)), parsed(found)
        return Result(
            id,
            title,
            at,
            by,
            asked,
            as_of,
            **told,
            fingerprint=fingerprint,
            is_current=self._is_current(asked, as_of, fingerprint),
        )

    def _is_current(self, design: Design, as_of: date, fingerprint: str) -> bool:
        try:
            return self._judge(design, as_of).fingerprint == fingerprint
        except BadExperiment:
            return False


def _written(found: Judged) -> str:
    """What is shown of the result, as it was found."""
    one, metric = found.deciding, found.observed.metric(found.design.primary.name)
    effect = one.estimate if one else None
    return dumped(
        {
            "code": found.verdict.code,
            "sentence": found.verdict.sentence,
            "arm": found.verdict.arm,
            "metric": metric.label,
            "unit": metric.unit,
            "currency": metric.currency,
            "effect": (effect.difference, effect.low, effect.high) if effect else None,
            "units": found.verdict.progress.units,
        }
    )
