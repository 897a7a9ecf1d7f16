"""The drop area: files from the reader's computer, streamed to the staging folder while she watches.

The component sends each file through the upload route and tells Python once a batch is over. Its words come from the
page. A rerun may reach the page while it works on an earlier batch, so pages read `upload.staged(session)`, and take
what is returned here as news only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from pages.shared import upload
from pages.shared.component import component

WORDS: Final = (
    "lang",
    "title",
    "hint",
    "choose",
    "limit",
    "dragging",
    "waiting",
    "sending",
    "received",
    "summary",
    "cancel",
    "retry",
    "remove",
    "announce_started",
    "announce_ended",
    "error_type",
    "error_network",
    "error_ticket",
    "error_file_too_large",
    "error_session_full",
    "error_too_many_files",
    "error_disk_full",
    "error_failed",
)
"""What `words` must hold. Placeholders: {size} in limit and error_file_too_large; {percent}, {sent}, {size} in sending;
{done}, {total} in summary, announce_ended; {total} in announce_started; {name} in cancel and remove;
{types} in error_type."""

_HTML: Final = """
<div class="drop">
  <input type="file" multiple hidden>
  <div class="area">
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 15.5V4.5M7.5 8.5 12 4l4.5 4.5M4.5 14.5v3.2c0 1 .8 1.8 1.8 1.8h11.4c1 0 1.8-.8 1.8-1.8v-3.2"/>
    </svg>
    <div class="text"><p class="title"></p><p class="hint"></p></div>
    <button type="button" class="choose"></button>
    <p class="limit"></p>
  </div>
  <p class="summary" hidden></p>
  <ul class="files" hidden></ul>
  <div class="live" role="status" aria-live="polite"></div>
</div>
"""
_component = component("drop", _HTML)


@dataclass(frozen=True)
class Uploaded:
    """A file that the browser says has arrived: the server's `id`, its `name` there, `size` in bytes.

    The id is only a claim until `upload.take` has found it in the session.
    """

    id: str
    name: str
    size: int


def drop_area(
    words: Mapping[str, str], *, ticket: str, accept: tuple[str, ...], compact: bool, key: str
) -> tuple[Uploaded, ...]:
    """The drop area, and the files that have arrived since the last run.

    Args:
        words: all of `WORDS`, in the reader's language.
        ticket: `upload.issue_ticket(…)` of this very run; a spent one is renewed by a rerun.
        accept: file name endings (".csv"); empty for any.
        compact: one line instead of the large area.
    """
    if missing := set(WORDS) - words.keys():
        raise KeyError(f"drop_area has no words for {sorted(missing)}")
    outcome = _component(
        key=key,
        data={
            "words": dict(words),
            "ticket": ticket,
            "accept": [ending.lower() for ending in accept],
            "compact": compact,
            "base": st.get_option("server.baseUrlPath").strip("/"),
            "limit_bytes": upload.staging.limits.file_bytes,
        },
        on_arrived_change=_rerun,
        on_renew_change=_rerun,
    )
    return tuple(_uploaded(item) for item in outcome.arrived or ())


def _rerun() -> None:
    """The rerun itself is the effect: it brings the files in, or the next ticket out."""


def _uploaded(item: Mapping[str, Any]) -> Uploaded:
    return Uploaded(str(item["file"]), upload.label(str(item["name"])), int(item["size"]))
