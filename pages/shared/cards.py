"""A card a file: what it was taken for, where every row went, how the totals compare, and what is still asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

import kpi
from kpi.loadwords import certainty_words, fact_words, is_unknown, total_words
from kpi.wording import Words
from pages.shared.intake import Arrival, answer_questions, doubtful, forget, preview
from pages.shared.mapping import mapping_editor, read_before
from pages.shared.markdown import escaped
from pages.shared.quality import import_findings
from pages.shared.session import show_error

_REASONS_SHOWN = 3


def file_card(shop: kpi.Workspace, say: Words, arrival: Arrival, place: int) -> None:
    """One file of this session."""
    with st.container(border=True, gap="small", key=f"file_{place}"):
        if arrival.error is not None:
            st.markdown(f"**{escaped(arrival.name)}**")
            show_error(arrival.error)
        elif arrival.load is not None:
            _head(say, arrival.load)
            if arrival.load.questions:
                _questions(shop, say, arrival, place)
            else:
                load_details(say, arrival.load, key=f"file_{place}")
                import_findings(shop, say, arrival.load.import_id)
                _reading(shop, say, arrival, place)
        st.button(
            say.t("Close"),
            key=f"close_{place}",
            type="tertiary",
            icon=":material/close:",
            on_click=partial(forget, arrival),
        )


def load_details(say: Words, load: kpi.Load, *, key: str) -> None:
    """Rows, dates, currency, the file's own totals beside ours, refused rows with a download, remarks, parts."""
    if load.is_unchanged:
        st.info(say.t("This very file is in the workspace already; nothing has changed."), icon=":material/done_all:")
    st.markdown(" · ".join(fact_words(say, load)))
    for total in load.check_totals[:6]:
        st.markdown(_total_words(say, total))
    for note in load.notes:
        st.caption(say.say(note))
    if load.refused:
        _refused(say, load, key)
    if len(load.parts) > 1:
        with st.expander(say.n("{n} part", "{n} parts", len(load.parts))):
            for part in load.parts:
                st.markdown(
                    f"**{escaped(part.name)}** — {say.say(part.format_name)} · " + " · ".join(fact_words(say, part))
                )


def _head(say: Words, load: kpi.Load) -> None:
    name = "" if is_unknown(load) else f" — {escaped(say.say(load.format_name))}"
    st.markdown(f"**{escaped(load.name)}**{name} :gray-badge[{certainty_words(say, load)}]")


def _total_words(say: Words, total: kpi.CheckTotal) -> str:
    sentence = total_words(say, total)
    return f":blue[:material/check:] {sentence}" if total.agrees else f":orange[:material/warning:] {sentence}"


def _refused(say: Words, load: kpi.Load, key: str) -> None:
    st.markdown(
        f":orange[:material/report:] {say.n('{n} row was refused', '{n} rows were refused', load.rows.refused)}"
    )
    for row in load.refused[:_REASONS_SHOWN]:
        st.caption(say.t("Row {row}: {reason}", row=str(row.row_no), reason=row.reason))
    st.download_button(
        say.t("Download the refused rows"),
        data=partial(_refused_csv, say, load),
        file_name=f"{load.name}.refused.csv",
        mime="text/csv",
        key=f"refused_{key}",
        on_click="ignore",
        icon=":material/download:",
    )


def _refused_csv(say: Words, load: kpi.Load) -> bytes:
    """The refused rows with their reasons, for Excel: UTF-8 with a mark; personal cells are blotted out already."""
    columns = list(dict.fromkeys(name for row in load.refused for name in row.cells))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if say.language == "pl" else ",")
    writer.writerow([say.t("Row"), say.t("Reason"), *columns])
    for row in load.refused:
        writer.writerow([row.row_no, say.say(row.reason), *(_harmless(row.cells.get(name)) for name in columns)])
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str | None) -> str:
    """A cell that a spreadsheet will not take for a formula."""
    return (
        f"'{cell}"
        if cell and cell[0] in "=+-@\t\r" and not cell.lstrip("+-").replace(".", "", 1).replace(",", "", 1).isdigit()
        else cell or ""
    )


