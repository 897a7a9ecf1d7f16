"""Polish and English: sentences, numbers, money, dates and names, each in the reader's language.

    w = words("pl")
    w.t("{file} could not be read", file="orders.csv")      # "Nie udało się odczytać pliku orders.csv"
    w.n("{n} row", "{n} rows", 5)                           # "5 wierszy"
    w.say(error.detail)                                     # a Message or a Text, said
    w.money(1234.56, "PLN"), w.percent(0.123)               # "1 234,56 zł", "12,3 %"

The English sentence is the message's id; the Polish ones are in locale/pl/LC_MESSAGES/koszyk.po, which
`python -m kpi.wording.extract` keeps in step with the code. Sentences are marked by `message(…)`, `.t(…)` and
`.n(…, …)`, and nothing else.
"""

from kpi.wording.language import LANGUAGES, Language
from kpi.wording.message import Message, Money, Points, Share, Text, message
from kpi.wording.sentences import Words, words

__all__ = ["LANGUAGES", "Language", "Message", "Money", "Points", "Share", "Text", "Words", "message", "words"]
