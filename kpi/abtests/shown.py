"""Which page belongs to which variant, where the rows tell what each unit was shown."""

from __future__ import annotations

from kpi.abtests.held import PLACE, Held, Rows

# Of an arm's rows, at least this share has to show one page, which no other arm's do: the others contradict their arm.
_MOSTLY = 0.9


def pages_shown(rows: Rows, held: Held) -> tuple[tuple[str, str], ...]:
    """Each arm with its page; empty where the pages do not tell the arms apart."""
    page = held.column("landing_page")
    if held.shape != "units" or page is None or page.distinct > len(held.arms):
        return ()
    place = {"experiment": held.name, "import": held.imports[0], "part": held.part_no}
    found = rows(
        "select arm, arg_max(landing_page, n), max(n) / sum(n) from (select arm, landing_page, count(*) as n "
        f"from rows.experiment_units where {PLACE} and arm <> '' and landing_page is not null group by all) group by 1 order by 1",
        place,
    )
    pages = {arm: shown for arm, shown, share in found if share >= _MOSTLY}
    is_telling = len(pages) == len(held.arms) == len(set(pages.values()))
    return tuple(pages.items()) if is_telling else ()
