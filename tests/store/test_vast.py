"""Numbers that no shop has: they are no amount, and they keep nothing else from being loaded."""

from __future__ import annotations

import pytest

from kpi import Query, Workspace
from kpi.errors import UnreadableFile
from kpi.wording import Words

VAST = "999999999999999999999999999999"


def test_a_vast_count_of_stock_has_no_value_and_stops_nothing() -> None:
    rows = f"date,sku,quantity,unit_cost,currency\n2026-03-01,A-1,{VAST},4.00,PLN\n2026-03-01,A-2,3,4.00,PLN\n"
    with Workspace(":memory:") as shop:
        load = shop.add(rows.encode(), name="stock.csv", answers={"table": "stock"})
        assert (load.questions, load.rows.loaded) == ((), 2)
        assert shop.ask(Query(("stock_value",))).totals["stock_value"] == pytest.approx(12)


def test_a_vast_amount_is_refused_in_a_sentence_and_nothing_is_loaded() -> None:
    lines = f"order_id,date,sku,quantity,unit_price,currency\n1,2026-03-01,A-1,{VAST},4.00,PLN\n2,2026-03-01,A-2,3,4.00,PLN\n"
    with Workspace(":memory:") as shop:
        with pytest.raises(UnreadableFile) as refused:
            shop.add(lines.encode(), name="lines.csv", answers={"table": "order_lines"})
        assert "too large to be true" in Words("en").say(refused.value.detail)
        assert shop.imports() == ()
