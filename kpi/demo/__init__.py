"""A shop that does not exist: two years of orders, traffic, ads, mail and service, made in SQL from a seed.

The shop sells in Poland, Germany and Czechia and keeps its books in PLN; its prices include VAT. About 60,000 orders
and 2,000,000 sessions lie in the two years that end with `until`. Stock is left out: it has no table yet.

Three things happened, for the reader to find (with the default `until`, 31 October 2026):

1. *A broken checkout.* In the week from Monday to Sunday that lies 42 days back (14–20 September 2026) the checkout
   failed on phones: mobile conversion fell to a third in every channel and country, and questions to the service
   piled up. Sessions and carts were as ever.
2. *Orders without profit.* The Meta campaign `spring-outlet` ran for 28 days, from 236 to 209 days before `until`
   (9 March – 5 April 2026), with the code OUTLET40. Revenue was three times the spend; what was left of it after the goods
   did not pay for the ads.
3. *A mix shift that hides an improvement.* In the last 90 days (from 3 August 2026) conversion is better in every
   channel than in the 90 days before, and yet lower in all: `autumn-reach` brought many sessions from paid social,
   which buy least.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from typing import Any

from kpi.ingest.load import Load, Rows
from kpi.store.store import Incoming
from kpi.wording.message import Text
from kpi.workspace import Workspace

UNTIL = date(2026, 10, 31)
"""The last day of the demo shop, where the caller names none."""

_SCRIPTS = ("demand", "shop", "marketing", "people")
_OUTLET_FIRST, _OUTLET_LAST = 236, 209
_SHIFT_DAYS = 90


@dataclass(frozen=True)
class _Export:
    """What one platform would have exported: the relations with its rows, each with its canonical table."""

    format: str
    name: Text
    tables: tuple[tuple[str, str], ...]

    @property
    def account(self) -> str:
        platform = self.format.rpartition("_")[0]
        return f"{platform}/main"


_EXPORTS = (
    _Export(
        "shopify_orders",
        Text("Shopify orders", "Zamówienia Shopify"),
        (
            ("products", "made_products"),
            ("customers", "made_customers"),
            ("orders", "made_orders"),
            ("order_lines", "made_order_lines"),
            ("refunds", "made_refunds"),
        ),
    ),
    _Export(
        "ga4_report",
        Text("Google Analytics 4 report", "Raport Google Analytics 4"),
        (("traffic", "made_traffic"), ("traffic", "made_users")),
    ),
    _Export("google_ads_campaigns", Text("Google Ads campaigns", "Kampanie Google Ads"), (("ad_spend", "made_google_ads"),)),
    _Export("meta_ads_report", Text("Meta Ads report", "Raport Meta Ads"), (("ad_spend", "made_meta_ads"),)),
    _Export("gsc_performance", Text("Search Console performance", "Skuteczność w Search Console"), (("seo", "made_seo"),)),
    _Export("klaviyo_campaigns", Text("Klaviyo campaigns", "Kampanie Klaviyo"), (("email_campaigns", "made_email_campaigns"),)),
    _Export("hubspot_contacts", Text("HubSpot contacts", "Kontakty HubSpot"), (("leads", "made_leads"),)),
    _Export("zendesk_tickets", Text("Zendesk tickets", "Zgłoszenia Zendesk"), (("tickets", "made_tickets"),)),
    _Export("typeform_responses", Text("Typeform responses", "Odpowiedzi Typeform"), (("survey_responses", "made_survey_responses"),)),
)  # fmt: skip


def fill(shop: Workspace, *, until: date = UNTIL, seed: int = 7, by: str = "") -> bool:
    """Make the demo shop in a workspace into which nothing has been imported; all of it or nothing.

    `until`: its last day · `seed`: another one is another shop with the same stories.
    Returns: whether it was made; False where something has been imported before, and nothing changes.
    """
    return shop.load_demo(lambda con: _imports(con, until, seed), by=by)


def broken_week(until: date = UNTIL) -> tuple[date, date]:
    """The Monday and the Sunday of the week in which the checkout failed on phones."""
    inside = until - timedelta(days=42)
    monday = inside - timedelta(days=inside.weekday())
    return monday, monday + timedelta(days=6)


def outlet_days(until: date = UNTIL) -> tuple[date, date]:
    """The first and the last day of the campaign that bought orders without profit."""
    return until - timedelta(days=_OUTLET_FIRST), until - timedelta(days=_OUTLET_LAST)


def shifted_days(until: date = UNTIL) -> tuple[date, date]:
    """The days in which the mix of channels hides that each of them is better."""
    return until - timedelta(days=_SHIFT_DAYS - 1), until


def _imports(con: Any, until: date, seed: int) -> Iterator[tuple[Load, tuple[Incoming, ...]]]:
    """Each platform's export, once its rows stand in temporary tables of the cursor."""
    broken_first, broken_last = ((until - day).days for day in broken_week(until))
    words = {
        "until": until.isoformat(),
        "seed": str(int(seed)),
        "broken_first": str(broken_first),
        "broken_last": str(broken_last),
        "outlet_first": str(_OUTLET_FIRST),
        "outlet_last": str(_OUTLET_LAST),
        "shift_days": str(_SHIFT_DAYS),
    }
    for script in _SCRIPTS:
        sql = resources.files("kpi.demo").joinpath(f"{script}.sql").read_text("utf-8")
        for word, value in words.items():
            sql = sql.replace("{" + word + "}", value)
        con.execute(sql)
    first, last = con.execute("select min(day), max(day) from made_days").fetchone()
    for export in _EXPORTS:
        counts: dict[str, int] = {}
        for table, relation in export.tables:
            counts[table] = counts.get(table, 0) + _count(con, relation)
        read = sum(counts.values())
        load = Load(
            f"demo · {export.name.en}",
            export.format,
            export.name,
            1.0,
            rows=Rows(read=read, loaded=read),
            tables=counts,
            period=(first, last),
            currencies=("PLN",),
        )
        yield load, tuple(
            Incoming(table, relation, export.account, number, (first, last))
            for number, (table, relation) in enumerate(export.tables)
        )


def _count(con: Any, relation: str) -> int:
    return int(con.execute(f"select count(*) from {relation}").fetchone()[0])
