"""Column labels as two exports of the same thing may spell them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_SPACES = re.compile(r"[\s\u00a0\u202f\ufeff_]+")

_CODE = re.compile(r"\([a-z]{3}\)$")


def normalised(label: str) -> str:
    """The label in lower case, with single spaces and no quotes; `_` counts as a space."""
    return _SPACES.sub(" ", label.strip("\ufeff\"' \t")).strip().casefold()


def generalised(label: str) -> str:
    """The normalised label with `{currency}` in place of a currency code in brackets at its end."""
    return _CODE.sub("({currency})", normalised(label))


def header_fingerprint(header: Iterable[str]) -> str:
    """What names a header whatever the order of its columns: SHA-1 of the sorted normalised labels."""
    return hashlib.sha1("\n".join(sorted(normalised(label) for label in header)).encode()).hexdigest()
