"""Workings: one comparison step by step, each formula in words and with its numbers, so that anyone can check it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kpi.experiment import Comparison, Estimate, Moments
from kpi.experiment.comparison import Rule
from kpi.experiment.confidence import mixture_rho
from kpi.experiment.cuped import Adjusted, adjusted
from kpi.experiment.estimate import Method
from kpi.experiment.moments import linearised, merged
from kpi.experiment.proportions import wilson
from kpi.wording import Words
from kpi.wording.message import Message, message

Kind = Literal["count", "number", "percent", "p", "plain"]
_FIGURES = 6


@dataclass(frozen=True)
class Step:
    """One line: what it is, the formula with symbols in braces, and the symbols' values. What comes out stands last."""

    title: Message
    formula: str
    values: Mapping[str, float]

    def in_words(self, words: Words) -> str:
        return self.formula.format(**{symbol: words.say(SYMBOLS[symbol][0]) for symbol in self.values})

    def in_numbers(self, words: Words) -> str:
        return self.formula.format(
            **{symbol: _written(words, value, SYMBOLS[symbol][1]) for symbol, value in self.values.items()}
        )


@dataclass(frozen=True)
class Workings:
    """The steps of one comparison, its published source, and what would make it wrong."""

    steps: tuple[Step, ...]
    source: str
    caution: Message


SYMBOLS: dict[str, tuple[Message, Kind]] = {
    "x_c": (message("conversions of the control"), "count"),
    "x_t": (message("conversions of the variant"), "count"),
    "n_c": (message("units of the control"), "count"),
    "n_t": (message("units of the variant"), "count"),
    "n": (message("units of both"), "count"),
    "p_c": (message("rate of the control"), "percent"),
    "p_t": (message("rate of the variant"), "percent"),
    "pooled": (message("pooled rate"), "percent"),
    "m_c": (message("mean of the control"), "number"),
    "m_t": (message("mean of the variant"), "number"),
    "v_c": (message("variance in the control"), "number"),
    "v_t": (message("variance in the variant"), "number"),
    "d": (message("difference"), "number"),
    "se": (message("standard error"), "number"),
    "z": (message("statistic"), "number"),
    "df": (message("degrees of freedom"), "number"),
    "p": (message("p"), "p"),
    "p_adjusted": (message("adjusted p"), "p"),
    "l_c": (message("Wilson's lower end of the control"), "percent"),
    "u_c": (message("Wilson's upper end of the control"), "percent"),
    "l_t": (message("Wilson's lower end of the variant"), "percent"),
    "u_t": (message("Wilson's upper end of the variant"), "percent"),
    "low": (message("lower end"), "number"),
    "high": (message("upper end"), "number"),
    "q": (message("quantile of t"), "number"),
    "bound": (message("boundary"), "number"),
    "half": (message("half width"), "number"),
    "share": (message("share of the plan"), "percent"),
    "alpha": (message("error rate"), "plain"),
    "rho": (message("ρ"), "number"),
    "tuned": (message("units that it is tuned for"), "count"),
    "theta": (message("slope θ"), "number"),
    "gone": (message("variance explained"), "percent"),
    "y": (message("mean numerator"), "number"),
    "b": (message("mean denominator"), "number"),
    "ratio": (message("ratio"), "number"),
    "v_y": (message("variance of the numerator"), "number"),
    "v_b": (message("variance of the denominator"), "number"),
    "cov": (message("covariance"), "number"),
    "v": (message("variance"), "number"),
}
SOURCES: dict[Method, str] = {
    "z": "Fleiss (1981), Statistical Methods for Rates and Proportions, ch. 2; Newcombe (1998), Stat Med 17:873, method 10",
    "fisher_mid_p": "Lancaster (1961), JASA 56; Newcombe (1998), Stat Med 17:873, method 10",
    "welch": "Welch (1947), Biometrika 34",
    "delta": "Deng, Knoblich, Lu (2018), KDD, eq. 4; Welch (1947), Biometrika 34",
    "cuped": "Deng, Xu, Kohavi, Walker (2013), WSDM, eq. 4–7; Welch (1947), Biometrika 34",
    "spending": "Lan, DeMets (1983), Biometrika 70; O'Brien, Fleming (1979), Biometrics 35",
    "always_valid": "Waudby-Smith et al. (2024), Annals of Statistics 52, eq. 9; appendix B.2 of arXiv:2103.06476",
}
_COUNTED = message("Visitors that are counted several times, or that see both variants.")
_SKEWED = message("A few very large values: with skewed amounts some hundred buyers in each variant are needed.")
CAUTIONS: dict[Method, Message] = {
    "z": _COUNTED,
    "fisher_mid_p": _COUNTED,
    "welch": _SKEWED,
    "delta": _SKEWED,
    "cuped": message("A measure from before the test that the test itself could have changed."),
    "spending": message("A plan that was changed after the data had been looked at."),
    "always_valid": message("Under a hundred conversions the interval is too narrow; no verdict is given then."),
}
_ERROR = message("Standard error")


