"""The words of the A/B tests screen that several of its parts use."""

from __future__ import annotations

from kpi import experiment as ab
from kpi.experiment.estimate import Method
from kpi.wording import Words
from kpi.wording.message import Text


def code_words(say: Words, code: ab.Code) -> str:
    """The verdict in a word."""
    return {
        "win": say.t("Win"),
        "loss": say.t("Loss"),
        "no_difference": say.t("No difference"),
        "keep_running": say.t("Keep running"),
        "blocked": say.t("Blocked"),
        "not_enough_data": say.t("Not enough data"),
    }[code]


def mode_words(say: Words, mode: ab.Mode | None) -> str:
    """What the intervals stand for, by how the test is judged."""
    return {
        "fixed": say.t("Whiskers: 95% intervals of a test that has reached its plan."),
        "spending": say.t(
            "Whiskers: intervals before the planned end, wider than 95% ones because the test is still running."
        ),
        "always_valid": say.t("Whiskers: 95% intervals that may be looked at every day, because no end was planned."),
        None: "",
    }[mode]


def method_words(say: Words, method: Method) -> str:
    """How an estimate was made."""
    return {
        "z": say.t("z-test with pooled variance, Newcombe's interval"),
        "fisher_mid_p": say.t("Fisher's exact test (mid-p), Newcombe's interval"),
        "welch": say.t("Welch's t-test"),
        "delta": say.t("ratio by the delta method, Welch's t-test"),
        "cuped": say.t("CUPED, then Welch's t-test"),
        "spending": say.t("O'Brien–Fleming boundary (Lan–DeMets)"),
        "always_valid": say.t("always-valid confidence sequence"),
    }[method]


def metric_value(say: Words, metric: ab.Metric, value: float | None) -> str:
    """A metric's value in one arm."""
    if value is None or value != value:
        return say.number(None)
    if metric.unit == "percent":
        return say.percent(value, 2 if abs(value) >= 0.1 else 3)
    if metric.unit == "money":
        return say.money(value, metric.currency, 2 if abs(value) >= 1 or not value else 4)
    return say.number(value, 4 if 0 < abs(value) < 10 else 2)


def name_words(say: Words, label: Text | str) -> str:
    """A metric's or a column's name, as it begins a line."""
    words = say.say(label)
    return words[:1].upper() + words[1:]
