"""A small app around the drop area and the copy-link button, served like the real one but without its pages."""

import os
import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import app as koszyk  # noqa: E402
from pages.shared import upload  # noqa: E402

upload.staging.limits = upload.Limits(
    file_bytes=int(os.environ.get("DROP_FILE_BYTES", 2 << 30)),
    session_bytes=int(os.environ.get("DROP_SESSION_BYTES", 8 << 30)),
    ticket_seconds=float(os.environ.get("DROP_TICKET_SECONDS", 1800)),
    session_grace_seconds=float(os.environ.get("DROP_GRACE_SECONDS", 300)),
)
koszyk.SWEEP_SECONDS = float(os.environ.get("DROP_SWEEP_SECONDS", 60))
app = st.App(
    Path(__file__).with_name("drop_page.py"),
    routes=koszyk.routes,
    lifespan=koszyk.lifespan,
    middleware=koszyk.middleware,
)
