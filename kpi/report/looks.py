"""The looks of cells in the house's colours. Better and worse are blue and orange, never red against green."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from kpi.report.sheet import Look

ACCENT, TEXT, PANEL, LINES = "0B6E4F", "17211D", "F4F6F5", "DDE3E0"
BETTER, WORSE, UNDECIDED = "2166AC", "B35806", "7A857F"
FONT, MONOSPACED = "Arial", "Courier New"


@dataclass(frozen=True)
class Style:
    """What openpyxl needs for one look."""

    font: Font
    alignment: Alignment
    fill: PatternFill | None = None
    border: Border | None = None


def _style(
    *,
    size: float = 10,
    bold: bool = False,
    colour: str = TEXT,
    fill: str | None = None,
    align: str | None = None,
    valign: str = "center",
    wrap: bool = False,
    indent: int = 0,
    top: tuple[str, str] | None = None,
    bottom: tuple[str, str] | None = None,
    font: str = FONT,
    underlined: bool = False,
) -> Style:
    sides = {name: Side(style=side[0], color=side[1]) for name, side in (("top", top), ("bottom", bottom)) if side}
    return Style(
        Font(name=font, size=size, bold=bold, color=colour, underline="single" if underlined else None),
        Alignment(horizontal=align, vertical=valign, wrap_text=wrap, indent=indent),
        PatternFill("solid", start_color=fill, end_color=fill) if fill else None,
        Border(**sides) if sides else None,
    )


_THIN = ("thin", LINES)
_HEADER = {"bold": True, "colour": ACCENT, "fill": PANEL, "bottom": ("medium", ACCENT), "wrap": True}

LOOKS: Mapping[Look, Style] = {
    "body": _style(align="right", bottom=_THIN),
    "faint": _style(colour=UNDECIDED, align="right", bottom=_THIN),
    "card_value": _style(bold=True, align="right", bottom=_THIN),
    "typed": _style(align="right", fill=PANEL, bottom=_THIN),
    "quiet": _style(colour=UNDECIDED, align="left", bottom=_THIN),
    "key": _style(align="left", bottom=_THIN),
    "line": _style(align="left", indent=1, bottom=_THIN),
    "meta": _style(align="left"),
    "prose": _style(wrap=True, align="left", bottom=_THIN),
    "code": _style(font=MONOSPACED, size=9, align="left"),
    "definition": _style(font=MONOSPACED, size=9, align="left", bottom=_THIN),
    "title": _style(size=16, bold=True, colour=ACCENT),
    "subtitle": _style(colour=UNDECIDED),
    "label": _style(bold=True),
    "note": _style(colour=UNDECIDED),
    "link": _style(colour=ACCENT, underlined=True),
    "header": _style(**_HEADER, align="left"),  # type: ignore[arg-type]
    "header_line": _style(**_HEADER, align="left", indent=1),  # type: ignore[arg-type]
    "header_number": _style(**_HEADER, align="right"),  # type: ignore[arg-type]
    "area": _style(bold=True, fill=PANEL, bottom=_THIN),
    "total": _style(bold=True, fill=PANEL, top=("thin", ACCENT), bottom=("thin", ACCENT)),
    "card": _style(size=12, bold=True, colour=ACCENT, align="left", bottom=("thin", ACCENT)),
}
