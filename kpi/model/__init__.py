"""What the data means, as data: tables, measures, KPIs and dimensions, read from TOML and checked once."""

from kpi.model.catalogue import AREAS, SQL_TYPES, Catalogue, Dimension, Kpi, Measure, Reason, Table, Tax, catalogue

__all__ = ["AREAS", "SQL_TYPES", "Catalogue", "Dimension", "Kpi", "Measure", "Reason", "Table", "Tax", "catalogue"]
