"""Koszyk's library: from the raw exports of an online shop to numbers you can defend. No screen is needed.

    with kpi.Workspace("shop.duckdb") as shop:
        load = shop.add("orders_export_1.csv")              # what it was taken for, where every row went
        answer = shop.ask(kpi.Query(kpis=("revenue", "aov"), by=("channel",)))
        answer.frame, answer.totals, answer.receipt("aov", channel="organic")

Read on in this order: `model` (what the data means, as data), `query`, `engine` (query → SQL → answer), `answer`.
A file's way in: `ingest` (decode → recognise → convert) → `store` (the journal, the rows, the facts). `workspace`
joins them; its `sources` read other databases (`ingest.database`). `wording` puts everything into Polish or English, `charts` and `report` show it.
`kpi.experiment` judges A/B tests; import it by itself, its docstring is the map. `kpi.abtests` puts it to
a workspace's data (`shop.experiments`); its `Measure` is an outcome of a test, and not this module's.
"""

from kpi.answer import Answer, LeftOut, Receipt, Source
from kpi.errors import KpiError
from kpi.formula import Formula
from kpi.ingest.database import Connection, DatabaseSource
from kpi.ingest.load import CheckTotal, Load, MappedField, Mapping, Question, RefusedRow, Rows, SourceColumn
from kpi.model import Catalogue, Dimension, Kpi, Measure, Table, catalogue
from kpi.query import Query
from kpi.warming import warm_up
from kpi.workspace import Workspace

__all__ = [
    "Answer",
    "Catalogue",
    "CheckTotal",
    "Connection",
    "DatabaseSource",
    "Dimension",
    "Formula",
    "Kpi",
    "KpiError",
    "LeftOut",
    "Load",
    "MappedField",
    "Mapping",
    "Measure",
    "Query",
    "Question",
    "Receipt",
    "RefusedRow",
    "Rows",
    "Source",
    "SourceColumn",
    "Table",
    "Workspace",
    "catalogue",
    "warm_up",
]
