"""A shop that does not exist: two years of orders, traffic, ads, mail, service and stock, made in SQL from a seed.

The shop sells in Poland, Germany and Czechia and keeps its books in PLN; its prices include VAT. About 60,000 orders
and 2,000,000 sessions lie in the two years that end with `until`. It sells gifts to companies too (about 40 deals a
month, no orders of the shop), and counts the stock of its 120 products once a week: before Black Friday some run out.

Four things happened, for the reader to find (with the default `until`, 31 October 2026):

1. *A broken checkout.* In the week from Monday to Sunday that lies 42 days back (14–20 September 2026) the checkout
   failed on phones: mobile conversion fell to a third in every channel and country, and questions to the service
   piled up. Sessions and carts were as ever.
2. *Orders without profit.* The Meta campaign `spring-outlet` ran for 28 days, from 236 to 209 days before `until`
   (9 March – 5 April 2026), with the code OUTLET40. Revenue was three times the spend, and what was left of it after
   the goods did not pay for the ads.
3. *A mix shift that hides an improvement.* In the last 90 days (from 3 August 2026) conversion is better in every
   channel than in the 90 days before, and yet lower in all: `autumn-reach` brought many sessions from paid social,
   which buy least.
4. *A test with an answer.* From 27 to 7 days before `until` (4–24 October 2026) half of the people with a cart saw how
   much was missing to free delivery; 4.5 points more of them bought, on every device.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from importlib import resources
from typing import Any

from kpi.ingest.formats import Format, formats
from kpi.ingest.generic import generics
from kpi.ingest.load import Load, Rows
from kpi.store.appending import Incoming
from kpi.workspace import Workspace

UNTIL = date(2026, 10, 31)
"""The last day of the demo shop, where the caller names none."""

PREFIX = "demo · "
"""How the names of its imports begin."""

_SCRIPTS = ("demand", "shop", "marketing", "people", "stock", "deals", "experiment")
_OUTLET_FIRST, _OUTLET_LAST = 236, 209
_SHIFT_DAYS = 90
_TEST_FIRST, _TEST_LAST = 27, 7


# What each platform would have exported: its format, and the relations with its rows, each with its canonical table.
# Stock and deals come from tables of no platform.
_EXPORTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "shopify_orders",
        (
            ("products", "made_products"),
            ("customers", "made_customers"),
            ("orders", "made_orders"),
            ("order_lines", "made_order_lines"),
            ("refunds", "made_refunds"),
        ),
    ),
    ("ga4_report", (("traffic", "made_traffic"), ("traffic", "made_users"))),
    ("google_ads_campaigns", (("ad_spend", "made_google_ads"),)),
    ("meta_ads_report", (("ad_spend", "made_meta_ads"),)),
    ("gsc_performance", (("seo", "made_seo"),)),
    ("klaviyo_campaigns", (("email_campaigns", "made_email_campaigns"),)),
    ("hubspot_contacts", (("leads", "made_leads"),)),
    ("zendesk_tickets", (("tickets", "made_tickets"),)),
    ("typeform_responses", (("survey_responses", "made_survey_responses"),)),
    ("stock", (("stock", "made_stock"),)),
    ("deals", (("deals", "made_deals"),)),
    ("ab_per_user", (("experiment_units", "made_visitors"),)),
)


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


def experiment_days(until: date = UNTIL) -> tuple[date, date]:
    """The first and the last day of the A/B test."""
    return until - timedelta(days=_TEST_FIRST), until - timedelta(days=_TEST_LAST)


def shifted_days(until: date = UNTIL) -> tuple[date, date]:
    """The days in which the mix of channels hides that each of them is better."""
    return until - timedelta(days=_SHIFT_DAYS - 1), until


def _imports(con: Any, until: date, seed: int) -> Iterator[tuple[Load, tuple[Incoming, ...]]]:
    """Each platform's export, once its rows stand in temporary tables of the cursor."""
    for script in _SCRIPTS:
        con.execute(_script(script, until, seed))
    period = con.execute("select min(day), max(day) from made_days").fetchone()
    known = {one.id: one for one in (*formats(), *(table.format for table in generics().values()))}
    for format_id, relations in _EXPORTS:
        counts: dict[str, int] = {}
        for table, relation in relations:
            counts[table] = counts.get(table, 0) + _count(con, relation)
        read = sum(counts.values())
        load = Load(
            PREFIX + _source(known[format_id]),
            format_id,
            known[format_id].name,
            1.0,
            rows=Rows(read=read, loaded=read),
            tables=counts,
            period=period,
            currencies=("PLN",),
        )
        account = "main" if format_id in generics() else f"{known[format_id].platform}/main"
        yield load, tuple(Incoming(*one, account, number, period) for number, one in enumerate(relations))


def _source(known: Format) -> str:
    """The platform, or the file's name where a table is of none."""
    return f"{known.id}.csv" if known.id in generics() else known.platform_name


def _script(name: str, until: date, seed: int) -> str:
    """The SQL of one script with the seed and the days of the stories in it, as days before `until`."""
    broken_first, broken_last = ((until - day).days for day in broken_week(until))
    sql = resources.files("kpi.demo").joinpath(f"{name}.sql").read_text("utf-8")
    for word, value in {
        "until": until.isoformat(),
        "seed": int(seed),
        "broken_first": broken_first,
        "broken_last": broken_last,
        "outlet_first": _OUTLET_FIRST,
        "outlet_last": _OUTLET_LAST,
        "shift_days": _SHIFT_DAYS,
        "test_first": _TEST_FIRST,
        "test_last": _TEST_LAST,
    }.items():
        sql = sql.replace("{" + word + "}", str(value))
    return sql


def _count(con: Any, relation: str) -> int:
    return int(con.execute(f"select count(*) from {relation}").fetchone()[0])
