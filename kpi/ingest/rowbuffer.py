"""Rows on their way to DuckDB: kept in memory while few, spooled to a temporary table when many."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from kpi.ingest.scratch import Scratch

# row_no, the label that stands behind the last column (or ""), then one cell a column
Row = tuple[Any, ...]
_BATCH = 20_000
_SAMPLE = 300


class RowBuffer:
    """Append rows of `width` cells; `table` names a temporary table with `row_no`, `extra`, `c0`, `c1`, …"""

    def __init__(self, scratch: Scratch, width: int) -> None:
        self._scratch, self._width = scratch, width
        self._batch: list[Row] = []
        self._count = 0
        self._table: str | None = None
        self.sample: list[tuple[str, ...]] = []

    def __len__(self) -> int:
        return self._count

    def append(self, row: Row) -> None:
        if len(self.sample) < _SAMPLE:
            self.sample.append(row[2:])
        self._batch.append(row)
        self._count += 1
        if len(self._batch) >= _BATCH:
            self._flush()

    def table(self) -> str:
        """Write what is still in memory and return the table's name."""
        self._flush()
        assert self._table is not None
        return self._table

    def _flush(self) -> None:
        names = ["row_no", "extra", *(f"c{i}" for i in range(self._width))]
        columns = list(zip(*self._batch, strict=True)) if self._batch else [()] * len(names)
        arrays = [
            pa.array(columns[0], pa.int64()),
            *(pa.array([cell or None for cell in column], pa.string()) for column in columns[1:]),
        ]
        self._batch = []
        with self._scratch.registered(pa.table(arrays, names=names)) as batch:
            if self._table is None:
                self._table = self._scratch.new("staged")
                self._scratch.run(f"CREATE TEMP TABLE {self._table} AS FROM {batch}")
            else:
                self._scratch.run(f"INSERT INTO {self._table} FROM {batch}")
