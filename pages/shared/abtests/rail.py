"""The rail: file → plan → verdict. Each step says what it stands on and opens to be changed; one at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

import kpi
from kpi.abtests import Design, Held, Judged
from kpi.abtests.questions import label_of
from kpi.wording import Words
from pages.shared import address
from pages.shared.abtests.filestep import file_step
from pages.shared.abtests.planstep import plan_step
from pages.shared.abtests.question import measured, told
from pages.shared.abtests.words import code_words, name_words
from pages.shared.markdown import escaped

# On a phone the verdict comes first: the steps stay one line each.
_PHONE = """<style>
@media (max-width: 640px) { [class*="st-key-ab_told_"] { display: none; } }
</style>"""


def rail(
    shop: kpi.Workspace,
    say: Words,
    held: tuple[Held, ...],
    design: Design,
    judge: Callable[[], Judged | None],
) -> Judged | None:
    """Draw the steps. `judge` is asked before the third, whose word it is; None where there is no verdict."""
    st.html(_PHONE)
    one = next(one for one in held if one.name == design.experiment)
    file = say.t("1 · File: {name}", name=escaped(one.name))
    _step("file", file, file_words(say, one), lambda: file_step(shop, say, held, one))
    one = measured(shop, one, design)
    label = name_words(say, label_of(one, design.primary, design.outcomes))
    plan = say.t("2 · Plan: {metric}", metric=escaped(label))
    _step("plan", plan, plan_words(say, design), lambda: plan_step(shop, say, one, design))
    judged = judge()
    word = code_words(say, judged.verdict.code) if judged else say.t("cannot be computed")
    with st.container(key="ab_told_verdict"):
        st.markdown(say.t("3 · Verdict: {word}", word=f"**{word}**"))
    return judged


def file_words(say: Words, one: Held) -> list[str]:
    """What was found: rows, days, variants."""
    people = say.n("{n} row", "{n} rows", one.rows) if one.shape == "units" else say.t("counts per variant")
    lines = [people + (f" · {say.period(*one.days)}" if one.days else "")]
    arms = [f"{arm}: {say.count(count)}" for arm, count in one.arms.items()]
    return [*lines, " · ".join(arms[:4]) + (" …" if len(arms) > 4 else "")]


def plan_words(say: Words, design: Design) -> list[str]:
    """Against what, and up to when."""
    lines = [say.t("Control: {arm}", arm=design.control)]
    plan = []
    if design.units:
        plan.append(say.n("{n} unit planned", "{n} units planned", design.units))
    if design.end:
        plan.append(say.t("planned until {day}", day=design.end))
    lines.append(" · ".join(plan) or say.t("No end planned: judged so that every day may be looked at"))
    if design.split:
        lines.append(say.t("Split: {shares}", shares=_shares(say, design)))
    return lines


def _shares(say: Words, design: Design) -> str:
    whole = sum(weight for _, weight in design.split) or 1
    return " · ".join(f"{arm} {say.percent(weight / whole, 0)}" for arm, weight in design.split)


def _step(name: str, title: str, lines: list[str], draw: Callable[[], None]) -> None:
    """One step with what it says, drawn where it is open; to open one closes the other."""
    key = f"ab_step_{name}"

    def toggle() -> None:
        st.session_state[address.STEP] = name if st.session_state[key] else None

    is_open = address.kept(address.STEP) == name
    with st.container(gap="xsmall"):
        box = st.expander(title, key=told(key, is_open), on_change=toggle)
        if is_open:
            with box:
                draw()
        with st.container(key=f"ab_told_{name}"):
            st.caption("  \n".join(escaped(line) for line in lines))
