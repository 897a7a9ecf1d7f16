"""What could not be read of a link, as the reader knows it from the controls, and what the view shows instead."""

from __future__ import annotations

from collections.abc import Sequence

from kpi.wording import Words
from pages.shared import address


def misread_link(say: Words, parts: Sequence[str]) -> str:
    """The sentence for the ignored `parts` of an address."""
    told = [_told(say)[part] for part in parts]
    names, instead = (list(dict.fromkeys(words)) for words in zip(*told, strict=True))
    return say.t(
        "This link could not be read in full: {parts}. Shown instead: {instead}.", parts=names, instead=instead
    )


def _told(say: Words) -> dict[str, tuple[str, str]]:
    """The name of each part, and what a view without it shows."""
    plain = say.t("what this page shows at first")
    return {
        address.LANGUAGE: (say.t("Language"), say.t("your browser's language")),
        address.PERIOD: (say.t("Period"), say.t("all days")),
        address.DAYS: (say.t("From – to"), say.t("all days")),
        address.COMPARE: (say.t("Compared with"), say.t("the previous period")),
        address.FILTERS: (say.t("Filters"), say.t("no filter")),
        address.KPI: (say.t("KPI"), plain),
        address.BY: (say.t("By"), plain),
        address.SECOND: (say.t("and by"), plain),
        address.SHOW: (say.t("Bars show"), plain),
        address.GRAIN: (say.t("Over time by"), plain),
        address.SHEETS: (say.t("Break down by"), plain),
        address.AREAS: (say.t("KPIs"), plain),
        address.DESIGN: (say.t("the question about the test"), say.t("the newest test, as it is first asked")),
        address.STEP: (say.t("File or plan"), plain),
        address.ARM: (say.t("Variant"), plain),
        address.LOOK: (say.t("A closer look"), plain),
        address.NEXT: (say.t("Plan the next test"), plain),
    }
