"""Sheets as values → the bytes of an Excel workbook."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as BookCell
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from kpi.model import Catalogue
from kpi.report.asked import Ask
from kpi.report.cached import with_values
from kpi.report.chart import line_chart
from kpi.report.kinds import number_format
from kpi.report.looks import ACCENT, BETTER, LOOKS, UNDECIDED, WORSE
from kpi.report.naming import looks_like_formula, safe_text
from kpi.report.plan import ReportPlan
from kpi.report.report import Report
from kpi.report.sheet import Cell, Kind, Look, Row, Sheet, Value
from kpi.report.sheets import all_sheets
from kpi.report.summary import verdict_words
from kpi.wording import Words

# The width of a landscape page in columns' letters, at a size that can be read.
_PAGE_LETTERS = 170
_ROW_POINTS, _LINE_POINTS, _CHART_ROWS = 16.0, 13.0, 20
_WRAPPED: frozenset[Look] = frozenset({"prose"})


def workbook_bytes(ask: Ask, catalogue: Catalogue, plan: ReportPlan, *, made_at: datetime) -> bytes:
    """The workbook of a plan as .xlsx.

    ask: answers a query, such as `shop.ask`. made_at: the time that stands in it, on the reader's clock.
    Raises: UnknownKpi: the plan names a KPI or dimension that the catalogue does not have.
    """
    report = Report(ask, catalogue, plan, made_at)
    return book_bytes(all_sheets(report), report.words, report.title, made_at)


def book_bytes(sheets: Sequence[Sheet], words: Words, title: str, made_at: datetime) -> bytes:
    """Any sheets as .xlsx, in their order."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _write_properties(book, words, title, made_at)
    painter = _Painter(words)
    values = [painter.write(book.create_sheet(sheet.name), sheet) for sheet in sheets]
    for worksheet, sheet in zip(book.worksheets, sheets, strict=True):
        if sheet.verdicts:
            _colour_verdicts(worksheet, sheet, verdict_words(words))
    return with_values(_saved(book), values, made_at)


class _Painter:
    """Writes sheets and remembers each style that it has made: making one costs more than the cell."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._styles: dict[tuple[Look, Kind, bool], object] = {}

    def write(self, target: Worksheet, sheet: Sheet) -> dict[str, Value]:
        """Fills the sheet. Returns: cell → value now, for every formula."""
        values: dict[str, Value] = {}
        for number, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row.cells, 1):
                if cell is not None:
                    place = target.cell(number, column)
                    self._fill(place, cell)
                    if cell.formula:
                        values[place.coordinate] = cell.value
            target.row_dimensions[number].height = row.height or _height(row, sheet.widths)
            if row.is_folded:
                target.row_dimensions[number].outlineLevel = 1
                target.row_dimensions[number].hidden = True
                target.sheet_format.outlineLevelRow = 1
        _set_up(target, sheet)
        if sheet.chart:
            target.add_chart(
                line_chart(target, sheet.chart, self._words),
                f"{get_column_letter(sheet.still + 1)}{sheet.chart.anchor}",
            )
        return values

    def _fill(self, place: BookCell, cell: Cell) -> None:
        is_quoted = False
        if cell.formula:
            place.value = cell.formula
        elif isinstance(cell.value, str):
            text = safe_text(cell.value)
            is_quoted = looks_like_formula(text)
            place.value = text
            place.data_type = "s"  # whatever it begins with
        else:
            place.value = cell.value
        if cell.target:
            _link(place, cell.target)
        self._dress(place, cell, is_quoted)

    def _dress(self, place: BookCell, cell: Cell, is_quoted: bool) -> None:
        key = (cell.look, cell.kind, is_quoted)
        if key not in self._styles:
            look = LOOKS[cell.look]
            place.font, place.alignment = look.font, look.alignment
            if look.fill:
                place.fill = look.fill
            if look.border:
                place.border = look.border
            place.number_format = number_format(cell.kind, self._words)
            place.quotePrefix = is_quoted
            self._styles[key] = place._style
        place._style = self._styles[key]


def _height(row: Row, widths: tuple[float, ...]) -> float:
    """The height that the row's wrapped texts need; spreadsheets do not all find it themselves."""
    texts = [
        (cell.value, width)
        for cell, width in zip(row.cells, widths, strict=False)
        if cell and cell.look in _WRAPPED and isinstance(cell.value, str)
    ]
    lines = max((len(textwrap.wrap(text, int(width * 1.2))) for text, width in texts), default=1)
    return _ROW_POINTS + _LINE_POINTS * (max(lines, 1) - 1)


