"""What a process reads once, before the first reader has to wait for it."""

from __future__ import annotations

from kpi.ingest.formats import formats
from kpi.ingest.generic import generics
from kpi.ingest.vocabulary import canonical_value
from kpi.wording.regions import region_code
from kpi.workspace import Workspace


def warm_up() -> None:
    """The catalogue, the formats, the names of regions and countries, and how an empty workspace looks."""
    formats()
    generics()
    region_code("Mazowieckie", "PL")
    canonical_value("country", "Polska")
    Workspace(":memory:").close()
