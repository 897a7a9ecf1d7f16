"""A sentence that has not been put into words yet: what the library says without knowing the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Text:
    """A name that the catalogue holds in both languages."""

    en: str
    pl: str

    def __str__(self) -> str:
        return self.en


class Share(float):
    """A fraction that is written as a percentage."""


@dataclass(frozen=True)
class Money:
    """An amount that is written with its currency and this many decimals."""

    amount: float
    currency: str | None
    digits: int = 2


@dataclass(frozen=True)
class Points:
    """A size between two fractions that is written in percentage points, without a plus."""

    fraction: float
    digits: int = 2


@dataclass(frozen=True)
class Message:
    """A sentence of the message catalogue and what stands in its braces.

    `text` is the English sentence, and so the message's id. With `plural`, the parameter `n` decides the form.
    A parameter may itself be a Text, a Message, a number, a date or a tuple of these; Words writes each in the
    reader's language.
    """

    text: str
    plural: str | None = None
    params: dict[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.text, self.plural, tuple(sorted((name, str(value)) for name, value in self.params.items()))))

    def __str__(self) -> str:
        template = self.plural if self.plural and self.params.get("n") != 1 else self.text
        return template.format(**self.params)


def message(text: str, plural: str | None = None, /, **params: Any) -> Message:
    """A Message; the name is what the extractor of the catalogue's sentences looks for."""
    return Message(text, plural, params)
