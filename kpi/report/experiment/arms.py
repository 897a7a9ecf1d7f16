"""What each arm has by itself: its counts and moments, typed in, and its value with its spread."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations_with_replacement

from kpi.experiment import Moments
from kpi.experiment.moments import linearised
from kpi.experiment.proportions import wilson
from kpi.report.experiment.steps import COUNT, Step
from kpi.report.experiment.tested import Block
from kpi.wording import Words

# Each pair of an outcome (y), its denominator (d), its past (x) and the past's denominator (z), where Moments keep it.
_SPREADS: dict[str, Callable[[Moments], float]] = {
    "yy": lambda one: one.var,
    "yd": lambda one: one.denominator_covar,
    "yx": lambda one: one.covariate_covar,
    "yz": lambda one: one.covariate_denominator_covar,
    "dd": lambda one: one.denominator_var,
    "dx": lambda one: one.crossed[0],
    "dz": lambda one: one.crossed[1],
    "xx": lambda one: one.covariate_var,
    "xz": lambda one: one.crossed[2],
    "zz": lambda one: one.covariate_denominator_var,
}
_MEANS: dict[str, Callable[[Moments], float]] = {
    "y": lambda one: one.mean,
    "d": lambda one: one.denominator_mean,
    "x": lambda one: one.covariate_mean,
    "z": lambda one: one.covariate_denominator_mean,
}


def letters_of(block: Block) -> str:
    """Which of y, d, x, z the block's formulas need."""
    past = block.metric.covariates if block.way == "cuped" else ()
    return "y" + ("d" if block.metric.denominator else "") + "xz"[: len(past)]


def mean_of(letter: str, one: Moments) -> float | None:
    return _known(_MEANS[letter](one)) if one.n else None


def spread_of(pair: str, one: Moments) -> float | None:
    return _known(_SPREADS[pair](one)) if one.n else None


def moment_steps(block: Block, w: Words) -> list[Step]:
    """The typed-in rows: units, means, variances and covariances."""
    arms, letters = list(block.moments.values()), letters_of(block)
    steps = [Step("n", w.t("Units"), None, tuple(float(one.n) for one in arms), COUNT)]
    if block.is_binary:
        return [*steps, Step("x", w.t("Conversions"), None, tuple(float(one.nonzero) for one in arms), COUNT)]
    names = letter_names(block, w)
    for letter in letters:
        label = w.t("Mean: {what}", what=names[letter])
        steps.append(Step(f"mean_{letter}", label, None, tuple(mean_of(letter, one) for one in arms)))
    for one, other in combinations_with_replacement(letters, 2):
        label = w.t("Variance: {what}", what=names[one])
        if one != other:
            label = w.t("Covariance: {one}, {other}", one=names[one], other=names[other])
        steps.append(Step(f"cov_{one}{other}", label, None, tuple(spread_of(one + other, arm) for arm in arms)))
    return steps


def letter_names(block: Block, w: Words) -> dict[str, str]:
    """What the letters are, in words."""
    if not block.metric.denominator:
        return {"y": w.t("the outcome"), "x": w.t("the measure before the test")}
    return {
        "y": w.t("the numerator"),
        "d": w.t("the denominator"),
        "x": w.t("the numerator before the test"),
        "z": w.t("the denominator before the test"),
    }


def rate_steps(block: Block, w: Words) -> list[Step]:
    """A proportion: the rate, both ends of Wilson's interval, and the variance of the rate."""
    arms, alpha = list(block.moments.values()), block.rule.alpha
    ends = [wilson(one.nonzero, one.n, alpha) if one.n else (None, None) for one in arms]
    middle = "({value}+{z}^2/(2*{n}))/(1+{z}^2/{n})"
    half = "{z}/(1+{z}^2/{n})*SQRT({value}*(1-{value})/{n}+{z}^2/(4*{n}^2))"
    has_spread = [one.n > 1 for one in arms]
    rates = [one.nonzero / one.n if one.n else None for one in arms]
    variances = [_variance_of_rate(one) if known else None for one, known in zip(arms, has_spread, strict=True)]
    return [
        Step("value", w.t("Rate"), "={x}/{n}", tuple(rates)),
        Step("least", w.t("Lower end of Wilson's interval"), f"=IF({{x}}=0,0,{middle}-{half})", tuple(one for one, _ in ends)),
        Step("most", w.t("Upper end of Wilson's interval"), f"=IF({{x}}={{n}},1,{middle}+{half})", tuple(one for _, one in ends)),
        Step("error", w.t("Variance of the rate"), "={value}*(1-{value})/({n}-1)", tuple(variances)),
    ]  # fmt: skip


