"""A test of two or three factors at once: which variant has which level, each factor's effect and their interaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import Any

import pandas as pd
import streamlit as st

import kpi
from kpi import experiment as ab
from kpi.abtests import Judged
from kpi.abtests.scale import difference_scale
from kpi.abtests.workings import p_words
from kpi.wording import Words
from pages.shared.abtests.question import ask
from pages.shared.markdown import escaped

Factors = tuple[tuple[str, tuple[str, ...]], ...]
_FEWEST_ARMS, _MOST_FACTORS = 4, 3
_PARTS = re.compile(r"\s*(?:[×+/|,;]|\bx\b|[-_ ])\s*")


def factor_effects(shop: kpi.Workspace, say: Words, judged: Judged) -> None:
    """Say which variant combines which levels, and read the effects."""
    arms = judged.observed.arms
    if len(arms) < _FEWEST_ARMS:
        st.info(say.t("A factorial test has at least four variants: every level of one factor with every level of the other."), icon=":material/grid_view:")  # fmt: skip
        return
    factors = judged.design.factors or guessed_factors(say, arms)
    asked = _editor(say, arms, factors)
    if asked != judged.design.factors and st.button(say.t("Read it as factors"), type="primary", key="ab_factors_use"):
        ask(factors=asked)
        st.rerun()
    if judged.design.factors:
        _effects(say, judged)


def guessed_factors(say: Words, arms: Sequence[str]) -> Factors:
    """Levels from the parts of the variants' names where these make a full table, else one empty factor a column."""
    parts = [_PARTS.split(arm.strip()) for arm in arms]
    count = len(parts[0])
    names = [say.t("Factor {letter}", letter=letter) for letter in "ABC"]
    if 2 <= count <= _MOST_FACTORS and all(len(one) == count for one in parts):
        levels = [list(dict.fromkeys(one[place] for one in parts)) for place in range(count)]
        if all(len(one) > 1 for one in levels) and {tuple(one) for one in parts} == set(product(*levels)):
            return tuple((names[place], tuple(one[place] for one in parts)) for place in range(count))
    return tuple((name, ("",) * len(arms)) for name in names[:2])


def _editor(say: Words, arms: Sequence[str], factors: Factors) -> Factors:
    st.caption(say.t("Write each factor's level beside every variant; the control's levels are compared with."))
    names = [name for name, _ in factors]
    frame = pd.DataFrame(
        {"arm": list(arms), **{f"f{place}": list(levels) for place, (_, levels) in enumerate(factors)}}
    )
    with st.container(horizontal=True):
        titles = [
            st.text_input(say.t("Name of factor {n}", n=place + 1), value=name, key=f"ab_factor_{place}_{say.language}", max_chars=40, width=180)
            for place, name in enumerate(names)
        ]  # fmt: skip
    edited = st.data_editor(
        frame,
        column_config={"arm": st.column_config.TextColumn(say.t("Variant"), disabled=True)}
        | {f"f{place}": st.column_config.TextColumn(title or name) for place, (title, name) in enumerate(zip(titles, names, strict=True))},
        hide_index=True,
        key=f"ab_factors_{'|'.join(arms)}",
        alt=say.t("Levels of the factors by variant"),
    )  # fmt: skip
    return tuple(
        (title.strip() or name, tuple(str(level or "").strip() for level in edited[f"f{place}"]))
        for place, (title, name) in enumerate(zip(titles, names, strict=True))
    )


def _effects(say: Words, judged: Judged) -> None:
    design, metric = judged.design, judged.observed.metric(judged.design.primary.name)
    arms = judged.observed.arms
    control = arms.index(design.control)
    factors = {
        name: tuple(dict.fromkeys((levels[control], *levels)))
        for name, levels in design.factors
        if len(levels) == len(arms)
    }
    levels = {arm: tuple(of[place] for _, of in design.factors) for place, arm in enumerate(arms)}
    found = ab.factorial(metric, judged.observed.moments(metric.name), factors, levels)
    if isinstance(found, kpi.wording.Message):
        st.warning(escaped(say.say(found)), icon=":material/grid_off:")
        return
    scale = difference_scale(metric)
    rows: list[dict[str, Any]] = []
    for effect in found:
        for names, value, interval in effect.differences:
            rows.append(
                {
                    say.t("Effect of"): " × ".join(effect.factors),
                    say.t("Level"): " × ".join(names),
                    say.t("Difference"): scale.written(say, value),
                    say.t("95% interval"): scale.range(say, *interval),
                    say.t("p"): p_words(say, effect.p_adjusted),
                }
            )
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt=say.t("Effects of the factors"))
    st.caption(
        say.t(
            "Against the control's level, averaged over the other factors; with ×, how much one factor changes the "
            "other's effect. p is adjusted over all effects (Holm); the intervals are of a planned end."
        )
    )
