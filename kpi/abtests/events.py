"""Rows that are orders or sessions: each has to stand in one row, or nothing can be added up."""

from __future__ import annotations

from typing import Any

from kpi.abtests.held import PLACE, Held
from kpi.errors import BadExperiment
from kpi.wording.message import message


def refuse_repeated_events(con: Any, held: Held) -> None:
    """Raises: BadExperiment: an order or session stands in several rows, as lines of which each may repeat its amount."""
    if held.rows_are != "event":
        return
    place = {"experiment": held.name, "import": held.imports[0], "part": held.part_no}
    (repeated,) = con.execute(
        f"select count(*) from (select 1 from rows.experiment_units where {PLACE} and event_id is not null "
        "group by unit, event_id having count(*) > 1)",
        place,
    ).fetchone()
    if repeated:
        raise BadExperiment(
            message("Orders or sessions stand in several rows"),
            message(
                "In “{test}” {n} order or session has several rows, and an amount in them may be a part or a repetition.",
                "In “{test}” {n} orders or sessions have several rows, and an amount in them may be a part or a repetition.",
                test=held.name,
                n=repeated,
            ),
            message("Add a file with one row for each order or session."),
        )
