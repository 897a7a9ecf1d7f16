"""Orders that may count twice, because two files that know nothing of each other hold them."""

from __future__ import annotations

from typing import Any

from kpi.wording.message import Message, message

_BESIDE = """
    with own as (
        select account = 'main' as is_guessed, min(ordered_at)::date as first_on, max(ordered_at)::date as last_on
        from live_orders where import_id = ? group by 1
    )
    select count(*) from live_orders o
    join own on own.is_guessed <> (o.account = 'main') and o.ordered_at::date between first_on and last_on
"""


def orders_beside(con: Any, import_id: int) -> Message | None:
    """A table that only looks like orders may hold those of a known export once more, whichever came first.

    Returns: how many orders of the other kind lie in the days of this import's own; None where there are none.
    """
    count = con.execute(_BESIDE, [import_id]).fetchone()[0]
    if not count:
        return None
    return message(
        "Careful: {count} orders of other files lie in the same days, and these count beside them. If they are the same "
        "orders once more, undo one of the two imports.",
        count=count,
    )
