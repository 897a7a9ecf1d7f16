"""Numbers, money, rates and durations in the reader's language.

Undefined (None, NaN, infinite) is an em dash. Halves are rounded away from zero, as a spreadsheet does. The minus is
the typographic one, a value that rounds to zero has no sign, and the spaces inside a number do not break.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any, Literal

from babel import Locale
from babel.numbers import format_compact_currency, format_compact_decimal, format_currency, format_decimal
from babel.numbers import get_currency_precision as currency_precision
from babel.units import format_unit

from kpi.wording.language import DASH, NBSP, InLanguage, is_missing

Unit = Literal["money", "count", "number", "percent", "ratio", "points", "duration", "days"]

MINUS = "\u2212"
PLUS = "+"

# CLDR writes "12,3%" in Polish; Polish typography, and this house, put a space before the sign.
PERCENT = {"pl": NBSP + "%", "en": "%"}
# CLDR has no percentage points.
_POINTS = {"pl": NBSP + "p.p.", "en": NBSP + "pp"}

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
# A double has up to 309 digits before the point.
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_AS_ROUNDED_MONEY = {"currency_digits": False, "decimal_quantization": False}
_THREE_FIGURES = Context(prec=3, rounding=ROUND_HALF_UP)


class Numbers(InLanguage):
    """Writes quantities. Every method takes any real number, None or NaN, and returns text."""

    def number(self, x: Any, digits: int | None = None) -> str:
        """`1 234,56`. Without `digits`: two decimals at most, more only where a value below 0.1 needs them."""
        if _is_undefined(x):
            return DASH
        if digits is None:
            return self._decimal(_shortest(_rounded(x, _digits_needed(x))), "#,##0")
        return self._decimal(_rounded(x, digits), _pattern(digits))

    def count(self, x: Any) -> str:
        """`1 234`, without decimals."""
        return self.number(x, 0)

    def money(self, x: Any, currency: str | None, digits: int | None = 2) -> str:
        """`1 234,56 zł`; `digits=None` writes as many decimals as the currency has."""
        if _is_undefined(x):
            return DASH
        decimals = currency_precision(currency or "") if digits is None else digits
        if not currency:
            return self.number(x, decimals)
        pattern = (
            Locale.parse(self.language).currency_formats["standard"].pattern.replace("#,##0.00", _pattern(decimals))
        )
        return _written(format_currency, _rounded(x, decimals), currency, pattern, self.language, **_AS_ROUNDED_MONEY)

    def percent(self, fraction: Any, digits: int = 1) -> str:
        """`12,3 %` of the fraction 0.123."""
        return self._scaled(fraction, digits, PERCENT[self.language])

    def change(self, relative_change: Any, digits: int = 1) -> str:
        """`+12,3 %` of the relative change 0.123, `−4,0 %` of −0.04."""
        return self._scaled(relative_change, digits, PERCENT[self.language], is_signed=True)

    def points(self, fraction_difference: Any, digits: int = 2) -> str:
        """`+0,31 p.p.` of 0.0031, the difference between two fractions."""
        return self._scaled(fraction_difference, digits, _POINTS[self.language], is_signed=True)

    def duration(self, seconds: Any) -> str:
        """`2 min 5 s`: the two largest units, or tenths of a second below ten seconds."""
        if _is_undefined(seconds):
            return DASH
        sign, whole = (MINUS if seconds < 0 else ""), int(_rounded(abs(seconds), 0))
        if whole < 10:
            tenths = _rounded(abs(seconds), 1)
            return f"{sign if tenths else ''}{self.number(tenths)}{NBSP}s"
        if whole < _HOUR:
            return sign + _joined((whole // _MINUTE, "min"), (whole % _MINUTE, "s"))
        minutes = int(_rounded(whole / _MINUTE, 0))
        if minutes < _DAY // _MINUTE:
            return sign + _joined((minutes // 60, "h"), (minutes % 60, "min"))
        hours = int(_rounded(whole / _HOUR, 0))
        remainder = _joined((hours % 24, "h"))
        return sign + self.days(hours // 24) + (f" {remainder}" if remainder else "")

    def days(self, x: Any) -> str:
        """`34,5 dnia`, `3 dni`: a number of days, one decimal at most."""
        if _is_undefined(x):
            return DASH
        days = _written(format_unit, _shortest(_rounded(x, 1)), "duration-day", "long", "#,##0.#", self.language)
        return days.replace(" ", NBSP)

    def value(self, x: Any, unit: Unit, currency: str | None = None) -> str:
        """A KPI's value by its unit.

        Rates below 10 % have two decimals, because a conversion of 0,85 % and one of 0,9 % are not the same. Points
        are a score such as 25,0, 100 times a difference of fractions.
        """
        if _is_undefined(x):
            return DASH
        if unit == "money":
            return self.money(x, currency)
        if unit == "percent":
            return self.percent(x, digits=1 if abs(x) >= 0.1 else 2)
        if unit == "ratio":
            return self.number(x, digits=2)
        if unit == "points":
            return self.number(x, digits=1)
        if unit == "duration":
            return self.duration(x)
        if unit == "days":
            return self.days(x)
        return self.number(x) if unit == "number" else self.count(x)

    def compact(self, x: Any, unit: Unit, currency: str | None = None) -> str:
        """Three figures for a narrow place: `12,3 tys. zł`, `12.3K`. Rates and durations are short as they are."""
        if _is_undefined(x) or unit not in ("money", "count", "number", "ratio"):
            return self.value(x, unit, currency)
        figures = _THREE_FIGURES.create_decimal(_exactly(x)) or Decimal(0)
        if unit == "money" and currency:
            return _written(format_compact_currency, figures, currency, locale=self.language, fraction_digits=2)
        return _written(format_compact_decimal, figures, locale=self.language, fraction_digits=2)

    def _scaled(self, fraction: Any, digits: int, suffix: str, *, is_signed: bool = False) -> str:
        if _is_undefined(fraction):
            return DASH
        amount = _rounded(_exactly(fraction) * 100, digits)
        sign = PLUS if is_signed and amount > 0 else ""
        return sign + self._decimal(amount, _pattern(digits)) + suffix

    def _decimal(self, amount: Decimal, pattern: str) -> str:
        return _written(format_decimal, amount, pattern, self.language, decimal_quantization=False)


def _is_undefined(x: Any) -> bool:
    return is_missing(x) or math.isinf(x)


def _exactly(x: Any) -> Decimal:
    return x if isinstance(x, Decimal) else Decimal(str(x))


def _rounded(x: Any, digits: int) -> Decimal:
    rounded = _exactly(x).quantize(Decimal(1).scaleb(-digits), context=_EXACT)
    return rounded if rounded else abs(rounded)  # no "−0"


def _digits_needed(x: Any) -> int:
    """Two decimals, or as many as show two figures of a value below 0.1, six at most."""
    size = abs(_exactly(x))
    return 2 if size == 0 else min(6, max(2, 1 - size.adjusted()))


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _joined(*parts: tuple[int, str]) -> str:
    return " ".join(f"{amount}{NBSP}{unit}" for amount, unit in parts if amount)


def _shortest(x: Decimal) -> Decimal:
    """Without zeros at the end of its decimals. Polish declines "3 dni" and "3,0 dnia" differently."""
    return x.quantize(Decimal(1), context=_EXACT) if x == x.to_integral_value() else x.normalize(_EXACT)


def _written(writer: Callable[..., str], *args: Any, **options: Any) -> str:
    """What a writer of Babel's writes, with a real minus and a space between a currency's letters and its digits.

    CLDR asks for that space, Babel leaves it out. The wider context lets Babel write what exceeds 28 digits.
    """
    with localcontext(_EXACT):
        text = writer(*args, **options)
    return re.sub(r"(?<=[^\W\d_])(?=\d)", NBSP, text.replace("-", MINUS))
