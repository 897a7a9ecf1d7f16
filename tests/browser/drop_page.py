"""The page of `drop_app.py`: the drop area, what has arrived, and a link to copy."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared import upload
from pages.shared.drop import drop_area
from pages.shared.link import copy_link

DROP_WORDS = {
    "en": {
        "lang": "en",
        "title": "Drop your exports here",
        "hint": "Shopify, WooCommerce, PrestaShop, Allegro, GA4, Google Ads, Meta, Klaviyo, or any table",
        "choose": "Choose files",
        "limit": "Up to {size} a file",
        "dragging": "Let go to add the files",
        "waiting": "Waiting",
        "sending": "{percent} – {sent} of {size}",
        "received": "Received",
        "summary": "{done} of {total} files received",
        "cancel": "Cancel {name}",
        "retry": "Try again",
        "remove": "Remove {name}",
        "announce_started": "Files added: {total}",
        "announce_ended": "Files received: {done} of {total}",
        "error_type": "This kind of file cannot be read. Choose {types}.",
        "error_network": "The connection was lost. Try again.",
        "error_ticket": "The page was open too long. Try again.",
        "error_file_too_large": "Larger than {size}. Split the export by date.",
        "error_session_full": "Too much at once. Load what has arrived first.",
        "error_too_many_files": "Too many files at once. Load what has arrived first.",
        "error_disk_full": "The server has no room left. Tell whoever runs it.",
        "error_failed": "The server could not take the file. Try again.",
    },
    "pl": {
        "lang": "pl",
        "title": "Upuść tu swoje eksporty",
        "hint": "Shopify, WooCommerce, PrestaShop, Allegro, GA4, Google Ads, Meta, Klaviyo albo dowolna tabela",
        "choose": "Wybierz pliki",
        "limit": "Do {size} na plik",
        "dragging": "Puść, aby dodać pliki",
        "waiting": "Czeka",
        "sending": "{percent} – {sent} z {size}",
        "received": "Odebrano",
        "summary": "Odebrane pliki: {done} z {total}",
        "cancel": "Anuluj {name}",
        "retry": "Ponów",
        "remove": "Usuń {name}",
        "announce_started": "Dodane pliki: {total}",
        "announce_ended": "Odebrane pliki: {done} z {total}",
        "error_type": "Tego rodzaju pliku nie można odczytać. Wybierz {types}.",
        "error_network": "Połączenie zostało przerwane. Spróbuj ponownie.",
        "error_ticket": "Strona była otwarta zbyt długo. Spróbuj ponownie.",
        "error_file_too_large": "Plik jest większy niż {size}. Podziel eksport według dat.",
        "error_session_full": "Za dużo naraz. Najpierw wczytaj to, co już dotarło.",
        "error_too_many_files": "Za dużo plików naraz. Najpierw wczytaj to, co już dotarło.",
        "error_disk_full": "Na serwerze brakuje miejsca. Powiadom osobę, która nim zarządza.",
        "error_failed": "Serwer nie przyjął pliku. Spróbuj ponownie.",
    },
}
LINK_WORDS = {
    "en": {"copy": "Copy link", "copied": "Copied", "manual": "Press Ctrl+C to copy this link"},
    "pl": {"copy": "Kopiuj link", "copied": "Skopiowano", "manual": "Naciśnij Ctrl+C, aby skopiować link"},
}


def page() -> None:
    """Deliveries are counted, so that a test can tell one trigger from two."""
    lang = st.query_params.get("lang", "en")
    session_id = get_script_run_ctx().session_id
    copy_link(LINK_WORDS[lang], path="explore", query=f"ws=demo&lang={lang}&from=2026-01-01", key="link")
    arrived = drop_area(
        DROP_WORDS[lang],
        ticket=upload.issue_ticket(session_id, st.context.cookies),
        accept=(".csv", ".xlsx", ".zip"),
        compact="compact" in st.query_params,
        key="drop",
    )
    if arrived:
        st.session_state.deliveries = st.session_state.get("deliveries", 0) + 1
    names = [upload.take(session_id, file.id).name for file in arrived]
    st.text(f"deliveries={st.session_state.get('deliveries', 0)} just={names}")
    st.text(f"staged={[(file.name, file.size) for file in upload.staged(session_id)]}")


explore = st.Page(page, title="Explore", url_path="explore")
st.navigation([st.Page(page, title="Data", url_path="data", default=True), explore], position="hidden").run()
