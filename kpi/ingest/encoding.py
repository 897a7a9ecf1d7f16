"""From bytes to text: the encoding of a file, decided and never guessed by luck."""

from __future__ import annotations

import codecs
from pathlib import Path

from kpi.errors import UnreadableFile
from kpi.wording.message import Message, message

_BLOCK = 1 << 22
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ONE_BYTE = ("cp1250", "iso-8859-2", "cp1252")
_ASCII = bytes(range(128))
_POLISH = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
_PLAIN = frozenset("\u00a0–—„”“’‘…€§°×£«»•·©®™ ")


def encoding_of(path: Path, name: str) -> str:
    """A Python codec name. Raises: UnreadableFile: empty or binary bytes."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if not head.strip(b"\0 \t\r\n"):
        raise _unreadable(name, message("The file is empty."))
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return codec
    if b"\0" in head:
        return _utf16_by_nulls(head, name)
    return "utf-8" if _is_utf8(path) else _best_one_byte(path)


def _utf16_by_nulls(head: bytes, name: str) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    raise _unreadable(name, message("The file is binary, not a table of text."))


def _is_utf8(path: Path) -> bool:
    """A letter cut in half at the very end is a cut file, not another encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def _best_one_byte(path: Path) -> str:
    high = bytearray()
    with path.open("rb") as file:
        while (block := file.read(_BLOCK)) and len(high) < 100_000:
            high += block.translate(None, _ASCII)
    return max(_ONE_BYTE, key=lambda codec: _score(bytes(high), codec))


def _score(high: bytes, codec: str) -> float:
    """Polish letters count for the codec, odd symbols against it; other letters are neutral."""
    text = high.decode(codec, errors="replace")
    return sum(1.0 if char in _POLISH else 0.0 if char.isalpha() or char in _PLAIN else -1.0 for char in text)


def _unreadable(name: str, detail: Message) -> UnreadableFile:
    return UnreadableFile(
        name,
        detail,
        message("Export the data again as CSV or XLSX and add that file."),
    )
