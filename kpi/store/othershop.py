"""Whether a file's orders are those of another shop, whose numbers only happen to be the same."""

from __future__ import annotations

from typing import Any

from kpi.ingest.load import Question
from kpi.wording.message import message

# An order never changes the day on which it was placed; two days leave room for any zone and any way to write a time.
# So many rows are enough to tell, and cost nothing in a large file.
_SHARED = """
with incoming as (select order_id, ordered_at from "{relation}" where order_id is not null limit 20000),
held as (
    select order_id, max(ordered_at) as last_at, min(ordered_at) as first_at
    from rows.orders semi join live_imports using (import_id) semi join incoming using (order_id)
    where account = $account and import_id not in (select import_id from imports where sha256 = $sha256) group by all
)
select count(*), count(*) filter (where ordered_at > last_at + interval 2 day or ordered_at < first_at - interval 2 day)
from incoming join held using (order_id)
"""


def shop_question(con: Any, account: str, relation: str, sha256: str) -> Question | None:
    """Asked when orders of `relation` have the numbers of loaded orders of the account that were placed on other days,
    unless these are of the very same file, read otherwise."""
    told = {"account": account, "sha256": sha256}
    shared, apart = con.execute(_SHARED.format(relation=relation), told).fetchone()
    return _question(con, account, apart) if apart and 2 * apart >= shared else None


def _question(con: Any, account: str, count: int) -> Question:
    """Every shop of that platform that is there, and a new one."""
    home = account.removesuffix("/main")
    found = con.execute("select distinct account from rows.orders semi join live_imports using (import_id)").fetchall()
    others = sorted(name for (name,) in found if name != account and name.startswith(f"{home}/"))
    number = next(it for it in range(2, len(others) + 3) if f"{home}/{it}" not in others)
    return Question(
        "account",
        message(
            "{n} order of this file has the number of a loaded order of another day. Which shop is it from?",
            "{n} orders of this file have the numbers of loaded orders of other days. Which shop are they from?",
            n=count,
        ),
        (
            (account, message("The same shop: these rows replace the loaded ones")),
            *((name, message("The shop “{account}”", account=name)) for name in others),
            (f"{home}/{number}", message("Another shop: both count")),
        ),
    )
