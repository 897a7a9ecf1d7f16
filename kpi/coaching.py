"""Which one further file would make most KPIs computable."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kpi.engine.holdings import Holdings
from kpi.model import Catalogue
from kpi.wording.message import Text

# What a person would go and export, the tables that it fills, and the columns that it alone brings to others.
_FILES = (
    (Text("your shop's orders (Shopify, WooCommerce, PrestaShop, Allegro, Amazon, Etsy or any table)", "zamówienia ze sklepu (Shopify, WooCommerce, PrestaShop, Allegro, Amazon, Etsy lub dowolna tabela)"), ("orders", "order_lines"), ()),
    (Text("web analytics (GA4, Matomo, Plausible)", "analitykę internetową (GA4, Matomo, Plausible)"), ("traffic",), ()),
    (Text("an ads report (Google Ads, Meta, TikTok or LinkedIn)", "raport reklamowy (Google Ads, Meta, TikTok lub LinkedIn)"), ("ad_spend",), ()),
    (Text("a product list with what each costs you", "listę produktów z kosztem zakupu"), (), ("unit_cost",)),
    (Text("order lines (one row a product sold)", "pozycje zamówień (wiersz na sprzedany produkt)"), ("order_lines",), ()),
    (Text("stock counts (product, quantity, day)", "stany magazynowe (produkt, ilość, dzień)"), ("stock",), ()),
    (Text("e-mail campaigns (Klaviyo, Mailchimp, MailerLite)", "kampanie e-mail (Klaviyo, Mailchimp, MailerLite)"), ("email_campaigns",), ()),
    (Text("CRM contacts (HubSpot)", "kontakty z CRM (HubSpot)"), ("leads",), ()),
    (Text("CRM deals (HubSpot, Pipedrive)", "szanse sprzedaży z CRM (HubSpot, Pipedrive)"), ("deals",), ()),
    (Text("support tickets (Zendesk)", "zgłoszenia klientów (Zendesk)"), ("tickets",), ()),
    (Text("a survey (Typeform NPS)", "ankietę (Typeform NPS)"), ("survey_responses",), ()),
    (Text("Search Console", "Search Console"), ("seo",), ()),
    (Text("social media insights (Meta Business Suite)", "statystyki mediów społecznościowych (Meta Business Suite)"), ("social_posts",), ()),
    (Text("events of web analytics (GA4 by event)", "zdarzenia z analityki internetowej (GA4 według zdarzeń)"), ("events",), ()),
    (Text("payments (Stripe, Square or any provider’s report)", "płatności (Stripe, Square lub raport dowolnego operatora)"), ("payments",), ()),
    (Text("a bill of marketplace fees (Allegro)", "zestawienie opłat za sprzedaż (Allegro)"), ("fees",), ()),
    (Text("shipments (Amazon, or any list of parcels)", "przesyłki (Amazon lub dowolny wykaz przesyłek)"), ("shipments",), ()),
)  # fmt: skip


@dataclass(frozen=True)
class NextFile:
    """A kind of file and the KPIs that it alone would unlock, with what is there already."""

    name: Text
    kpis: tuple[str, ...]


def next_files(catalogue: Catalogue, held: Holdings, computable: Collection[str]) -> tuple[NextFile, ...]:
    """The kinds of files that unlock something, the most useful first."""
    missing = [name for name in catalogue.kpis if name not in computable]
    found = []
    for name, tables, columns in _FILES:
        if tables and held.has(tables[0]):
            # it is here; what it did not bring has a kind of its own
            continue
        unlocked = tuple(kpi for kpi in missing if _unlocks(kpi, tables, columns, catalogue, held))
        if unlocked:
            found.append(NextFile(name, unlocked))
    return tuple(sorted(found, key=lambda one: -len(one.kpis)))


def _unlocks(kpi: str, tables: Collection[str], columns: Collection[str], catalogue: Catalogue, held: Holdings) -> bool:
    """Whether the file brings every table and column that the KPI still lacks."""
    lacking = {table for table in catalogue.tables_of(kpi) if not held.has(table)}
    unsaid = {
        column
        for measure in catalogue.measures_of(kpi)
        if measure.table not in lacking and not catalogue.tables[measure.table].is_report
        for column in measure.uses
        if not held.knows(measure.table, column)
    }
    return bool(lacking or unsaid) and lacking <= set(tables) and unsaid <= set(columns)
