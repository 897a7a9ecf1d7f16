"""What all sheets of an experiment's workbook share: the verdict, the words, and each metric in each way that it is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from kpi.experiment import Comparison, Metric, Moments, Observed, Plan, Rule, Verdict
from kpi.experiment.plan import compared_arms, rule_of
from kpi.report.naming import sheet_names
from kpi.report.sheet import Kind
from kpi.wording import Words

Way = Literal["raw", "cuped", "winsorised"]


@dataclass(frozen=True)
class Block:
    """One metric in one way: the arms' moments, the control first, and their comparisons. It has a sheet of its own."""

    metric: Metric
    way: Way
    moments: Mapping[str, Moments]
    comparisons: tuple[Comparison, ...]
    rule: Rule

    @property
    def is_binary(self) -> bool:
        return self.metric.kind == "proportion"

    def comparison(self, arm: str) -> Comparison | None:
        """With a result; None for the control, and where there is none."""
        return next((one for one in self.comparisons if one.arm == arm and one.estimate and one.fixed), None)


@dataclass(frozen=True)
class Tested:
    """One workbook in the making."""

    observed: Observed
    plan: Plan
    verdict: Verdict
    secondary: tuple[Comparison, ...]
    beside: Mapping[str, tuple[Comparison, ...]]
    words: Words
    made_at: datetime
    title: str = ""
    link: str | None = None

    @cached_property
    def rule(self) -> Rule:
        return rule_of(self.plan, self.verdict.progress)

    @cached_property
    def arms(self) -> tuple[str, ...]:
        return compared_arms(self.observed, self.plan)

    @cached_property
    def primary(self) -> Block | None:
        """The metric that decides; None where the verdict is blocked before any number."""
        if not self.verdict.comparisons:
            return None
        return self._block(self.verdict.comparisons, is_adjusted=self.plan.is_adjusted)

    @cached_property
    def others(self) -> tuple[Block, ...]:
        """The secondary metrics, in their order; none where the primary one has no numbers either."""
        if not self.primary:
            return ()
        names = dict.fromkeys(one.metric.name for one in self.secondary)
        of_metric = (tuple(one for one in self.secondary if one.metric.name == name) for name in names)
        return tuple(self._block(found, is_adjusted=self.plan.is_adjusted) for found in of_metric)

    @cached_property
    def ways(self) -> tuple[Block, ...]:
        """The primary metric in the ways that do not decide."""
        return tuple(self._ways()) if self.primary else ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (*([self.primary] if self.primary else []), *self.others, *self.ways)

    @cached_property
    def sheet_names(self) -> tuple[str, ...]:
        """Of the result, the days, and every block in order."""
        w = self.words
        return sheet_names([w.t("Result"), w.t("Day by day"), *(self.name_of(block) for block in self.blocks)])

    def sheet_of(self, block: Block) -> str:
        return self.sheet_names[2 + self.blocks.index(block)]

    def name_of(self, block: Block) -> str:
        """The metric's name, with the way where it is not the plain one."""
        return f"{self.label(block.metric)}{self.way_name(block.way, ', ')}"

    def way_name(self, way: Way, before: str = "") -> str:
        w = self.words
        return {"raw": "", "cuped": f"{before}CUPED", "winsorised": before + w.t("winsorised")}[way]

    def label(self, metric: Metric) -> str:
        text = self.words.say(metric.label)
        return text[:1].upper() + text[1:]

    def _ways(self) -> Iterator[Block]:
        for way, found in self.beside.items():
            name = found[0].metric.name if found else ""
            if name == self.plan.primary and self.primary and way != self.primary.way:
                moments = self.observed.capped(name) if way == "winsorised" else self.observed.moments(name)
                yield Block(found[0].metric, way, {arm: moments[arm] for arm in self.arms}, found, self.rule)  # type: ignore[arg-type]

    def _block(self, found: tuple[Comparison, ...], *, is_adjusted: bool) -> Block:
        metric = found[0].metric
        moments = self.observed.moments(metric.name)
        way: Way = "cuped" if is_adjusted and metric.covariate else "raw"
        return Block(metric, way, {arm: moments[arm] for arm in self.arms}, found, self.rule)


def kind_of_metric(metric: Metric) -> Kind:
    """How its values are written."""
    if metric.unit == "percent":
        return Kind("percent", digits=2)
    return Kind("money", metric.currency, 2) if metric.unit == "money" else Kind("number", digits=2)
