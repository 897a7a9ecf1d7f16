"""What a reconciliation gives: the bridge from the shop's orders to the tool's transactions, day by day, by channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from kpi.periods import Period
from kpi.wording.message import Message

Kind = Literal["start", "less", "subtotal", "unexplained", "more", "end"]


@dataclass(frozen=True)
class Step:
    """One line of the bridge: orders and their amount, signed as they are added. `less`, `more` and `unexplained` lead
    from the start to the end; a subtotal says where the sum stands."""

    id: str
    kind: Kind
    name: Message
    orders: float
    amount: float | None


@dataclass(frozen=True)
class Hint:
    """What may explain a part of the rest, and how much of it at most. Hints can overlap, so they are never added.

    orders, amount: what the tool's figure would change by, signed, if it is so; None where it would not.
    """

    id: str
    name: Message
    orders: float | None
    amount: float | None = None


@dataclass(frozen=True)
class Claim:
    """What one ad platform counts for itself in the period: another measure, never added to orders or to each other."""

    platform: str
    counted: Literal["purchases", "conversions"]
    count: float
    amount: float | None
    days: tuple[Period, ...]


@dataclass(frozen=True)
class Reconciliation:
    """The shop's orders beside the analytics tool's transactions.

    period: the days asked about · common: those that both cover · currency: of all amounts, None where they have none in
    common · by_day, by_channel: `day` or `channel`, `orders`, `transactions`, `gap` (transactions − orders), `gap_share`
    (of the orders), the same with amounts (`order_amount`, `transaction_amount`, `amount_gap`, `amount_gap_share`), `edge_orders` (by day: orders within
    two hours of midnight), and a column a claim, named by its platform · refused: what cannot be set beside each other, and why.
    """

    period: Period
    common: tuple[Period, ...]
    currency: str | None
    steps: tuple[Step, ...]
    hints: tuple[Hint, ...]
    by_day: pd.DataFrame | None
    by_channel: pd.DataFrame | None
    claims: tuple[Claim, ...]
    refused: tuple[Message, ...] = ()

    def step(self, id: str) -> Step:
        return next(step for step in self.steps if step.id == id)

    @property
    def unexplained_share(self) -> float | None:
        """What remains, as a share of the online orders of the common days; None without any."""
        orders = self.step("comparable").orders
        return self.step("unexplained").orders / orders if orders else None
