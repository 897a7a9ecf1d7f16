"""CUPED, pair by pair: both arms' moments together, the slope on the past, and what is left of both arms."""

from __future__ import annotations

from collections.abc import Callable

from kpi.experiment import Moments
from kpi.experiment.cuped import Adjusted, adjusted
from kpi.experiment.moments import linearised, merged
from kpi.report.experiment.arms import LINEAR, letter_names, letters_of, mean_of, past_steps, spread_of
from kpi.report.experiment.steps import Step
from kpi.report.experiment.tested import Block
from kpi.wording import Words

_MEAN = "=({{n.c}}*{{mean_{a}.c}}+{{n}}*{{mean_{a}}})/({{n.c}}+{{n}})"
_COVARIANCE = (
    "=(({{n.c}}-1)*{{cov_{a}{b}.c}}+({{n}}-1)*{{cov_{a}{b}}}"
    "+({{mean_{a}}}-{{mean_{a}.c}})*({{mean_{b}}}-{{mean_{b}.c}})*{{n.c}}*{{n}}/({{n.c}}+{{n}}))/({{n.c}}+{{n}}-1)"
)
# Which moments of both arms together the slope needs.
_NEEDED = {"yx": ("yx", "xx"), "ydx": ("yx", "dx", "xx"), "ydxz": ("yx", "yz", "dx", "dz", "xx", "xz", "zz")}


def cuped_steps(block: Block, w: Words) -> list[Step]:
    """From the moments of both arms to adjusted means and the variance that went. Source: kpi/experiment/cuped.py."""
    pairs = [_pair(block, arm) for arm in block.moments]
    return [*_both_steps(block, pairs, w), *_adjusted_steps([found for _, found in pairs], w)]


def _pair(block: Block, arm: str) -> tuple[Moments, Adjusted | None]:
    """Both arms together, and both adjusted; nothing for the control and an arm that cannot be compared."""
    control = next(iter(block.moments.values()))
    if not block.comparison(arm):
        return Moments(0), None
    both = merged((control, block.moments[arm]))
    found = adjusted(_one(block, control), _one(block, block.moments[arm]), both=_one(block, both))
    return both, found if isinstance(found, Adjusted) else None


def _one(block: Block, moments: Moments) -> Moments:
    return linearised(moments) if block.metric.kind == "ratio" else moments


def _both_steps(block: Block, pairs: list[tuple[Moments, Adjusted | None]], w: Words) -> list[Step]:
    letters, names = letters_of(block), letter_names(block, w)
    arms = [both for both, _ in pairs]
    steps = []
    for a in letters if "d" in letters else "x":
        label = w.t("Both variants: {what}", what=w.t("Mean: {what}", what=names[a]))
        steps.append(
            Step(f"both_mean_{a}", label, _MEAN.format(a=a), tuple(mean_of(a, one) for one in arms), is_pair=True)
        )
    for pair in _NEEDED[letters]:
        a, b = pair[0], pair[1]
        label = w.t("Variance: {what}", what=names[a])
        if a != b:
            label = w.t("Covariance: {one}, {other}", one=names[a], other=names[b])
        label = w.t("Both variants: {what}", what=label)
        known = tuple(spread_of(a + b, one) for one in arms)
        steps.append(Step(f"both_cov_{a}{b}", label, _COVARIANCE.format(a=a, b=b), known, is_pair=True))
    if "d" in letters:
        whole = [_one(block, one) for one in arms]
        values = tuple(one.mean if one.n else None for one in whole)
        label = w.t("Both variants: {what}", what=w.t("Ratio"))
        steps.append(Step("both_value", label, LINEAR["value"].format(p="both_"), values, is_pair=True))
        steps += past_steps(letters, whole, w, "both_")
    return steps


def both_names(block: Block) -> dict[str, str]:
    """Names of what both arms have together, where no row of its own is needed."""
    letters = letters_of(block)
    names = {} if "d" in letters else {"both_past_covar": "both_cov_yx"}
    return names if "z" in letters else names | {"both_past": "both_mean_x", "both_past_spread": "both_cov_xx"}


def _adjusted_steps(pairs: list[Adjusted | None], w: Words) -> list[Step]:
    def step(key: str, label: str, formula: str, value: Callable[[Adjusted], float]) -> Step:
        return Step(key, label, formula, tuple(value(one) if one else None for one in pairs), is_pair=True)

    def shifted(side: str) -> str:
        return f"={{value{side}}}-{{slope}}*({{past{side}}}-{{both_past}})"

    def left(side: str) -> str:
        spread = f"{{spread{side}}}-2*{{slope}}*{{past_covar{side}}}+{{slope}}^2*{{past_spread{side}}}"
        return f"=MAX(0,{spread})/{{n{side}}}"

    reduction = "=1-({control_error}+{arm_error})/({error.c}+{error})"
    return [
        step("slope", w.t("Slope on the past (theta)"), "={both_past_covar}/{both_past_spread}", lambda one: one.theta),
        step("control_mean", w.t("The control's adjusted value"), shifted(".c"), lambda one: one.control.mean),
        step("arm_mean", w.t("The variant's adjusted value"), shifted(""), lambda one: one.treatment.mean),
        step("control_error", w.t("Variance of the control's adjusted value"), left(".c"), lambda one: one.control.var / one.control.n),
        step("arm_error", w.t("Variance of the variant's adjusted value"), left(""), lambda one: one.treatment.var / one.treatment.n),
        step("reduction", w.t("Share of the variance that went"), reduction, lambda one: one.variance_reduction),
    ]  # fmt: skip
