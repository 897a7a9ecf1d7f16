"""Small exports written for the tests, as the platforms write them: a Polish shop's first quarter of 2026.

Everything follows from one seed, and `truth` counts the same things on its own, by plain loops.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

SHOPIFY_HEADER = [
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Fulfillment Status",
    "Fulfilled at",
    "Accepts Marketing",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Discount Code",
    "Discount Amount",
    "Shipping Method",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem compare at price",
    "Lineitem sku",
    "Lineitem requires shipping",
    "Lineitem taxable",
    "Lineitem fulfillment status",
    "Billing Country",
    "Shipping City",
    "Shipping Province",
    "Shipping Country",
    "Notes",
    "Note Attributes",
    "Cancelled at",
    "Payment Method",
    "Payment Reference",
    "Refunded Amount",
    "Vendor",
    "Id",
    "Tags",
    "Risk Level",
    "Source",
    "Lineitem discount",
    "Phone",
]
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
_PRODUCTS = (
    ("Kubek Łódź", "KUB-1", 39.0),
    ("Plecak miejski", "PLE-1", 189.0),
    ("Lampa biurkowa", "LAM-1", 129.0),
    ("Szal wełniany", "SZA-1", 99.0),
)
_CHANNELS = (
    ("google", "organic", 40),
    ("google", "cpc", 25),
    ("facebook", "paid", 15),
    ("newsletter", "email", 12),
    ("(direct)", "(none)", 8),
)
_GA4_NAMES = {
    "google/organic": "Organic Search",
    "google/cpc": "Paid Search",
    "facebook/paid": "Paid Social",
    "newsletter/email": "Email",
    "(direct)/(none)": "Direct",
}
_DEVICES = (("mobile", 0.62), ("desktop", 0.34), ("tablet", 0.04))


@dataclass
class Truth:
    """What a person would count in these files by hand."""

    orders: int = 0
    net_sales: float = 0.0
    refunds: float = 0.0
    discounts: float = 0.0
    units: int = 0
    sessions: int = 0
    spend: float = 0.0
    clicks: int = 0
    orders_by_channel: Counter = field(default_factory=Counter)
    sessions_by_channel: Counter = field(default_factory=Counter)
    sessions_by_device: Counter = field(default_factory=Counter)


def shop_files(seed: int = 7) -> tuple[dict[str, bytes], Truth]:
    """The files by name, and the truth about them."""
    dice, truth = random.Random(seed), Truth()
    return {
        "orders_export_1.csv": _shopify(dice, truth),
        "Traffic_acquisition.csv": _ga4_by_channel(dice, truth),
        "Tech_details.csv": _ga4_by_device(dice, truth),
        "Campaign report.csv": _google_ads(dice, truth),
    }, truth


def _shopify(dice: random.Random, truth: Truth) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, SHOPIFY_HEADER, lineterminator="\n")
    writer.writeheader()
    number = 1000
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(offset)
        for _ in range(dice.randint(2, 6) + (3 if day.weekday() >= 5 else 0)):
            number += 1
            _order(dice, truth, writer, number, day)
    return out.getvalue().encode()


def _order(dice: random.Random, truth: Truth, writer: csv.DictWriter, number: int, day: date) -> None:
    lines = [(*dice.choice(_PRODUCTS), dice.randint(1, 2)) for _ in range(dice.choice((1, 1, 1, 2, 3)))]
    items = sum(price * quantity for _, _, price, quantity in lines)
    has_code = dice.random() < 0.2
    discount = round(items * 0.1, 2) if has_code else 0.0
    status = dice.choices(("paid", "pending", "refunded", "voided"), (86, 6, 4, 4))[0]
    refunded = round(items - discount, 2) if status == "refunded" else 0.0
    source, medium, _ = dice.choices(_CHANNELS, [weight for *_, weight in _CHANNELS])[0]
    at = (
        f"{day} {dice.randint(8, 21):02}:{dice.randint(0, 59):02}:00 {'+0200' if day >= date(2026, 3, 29) else '+0100'}"
    )
    shipping = 14.99
    first = {
        "Name": f"#{number}",
        "Email": f"klient{dice.randint(1, 160)}@example.com",
        "Financial Status": status,
        "Accepts Marketing": "yes",
        "Currency": "PLN",
        "Subtotal": f"{items - discount:.2f}",
        "Shipping": f"{shipping:.2f}",
        "Taxes": "0.00",
        "Total": f"{items - discount + shipping:.2f}",
        "Discount Code": "WIOSNA10" if has_code else "",
        "Discount Amount": f"{discount:.2f}",
        "Created at": at,
        "Shipping Country": dice.choices(("PL", "DE", "CZ"), (80, 14, 6))[0],
        "Note Attributes": f"utm_source: {source}\nutm_medium: {medium}",
        "Payment Method": dice.choice(("Blik", "Przelewy24", "Shopify Payments")),
        "Refunded Amount": f"{refunded:.2f}",
        "Source": "web",
        "Id": str(number * 7),
    }
    for place, (name, sku, price, quantity) in enumerate(lines):
        line = {
            "Name": f"#{number}",
            "Email": first["Email"],
            "Created at": at,
            "Lineitem quantity": quantity,
            "Lineitem name": name,
            "Lineitem price": f"{price:.2f}",
            "Lineitem sku": sku,
            "Lineitem discount": "0.00",
        }
        writer.writerow((first | line) if place == 0 else line)
    if status != "voided":
        truth.orders += 1
        truth.net_sales += items - discount
        truth.refunds += refunded
        truth.discounts += discount
        truth.units += sum(quantity for *_, quantity in lines)
        truth.orders_by_channel[_GA4_NAMES[f"{source}/{medium}"]] += 1


def _ga4(title: str, header: str, rows: list[str]) -> bytes:
    preamble = f"# ----------------------------------------\n# {title}\n# Account: Sklep\n# Property: sklep.example - GA4\n# ----------------------------------------\n# \n# All Users\n# Start date: {FIRST:%Y%m%d}\n# End date: {LAST:%Y%m%d}\n"
    return (preamble + header + "\n" + "\n".join(rows) + "\n").encode()


def _ga4_by_channel(dice: random.Random, truth: Truth) -> bytes:
    rows = []
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(offset)
        for source, medium, weight in _CHANNELS:
            sessions = dice.randint(weight * 3, weight * 5)
            engaged = round(sessions * dice.uniform(0.5, 0.7))
            name = _GA4_NAMES[f"{source}/{medium}"]
            rows.append(f"{day:%Y%m%d},{name},{sessions},{engaged},{dice.uniform(30, 90):.2f}")
            truth.sessions += sessions
            truth.sessions_by_channel[name] += sessions
    return _ga4(
        "Traffic acquisition: Session default channel group",
        "Date,Session default channel group,Sessions,Engaged sessions,Average engagement time per session",
        rows,
    )


def _ga4_by_device(dice: random.Random, truth: Truth) -> bytes:
    """The same sessions by device, day by day, so that both breakdowns have one total."""
    left, rows = truth.sessions, []
    days = (LAST - FIRST).days + 1
    for offset in range(days):
        of_day = left // (days - offset)
        left -= of_day
        mobile, tablet = round(of_day * _DEVICES[0][1]), round(of_day * _DEVICES[2][1])
        for device, sessions in (("mobile", mobile), ("desktop", of_day - mobile - tablet), ("tablet", tablet)):
            rows.append(f"{FIRST + timedelta(offset):%Y%m%d},{device},{sessions}")
            truth.sessions_by_device[device] += sessions
    return _ga4("Tech details: Device category", "Date,Device category,Sessions", rows)


def _google_ads(dice: random.Random, truth: Truth) -> bytes:
    rows, cost_sum, click_sum, shown_sum = [], 0.0, 0, 0
    for offset in range((LAST - FIRST).days + 1):
        for campaign, kind in (("Marka", "Search"), ("Wiosna – display", "Display")):
            clicks = dice.randint(15, 60)
            cost = round(clicks * dice.uniform(0.8, 1.6), 2)
            impressions = clicks * dice.randint(20, 60)
            rows.append(f'{FIRST + timedelta(offset)},{campaign},{kind},PLN,"{impressions:,}",{clicks},{cost:.2f}')
            cost_sum, click_sum, shown_sum = cost_sum + cost, click_sum + clicks, shown_sum + impressions
    truth.spend, truth.clicks = cost_sum, click_sum
    head = f'Campaign report\n"{FIRST:%B} {FIRST.day}, {FIRST.year} - {LAST:%B} {LAST.day}, {LAST.year}"\nDay,Campaign,Campaign type,Currency code,Impr.,Clicks,Cost\n'
    total = f'Total: Account, --, --,PLN,"{shown_sum:,}",{click_sum},{cost_sum:.2f}\n'
    return (head + "\n".join(rows) + "\n" + total).encode()
