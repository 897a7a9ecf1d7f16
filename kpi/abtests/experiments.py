"""`shop.experiments`: the experiments that a workspace holds, judged where their rows are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from kpi import experiment as ab
from kpi.abtests.design import Design, Measure, Outcomes
from kpi.abtests.events import refuse_repeated_events
from kpi.abtests.held import Column, Held, all_held
from kpi.abtests.judged import Judged, judged, refuse_control
from kpi.abtests.orders import last_day, observed_orders, with_orders
from kpi.abtests.questions import completed, metrics_of, source_of
from kpi.abtests.results import Result, Results
from kpi.abtests.shown import pages_shown
from kpi.abtests.suggestions import suggested_design
from kpi.abtests.traffic import Traffic, traffic
from kpi.abtests.typed import COUNTS_NAME, observed_counts_of, typed_counts
from kpi.answer import Answer
from kpi.engine.holdings import Holdings
from kpi.errors import BadExperiment
from kpi.ingest.load import Load, Rows
from kpi.query import Query
from kpi.store import Store
from kpi.store.appending import Incoming
from kpi.wording.message import Message, message

_SEED = 1
_ACCOUNT = "experiments/main"


class Experiments:
    """`shop.experiments.judge(shop.experiments.suggested("checkout"), as_of=today).verdict.sentence`."""

    def __init__(
        self,
        store: Store,
        ask: Callable[[Query], Answer],
        holdings: Callable[[], Holdings],
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._ask, self._holdings, self._now = store, ask, holdings, now
        self._results = Results(store, self.judge, now)
        self._held = lru_cache(maxsize=1)(self._all_held)
        self._observations = lru_cache(maxsize=32)(self._observed)
        self._judgements = lru_cache(maxsize=64)(self._judged)
        self._shown = lru_cache(maxsize=16)(self._pages_shown)
        self._joined = lru_cache(maxsize=16)(self._with_orders)

    def held(self) -> tuple[Held, ...]:
        """Every experiment in the workspace, the newest first."""
        return self._held(self._store.data_version)

    def with_orders(self, name: str) -> Held:
        """The experiment measured by the workspace's own orders of the people in it.

        Raises: BadExperiment: there is no such experiment, or the orders cannot be joined to it.
        """
        return self._joined(name, self._store.data_version)

    def suggested(self, name: str, outcomes: Outcomes | None = None) -> Design:
        """Sensible first choices for an experiment. outcomes: the file's own where it has any, unless said.

        Raises: BadExperiment: there is no such experiment, or nothing in it can be compared.
        """
        held = self._one(name)
        is_bare = held.shape == "units" and not held.numbers and held.days
        if outcomes == "orders" or (outcomes is None and is_bare):
            held = self.with_orders(name)
        return suggested_design(held, self._shown(name, self._store.data_version))

    def undecided(self, name: str) -> tuple[Column, ...]:
        """The columns with empty cells: whether that means zero or not measured, only a person can say.

        Raises: BadExperiment: there is no such experiment.
        """
        held = self._one(name)
        return tuple(one for one in held.numbers if one.filled < held.rows) if held.shape == "units" else ()

    def judge(self, design: Design, as_of: date) -> Judged:
        """The verdict on that day; kept until the data change.

        Raises: BadExperiment: the experiment, a column or the control is not there, or the plan is none.
        """
        return self._judgements(design, as_of, self._store.data_version)

    def quantile(
        self, design: Design, column: str, share: float = 0.5
    ) -> Mapping[str, ab.QuantileDifference | Message]:
        """The difference of a quantile of a column between the control and each other arm, by bootstrap.

        Raises: BadExperiment: as `judge` does, or a share that is no quantile.
        """
        if not 0 < share < 1:
            raise BadExperiment(
                message("This is no quantile"),
                message("A quantile is a share between 0 and 1, such as 0.5 for the median."),
                message("Choose another share."),
            )
        empty: Literal["zero", "left_out"] = next(
            (one.empty for one in design.measures if one.column == column), "zero"
        )
        asked = replace(design, primary=Measure("mean", column, empty), others=(), segments=())
        version = self._store.data_version
        observed = self._observations(_measured(asked), self._until(asked, None), version)
        refuse_control(design, observed)
        with self._store.snapshot() as con:
            return {
                arm: ab.quantile_difference(con, observed, asked.primary.name, design.control, arm, share, seed=_SEED)
                for arm in observed.arms
                if arm != design.control
            }

    def add_counts(
        self, name: str, counts: Sequence[ab.ArmCount], currency: str | None = None, *, by: str = ""
    ) -> Load:
        """Type in an experiment's counts; the same name again replaces them.

        Returns: its line in the journal, which can be undone as any import.
        Raises: BadExperiment: no name, counts that cannot be, or an amount without a currency.
        """
        told = typed_counts(name, counts, currency)
        n = len(told.counts)
        load = Load(told.name, "experiment_counts", COUNTS_NAME, 1.0, rows=Rows(n, n), tables={"experiment_counts": n})
        load = replace(load, currencies=(told.currency,) if told.currency else ())
        with self._store.writing() as con:
            relation = told.table(con)
            incoming = [Incoming("experiment_counts", relation, _ACCOUNT)]
            number = self._store.append(con, load, incoming, sha256=told.sha256, answers={}, by=by, at=self._now())
            con.execute(f"drop table {relation}")
        return replace(load, import_id=number)

    def save(self, design: Design, as_of: date, title: str, *, by: str = "") -> Result:
        """Keep a verdict with the fingerprint of what it rests on.

        Raises: BadExperiment: as `judge` does, or no title.
        """
        return self._results.save(design, as_of, title, by)

    def results(self) -> tuple[Result, ...]:
        """The saved results, the newest first, each with whether it is still what the data say."""
        return self._results.all()

    def forget(self, result_id: int, *, by: str = "") -> None:
        """Take a saved result off the list. Raises: BadExperiment: there is no such result."""
        self._results.forget(result_id, by)

    def traffic(self, as_of: date) -> tuple[Traffic, ...]:
        """Sessions and orders a day, of the last four weeks that are whole; those that the workspace knows."""
        return traffic(self._ask, self._holdings(), as_of)

    def sql(self, found: Judged) -> str:
        """The statement that gave a verdict's counts and moments; empty for counts that were typed in or uploaded."""
        with self._store.snapshot() as con:
            return ab.statement_of(con, found.observed)

    def _one(self, name: str) -> Held:
        found = next((one for one in self.held() if one.name == name), None)
        if found is None:
            raise BadExperiment(
                message("There is no such test"),
                message("No import that counts holds a test called “{test}”.", test=name),
                message("Add its file, or choose another test."),
            )
        return found

    def _all_held(self, data_version: int) -> tuple[Held, ...]:
        with self._store.reading() as rows:
            return all_held(rows, self._store.settings["time_zone"])

    def _pages_shown(self, name: str, data_version: int) -> tuple[tuple[str, str], ...]:
        with self._store.reading() as rows:
            return pages_shown(rows, self._one(name))

    def _measured_by(self, design: Design) -> Held:
        return self.with_orders(design.experiment) if design.outcomes == "orders" else self._one(design.experiment)

    def _with_orders(self, name: str, data_version: int) -> Held:
        held = self._one(name)
        with self._store.reading() as rows:
            return with_orders(rows, held, self._store.settings["currency"])

    def _until(self, design: Design, as_of: date | None) -> date | None:
        """The day up to which orders count; None where the file itself has the outcomes.

        Raises: BadExperiment: there are no orders to join.
        """
        if design.outcomes == "file":
            return None
        self.with_orders(design.experiment)
        with self._store.reading() as rows:
            return last_day(rows, as_of)

    def _judged(self, design: Design, as_of: date, data_version: int) -> Judged:
        held = self._measured_by(design)
        whole = completed(design, held) if held.shape == "units" else design
        observed = self._observations(_measured(whole), self._until(whole, as_of), data_version)
        return judged(whole, held, observed, self._files(held, whole), as_of)

    def _observed(self, design: Design, until: date | None, data_version: int) -> ab.Observed:
        held, zone = self._measured_by(design), self._store.settings["time_zone"]
        with self._store.snapshot() as con:
            if held.shape == "counts":
                return observed_counts_of(con, held, design)
            metrics = metrics_of(held, design)
            if until:
                return observed_orders(con, held, design, metrics, zone, until)
            refuse_repeated_events(con, held)
            return ab.observe(con, source_of(held, design, zone), metrics)

    def _files(self, held: Held, design: Design) -> tuple[str, ...]:
        """SHA-256 of the imports that the experiment's rows, and the orders where they count, come from."""
        orders = (
            "or import_id in (select import_id from rows.orders) or import_id in (select import_id from rows.refunds)"
        )
        found = self._store.rows(
            "select sha256 from imports semi join live_imports using (import_id) where list_contains(?, import_id) "
            + (orders if design.outcomes == "orders" else ""),
            [list(held.imports)],
        )
        return tuple(sha256 for (sha256,) in found)


def _measured(design: Design) -> Design:
    """What of a design decides which numbers are read: the same for every plan, control and split."""
    return replace(design, control="", split=(), units=None, end=None, margin=None, is_adjusted=False, factors=())