def workings(one: Comparison, moments: Mapping[str, Moments], rule: Rule, *, is_adjusted: bool) -> Workings | None:
    """How the estimate that decides was made; None where there is none."""
    if one.estimate is None or one.fixed is None:
        return None
    own, other = moments[one.control], moments[one.arm]
    both = merged((own, other))
    steps: list[Step] = []
    if one.metric.kind == "ratio":
        steps += _ratio_steps(message("Ratio of the control"), own) + _ratio_steps(
            message("Ratio of the variant"), other
        )
        own, other, both = linearised(own), linearised(other), linearised(both)
    found = adjusted(own, other, both=both) if is_adjusted and one.metric.covariate else None
    if isinstance(found, Adjusted):
        steps += _cuped_steps(found)
        own, other = found.control, found.treatment
    is_rate = one.fixed.method in ("z", "fisher_mid_p")
    steps += _rate_steps(one.fixed, own, other) if is_rate else _mean_steps(one.fixed, own, other)
    if one.estimate.method == "always_valid":
        steps += _always_valid_steps(one.estimate, own, other, rule)
    elif one.estimate.method == "spending":
        steps += _spending_steps(one.estimate, rule)
    else:
        steps += _newcombe_steps(one.estimate, own, other, rule) if is_rate else [_t_interval(one.estimate)]
    if one.p_adjusted is not None and one.p_adjusted != one.estimate.p:
        title = message("Adjusted for the number of comparisons")
        steps.append(_step(title, "{p} → {p_adjusted}", p=one.estimate.p, p_adjusted=one.p_adjusted))
    return Workings(tuple(steps), SOURCES[one.estimate.method], CAUTIONS[one.estimate.method])


def p_words(words: Words, p: float | None) -> str:
    """Four decimals, and never zero: `< 0.0001`."""
    if p is not None and p < 0.0001:
        return f"< {words.number(0.0001, 4)}"
    return words.number(p, 4)


def p_is(words: Words, p: float | None) -> str:
    """The same behind the letter: `= 0.0123`, `< 0.0001`."""
    written = p_words(words, p)
    return written if written.startswith("<") else f"= {written}"


def _step(title: Message, formula: str, **values: float) -> Step:
    return Step(title, formula, values)


def _rate_steps(fixed: Estimate, own: Moments, other: Moments) -> list[Step]:
    counts = {"x_c": own.nonzero, "n_c": own.n, "x_t": other.nonzero, "n_t": other.n}
    pooled = (own.nonzero + other.nonzero) / (own.n + other.n)
    is_exact = fixed.method == "fisher_mid_p"
    usual = message("Two-sided p of the usual test")
    exact = message("p by Fisher's exact test (mid-p), because a cell is small")
    return [
        _step(message("Difference of the rates"), "{x_t} ÷ {n_t} − {x_c} ÷ {n_c} = {d}", **counts, d=fixed.difference),
        _step(message("Pooled rate"), "({x_t} + {x_c}) ÷ ({n_t} + {n_c}) = {pooled}", **counts, pooled=pooled),
        _step(
            _ERROR,
            "√({pooled} × (1 − {pooled}) × (1 ÷ {n_t} + 1 ÷ {n_c})) = {se}",
            pooled=pooled,
            n_t=other.n,
            n_c=own.n,
            se=fixed.se,
        ),
        _step(message("z"), "{d} ÷ {se} = {z}", d=fixed.difference, se=fixed.se, z=fixed.statistic),
        _step(exact if is_exact else usual, "{z} → {p}", z=fixed.statistic, p=fixed.p),
    ]


def _newcombe_steps(found: Estimate, own: Moments, other: Moments, rule: Rule) -> list[Step]:
    (l_c, u_c), (l_t, u_t) = (wilson(arm.nonzero, arm.n, rule.alpha) for arm in (own, other))
    rates = {"d": found.difference, "p_c": own.mean, "p_t": other.mean}
    lower = "{d} − √(({p_t} − {l_t})² + ({u_c} − {p_c})²) = {low}"
    upper = "{d} + √(({u_t} − {p_t})² + ({p_c} − {l_c})²) = {high}"
    return [
        _step(message("Lower end (Newcombe)"), lower, **rates, l_t=l_t, u_c=u_c, low=found.low),
        _step(message("Upper end (Newcombe)"), upper, **rates, u_t=u_t, l_c=l_c, high=found.high),
    ]


