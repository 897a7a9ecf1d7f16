"""A quiet button that copies the address of a view, so that a colleague opens the same one."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from pages.shared.component import component

WORDS: Final = ("copy", "copied", "manual")
"""What `words` must hold: the button, its answer, and the request to copy by hand where the browser forbids it."""

_HTML: Final = """
<div class="link">
  <button type="button" class="copy">
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1 1"/>
      <path d="M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1-1"/>
    </svg>
    <span class="caption"></span>
  </button>
  <input class="address" readonly hidden>
  <span class="live" role="status" aria-live="polite"></span>
</div>
"""
_component = component("link", _HTML)


def copy_link(words: Mapping[str, str], *, path: str, query: str, key: str) -> None:
    """The button for `<this server><base path>/<path>?<query>`.

    Args:
        words: all of `WORDS`, in the reader's language.
        path: the page's `url_path`; empty for the default page.
        query: the whole query, already percent-encoded, without its question mark.
    """
    if missing := set(WORDS) - words.keys():
        raise KeyError(f"copy_link has no words for {sorted(missing)}")
    base = st.get_option("server.baseUrlPath").strip("/")
    _component(
        key=key, data={"words": dict(words), "path": path.strip("/"), "query": query, "base": base}, width="content"
    )
