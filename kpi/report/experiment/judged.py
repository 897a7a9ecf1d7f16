"""The test of an arm beside the control, step by step: difference, error, p-value, interval, lift, and what decides."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy import special

from kpi.experiment import Comparison, Estimate, Moments
from kpi.experiment.comparison import spaced
from kpi.experiment.confidence import mixture_rho
from kpi.experiment.estimate import normal_quantile
from kpi.experiment.proportions import smallest_expected_cell
from kpi.experiment.spending import any_look_boundary, boundaries
from kpi.report.experiment.steps import COUNT, Parameter, Step
from kpi.report.experiment.tested import Block
from kpi.wording import Words

# Student's t by the Beta distribution, because TDIST cuts degrees of freedom to whole numbers. From a hundred thousand on
# Beta loses digits there, and the first terms of Fisher's expansion have all of them.
# Source: Abramowitz, Stegun (1964), 26.7.1 and 26.5.27; Johnson, Kotz, Balakrishnan (1995), vol. 2, 28.4.
_STUDENT_P = (
    "=IF({df}<100000,BETADIST({df}/({df}+{statistic}^2),{df}/2,0.5),2*NORMSDIST(-ABS({statistic})"
    "*(1-({statistic}^2+1)/(4*{df})+(13*{statistic}^4+8*{statistic}^2+3)/(96*{df}^2))))"
)
_STUDENT_T = "=SQRT({df}*(1/BETAINV({alpha},{df}/2,0.5)-1))"
_Value = Callable[[Comparison, Estimate], float | None]


@dataclass(frozen=True)
class Pairs:
    """Makes steps of one block: a value of each arm's comparison, none for the control."""

    block: Block

    def step(self, key: str, label: str, formula: str | None, value: _Value, *, is_count: bool = False) -> Step:
        """`value` gets the comparison and its fixed-horizon estimate."""
        found = (self.block.comparison(arm) for arm in self.block.moments)
        values = tuple(value(one, one.fixed) if one and one.fixed else None for one in found)
        return Step(key, label, formula, values, is_pair=True, **({"kind": COUNT} if is_count else {}))


def parameters(block: Block, w: Words) -> list[Parameter]:
    """What holds for all arms: the error rate, and what the rule of looking needs."""
    rule, alpha = block.rule, block.rule.alpha
    found = [
        Parameter("alpha", w.t("Error rate (alpha)"), alpha),
        Parameter("z", w.t("Normal deviate of it, two-sided"), normal_quantile(alpha), "=-NORMSINV({alpha}/2)"),
    ]
    if rule.mode == "always_valid":
        tuning = Parameter("tuning", w.t("Units at which the sequence is narrowest"), rule.tuning_units, kind=COUNT)
        rho = "=SQRT((-2*LN({alpha})+LN(-2*LN({alpha})+1))/{tuning})"
        found += [tuning, Parameter("rho", "rho", mixture_rho(alpha, rule.tuning_units), rho)]
    if rule.mode == "spending":
        found.append(Parameter("fraction", w.t("Share of the plan that is there"), rule.fraction))
        label = w.t("Normal deviate to reach now (O'Brien–Fleming)")
        if looks := spaced(rule.looks, rule.fraction):
            found.append(Parameter("bound", label, boundaries((*looks, rule.fraction), alpha)[-1]))
        else:
            bound = any_look_boundary(rule.fraction, alpha)
            found.append(Parameter("bound", label, bound, "=-NORMSINV({alpha}/4)/SQRT({fraction})"))
    return found


