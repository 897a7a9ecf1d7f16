"""Which source and medium means which channel: what occurs, who decided it, and a rule of one's own in three clicks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

import kpi
from kpi.model.channels import UNASSIGNED, ChannelRule, channel_rules, default_rules
from kpi.model.values import known_values, value_name, value_of
from kpi.store.pairs import ChannelEffect, ChannelPair
from kpi.wording import Words
from pages.shared.channelwords import pair_words, rule_words
from pages.shared.markdown import escaped
from pages.shared.session import show_error

_SETTING = "channel_rules"
_BEFORE = "channel_rules_before"
_PAIR = "channels_pair"
_ERROR = "_channels_error"
_COUNTED = "_channels_counted"


@st.fragment
def channels(shop: kpi.Workspace, say: Words) -> None:
    """The section, folded; nothing is asked while it is closed."""
    box = st.expander(
        say.t("Channels: what each source and medium means"),
        icon=":material/alt_route:",
        on_change="rerun",
        key="channels",
    )
    if not box.open:
        return
    with box:
        if _ERROR in st.session_state:
            show_error(st.session_state.pop(_ERROR))
        st.caption(
            say.t(
                "Your own rules decide first, from top to bottom; then the channel that a file itself names; "
                "then the default rules, which are those of GA4."
            )
        )
        with st.spinner(say.t("Counting…")):
            pairs = shop.channel_pairs()
        if pairs:
            _table(shop, say, pairs)
            _new_rule(shop, say, pairs)
        else:
            st.info(
                say.t("Your files name no source and medium, so there is nothing to decide."), icon=":material/info:"
            )
        _own_rules(shop, say)
        _default_rules(shop, say)


def _table(shop: kpi.Workspace, say: Words, pairs: Sequence[ChannelPair]) -> None:
    """A line a pair, those without a telling channel first."""
    own = channel_rules(shop.settings[_SETTING])
    pair, channel = (say.say(shop.catalogue.dimensions[name].name) for name in ("source_medium", "channel"))
    sessions, orders = (say.say(shop.catalogue.kpis[name].name) for name in ("sessions", "orders"))
    shown = pd.DataFrame(
        {
            pair: [pair_words(say, one.source, one.medium) for one in pairs],
            channel: [value_name("channel", one.channel, say) for one in pairs],
            sessions: [say.count(one.sessions) for one in pairs],
            orders: [say.count(one.orders) for one in pairs],
            say.t("Decided by"): [_decided_by(say, one, own) for one in pairs],
        }
    )
    right = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        shown,
        column_config={
            pair: st.column_config.TextColumn(pinned=True, width=150),
            channel: st.column_config.TextColumn(width=130),
            sessions: right,
            orders: right,
            say.t("Decided by"): st.column_config.TextColumn(width=260),
        },
        hide_index=True,
        height=min(38 + 35 * len(pairs), 320),
        alt=say.t("Sources and media with their sessions, orders and channel"),
    )
    vague = [one for one in pairs if one.channel == UNASSIGNED]
    if vague:
        st.caption(
            say.t(
                "Unassigned: {sessions} sessions and {orders} orders.",
                sessions=say.count(_sum(one.sessions for one in vague)),
                orders=sum(one.orders for one in vague),
            )
        )


def _decided_by(say: Words, pair: ChannelPair, own: Sequence[ChannelRule]) -> str:
    if pair.origin == "file":
        return say.t("the file itself")
    rules = own if pair.origin == "own" else default_rules()
    if pair.rule is None:
        return say.t("no rule fits")
    words = rule_words(say, rules[pair.rule - 1])
    return say.t("your rule {number}: {words}", number=str(pair.rule), words=words) if pair.origin == "own" else words


def _new_rule(shop: kpi.Workspace, say: Words, pairs: Sequence[ChannelPair]) -> None:
    """A pair, how far the rule reaches, its channel; what would change; the button."""
    options = list(dict.fromkeys((one.source, one.medium) for one in pairs))
    names = {pair: pair_words(say, *pair) for pair in options}
    pair = st.selectbox(
        say.t("Give a source and medium another channel"),
        options,
        index=None,
        format_func=names.__getitem__,
        placeholder=say.t("Choose a source and medium"),
        key=f"{_PAIR}_{say.language}",
    )
    if pair is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        condition = _reach(say, *pair)
        channel = st.selectbox(
            say.say(shop.catalogue.dimensions["channel"].name),
            list(dict.fromkeys((*known_values("channel"), *(one.channel for one in pairs)))),
            index=None,
            format_func=lambda one: value_name("channel", one, say),
            placeholder=say.t("Choose a channel or type a new one"),
            accept_new_options=True,
            width=250,
            key=f"channels_channel_{say.language}",
        )
    if not channel or not channel.strip():
        return
    rule = {"channel": value_of("channel", channel.strip()), **condition}
    # a rule for the same takes the place of the older one; the newest stands first, so that it decides
    others = [one for one in shop.settings[_SETTING] if {**one, "channel": ""} != {**rule, "channel": ""}]
    rules = [rule, *others]
    try:
        effect = _effect(shop, say, rules)
    except kpi.KpiError as error:
        show_error(error)
        return
    st.markdown(_effect_words(say, effect))
    st.button(
        say.t("Keep this rule"),
        icon=":material/rule:",
        type="primary",
        disabled=rules == shop.settings[_SETTING],
        on_click=_keep,
        args=(shop, say, rules),
        key="channels_keep",
    )


def _reach(say: Words, source: str | None, medium: str | None) -> dict[str, dict[str, list[str]]]:
    """What the rule asks for: the pair, its source with any medium, or its medium with any source."""
    of_source = {"source": {"equals": [(source or "").strip().lower()]}}
    of_medium = {"medium": {"equals": [(medium or "").strip().lower()]}}
    reaches = {"pair": of_source | of_medium}
    names = {"pair": say.t("This pair only")}
    if source:
        reaches["source"], names["source"] = of_source, say.t("Every medium of this source")
    if medium:
        reaches["medium"], names["medium"] = of_medium, say.t("Every source of this medium")
    chosen = st.selectbox(
        say.t("The rule is for"),
        list(reaches),
        format_func=names.__getitem__,
        width=250,
        key=f"channels_reach_{say.language}_{source}_{medium}",
    )
    return reaches[chosen]


def _effect(shop: kpi.Workspace, say: Words, rules: list[dict[str, Any]]) -> ChannelEffect:
    """What the rules would change, counted once."""
    name = (shop.data_version, repr(rules))
    known = st.session_state.get(_COUNTED)
    if known is None or known[0] != name:
        with st.spinner(say.t("Counting…")):
            known = st.session_state[_COUNTED] = (name, shop.channel_effect(rules))
    return known[1]


def _effect_words(say: Words, effect: ChannelEffect) -> str:
    orders = say.n("{n} order", "{n} orders", effect.orders)
    if effect.sessions is None:
        return say.t("Changes the channel of {orders}.", orders=f"**{orders}**")
    sessions = say.n("{n} session", "{n} sessions", effect.sessions)
    if not effect.orders and not effect.sessions:
        return say.t("No order and no session would change its channel.")
    return say.t("Changes the channel of {orders} and {sessions}.", orders=f"**{orders}**", sessions=f"**{sessions}**")


def _own_rules(shop: kpi.Workspace, say: Words) -> None:
    """The workspace's own rules in the order in which they decide, each with its way up and out; the last change back."""
    plain = shop.settings[_SETTING]
    if plain:
        st.markdown(f"**{say.t('Your own rules')}**")
    for place, rule in enumerate(channel_rules(plain)):
        words = f"{place + 1}. {rule_words(say, rule)} → {value_name('channel', rule.channel, say)}"
        without = plain[:place] + plain[place + 1 :]
        raised = [*plain[: place - 1], plain[place], plain[place - 1], *plain[place + 1 :]] if place else plain
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(escaped(words))
            if place:
                st.button(
                    say.t("Up"),
                    key=f"channels_up_{place}",
                    help=say.t("Let rule {number} decide earlier", number=str(place + 1)),
                    on_click=_keep,
                    args=(shop, say, raised),
                )
            st.button(say.t("Remove"), key=f"channels_remove_{place}", on_click=_keep, args=(shop, say, without))
    before = shop.settings[_BEFORE]
    if before is not None and before != plain:
        st.button(
            say.t("Undo the last change of the rules"),
            icon=":material/undo:",
            key="channels_undo",
            on_click=_keep,
            args=(shop, say, before),
        )


def _default_rules(shop: kpi.Workspace, say: Words) -> None:
    if not st.toggle(say.t("Show the default rules"), key="channels_defaults"):
        return
    rules = default_rules()
    st.dataframe(
        pd.DataFrame(
            {
                "#": [str(place) for place in range(1, len(rules) + 1)],
                say.say(shop.catalogue.dimensions["channel"].name): [
                    value_name("channel", one.channel, say) for one in rules
                ],
                say.t("Where"): [rule_words(say, one) for one in rules],
            }
        ),
        column_config={"#": st.column_config.TextColumn(alignment="right", width="small")},
        hide_index=True,
        height=320,
        alt=say.t("The default rules in their order"),
    )


def _keep(shop: kpi.Workspace, say: Words, rules: list[dict[str, Any]]) -> None:
    """Write the rules; what is wrong with them is said in the section."""
    try:
        shop.settings[_SETTING] = rules
        st.session_state[f"{_PAIR}_{say.language}"] = None
        st.toast(say.t("Every number follows."), icon=":material/calculate:")
    except kpi.KpiError as error:
        st.session_state[_ERROR] = error


def _sum(numbers: Any) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
