"""Columns that a file has lost since the one before it, so that its rows lack what the older ones have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kpi.ingest.load import Load
from kpi.quality.finding import Checked, Finding, Touched, place
from kpi.store.store import Import
from kpi.wording.message import message

_SAME_EXPORT = 0.5
"""Two headers with less than this share in common are other reports rather than one that has changed."""
_BREAKDOWNS = """
select import_id, part_no, list_sort(list(distinct array_to_string(breakdown, ',')))
from report_periods join series using (series_id) group by all
"""
_ACCOUNTS = "select import_id, part_no, any_value(account) from rows.{table} semi join live_imports using (import_id) group by all"
# What the facts make of a column under another name.
_FACTS = {
    "customer_key": "customer_no order_number previous_on",
    "promo_codes": "promo_code",
    "items_amount": "net_amount",
    "total_amount": "items_amount net_amount",
    "discount_amount": "are_discounts_known net_amount",
    "line_amount": "net_amount untaxed_amount",
    "unit_price": "net_amount untaxed_amount",
    "line_discount_amount": "net_amount untaxed_amount",
    "tax_amount": "tax_share",
    "tax_included": "tax_share",
    "sales_channel": "is_online",
    "status": "is_valid is_paid is_failed",
    "unit_cost": "cost_amount is_below_cost stock_amount",
    "quantity": "stock_amount",
    "amount": "paid_amount fee_amount deal_amount expected_amount",
    "type": "fee_type",
    "orders": "reported_orders",
    "clicks": "any_clicks",
    "link_clicks": "any_clicks",
    "likes": "reactions",
    "comments": "reactions",
    "shares": "reactions",
    "position": "weighted_position",
    "origin": "lead_origin",
    "stage": "is_won is_in_funnel step",
    "mql_at": "step",
    "sql_at": "step",
    "won_at": "is_won step",
    "created_at": "cycle_s",
    "closed_at": "cycle_s",
    "probability": "expected_amount",
    "staff_id": "staff",
    "order_id": "complaint_order",
    "ticket_type": "is_complaint complaint_order",
    "first_response_at": "response_s",
    "first_response_min": "response_s",
    "resolved_at": "is_resolved",
    "csat_score": "is_satisfied",
    "ordered_at": "processing_s fulfilment_s",
    "shipped_at": "processing_s",
    "delivered_at": "fulfilment_s",
}
_FILLED = "select {counts} from rows.{table} where import_id = $import and part_no = $part"


def changed_columns(checked: Checked) -> list[Finding]:
    """The newest file of each kind of export, compared with the one before it."""
    found = []
    for (newer, part_no, load), (older, older_part, before) in _pairs(checked):
        gone = tuple(name for name in before.columns if name not in load.columns)
        lost = _lost(checked, load, (older.id, older_part), (newer.id, part_no)) if gone else ()
        if lost:
            found.append(_finding(checked, newer, load, before, gone, lost))
    return found


def _pairs(checked: Checked) -> Iterator[tuple[tuple[Import, int, Load], tuple[Import, int, Load]]]:
    """The newest part of each format, account and breakdown, with the part before it."""
    accounts = _accounts(checked)
    breakdowns = {(import_id, part): tuple(names) for import_id, part, names in checked.rows(_BREAKDOWNS)}
    newest: dict[tuple[object, ...], tuple[Import, int, Load]] = {}
    told: set[tuple[object, ...]] = set()
    for one in sorted(checked.live, key=lambda it: it.id, reverse=True):
        for part_no, load in enumerate(one.load.parts or (one.load,)):
            key = (load.format, accounts.get((one.id, part_no)), breakdowns.get((one.id, part_no), ()))
            if not load.columns or key in told:
                continue
            if key not in newest:
                newest[key] = (one, part_no, load)
            elif newest[key][0].id != one.id:
                told.add(key)
                if _is_same_export(newest[key][2], load):
                    yield newest[key], (one, part_no, load)


def _accounts(checked: Checked) -> dict[tuple[int, int], str]:
    tables = {name for one in checked.live for name in one.load.tables if name in checked.model.tables}
    found = (row for table in sorted(tables) for row in checked.rows(_ACCOUNTS.format(table=table)))
    return {(import_id, part_no): account for import_id, part_no, account in found}


def _is_same_export(one: Load, other: Load) -> bool:
    both, either = set(one.columns) & set(other.columns), set(one.columns) | set(other.columns)
    return len(both) >= _SAME_EXPORT * len(either)


def _lost(checked: Checked, load: Load, older: tuple[int, int], newer: tuple[int, int]) -> tuple[str, ...]:
    """The columns of our tables that the older file filled and the newer leaves empty."""
    lost: list[str] = []
    for table in (checked.model.tables[name] for name in load.tables if name in checked.model.tables):
        counts = ", ".join(f'count("{name}") > 0' for name in table.columns)
        sql = _FILLED.format(counts=counts, table=table.id)
        before, after = (
            checked.rows(sql, {"import": number, "part": part})[0] for number, part in (older, newer)
        )  # fmt: skip
        lost += [name for name, was, is_now in zip(table.columns, before, after, strict=True) if was and not is_now]
    return tuple(dict.fromkeys(lost))


def _finding(
    checked: Checked, newer: Import, load: Load, before: Load, gone: tuple[str, ...], lost: tuple[str, ...]
) -> Finding:
    new = tuple(name for name in load.columns if name not in before.columns)
    what = (
        message(
            "“{file}” lacks what the file before it had: {gone}; new in it: {new}.", file=newer.name, gone=gone, new=new
        )
        if new
        else message("“{file}” lacks what the file before it had: {gone}.", file=newer.name, gone=gone)
    )
    table = next(iter(load.tables), "")
    return Finding(
        place("changed_columns", load.format, table, *lost),
        "affects",
        what,
        message(
            "Export it again with these columns. If a column only has another name now, map it when you add the file."
        ),
        table,
        load.rows.loaded,
        _touched(checked, load, lost),
        period=load.period,
        imports=(newer.id,),
        examples=gone,
    )


def _touched(checked: Checked, load: Load, lost: tuple[str, ...]) -> tuple[Touched, ...]:
    """The KPIs whose measures read a lost column, by whatever name the facts have for it."""
    names = {name for column in lost for name in (column, *_FACTS.get(column, "").split())}
    word = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b")
    kpis = (
        name
        for name in checked.model.kpis
        if any(
            measure.table in load.tables and word.search(" ".join((measure.sql, *measure.uses)))
            for measure in checked.model.measures_of(name)
        )
    )
    return tuple(Touched(name, "open") for name in kpis)