def value_steps(block: Block, w: Words) -> list[Step]:
    """A mean or a ratio: the ratio linearised by the delta method, its past too, and the variance of the value."""
    arms, letters = [_value(block, one) for one in block.moments.values()], letters_of(block)
    steps = []
    if "d" in letters:
        known = tuple(_known(one.mean) if one.n else None for one in arms)
        steps.append(Step("value", w.t("Ratio"), LINEAR["value"].format(p=""), known))
        label = w.t("Variance of the linearised units")
        steps.append(Step("spread", label, LINEAR["spread"].format(p=""), tuple(_known(one.var) for one in arms)))
        steps += past_steps(letters, arms, w)
    variances = tuple(_known(one.var / one.n) if one.n else None for one in arms)
    return [*steps, Step("error", w.t("Variance of the value"), "={spread}/{n}", variances)]


def past_steps(letters: str, arms: list[Moments], w: Words, p: str = "") -> list[Step]:
    """A ratio's past: linearised where it has a denominator, and its covariance with the linearised outcome."""
    known = {
        name: tuple(_known(getattr(one, f"covariate_{name}")) for one in arms) for name in ("mean", "var", "covar")
    }
    rows = []
    if "z" in letters:
        rows.append(("past", w.t("Ratio before the test"), "past", known["mean"]))
        rows.append(
            ("past_spread", w.t("Variance of the linearised units before the test"), "past_spread", known["var"])
        )
    if "x" in letters:
        formula = "past_covarz" if "z" in letters else "past_covar"
        rows.append(("past_covar", w.t("Covariance of the linearised units with their past"), formula, known["covar"]))
    return [
        Step(p + key, w.t("Both variants: {what}", what=label) if p else label, LINEAR[formula].format(p=p), values, is_pair=bool(p))
        for key, label, formula, values in rows
    ]  # fmt: skip


# Over the steps of an arm (p empty), or of both arms together (p = both_). Source: `linearised` of kpi/experiment/moments.py.
LINEAR = {
    "value": "={{{p}mean_y}}/{{{p}mean_d}}",
    "spread": "=MAX(0,{{cov_yy}}-2*{{value}}*{{cov_yd}}+{{value}}^2*{{cov_dd}})/{{mean_d}}^2",
    "past": "={{{p}mean_x}}/{{{p}mean_z}}",
    "past_spread": "=MAX(0,{{{p}cov_xx}}-2*{{{p}past}}*{{{p}cov_xz}}+{{{p}past}}^2*{{{p}cov_zz}})/{{{p}mean_z}}^2",
    "past_covar": "=({{{p}cov_yx}}-{{{p}value}}*{{{p}cov_dx}})/{{{p}mean_d}}",
    "past_covarz": "=({{{p}cov_yx}}-{{{p}past}}*{{{p}cov_yz}}-{{{p}value}}*{{{p}cov_dx}}"
    "+{{{p}value}}*{{{p}past}}*{{{p}cov_dz}})/({{{p}mean_d}}*{{{p}mean_z}})",
}


def other_names(block: Block) -> dict[str, str]:
    """Names that the formulas use for what stands there already."""
    letters = letters_of(block)
    names = {} if block.is_binary or "d" in letters else {"value": "mean_y", "spread": "cov_yy", "past_covar": "cov_yx"}
    return names if "z" in letters else names | {"past": "mean_x", "past_spread": "cov_xx"}


def _value(block: Block, one: Moments) -> Moments:
    return linearised(one) if block.metric.kind == "ratio" else one


def _variance_of_rate(one: Moments) -> float:
    return one.mean * (1 - one.mean) / (one.n - 1)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
