"""Query → SQL → Answer. `holdings` knows what is there, `plan` which reports serve, `compiler` writes the SQL."""

from kpi.engine.duckdb import Engine

__all__ = ["Engine"]
