"""Who is who, in SQL: a customer is the keyed hash of an e-mail address, else of the account and the platform's own id."""

from __future__ import annotations

from kpi.ingest.cells import literal
from kpi.ingest.part import Defaults
from kpi.ingest.scratch import Scratch

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


def keys_table(scratch: Scratch, table: str, column: str, cell: str, key: str) -> str:
    """A temporary table of the distinct cells of `column` (`written`, as `cell` has them) and what stands for each
    (`value`, by the expression `key` over `written`): a key is dear, and a customer has many rows."""
    name = scratch.new("keys")
    once = f"SELECT DISTINCT {cell} AS written FROM (SELECT DISTINCT {column} FROM {table})"
    scratch.run(f"CREATE TEMP TABLE {name} AS SELECT written, {key} AS value FROM ({once}) WHERE written IS NOT NULL")
    return name


def _hmac(text: str, defaults: Defaults) -> str:
    inner, outer = (f"unhex('{pad.hex()}')" for pad in (defaults.inner_pad, defaults.outer_pad))
    return f"sha256({outer} || unhex(sha256({inner} || encode({text}))))"
