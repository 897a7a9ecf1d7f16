"""Step 1: which test, what was found in it, how to bring another one in."""

from __future__ import annotations

import streamlit as st

import kpi
from kpi.abtests import Held
from kpi.wording import Words
from pages.shared.abtests.counts import counts_form
from pages.shared.abtests.question import choose_test, told
from pages.shared.abtests.words import name_words
from pages.shared.intake import arrivals, drop_files
from pages.shared.markdown import escaped

_CHOSEN = "ab_test"


def file_step(shop: kpi.Workspace, say: Words, held: tuple[Held, ...], one: Held) -> None:
    """The list of tests, the columns of the one in view, a drop area for the next."""
    names = [each.name for each in held]
    st.selectbox(
        say.t("Which test"),
        names,
        key=told(_CHOSEN, one.name),
        on_change=lambda: choose_test(shop, st.session_state[_CHOSEN]),
    )
    st.caption("  \n".join(_found(shop, say, one)))


def another_test(shop: kpi.Workspace, say: Words) -> None:
    """The ways to bring one more test in."""
    with st.container(border=True, gap="small"):
        st.markdown(f"**{say.t('Another test')}**")
        _drop(say, compact=True)
        _typed(shop, say)


def _drop(say: Words, *, compact: bool) -> None:
    title = say.t("Drop the file of a test here")
    hint = say.t(
        "A row a user, order or session with its variant, or visitors and conversions a variant: CSV, Excel or zip"
    )
    drop_files(say, compact=compact, title=title, hint=hint)


def _typed(shop: kpi.Workspace, say: Words) -> None:
    box = st.expander(say.t("Type or paste counts"), icon=":material/keyboard:", on_change="rerun", key="ab_type")
    if box.open:
        with box:
            counts_form(shop, say, key="ab")


def _found(shop: kpi.Workspace, say: Words, one: Held) -> list[str]:
    lines = []
    files = [each.name for each in shop.imports() if each.id in one.imports]
    if files:
        lines.append(say.t("From {files}", files=[escaped(name) for name in files]))
    if one.rows_are == "event":
        lines.append(say.t("A row is an order or a session: rows are summed to their unit first."))
    if one.numbers:
        lines.append(
            say.t("Numbers: {columns}", columns=[escaped(name_words(say, each.label)) for each in one.numbers])
        )
    if one.categories:
        names = [escaped(name_words(say, each.label)) for each in one.categories]
        lines.append(say.t("Groups: {columns}", columns=names))
    return lines


def nothing_yet(shop: kpi.Workspace, say: Words) -> None:
    """The screen without a test: one sentence, one drop area, counts by hand."""
    st.markdown(say.t("Drop the file of a test, and read a verdict that holds: who won, by how much, how sure."))
    _drop(say, compact=bool(arrivals()))
    _typed(shop, say)
