"""What is measured in an experiment, and where its rows are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kpi.errors import BadExperiment
from kpi.wording.message import Text, message

Kind = Literal["proportion", "mean", "ratio"]
Empty = Literal["zero", "left_out"]
"""What no value means: nothing happened, so zero · not measured, so the unit takes no part in this metric."""
Unit = Literal["percent", "money", "number"]
ROWS = "*"
"""As a denominator: the rows of a unit, where there is one row an order or session."""
VISITOR = Text("visitor", "odwiedzającego")
CUSTOMER = Text("customer", "klienta")


@dataclass(frozen=True)
class Metric:
    """One outcome per unit. Make it by `proportion`, `mean` or `ratio`; the name is unique in an experiment.

    empty: always said, never guessed · covariate: the same thing before the test, for CUPED; without a value it is zero,
    which any constant may stand for; of a ratio it may have a denominator of its own · winsor_share: values above this quantile of all arms are set to it, beside the raw
    ones · per: whom a mean is counted over.
    """

    name: str
    kind: Kind
    column: str
    empty: Empty
    label: Text | str = ""
    denominator: str | None = None
    covariate: str | None = None
    winsor_share: float | None = None
    unit: Unit = "number"
    currency: str | None = None
    is_higher_better: bool = True
    per: Text = VISITOR
    covariate_denominator: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", self.label or self.name)
        if self.covariate_denominator and not self.covariate:
            raise ValueError("the denominator of a covariate needs the covariate that it divides")
        if self.winsor_share is not None and not 0.5 <= self.winsor_share < 1:
            raise BadExperiment(
                message("“{metric}” cannot be winsorised so", metric=self.label),
                message("The share kept as it is has to be at least a half and under one."),
                message("Use 0.99, which moves the highest hundredth."),
            )

    @classmethod
    def proportion(
        cls, name: str, column: str, *, empty: Empty, label: Text | str = "", is_higher_better: bool = True
    ) -> Metric:
        """The share of units with a value above zero: a unit that converts twice counts once."""
        return cls(name, "proportion", column, empty, label, unit="percent", is_higher_better=is_higher_better)

    @classmethod
    def mean(
        cls,
        name: str,
        column: str,
        *,
        empty: Empty,
        label: Text | str = "",
        covariate: str | None = None,
        winsor_share: float | None = None,
        currency: str | None = None,
        is_higher_better: bool = True,
        per: Text = VISITOR,
    ) -> Metric:
        """The mean of a value over units, such as revenue per visitor; money where a currency is given."""
        return cls(
            name, "mean", column, empty, label, None, covariate, winsor_share, "money" if currency else "number",
            currency, is_higher_better, per,
        )  # fmt: skip

    @classmethod
    def ratio(
        cls,
        name: str,
        column: str,
        denominator: str,
        *,
        empty: Empty,
        label: Text | str = "",
        covariate: str | None = None,
        covariate_denominator: str | None = None,
        currency: str | None = None,
        is_higher_better: bool = True,
    ) -> Metric:
        """A ratio of sums over units, such as revenue ÷ orders. It is tested by the delta method, never row by row.

        covariate ÷ covariate_denominator: the same ratio before the test; without the latter, a plain mean.
        """
        return cls(
            name, "ratio", column, empty, label, denominator, covariate, None, "money" if currency else "number",
            currency, is_higher_better, covariate_denominator=covariate_denominator,
        )  # fmt: skip

    @property
    def columns(self) -> tuple[str, ...]:
        """The outcome's columns; the covariate is not one of them."""
        return (self.column,) if self.denominator is None else (self.column, self.denominator)

    @property
    def covariates(self) -> tuple[str, ...]:
        """What was measured before the test, the numerator first."""
        return tuple(name for name in (self.covariate, self.covariate_denominator) if name)


@dataclass(frozen=True)
class Events:
    """Rows of what units did, such as a workspace's orders, joined to an assignment by `unit`.

    Only what happened from the moment of assignment on counts, up to the day `until`, where it is given.
    """

    relation: str
    unit: str
    at: str | None = None
    until: date | None = None


@dataclass(frozen=True)
class Source:
    """A relation in DuckDB and what its columns are.

    relation: a table's or view's name, or a SELECT in brackets written by our own code, never by a person · rows: what one
    row is; events are summed to the unit before anything else · at: when the unit was assigned or seen, date or timestamp ·
    seen, shows: a column that tells what the unit was shown, and the value that belongs to each arm · events: where the
    outcomes are, when they are not in this relation.
    """

    relation: str
    unit: str
    arm: str
    at: str | None = None
    segments: tuple[str, ...] = ()
    rows: Literal["unit", "event"] = "unit"
    seen: str | None = None
    shows: Mapping[str, str] = field(default_factory=dict)
    events: Events | None = None
