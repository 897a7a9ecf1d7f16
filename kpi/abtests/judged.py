"""The answer to a design: what was observed, the verdict, and everything that stands beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpi import experiment as ab
from kpi.abtests.design import Design
from kpi.abtests.held import Held
from kpi.errors import BadExperiment
from kpi.wording.message import message


@dataclass(frozen=True)
class Judged:
    """secondary: the other measures · beside: the primary one raw, with CUPED, winsorised, as far as they were asked for ·
    fingerprint: SHA-256 of the inputs' files, the design and the counts, the same as long as nothing has changed."""

    design: Design
    held: Held
    observed: ab.Observed
    verdict: ab.Verdict
    secondary: tuple[ab.Comparison, ...]
    beside: Mapping[str, tuple[ab.Comparison, ...]]
    fingerprint: str

    @property
    def deciding(self) -> ab.Comparison | None:
        """The comparison that the verdict's sentence is about."""
        return next((one for one in self.verdict.comparisons if one.arm == self.verdict.arm), None)


def judged(design: Design, held: Held, observed: ab.Observed, files: tuple[str, ...], as_of: date) -> Judged:
    """files: SHA-256 of the imports that the observation rests on.

    Raises: BadExperiment: the control is no arm of the test, or the plan is none.
    """
    refuse_control(design, observed)
    plan = design.plan
    return Judged(
        design,
        held,
        observed,
        ab.verdict(observed, plan, as_of),
        ab.secondary(observed, plan, as_of),
        ab.beside(observed, plan, plan.primary, as_of),
        fingerprint_of(design, observed, files),
    )


def refuse_control(design: Design, observed: ab.Observed) -> None:
    """Raises: BadExperiment: the control is no arm of the test."""
    if design.control not in observed.arms:
        raise BadExperiment(
            message("The control is no variant of this test"),
            message(
                "No row of “{test}” is in “{arm}”. The variants are: {arms}.",
                test=design.experiment,
                arm=design.control,
                arms=observed.arms,
            ),
            message("Choose another control."),
        )


def fingerprint_of(design: Design, observed: ab.Observed, files: tuple[str, ...]) -> str:
    """Changes with a file, with a choice, and with anyone who takes part or not.

    Means count to seven digits: the last ones depend on the order in which a sum of doubles is taken.
    """
    counts = {
        metric.name: {
            arm: [one.n, one.nonzero, f"{one.mean:.7g}"] for arm, one in observed.moments(metric.name).items()
        }
        for metric in observed.metrics
    }
    told = [sorted(files), design.as_dict(), dict(observed.units), counts]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
