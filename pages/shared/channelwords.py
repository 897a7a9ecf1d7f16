"""Rules for channels in words."""

from __future__ import annotations

from functools import reduce

from kpi.model.channels import ChannelRule, Condition, sites
from kpi.wording import Words


def rule_words(say: Words, rule: ChannelRule) -> str:
    """`source is “google” and medium contains “cp”`."""
    fields = dict.fromkeys(one.field for one in rule.conditions)
    parts = [
        reduce(
            lambda one, other: say.t("{one} or {other}", one=one, other=other),
            [_condition_words(say, one) for one in rule.conditions if one.field == field],
        )
        for field in fields
    ]
    return reduce(lambda one, other: say.t("{one} and {other}", one=one, other=other), parts)


def pair_words(say: Words, source: str | None, medium: str | None) -> str:
    """`google / cpc`, as Explore names it."""
    return " / ".join(one or "(not set)" for one in (source, medium))


def _condition_words(say: Words, one: Condition) -> str:
    field = {"source": say.t("source"), "medium": say.t("medium"), "campaign": say.t("campaign")}[one.field]
    if one.way == "sites":
        return say.t(
            "{field} is one of: {names}", field=field, names=", ".join(say.say(sites()[it].name) for it in one.values)
        )
    values = ", ".join(say.t("“{text}”", text=it) if it else say.t("not given") for it in one.values)
    sentence = {
        "equals": say.t("{field} is {values}", field=field, values=values),
        "contains": say.t("{field} contains {values}", field=field, values=values),
        "starts_with": say.t("{field} begins with {values}", field=field, values=values),
        "matches": say.t("{field} fits the pattern {values}", field=field, values=values),
    }
    return sentence[one.way]