def proportion_steps(block: Block, w: Words) -> list[Step]:
    """Pooled z with Newcombe's interval. Fisher's mid-p is typed in: no short formula gives it."""
    make = Pairs(block).step

    def pooled(one: Comparison, _: Estimate) -> float:
        (x_c, n_c), (x_t, n_t) = _counts(block, one)
        return (x_c + x_t) / (n_c + n_t)

    is_small = {
        arm for arm in block.moments if (one := block.comparison(arm)) and one.fixed and one.fixed.method != "z"
    }
    p_label = w.t("p-value, if the end was planned and is reached")
    root = "SQRT(({{value{0}}}-{{least{0}}})^2+({{most{1}}}-{{value{1}}})^2)"
    steps = [
        make("difference", w.t("Difference"), "={value}-{value.c}", lambda _, fixed: fixed.difference),
        make("pooled", w.t("Rate of both variants together"), "=({x.c}+{x})/({n.c}+{n})", pooled),
        make("expected", w.t("Smallest expected cell"), "=MIN({x.c}+{x},{n.c}+{n}-{x.c}-{x})*MIN({n.c},{n})/({n.c}+{n})",
             lambda one, _: smallest_expected_cell(*_counts(block, one))),
        make("se", w.t("Standard error, pooled"), "=SQRT({pooled}*(1-{pooled})*(1/{n.c}+1/{n}))", lambda _, fixed: fixed.se),
        make("statistic", "z", "={difference}/{se}", lambda _, fixed: fixed.statistic),
        make("fixed_p", p_label, "=2*NORMSDIST(-ABS({statistic}))", lambda _, fixed: fixed.p if fixed.method == "z" else None),
        make("fixed_low", w.t("Interval from (Newcombe)"), "={difference}-" + root.format("", ".c"), lambda _, fixed: fixed.low),
        make("fixed_high", w.t("Interval to (Newcombe)"), "={difference}+" + root.format(".c", ""), lambda _, fixed: fixed.high),
    ]  # fmt: skip
    if is_small:
        label = w.t("p-value: Fisher's mid-p, where the smallest expected cell is under 5 (typed in)")
        steps.append(make("fisher_p", label, None, lambda _, fixed: fixed.p if fixed.method != "z" else None))
        formula = "=IF(ISNUMBER({fisher_p}),{fisher_p},{fixed_p})"
        steps.append(make("either_p", w.t("p-value that holds"), formula, lambda _, fixed: fixed.p))
    return steps


def welch_steps(block: Block, w: Words) -> list[Step]:
    """Welch's t of two means, of linearised ratios, or of what CUPED has left."""
    make, alpha = Pairs(block).step, block.rule.alpha
    control, arm, error_c, error = (
        ("control_mean", "arm_mean", "control_error", "arm_error")
        if block.way == "cuped"
        else ("value.c", "value", "error.c", "error")
    )
    sum_of_errors = f"({{{error_c}}}+{{{error}}})"
    df = f"={sum_of_errors}^2/({{{error_c}}}^2/({{n.c}}-1)+{{{error}}}^2/({{n}}-1))"
    return [
        make("difference", w.t("Difference"), f"={{{arm}}}-{{{control}}}", lambda _, fixed: fixed.difference),
        make("se", w.t("Standard error"), f"=SQRT{sum_of_errors}", lambda _, fixed: fixed.se),
        make("statistic", "t", "={difference}/{se}", lambda _, fixed: fixed.statistic),
        make("df", w.t("Degrees of freedom (Welch)"), df, lambda _, fixed: fixed.df),
        make("fixed_p", w.t("p-value, if the end was planned and is reached"), _STUDENT_P, lambda _, fixed: fixed.p),
        make("quantile", w.t("Student's t of the error rate"), _STUDENT_T, lambda _, fixed: -float(special.stdtrit(fixed.df, alpha / 2))),
        make("fixed_low", w.t("Interval from"), "={difference}-{quantile}*{se}", lambda _, fixed: fixed.low),
        make("fixed_high", w.t("Interval to"), "={difference}+{quantile}*{se}", lambda _, fixed: fixed.high),
    ]  # fmt: skip


def deciding_steps(block: Block, w: Words) -> list[Step]:
    """What holds before the planned end, or without one: the guarded p-value and interval."""
    if block.rule.mode == "fixed":
        return []
    make = Pairs(block).step
    error_c, error = ("control_error", "arm_error") if block.way == "cuped" else ("error.c", "error")
    free = make("free_se", w.t("Standard error, each variant by itself"), f"=SQRT({{{error_c}}}+{{{error}}})", lambda one, _: _estimate(one).se)  # fmt: skip
    ends = [
        make("low", w.t("Interval that decides, from"), "={difference}-{half}", lambda one, _: _estimate(one).low),
        make("high", w.t("Interval that decides, to"), "={difference}+{half}", lambda one, _: _estimate(one).high),
    ]
    steps = _always_valid(block, w) if block.rule.mode == "always_valid" else _spending(block, w)
    return [free, *steps, *ends]


