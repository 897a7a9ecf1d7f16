"""A component of our own: its HTML here, its style and its script beside this module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent


def component(name: str, html: str, *, before: str = "") -> Any:
    """The component `koszyk_<name>` of `<name>.css` and `<name>.js`; to be made once, where a module is loaded.

    `before`: a script beside this module whose functions the component's own uses.
    """
    css, js = ((_FOLDER / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    if before:
        js = (_FOLDER / f"{before}.js").read_text(encoding="utf-8") + js
    return st.components.v2.component(f"koszyk_{name}", html=html, css=css, js=js)
