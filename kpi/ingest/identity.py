"""Who is who, in SQL: a customer is the keyed hash of an e-mail address, else of the account and the platform's own id."""

from __future__ import annotations

from kpi.ingest.cells import literal
from kpi.ingest.part import Defaults

_WHOLE_FLOAT = r"^(\d+)\.0+$"


def customer_key_sql(value: str, defaults: Defaults) -> str:
    """HMAC-SHA-256 (RFC 2104) of the lower-case address, in hex; NULL for what is no address."""
    return f"CASE WHEN contains({value}, '@') THEN {_hmac(f'lower({value})', defaults)} END"


def customer_id_sql(value: str, account: str, defaults: Defaults) -> str:
    """HMAC-SHA-256 of the account and the id, in hex; an address counts as the address.

    An id that went through a spreadsheet's number (`17850.0`) is the text without its empty fraction.
    """
    plain = rf"regexp_replace({value}, {literal(_WHOLE_FLOAT)}, '\1')"
    own = _hmac(f"{literal(account)} || chr(10) || {plain}", defaults)
    return f"CASE WHEN contains({value}, '@') THEN {_hmac(f'lower({value})', defaults)} WHEN {value} IS NOT NULL THEN {own} END"


def _hmac(text: str, defaults: Defaults) -> str:
    inner, outer = (f"unhex('{pad.hex()}')" for pad in (defaults.inner_pad, defaults.outer_pad))
    return f"sha256({outer} || unhex(sha256({inner} || encode({text}))))"