def _always_valid(block: Block, w: Words) -> list[Step]:
    """Source of the formulas: `always_valid` of kpi/experiment/confidence.py."""
    make = Pairs(block).step
    rho = mixture_rho(block.rule.alpha, block.rule.tuning_units)

    def units(one: Comparison, _: Estimate) -> float:
        return sum(n for _, n in _counts(block, one))

    def growth(one: Comparison, fixed: Estimate) -> float:
        return units(one, fixed) * rho**2 + 1

    def log_e(one: Comparison, fixed: Estimate) -> float:
        grown = growth(one, fixed)
        return _estimate(one).statistic ** 2 * (grown - 1) / (2 * grown) - math.log(grown) / 2

    half = "=SQRT({units}*{free_se}^2*2*{growth}*LN(SQRT({growth})/{alpha}))/({units}*{rho})"
    return [
        make("units", w.t("Units of both variants"), "={n.c}+{n}", units, is_count=True),
        make("growth", w.t("Units × rho² + 1"), "={units}*{rho}^2+1", growth),
        make("half", w.t("Half the width of the always-valid interval"), half, _half),
        make("log_e", w.t("Logarithm of the e-value"), "=({difference}/{free_se})^2*{units}*{rho}^2/(2*{growth})-LN({growth})/2", log_e),
        make("p", w.t("p-value that holds at any time"), "=EXP(-MAX({log_e},0))", lambda one, _: _estimate(one).p),
    ]  # fmt: skip


def _spending(block: Block, w: Words) -> list[Step]:
    """Without written-down looks any number of them is allowed for, in closed form; with them p is found by search."""
    make, p = Pairs(block).step, "{either_p}" if any_fisher(block) else "{fixed_p}"
    z = f"=IF({p}>0,SIGN({{difference}})*-NORMSINV({p}/2),{{statistic}})"
    if block.is_binary and not any_fisher(block):
        z = "={statistic}"
    has_looks = bool(spaced(block.rule.looks, block.rule.fraction))
    formula = None if has_looks else "=MIN(1,4*NORMSDIST(-ABS({deviate})*SQRT({fraction})))"
    label = (
        w.t("p-value that holds before the end (typed in)") if has_looks else w.t("p-value that holds before the end")
    )
    return [
        make("deviate", w.t("Normal deviate of the p-value"), z, lambda one, _: _estimate(one).statistic),
        make("half", w.t("Half the width of the interval that decides"), "={bound}*{free_se}", _half),
        make("p", label, formula, lambda one, _: _estimate(one).p),
    ]


def lift_steps(block: Block, w: Words) -> list[Step]:
    """The relative change, and its interval where the plan is reached and one is defined."""
    make, is_cuped = Pairs(block).step, block.way == "cuped"
    control, arm = ("{control_mean}", "{arm_mean}") if is_cuped else ("{value.c}", "{value}")
    steps = [make("lift", w.t("Relative change"), f'=IF({control}>0,{arm}/{control}-1,"")', lambda one, _: one.lift)]
    if not any((one := block.comparison(name)) and one.lift_interval for name in block.moments):
        return steps
    low: _Value = lambda one, _: one.lift_interval and one.lift_interval[0]  # noqa: E731
    high: _Value = lambda one, _: one.lift_interval and one.lift_interval[1]  # noqa: E731
    if block.is_binary:
        half = "{z}*SQRT(1/{x.c}-1/{n.c}+1/{x}-1/{n})"
        ends = (f"={arm}/{control}*EXP(-{half})-1", f"={arm}/{control}*EXP({half})-1")
        names = w.t("Relative change from (Katz)"), w.t("Relative change to (Katz)")
    else:
        error_c, error = ("{control_error}", "{arm_error}") if is_cuped else ("{error.c}", "{error}")
        below = f"({control}^2-{{z}}^2*{error_c})"
        root = f"SQRT(MAX(0,({control}*{arm})^2-{below}*({arm}^2-{{z}}^2*{error})))"
        ends = (f"=({control}*{arm}-{root})/{below}-1", f"=({control}*{arm}+{root})/{below}-1")
        names = w.t("Relative change from (Fieller)"), w.t("Relative change to (Fieller)")
    return [*steps, make("lift_low", names[0], ends[0], low), make("lift_high", names[1], ends[1], high)]


def deciding_names(block: Block) -> dict[str, str]:
    """Which steps are the p-value and the interval that decide."""
    p = "either_p" if any_fisher(block) else "fixed_p"
    return {"p": p, "low": "fixed_low", "high": "fixed_high"} if block.rule.mode == "fixed" else {}


def any_fisher(block: Block) -> bool:
    return any((one := block.comparison(arm)) and one.fixed and one.fixed.method == "fisher_mid_p" for arm in block.moments)  # fmt: skip


def _estimate(one: Comparison) -> Estimate:
    assert one.estimate
    return one.estimate


def _half(one: Comparison, _: Estimate) -> float:
    estimate = _estimate(one)
    return (estimate.high - estimate.low) / 2


def _counts(block: Block, one: Comparison) -> Sequence[tuple[int, int]]:
    pair: list[Moments] = [block.moments[one.control], block.moments[one.arm]]
    return [(moments.nonzero, moments.n) for moments in pair]
