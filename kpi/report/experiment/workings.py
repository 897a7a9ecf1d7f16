"""One metric's sheet: what is typed in, then every step to its p-values and intervals as formulas, an arm a column."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from kpi.report.experiment.arms import moment_steps, other_names, rate_steps, value_steps
from kpi.report.experiment.judged import (
    any_fisher,
    deciding_names,
    deciding_steps,
    lift_steps,
    parameters,
    proportion_steps,
    welch_steps,
)
from kpi.report.experiment.past import both_names, cuped_steps
from kpi.report.experiment.steps import Places, Step, arm_letter, parameter_rows, step_rows
from kpi.report.experiment.tested import Block, Tested
from kpi.report.naming import reference
from kpi.report.sheet import Cell, Row, Sheet
from kpi.wording import Words

_FIRST = 5
_NOTE_LETTERS = 120


@dataclass(frozen=True)
class Workings:
    """A metric's sheet, and where other sheets find its numbers."""

    sheet: Sheet
    places: Places
    arms: tuple[str, ...]

    def cell(self, key: str, arm: str) -> str:
        """The cell of a step and an arm, as other sheets name it."""
        return reference(self.sheet.name, self.places.cell(key, arm_letter(self.arms.index(arm))))

    def parameter(self, key: str) -> str:
        return reference(self.sheet.name, self.places.parameters[key])


def workings(tested: Tested, block: Block) -> Workings:
    w, places = tested.words, Places(other_names(block) | both_names(block) | deciding_names(block))
    top = parameter_rows(parameters(block, w), places, _FIRST)
    header = _FIRST + len(top) + 1
    body = step_rows(_steps(block, w), places, header + 1)
    titles = (Cell(w.t("Step"), look="header"), *(Cell(arm, look="header_number") for arm in block.moments))
    hint = w.t("Grey cells are typed in: change one, and everything that follows from it is computed anew.")
    rows = [
        Row((Cell(tested.name_of(block), look="title"),), height=27),
        Row((Cell(_method(block, w), look="subtitle"),), height=18),
        Row((Cell(hint, look="note"),)),
        Row(),
        *top,
        Row(),
        Row(titles, height=24),
        *body,
        *_notes(block, w),
    ]
    widths = (64.0, *(max(16.0, len(arm) + 6.0) for arm in block.moments))
    name = tested.sheet_of(block)
    sheet = Sheet(name, tuple(rows), widths, header, (header + 1, header + len(body)))
    return Workings(sheet, places, tuple(block.moments))


def _steps(block: Block, w: Words) -> list[Step]:
    if block.is_binary:
        found = [*moment_steps(block, w), *rate_steps(block, w), *proportion_steps(block, w)]
    else:
        past = cuped_steps(block, w) if block.way == "cuped" else []
        found = [*moment_steps(block, w), *value_steps(block, w), *past, *welch_steps(block, w)]
    return [*found, *deciding_steps(block, w), *lift_steps(block, w)]


def _method(block: Block, w: Words) -> str:
    names = {
        "proportion": w.t("Two proportions: pooled z with Newcombe's interval"),
        "mean": w.t("Two means: Welch's t"),
        "ratio": w.t("Two ratios of sums: delta method, then Welch's t"),
    }
    modes = {
        "fixed": w.t("the planned end is reached"),
        "spending": w.t("before the planned end: O'Brien–Fleming"),
        "always_valid": w.t("no end was planned: always-valid sequence"),
    }
    way = {"raw": "", "cuped": w.t("adjusted by the past (CUPED)"), "winsorised": w.t("winsorised")}[block.way]
    return " · ".join(part for part in (names[block.metric.kind], way, modes[block.rule.mode]) if part)


def _notes(block: Block, w: Words) -> list[Row]:
    texts = [w.say(one.reason) for one in block.comparisons if one.reason]
    if any_fisher(block):
        texts.append(
            w.t("Fisher's mid-p adds up the chances of all tables; it is typed in and does not follow a change.")
        )
    if block.rule.mode == "spending" and block.rule.looks:
        texts.append(
            w.t(
                "With earlier looks written down, the boundary and its p-value come from an integral; both are typed in."
            )
        )
    if block.rule.mode != "fixed":
        texts.append(
            w.t("The p-value and interval of the planned end stand here for comparison; they do not decide yet.")
        )
    lines = [line for text in dict.fromkeys(texts) for line in textwrap.wrap(text, _NOTE_LETTERS)]
    return [Row(), *(Row((Cell(line, look="note"),)) for line in lines)]