def _link(place: BookCell, target: str) -> None:
    if target.startswith("'"):
        place.hyperlink = Hyperlink(ref=place.coordinate, location=target)
    else:
        place.hyperlink = target


def _set_up(target: Worksheet, sheet: Sheet) -> None:
    """Widths, what stays in view, what is folded, and the printed page."""
    target.sheet_view.showGridLines = False
    target.sheet_properties.tabColor = ACCENT
    target.sheet_properties.outlinePr.summaryBelow = False
    target.sheet_properties.outlinePr.summaryRight = False
    for number, width in enumerate(sheet.widths, 1):
        target.column_dimensions[get_column_letter(number)].width = width
    if sheet.is_frozen:
        target.freeze_panes = target.cell(sheet.header + 1, sheet.still + 1)
    if sheet.folded:
        for number in range(sheet.folded[0], sheet.folded[1] + 1):
            dimension = target.column_dimensions[get_column_letter(number)]
            dimension.outlineLevel, dimension.hidden = 1, True
        target.column_dimensions[get_column_letter(sheet.folded[0] - 1)].collapsed = True
        target.column_dimensions.max_outline = 1
    if sheet.has_filter:
        target.auto_filter.ref = f"A{sheet.header}:{get_column_letter(sheet.columns)}{sheet.body[1]}"
    _set_up_page(target, sheet)


def _set_up_page(target: Worksheet, sheet: Sheet) -> None:
    columns = sheet.columns + 1 if sheet.folded else sheet.columns
    letters = sum(sheet.widths[:columns])
    page = target.page_setup
    page.orientation, page.paperSize = "landscape", target.PAPERSIZE_A4
    page.fitToWidth, page.fitToHeight = max(1, round(letters / _PAGE_LETTERS)), 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    last = sheet.printed or len(sheet.rows) + (_CHART_ROWS if sheet.chart else 0)
    target.print_area = f"A1:{get_column_letter(columns)}{last}"
    target.print_title_rows = f"{sheet.header}:{sheet.header}"
    if page.fitToWidth > 1:
        target.print_title_cols = f"A:{get_column_letter(sheet.still)}"
    target.page_margins.left = target.page_margins.right = 0.4
    target.page_margins.top, target.page_margins.bottom, target.page_margins.footer = 0.5, 0.8, 0.4
    target.oddFooter.left.text = sheet.name.replace("&", "&&")
    target.oddFooter.right.text = "&P / &N"


def _colour_verdicts(target: Worksheet, sheet: Sheet, verdicts: tuple[str, str, str, str]) -> None:
    """Better in blue, worse in orange, undecided in grey, also after a measure has been changed."""
    letter = get_column_letter(sheet.verdicts or 1)
    cells = f"{letter}{sheet.body[0]}:{letter}{max(sheet.body)}"
    for word, colour in zip(verdicts, (BETTER, WORSE, UNDECIDED, UNDECIDED), strict=True):
        rule = CellIsRule(operator="equal", formula=[f'"{word}"'], font=Font(color=colour, bold=colour != UNDECIDED))
        target.conditional_formatting.add(cells, rule)


def _write_properties(book: Workbook, words: Words, title: str, made_at: datetime) -> None:
    moment = made_at.astimezone(UTC).replace(tzinfo=None) if made_at.tzinfo else made_at
    properties = book.properties
    properties.title, properties.creator, properties.language = safe_text(title), "Koszyk", words.language
    properties.created = properties.modified = moment


def _saved(book: Workbook) -> bytes:
    """Unlike `Workbook.save`, without the time of this machine."""
    content = BytesIO()
    ExcelWriter(book, ZipFile(content, "w")).save()
    return content.getvalue()
