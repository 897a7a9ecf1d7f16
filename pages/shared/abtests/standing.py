"""What stands above a test: the link to copy, and files that wait for an answer."""

from __future__ import annotations

import kpi
from kpi.wording import Words
from pages.shared import address
from pages.shared.cards import file_card
from pages.shared.intake import arrivals
from pages.shared.link import copy_link


def link_button(say: Words, *, path: str) -> None:
    """The whole question as an address."""
    words = {"copy": say.t("Copy link"), "copied": say.t("Copied"), "manual": say.t("Copy this address:")}
    copy_link(words, path=path, query=address.query_string(), key="copy_link")


def waiting_files(shop: kpi.Workspace, say: Words) -> None:
    """The cards of files that could not be read, ask something, or held no test."""
    held = {number for one in shop.experiments.held() for number in one.imports}
    for place, arrival in enumerate(list(arrivals())):
        is_test = arrival.load is not None and arrival.load.import_id in held and not arrival.load.questions
        if not is_test:
            file_card(shop, say, arrival, len(arrivals()) - place)
