"""What the columns of an unknown table mean: the best guess in place, one click to correct, and the rows as they would
be loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

import kpi
from kpi.wording import Words
from pages.shared.asking import asked
from pages.shared.markdown import escaped
from pages.shared.sample import sample_rows

Preview = Callable[[Mapping[str, Any]], kpi.Load]
_MAPPED = ("table", "columns")
_UNUSED = ""
_TESTED = "experiment_units"
# With fewer columns known, in a table that has many more, the guess is not worth standing first.
_TELLING = 3


def mapping_editor(say: Words, load: kpi.Load, *, key: str, preview: Preview) -> dict[str, Any] | None:
    """The editor of one table of a file. `preview` reads the file with some answers and loads nothing.

    Returns: the answers that are complete, or None while something is missing.
    """
    if load.mapping is None:
        return _others(say, load, key)
    for doubt in _doubts(say, load):
        st.warning(doubt)
    table = _table(say, load.mapping, key)
    if table is None:
        return None
    mapping = load.mapping if table == load.mapping.table else _previewed(preview, {"table": table}, key).mapping
    if mapping is None:
        return None
    pairs = _columns(say, mapping, f"{key}_{table}")
    if not _is_complete(say, mapping, [field for field, _ in pairs]):
        return None
    answers = _said(mapping, table, dict(pairs))
    read = _previewed(preview, answers, key)
    others = _others(say, read, key)
    sample_rows(say, mapping, read)
    return None if others is None else answers | others


def _doubts(say: Words, load: kpi.Load) -> list[str]:
    """What the rows leave open of the columns."""
    asked = [escaped(say.say(question.text)) for question in load.questions if question.key == "columns"]
    return [words for words in asked if words != say.t("Which column holds what?")]


def read_before(mapping: kpi.Mapping) -> dict[str, Any]:
    """The answers that say what the table is read as already."""
    return _said(mapping, mapping.table, mapping.chosen)


def _said(mapping: kpi.Mapping, table: str | None, columns: Mapping[str, str]) -> dict[str, Any]:
    # a field that nobody chose is not in the file, whatever it was guessed to be
    return {"table": table, "columns": dict.fromkeys(field.id for field in mapping.fields) | dict(columns)}


def _table(say: Words, mapping: kpi.Mapping, key: str) -> str | None:
    names = {id: say.say(name) for id, name in mapping.tables}
    is_weak = len(mapping.chosen) < _TELLING and 2 * len(mapping.chosen) < len(mapping.columns)
    return st.selectbox(
        say.t("What is in this table?"),
        list(names),
        index=list(names).index(mapping.table) if mapping.table in names and not is_weak else None,
        format_func=names.__getitem__,
        placeholder=say.t("Choose"),
        key=f"{key}_table_{say.language}",
        width=420,
    )


def _columns(say: Words, mapping: kpi.Mapping, key: str) -> list[tuple[str, str]]:
    """A box a column; those with a guess first, the others folded. Returns pairs of a field and its column's label."""
    guessed = {label: field for field, label in mapping.chosen.items()}
    first = [one for one in mapping.columns if one.label in guessed or one.suggested]
    rest = [one for one in mapping.columns if one not in first]
    with st.grid(2, min_column_width=200, gap="small"):
        fields = [_column(say, mapping, one, guessed, f"{key}_{place}") for place, one in enumerate(first)]
    if rest:
        is_lacking = any(field.is_required and field.id not in mapping.chosen for field in mapping.fields)
        folded = st.expander(_rest_words(say, mapping, len(rest)), expanded=is_lacking)
        with folded, st.grid(2, min_column_width=200, gap="small"):
            places = enumerate(rest, len(first))
            fields += [_column(say, mapping, one, guessed, f"{key}_{place}") for place, one in places]
    columns = zip(fields, [*first, *rest], strict=True)
    return [(field, column.label) for field, column in columns if field]


def _rest_words(say: Words, mapping: kpi.Mapping, count: int) -> str:
    if mapping.table == _TESTED:
        return say.n(
            "{n} more column, kept as an outcome, an earlier value or a segment",
            "{n} more columns, kept as outcomes, earlier values and segments",
            count,
        )
    return say.n("{n} more column, not used", "{n} more columns, not used", count)


def _column(
    say: Words, mapping: kpi.Mapping, column: kpi.SourceColumn, guessed: Mapping[str, str], key: str
) -> str | None:
    names = {field.id: _field_words(say, field) for field in mapping.fields}
    options = [_UNUSED, *names]
    start = guessed.get(column.label) or (column.suggested if column.certainty == "exact" else None)
    with st.container(gap="xsmall"):
        st.markdown(f"**{escaped(column.label)}**")
        choice = st.selectbox(
            column.label or "—",
            options,
            index=options.index(start) if start in options else 0,
            format_func=lambda one: names.get(one) or say.t("not used"),
            label_visibility="collapsed",
            key=f"{key}_{say.language}",
        )
        samples = " · ".join(escaped(one) for one in column.samples if one)
        guess = f"{say.t('a guess, please check')} · " if column.certainty == "likely" and choice else ""
        st.caption(guess + (samples or say.t("empty")))
    return choice or None


def _field_words(say: Words, field: kpi.MappedField) -> str:
    return say.t("{field} (required)", field=field.name) if field.is_required else say.say(field.name)


def _is_complete(say: Words, mapping: kpi.Mapping, chosen: list[str]) -> bool:
    """Whether every required field has one column; what is missing or double is said."""
    names = {field.id: say.say(field.name) for field in mapping.fields}
    double = [names[field] for field in dict.fromkeys(chosen) if chosen.count(field) > 1]
    missing = [names[field.id] for field in mapping.fields if field.is_required and field.id not in chosen]
    if double:
        st.warning(say.t("Two columns mean the same: {fields}. Leave one of them.", fields=", ".join(double)))
    if missing:
        st.warning(say.t("Still needed: {fields}.", fields=", ".join(missing)))
    return not (double or missing)


def _others(say: Words, load: kpi.Load, key: str) -> dict[str, Any] | None:
    """What else the file does not say; None until all of it is answered."""
    answers: dict[str, Any] = {
        question.key: asked(say, question, key) for question in load.questions if question.key not in _MAPPED
    }
    return None if any(value in (None, "", ()) for value in answers.values()) else answers


def _previewed(preview: Preview, answers: Mapping[str, Any], key: str) -> kpi.Load:
    """The preview, kept until the answers change."""
    kept = st.session_state.get(f"{key}_preview", {})
    name = repr(sorted(answers.items(), key=str))
    if name not in kept:
        kept[name] = preview(answers)
        st.session_state[f"{key}_preview"] = kept
    return kept[name]
