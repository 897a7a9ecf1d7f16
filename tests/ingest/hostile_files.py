"""Files that were made to do harm, each written by a few lines: bombs, lies, and what no export holds."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path

from openpyxl.utils import get_column_letter

HEADER = "Campaign name,Impressions,Amount spent (PLN),Reporting starts,Reporting ends\n"
ROW = "A,100,12.50,2026-09-01,2026-09-30\n"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_FIXED = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
    f'Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}


def zipped(*members: tuple[str, str | bytes]) -> bytes:
    """A zip of the members, packed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def workbook(rows: str, *, texts: str = "", doctype: str = "", dimension: str = "") -> bytes:
    """An xlsx of one sheet: the XML of its rows, of its shared texts."""
    sheet = f"<worksheet {_MAIN}>{dimension}<sheetData>{rows}</sheetData></worksheet>"
    shared = f"<?xml version='1.0'?>{doctype}<sst {_MAIN}>{texts}</sst>"
    return zipped(*_FIXED.items(), ("xl/worksheets/sheet1.xml", sheet), ("xl/sharedStrings.xml", shared))


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet_row(number: int, line: str) -> str:
    cells = "".join(cell(f"{'ABCDE'[i]}{number}", text) for i, text in enumerate(line.strip().split(",")))
    return f'<row r="{number}">{cells}</row>'


TABLE = sheet_row(1, HEADER) + sheet_row(2, ROW)


def patched_sizes(content: bytes, size: int) -> bytes:
    """The zip with another unpacked size in its directory."""
    patched = bytearray(content)
    struct.pack_into("<I", patched, patched.find(b"PK\x01\x02") + 24, size)
    return bytes(patched)


def encrypted(content: bytes) -> bytes:
    """The zip with the flag that says its member needs a password."""
    patched = bytearray(content)
    patched[6] |= 1
    patched[patched.find(b"PK\x01\x02") + 8] |= 1
    return bytes(patched)


def overlapping(times: int) -> bytes:
    """A zip whose directory names one packed member many times."""
    one = zipped(("a.csv", HEADER + ROW * 200_000))
    start, end = one.find(b"PK\x01\x02"), one.find(b"PK\x05\x06")
    directory = one[start:end] * times
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, times, times, len(directory), start, 0)
    return one[:start] + directory + tail


def laughing() -> bytes:
    """A workbook whose one shared text unfolds to three thousand million letters."""
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return workbook(
        TABLE + '<row r="3"><c r="A3" t="s"><v>0</v></c></row>',
        texts="<si><t>&l9;</t></si>",
        doctype=f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>',
    )


def one_text_everywhere() -> bytes:
    """A workbook with one text of a million letters, named by forty thousand cells."""
    named = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(3, 40_003))
    text = "".join(chr(97 + (i * 7919) % 26) for i in range(1_000_000))
    return workbook(TABLE + named, texts=f"<si><t>{text}</t></si>")


def unnamed_cells() -> bytes:
    """A workbook whose cells have no names: a wide first row and many short ones make a vast rectangle."""
    wide = "<row>" + "<c><v>1</v></c>" * 16_000 + "</row>"
    return workbook(wide + "<row><c><v>1</v></c></row>" * 60_000)


def wide_sheet() -> bytes:
    names = "".join(cell(f"{get_column_letter(i)}1", f"k{i}") for i in range(1, 16_001))
    values = "".join(f'<c r="{get_column_letter(i)}2"><v>{i}</v></c>' for i in range(1, 16_001))
    return workbook(f'<row r="1">{names}</row><row r="2">{values}</row>')


def repeating_ods() -> bytes:
    """An ods sheet of one cell that stands there sixteen thousand million times."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
    )
    row = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{row}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped(("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", content))


def bombs() -> dict[str, tuple[bytes, str]]:
    """Files that are refused, by their names, each with a part of the reason."""
    good = zipped(("a.csv", HEADER + ROW))
    vast = "larger than 30000000 cells"
    return {
        "nested.zip": (zipped(("in.zip", good)), "zip file inside a zip file"),
        "ratio.zip": (zipped(("a.csv", b"0" * 100_000_000)), "It would unfold to 1 files and 100000000 bytes."),
        "many.zip": (zipped(*((f"{i}.csv", HEADER) for i in range(501))), "It would unfold to 501 files"),
        "claim.zip": (patched_sizes(good, 0xFFFFFFF0), "4294967280 bytes"),
        "liar.zip": (patched_sizes(zipped(("a.csv", HEADER + ROW * 9_999)), 1_000), "larger than it says"),
        "overlap.zip": (overlapping(400), "It would unfold to 400 files"),
        "locked.zip": (encrypted(good), "protected by a password"),
        "hollow.zip": (b"PK\x05\x06" + bytes(18), "It holds no file that could be read."),
        "corner.xlsx": (workbook(TABLE + f'<row r="1048576">{cell("XFD1048576", "x")}</row>'), vast),
        "quoted.xlsx": (workbook(TABLE + "<row><c r='XFD1048576'><v>1</v></c></row>"), vast),
        "unnamed.xlsx": (unnamed_cells(), vast),
        "texts.xlsx": (one_text_everywhere(), vast),
        "binary.xlsx": (zipped(*_FIXED.items(), ("xl/workbook.bin", b"")), "binary workbook"),
        "laugh.xlsx": (laughing(), "The workbook is broken"),
        "wide.xlsx": (wide_sheet(), "It has 16000 columns; a table may have 2000."),
        "wide.csv": (",".join(f"k{i}" for i in range(16_000)).encode() + b"\n1", "It has 16000 columns"),
        "repeat.ods": (repeating_ods(), vast),
        "zeros.csv.gz": (gzip.compress(bytes(100_000_000), 9), "packed with gzip"),
        "zeros.csv": (bytes(50_000_000), "The file is empty."),
        "empty.csv": (b"", "The file is empty."),
        "empty.xlsx": (b"", "The file is empty."),
        "null.csv": ((HEADER + ROW + "B\x00C,1,1.00,2026-09-01,2026-09-30\n").encode(), "The file is binary"),
        "unknown.csv": (b"a,b\n", "None of its columns has a name that is known."),
        "cell.csv": (f'{HEADER}"{"x" * 20_000_000}",1,1.00,2026-09-01,2026-09-30\n'.encode(), "Line 2 is longer"),
        "open.csv": ((HEADER + '"' + ROW * 300_000).encode(), "A quotation mark is opened and not closed"),
        "damaged.parquet": (b"PAR1" + bytes(range(256)) * 4 + b"\xff\xff\xff\x7fPAR1", "damaged Parquet file"),
    }


def overfull() -> dict[str, bytes]:
    """Files with one cell of a million letters, which refuse one row and are read, by their names."""
    million = "x" * 1_000_000
    return {
        "million.csv": f"{HEADER}{ROW}{million},1,1.00,2026-09-01,2026-09-30\n".encode(),
        "million.xlsx": workbook(TABLE + sheet_row(3, f"{million},1,1.00,2026-09-01,2026-09-30\n")),
    }


def write_one_line(path: Path, megabytes: int) -> None:
    """A text of one line."""
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(b"abcdefghi," * 100_000)
