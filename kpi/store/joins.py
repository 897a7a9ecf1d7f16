"""How many rows that name something in another table find it there, in words for the person who has loaded a file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from kpi.model import Catalogue
from kpi.wording.message import Message, message

_NAMED = 3
_PRODUCT = """left join facts.product_refs p on p.account = l.account
    and p.kind = product_kind(l.sku, l.product_id)
    and p.ref = product_ref(l.sku, l.product_id, l.product)"""


@dataclass(frozen=True)
class _Reference:
    """Rows of `child` that name one of `parent`: `sql` gives `ref`, what they name, and `is_found`.

    is_personal: what is missing could be a person, and is not named.
    """

    child: str
    parent: str
    sql: str
    is_personal: bool = False


_REFERENCES = (
    _Reference(
        "order_lines",
        "products",
        f"select coalesce(l.sku, l.product_id, l.product) as ref, p.ref is not null as is_found from live_order_lines l {_PRODUCT}",
    ),
    _Reference(
        "order_lines",
        "orders",
        "select l.order_id as ref, o.order_id is not null as is_found from live_order_lines l "
        "left join live_orders o using (account, order_id) where o.is_from_lines is not true",
    ),
    *(
        _Reference(
            child,
            "territories",
            f"select c.territory_id as ref, t.territory_id is not null as is_found from live_{child} c "
            "left join live_territories t using (account, territory_id)",
        )
        for child in ("orders", "refunds")
    ),
    _Reference(
        "products",
        "categories",
        "select p.category_id as ref, p.category_id in (select category_id from live_categories) as is_found from live_products p",
    ),
    *(
        _Reference(
            child,
            "customers",
            "select coalesce(k.email_key, c.customer_key) as ref, ref in (select customer_key from live_customers) as is_found "
            f"from live_{child} c left join known_ids k on k.id_hash = c.customer_key",
            is_personal=True,
        )
        for child in ("orders", "deals")
    ),
    _Reference(
        "deals",
        "products",
        "select d.product as ref, lower(d.product) in (select ref from facts.product_refs where kind in ('name', 'sku')"
        " union select lower(ref) from facts.product_refs) as is_found from live_deals d",
    ),
    _Reference(
        "deals",
        "staff",
        "select d.staff_id as ref, d.staff_id in (select staff_id from live_staff) as is_found from live_deals d",
        is_personal=True,
    ),
)


def join_rates(con: Any, catalogue: Catalogue, parts: Sequence[Collection[str]]) -> list[tuple[str, str, Message]]:
    """The references that the parts of an import have or serve, as (child, parent, sentence).

    Args: con: a cursor on which the facts were just made · parts: the tables that each part of the file filled.
        What one part brings together with its partner is no reference between files.
    """
    tables = {table for part in parts for table in part}
    touched = [it for it in _REFERENCES if {it.child, it.parent} & tables]
    between = [it for it in touched if not any(it.child in part and it.parent in part for part in parts)]
    found = [(it, _sentence(con, catalogue, it)) for it in between if _has_rows(con, it.parent)]
    return [(it.child, it.parent, sentence) for it, sentence in found if sentence is not None]


def _has_rows(con: Any, table: str) -> bool:
    return con.execute(f"select count(*) from (select 1 from live_{table} limit 1)").fetchone()[0] > 0


def _sentence(con: Any, catalogue: Catalogue, it: _Reference) -> Message | None:
    total, found = con.execute(
        f"select count(*), count(*) filter (where is_found) from ({it.sql}) where ref is not null"
    ).fetchone()
    if not total:
        return None
    names = {"child": catalogue.tables[it.child].name, "parent": catalogue.tables[it.parent].name}
    missing = () if it.is_personal or found == total else _missing(con, it)
    if not missing:
        return message("{child} → {parent}: {found} of {total} found their partner.", **names, found=found, total=total)
    return message(
        "{child} → {parent}: {found} of {total} found their partner; not found: {missing}.",
        **names,
        found=found,
        total=total,
        missing=", ".join(missing),
    )


def _missing(con: Any, it: _Reference) -> tuple[str, ...]:
    """The values that most rows look for in vain."""
    rows = con.execute(
        f"select ref from ({it.sql}) where ref is not null and is_found is not true group by 1 "
        f"order by count(*) desc, 1 limit {_NAMED}"
    ).fetchall()
    return tuple(f"“{ref}”" for (ref,) in rows)
