"""The store: one DuckDB file a workspace, an import journal over append-only rows, and the facts derived from them."""

from kpi.store.store import Store

__all__ = ["Store"]
