"""The colours that the reader's theme asks for, where Streamlit's own do not reach: charts and styles of our own."""

from __future__ import annotations

import streamlit as st


def is_light() -> bool:
    """Whether the page is light; so too where the browser has not said yet."""
    return st.context.theme.type != "dark"


def accent() -> str:
    return "#0B6E4F" if is_light() else "#74D3AE"


def quiet() -> str:
    """The colour of what labels a chart; Streamlit's own is too faint on a light page."""
    return "#5E6963" if is_light() else "#A9B5AF"


def background() -> str:
    """The colour of the page."""
    return "#FFFFFF" if is_light() else "#121816"
