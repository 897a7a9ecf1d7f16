"""What a process reads once, before the first reader has to wait for it."""

from __future__ import annotations

from kpi.ingest.formats import formats
from kpi.ingest.generic import generics
from kpi.wording.regions import region_code
from kpi.workspace import Workspace

_ORDERS = "Order ID,Order date,Total,Currency,Status,Country\n1,2026-01-02,10.00,PLN,paid,Polska\n"


def warm_up() -> None:
    """The catalogue, the formats, the names of regions and countries, and all else that a first file needs."""
    formats()
    generics()
    region_code("Mazowieckie", "PL")
    with Workspace(":memory:") as shop:
        shop.add(_ORDERS.encode(), name="orders.csv")
