"""Files of A/B tests whose outcome is known beforehand."""

from __future__ import annotations

import random
from datetime import date, timedelta

MAIL_ARMS = ("No E-Mail", "Mens E-Mail", "Womens E-Mail")
# How likely each arm is to visit; of the visitors one in twelve buys.
_VISITS = {"No E-Mail": 0.10, "Mens E-Mail": 0.18, "Womens E-Mail": 0.15}


def visitors() -> bytes:
    """Fourteen days, two arms of 70 people a day: of the old one 7 buy each day, of the new one 12. No plan is in it."""
    lines = ["user_id,timestamp,group,converted,orders,revenue (PLN),device,revenue_before"]
    for number in range(14 * 140):
        day, arm = date(2026, 3, 2) + timedelta(number // 140), "new" if number % 2 else "control"
        place = number % 140 // 2
        bought = place % 10 == 0 or (arm == "new" and place % 14 == 3)
        revenue = f"{80 + place % 9 * 5}.00" if bought else ""
        device = "mobile" if place % 3 else "desktop"
        lines.append(f"u{number},{day} 10:00:00,{arm},{int(bought)},{int(bought)},{revenue},{device},{place % 7 * 10}")
    return ("\n".join(lines) + "\n").encode()


def mailing(rows: int = 64_000) -> bytes:
    """A mailing to customers in three arms, without a column of people and with amounts of no named currency."""
    generator = random.Random(64)
    lines = ["recency,history,newbie,channel,segment,visit,conversion,spend"]
    for number in range(rows):
        arm, history = MAIL_ARMS[number % 3], round(30 + generator.expovariate(1 / 200), 2)
        visit = generator.random() < _VISITS[arm]
        bought = visit and generator.random() < 1 / 12
        spend = round(generator.expovariate(1 / 80) + 30, 2) if bought else 0
        channel = generator.choice(("Phone", "Web", "Multichannel"))
        lines.append(
            f"{generator.randrange(1, 13)},{history},{number % 2},{channel},{arm},{int(visit)},{int(bought)},{spend}"
        )
    return ("\n".join(lines) + "\n").encode()