def _questions(shop: kpi.Workspace, say: Words, arrival: Arrival, place: int) -> None:
    """What still has to be said before the file can be loaded."""
    assert arrival.load is not None
    parts = [part for part in arrival.load.parts if part.questions] or [arrival.load]
    answers = _answers(shop, say, arrival, parts, f"answer_{place}")
    _load_button(shop, say, arrival, answers, f"answer_{place}", say.t("Load the file"))
    if None in answers.values():
        st.caption(say.t("First answer what is asked above."))


def _reading(shop: kpi.Workspace, say: Words, arrival: Arrival, place: int) -> None:
    """How the columns of a table that is not sure were read, and one click to read them otherwise."""
    assert arrival.load is not None
    guessed = doubtful(arrival.load)
    if not guessed or not arrival.file:
        return
    box = st.expander(
        say.t("How the columns were read"), icon=":material/table_edit:", on_change="rerun", key=f"read_{place}"
    )
    if box.open:
        with box:
            answers = _answers(shop, say, arrival, guessed, f"again_{place}")
            is_same = all(answers[part.name] in ({}, _as_loaded(part)) for part in guessed)
            _load_button(
                shop, say, arrival, answers, f"again_{place}", say.t("Load it like this instead"), is_same=is_same
            )
            if is_same:
                st.caption(say.t("It is loaded like this already. Change something above to load it otherwise."))


def _as_loaded(part: kpi.Load) -> dict[str, Any]:
    return read_before(part.mapping) if part.mapping else {}


def _answers(
    shop: kpi.Workspace, say: Words, arrival: Arrival, parts: list[kpi.Load], key: str
) -> dict[str, dict[str, Any] | None]:
    """What the editors of some tables of a file say, by table; None where something is missing."""
    assert arrival.load is not None
    answers: dict[str, dict[str, Any] | None] = {}
    for number, part in enumerate(parts):
        if arrival.load.parts:
            st.markdown(f"**{escaped(part.name)}**")
        answers[part.name] = _editor(shop, say, arrival, part, f"{key}_{number}")
    return answers


def _load_button(
    shop: kpi.Workspace,
    say: Words,
    arrival: Arrival,
    answers: Mapping[str, dict[str, Any] | None],
    key: str,
    caption: str,
    *,
    is_same: bool = False,
) -> None:
    """The button that loads the file with the answers, once they are complete and say anything new."""
    assert arrival.load is not None
    is_ready = all(found is not None for found in answers.values()) and any(answers.values()) and not is_same
    if st.button(caption, type="primary", disabled=not is_ready, key=f"load_{key}") and is_ready:
        known = {name: found or {} for name, found in answers.items()}
        answer_questions(shop, arrival, {"parts": known} if arrival.load.parts else next(iter(known.values())))
        st.rerun()


def _editor(shop: kpi.Workspace, say: Words, arrival: Arrival, part: kpi.Load, key: str) -> dict[str, Any] | None:
    """The answers for one table of the file; None while something is missing, nothing while it is what it looks like."""
    is_inside = arrival.load is not None and bool(arrival.load.parts)
    looks_known = part.mapping is None and not part.questions

    def read(answers: Mapping[str, Any]) -> kpi.Load:
        own = {"columns": {}, **answers} if looks_known else dict(answers)
        found = preview(shop, arrival, {"parts": {part.name: own}} if is_inside else own)
        return next((one for one in found.parts if one.name == part.name), found)

    try:
        if looks_known:
            if not st.toggle(say.t("This is something else: let me say what it is"), key=f"{key}_else"):
                return {}
            part = _undecided(read({"table": "orders"}))
        return mapping_editor(say, part, key=key, preview=read)
    except kpi.KpiError as error:
        show_error(error)
        return None


def _undecided(part: kpi.Load) -> kpi.Load:
    """The table with nothing said of what it is."""
    return replace(part, mapping=part.mapping and replace(part.mapping, table=None))