def _mean_steps(fixed: Estimate, own: Moments, other: Moments) -> list[Step]:
    usual, df = message("Two-sided p of the usual test"), fixed.df or math.inf
    return [
        _step(
            message("Difference of the means"), "{m_t} − {m_c} = {d}", m_t=other.mean, m_c=own.mean, d=fixed.difference
        ),
        _unpooled(_ERROR, own, other, fixed.se),
        _step(message("Welch's t"), "{d} ÷ {se} = {z}", d=fixed.difference, se=fixed.se, z=fixed.statistic),
        _step(usual, "{z}, {df} → {p}", z=fixed.statistic, df=df, p=fixed.p),
    ]


def _unpooled(title: Message, own: Moments, other: Moments, se: float) -> Step:
    formula = "√({v_t} ÷ {n_t} + {v_c} ÷ {n_c}) = {se}"
    return _step(title, formula, v_t=other.var, n_t=other.n, v_c=own.var, n_c=own.n, se=se)


def _t_interval(found: Estimate) -> Step:
    half = (found.high - found.low) / 2
    ends = {"d": found.difference, "q": half / found.se, "se": found.se, "low": found.low, "high": found.high}
    return _step(message("Interval"), "{d} ± {q} × {se} = {low} … {high}", **ends)


def _ratio_steps(title: Message, arm: Moments) -> list[Step]:
    one = linearised(arm)
    parts = {"ratio": one.mean, "b": arm.denominator_mean}
    spreads = {"v_y": arm.var, "cov": arm.denominator_covar, "v_b": arm.denominator_var, "v": one.var}
    formula = "({v_y} − 2 × {ratio} × {cov} + {ratio}² × {v_b}) ÷ {b}² = {v}"
    return [
        _step(title, "{y} ÷ {b} = {ratio}", y=arm.mean, **parts),
        _step(message("Its variance by the delta method"), formula, **parts, **spreads),
    ]


def _cuped_steps(found: Adjusted) -> list[Step]:
    return [
        _step(message("CUPED: outcome − θ × (measure before − its mean)"), "{theta}", theta=found.theta),
        _step(message("How much of the variance that takes away"), "{gone}", gone=found.variance_reduction),
    ]


def _always_valid_steps(found: Estimate, own: Moments, other: Moments, rule: Rule) -> list[Step]:
    n, rho = own.n + other.n, mixture_rho(rule.alpha, rule.tuning_units)
    half = (found.high - found.low) / 2
    tuning = message("Where the interval is narrowest, chosen in advance")
    width = "√(2 × {n} × {se}² × ({n} × {rho}² + 1) × ln(√({n} × {rho}² + 1) ÷ {alpha})) ÷ ({n} × {rho}) = {half}"
    ends = {"d": found.difference, "half": half, "low": found.low, "high": found.high}
    return [
        _unpooled(message("Unpooled standard error"), own, other, found.se),
        _step(
            tuning,
            "√((−2 × ln {alpha} + ln(1 − 2 × ln {alpha})) ÷ {tuned}) = {rho}",
            alpha=rule.alpha,
            tuned=rule.tuning_units,
            rho=rho,
        ),
        _step(
            message("Half width that may be looked at every day"),
            width,
            n=n,
            se=found.se,
            rho=rho,
            alpha=rule.alpha,
            half=half,
        ),
        _step(message("Interval"), "{d} ± {half} = {low} … {high}", **ends),
        _step(message("p that may be looked at every day"), "{p}", p=found.p),
    ]


def _spending_steps(found: Estimate, rule: Rule) -> list[Step]:
    half = (found.high - found.low) / 2
    reached = message("Boundary that |z| has to reach at this share of the plan")
    ends = {"d": found.difference, "bound": half / found.se, "se": found.se, "low": found.low, "high": found.high}
    return [
        _step(reached, "{share} → {bound}", share=rule.fraction, bound=half / found.se),
        _step(message("Interval"), "{d} ± {bound} × {se} = {low} … {high}", **ends),
        _step(message("p against that boundary"), "{p}", p=found.p),
    ]


def _written(words: Words, value: float, kind: Kind) -> str:
    if kind == "count":
        return words.count(value)
    if kind == "p":
        return p_words(words, value)
    if kind == "percent":
        return words.percent(value, 4)
    if kind == "number" and value and math.isfinite(value):
        return words.number(value, max(0, _FIGURES - 1 - math.floor(math.log10(abs(value)))))
    return words.number(value)
