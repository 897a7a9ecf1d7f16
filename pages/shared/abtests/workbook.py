"""The workbook of a test, made when it is asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

import kpi
from kpi.abtests import Judged
from kpi.report import experiment_workbook
from kpi.wording import Language, Words


def workbook_door(shop: kpi.Workspace, say: Words, judged: Judged) -> None:
    """A quiet button: counts as values, everything after them as live formulas."""
    made_at = datetime.now(UTC).astimezone(ZoneInfo(shop.settings["time_zone"]))
    st.download_button(
        say.t("Download workbook"),
        data=partial(book_of, judged, say.language, made_at),
        file_name=f"koszyk-{_plain(judged.held.name)}-{made_at:%Y-%m-%d}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
        key="ab_workbook",
    )


def book_of(judged: Judged, language: Language, made_at: datetime) -> bytes:
    """The workbook of all that was judged."""
    return experiment_workbook(
        judged.observed,
        judged.design.plan,
        judged.verdict,
        judged.secondary,
        judged.beside,
        language=language,
        made_at=made_at,
        title=judged.held.name,
    )


def _plain(name: str) -> str:
    """A test's name as part of a file's."""
    return "".join(one if one.isalnum() else "-" for one in name)[:60].strip("-") or "test"
