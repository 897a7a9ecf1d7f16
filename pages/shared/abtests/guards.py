"""The checks of a test, a line each: ticked or not, and why; and what took no part, by which rule."""

from __future__ import annotations

import streamlit as st

from kpi.abtests import Judged
from kpi.experiment.guards import State
from kpi.wording import Words
from pages.shared.markdown import escaped

_SIGNS: dict[State, tuple[str, str]] = {
    "passed": ("blue", "check_circle"),
    "warned": ("orange", "warning"),
    "blocked": ("orange", "block"),
    "too_few": ("orange", "hourglass_empty"),
    "unknown": ("gray", "help"),
}


def guard_list(say: Words, judged: Judged) -> None:
    """All checks in the order of a reader's questions, then who was left out."""
    words = state_words(say)
    lines = [_line(words, one.state, say.say(one.text)) for one in judged.verdict.guards]
    lines += [
        f":gray[:material/person_off:] {escaped(say.n('{n} left out: {reason}', '{n} left out: {reason}', one.count, reason=one.rule))}"
        for one in judged.observed.intake.left_out
    ]
    st.markdown("  \n".join(lines))


def state_words(say: Words) -> dict[State, str]:
    return {
        "passed": say.t("in order"),
        "warned": say.t("note"),
        "blocked": say.t("stops the verdict"),
        "too_few": say.t("too little yet"),
        "unknown": say.t("cannot be checked"),
    }


def _line(words: dict[State, str], state: State, text: str) -> str:
    colour, icon = _SIGNS[state]
    return f":{colour}[:material/{icon}: **{words[state]}**] {escaped(text)}"
