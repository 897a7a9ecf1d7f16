"""Files that ask a question, cannot be read, or have rows that cannot be used."""

from __future__ import annotations

import csv
import io

from tests.files import SHOPIFY_HEADER

WITHOUT_CURRENCY = b"""# ----------------------------------------
# Traffic acquisition: Session default channel group
# Account: Sklep
# Start date: 20260101
# End date: 20260131
Date,Session default channel group,Sessions,Total revenue
20260101,Direct,10,100.50
20260102,Email,5,20
"""
WITH_TRANSACTIONS = b"""# ----------------------------------------
# Traffic acquisition: Session default channel group
# Account: Sklep
# Start date: 20260110
# End date: 20260111
Date,Session default channel group,Sessions,Transactions,Total revenue (PLN)
20260110,Organic Search,10,1,90.00
20260111,Organic Search,10,2,150.00
"""
UNREADABLE = {
    "fruit.csv": b"fruit,colour\napple,red\npear,green\n",
    "empty.csv": b"",
    "invoice.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n",
    "broken.zip": b"PK\x03\x04broken",
}


def orders(*rows: dict[str, str]) -> bytes:
    """A Shopify export of paid orders of one line each."""
    plain = {
        "Financial Status": "paid",
        "Currency": "PLN",
        "Subtotal": "100.00",
        "Shipping": "0.00",
        "Taxes": "0.00",
        "Total": "100.00",
        "Discount Amount": "0.00",
        "Refunded Amount": "0.00",
        "Lineitem quantity": "1",
        "Lineitem name": "Kubek",
        "Lineitem price": "100.00",
        "Lineitem discount": "0.00",
        "Source": "web",
        "Created at": "2026-01-10 12:00:00 +0100",
    }
    out = io.StringIO()
    writer = csv.DictWriter(out, SHOPIFY_HEADER, lineterminator="\n")
    writer.writeheader()
    for place, row in enumerate(rows, 1):
        writer.writerow(plain | {"Name": f"#{place}", "Id": str(place), "Email": f"anna{place}@example.com"} | row)
    return out.getvalue().encode()


# No format knows it; its labels tell most columns.
GUESSED = (
    b"order_id,order_date,total,shipping,currency,status\n1,2026-01-05,110,10,PLN,paid\n2,2026-01-06,60,10,PLN,paid\n"
)

# No format knows it, and its labels tell little.
UNKNOWN = (
    "Nr dok.;Dzień sprzedaży;Kontrahent;Mail;Do zapłaty;Waluta;Stan;Miejscowość\n"
    "Z-1;05.01.2026;Anna Nowak;anna@example.com;1 234,50;PLN;Zrealizowane;Łódź\n"
    "Z-2;06.01.2026;Jan Kot;jan@example.com;99,00;PLN;Anulowane;Kraków\n"
    "Z-3;17.01.2026;Ewa Lis;ewa@example.com;250,00;PLN;Wysłane;Gdańsk\n"
).encode("cp1250")
