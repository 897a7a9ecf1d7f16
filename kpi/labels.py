"""What a KPI is called beside its number: its name, and whether VAT is in the amount, where that is known."""

from __future__ import annotations

from kpi.answer import Answer
from kpi.model import Measure, Tax, catalogue
from kpi.wording import Words


def kpi_label(say: Words, answer: Answer, kpi: str, *, is_short: bool = False) -> str:
    """`Net sales, incl. VAT`; only the name where the KPI is no amount of orders or nobody has said."""
    entry = catalogue().kpis[kpi]
    basis = catalogue().tax_of(kpi, answer.tax)
    name = say.say(entry.short if is_short else entry.name)
    return f"{name}, {tax_words(say, basis)}" if basis else name


def measure_label(say: Words, answer: Answer, measure: Measure) -> str:
    """The same for a measure; one whose name says it needs no more."""
    basis = catalogue().measure_tax(measure.id, answer.tax)
    return f"{say.say(measure.name)}, {tax_words(say, basis)}" if basis else say.say(measure.name)


def amounts_note(say: Words, answer: Answer, kpi: str) -> str:
    """`Amounts of orders: incl. VAT` for a KPI that rests on such amounts and whose label does not say so; else empty."""
    basis = catalogue().amounts_tax(kpi, answer.tax)
    if basis is None or catalogue().tax_of(kpi, answer.tax):
        return ""
    return say.t("Amounts of orders: {basis}", basis=tax_words(say, basis))


def tax_words(say: Words, basis: Tax) -> str:
    """`excl. VAT` or `incl. VAT`."""
    return say.t("excl. VAT") if basis == "net" else say.t("incl. VAT")
