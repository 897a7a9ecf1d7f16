"""One of a few, in a box whose choice is a part of the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

from pages.shared import address


def choice(
    label: str,
    names: Mapping[str, str],
    key: str,
    *,
    width: int | Literal["stretch"] = "stretch",
    on_change: Callable[[], None] | None = None,
) -> str:
    """The chosen key of `names`, whose values are the words shown; `key`: the part of the address."""
    address.kept(key)
    return st.selectbox(
        label,
        list(names),
        format_func=names.__getitem__,
        key=key,
        on_change=on_change or "rerun",
        persist_state="session",
        width=width,
    )
