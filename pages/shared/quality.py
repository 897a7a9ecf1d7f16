"""Data quality on a page: each finding with its place, the KPIs that it touches, and how to mend it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

import kpi
from kpi.quality import CHECKS, Finding, Touched
from kpi.wording import Words
from pages.shared import address
from pages.shared.markdown import escaped

_SHOWN = 6
_KPIS_SHOWN = 4
_ICONS = {"affects": ":material/error:", "look": ":material/visibility:"}


def found_today(shop: kpi.Workspace, say: Words) -> tuple[Finding, ...]:
    """What is found on the workspace's own day; kept by the workspace until the data changes."""
    with st.spinner(say.t("Checking the data …")):
        return shop.findings(datetime.now(ZoneInfo(shop.settings["time_zone"])).date())


def data_quality(shop: kpi.Workspace, say: Words) -> None:
    """A row a finding, those that affect numbers first; one folded line where there are none."""
    found = found_today(shop, say)
    if not found:
        with st.expander(say.t("Data quality: nothing found"), icon=":material/verified:"):
            checks = len(CHECKS)
            st.caption(
                say.n("{n} check looks at every row that counts.", "{n} checks look at every row that counts.", checks)
            )
        return
    st.subheader(say.t("Data quality"))
    titles = {"affects": say.t("Affects numbers"), "look": say.t("Worth a look")}
    for severity, title in titles.items():
        own = [finding for finding in found if finding.severity == severity]
        if own:
            st.caption(title)
        for finding in own if _shows_all(severity) else own[:_SHOWN]:
            _row(shop, say, finding)
        if len(own) > _SHOWN:
            st.toggle(
                say.n("Show {n} more finding", "Show {n} more findings", len(own) - _SHOWN), key=_all_key(severity)
            )


def import_findings(shop: kpi.Workspace, say: Words, import_id: int | None) -> None:
    """The findings that concern one import, a line each."""
    for finding in found_today(shop, say):
        if import_id in finding.imports:
            st.markdown(f":orange[{_ICONS[finding.severity]}] {escaped(say.say(finding.what))}")
            st.caption(escaped(say.say(finding.fix)))


def _all_key(severity: str) -> str:
    return f"all_findings_{severity}"


def _shows_all(severity: str) -> bool:
    return bool(st.session_state.get(_all_key(severity)))


def _row(shop: kpi.Workspace, say: Words, finding: Finding) -> None:
    """The sentence; opened, also where it is, how to mend it, and the KPIs, each of which opens."""
    box = st.expander(
        escaped(say.say(finding.what)), icon=_ICONS[finding.severity], on_change="rerun", key=f"finding_{finding.id}"
    )
    if not box.open:
        return
    with box:
        st.caption(" · ".join(_place(shop, say, finding)))
        st.markdown(escaped(say.say(finding.fix)))
        if finding.kpis:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                for touch in finding.kpis[:_KPIS_SHOWN]:
                    _link(shop, say, touch)
            others = ", ".join(say.say(shop.catalogue.kpis[touch.kpi].name) for touch in finding.kpis[_KPIS_SHOWN:])
            if others:
                st.caption(say.t("Also: {kpis}", kpis=others))


def _link(shop: kpi.Workspace, say: Words, touch: Touched) -> None:
    effects = {
        "high": say.t("too high"),
        "low": say.t("too low"),
        "missing": say.t("no value"),
        "open": say.t("either way"),
    }
    name = say.say(shop.catalogue.kpis[touch.kpi].short)
    st.page_link(
        "explore.py", label=f"{escaped(name)}: {effects[touch.effect]}", query_params=address.view(**{address.KPI: touch.kpi, address.BY: None, address.FILTERS: []})
    )  # fmt: skip


def _place(shop: kpi.Workspace, say: Words, finding: Finding) -> list[str]:
    """Where it is: rows, amount, days, table and account, files."""
    parts = []
    if finding.check in ("missing_days",):
        parts.append(say.n("{n} day", "{n} days", finding.count))
    elif finding.check not in ("competing_reports", "vanished_names"):
        parts.append(say.n("{n} row", "{n} rows", finding.count))
    if finding.amount is not None and finding.currency:
        parts.append(say.money(finding.amount, finding.currency))
    if finding.period:
        parts.append(say.period(*finding.period))
    table = shop.catalogue.tables.get(finding.table)
    place = [say.say(table.name)] if table else []
    parts.append(", ".join((*place, *([finding.account] if finding.account else []))))
    names = {one.id: one.name for one in shop.imports()}
    parts += list(dict.fromkeys(names[number] for number in finding.imports if number in names))[:3]
    return [escaped(part) for part in parts if part]
