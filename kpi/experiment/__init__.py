"""A/B tests: from rows or counts to a verdict that holds. Every name that a screen or a notebook needs is here.

    from kpi import experiment as ab

    metrics = (ab.Metric.proportion("conversion", "converted", empty="zero"),
               ab.Metric.mean("rpv", "revenue", empty="zero", currency="PLN"))
    source = ab.Source("visitors", unit="visitor_id", arm="variant", at="seen_on", segments=("device",))
    observed = ab.observe(con, source, metrics)             # or ab.observed_counts(…); no row leaves DuckDB
    found = ab.verdict(observed, ab.Plan("A", "conversion", units=20_000), as_of=today)
    found.code, found.sentence, found.guards, found.comparisons

Read on in this order: `metric` (what is measured, where), `collect` (checked, then read once), `observed` and `moments`
(what is kept), `comparison` (one arm beside the control), `plan`, `guards`, `verdict`. Each method is a small file of its
own with its formula's source. Rows of orders or sessions are summed to their unit before anything else: there is no way
to test them as if they were independent.
"""

from kpi.experiment.balance import Balance, balance, daily_balance
from kpi.experiment.bayes import Posterior, posteriors
from kpi.experiment.collect import checked, observe, statement_of
from kpi.experiment.comparison import Comparison, Mode, Rule, all_compared, compared
from kpi.experiment.counts import ArmCount, observed_counts
from kpi.experiment.estimate import Estimate, Interval
from kpi.experiment.factorial import Effect, factorial
from kpi.experiment.guards import Guard
from kpi.experiment.metric import CUSTOMER, ROWS, VISITOR, Events, Metric, Source
from kpi.experiment.moments import Moments
from kpi.experiment.observed import Intake, Observed, SetAside
from kpi.experiment.plan import Plan, Progress
from kpi.experiment.planner import (
    FORMULAS,
    Longer,
    SampleSize,
    days_needed,
    detectable_mean,
    detectable_proportion,
    mean_size,
    proportion_power,
    proportion_size,
    ratio_size,
    what_longer_buys,
)
from kpi.experiment.proportions import overall
from kpi.experiment.quantiles import QuantileDifference, quantile_difference
from kpi.experiment.segments import (
    Interaction,
    Segments,
    Trend,
    cumulative,
    daily,
    segments,
    trend,
    weekday_interaction,
)
from kpi.experiment.verdict import Code, Verdict, beside, secondary, verdict

__all__ = [
    "CUSTOMER",
    "FORMULAS",
    "ROWS",
    "VISITOR",
    "ArmCount",
    "Balance",
    "Code",
    "Comparison",
    "Effect",
    "Estimate",
    "Events",
    "Guard",
    "Intake",
    "Interaction",
    "Interval",
    "Longer",
    "Metric",
    "Mode",
    "Moments",
    "Observed",
    "Plan",
    "Posterior",
    "Progress",
    "QuantileDifference",
    "Rule",
    "SampleSize",
    "Segments",
    "SetAside",
    "Source",
    "Trend",
    "Verdict",
    "all_compared",
    "balance",
    "beside",
    "checked",
    "compared",
    "cumulative",
    "daily",
    "daily_balance",
    "days_needed",
    "detectable_mean",
    "detectable_proportion",
    "factorial",
    "mean_size",
    "observe",
    "observed_counts",
    "overall",
    "posteriors",
    "proportion_power",
    "proportion_size",
    "quantile_difference",
    "ratio_size",
    "secondary",
    "segments",
    "statement_of",
    "trend",
    "verdict",
    "weekday_interaction",
    "what_longer_buys",
]
