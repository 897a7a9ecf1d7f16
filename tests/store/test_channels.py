"""Source, medium and campaign → channel: every default rule by hand, rules of one's own, and what they leave alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi import Query, Workspace
from kpi.errors import BadAnswer
from kpi.model.channels import ChannelRule, Condition, channel_rules, default_rules
from kpi.model.values import known_values
from kpi.store.pairs import ChannelEffect
from tests.rows import line, load_rows, order, spent, visit

JANUARY = {"start": date(2026, 1, 1), "end": date(2026, 1, 31)}


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        yield shop


def channels_of(shop: Workspace, *orders: tuple[str | None, str | None, str | None]) -> list[str | None]:
    """The channel of one order each."""
    rows = [
        order(str(number), "2026-01-10", utm_source=source, utm_medium=medium, campaign=campaign)
        for number, (source, medium, campaign) in enumerate(orders)
    ]
    load_rows(shop, orders=rows)
    return [row[0] for row in shop._store.rows("select channel from facts.orders order by order_id::integer")]


# GA4's published definitions, in their order, and the words of Polish shops after them.
DEFAULTS: dict[tuple[str | None, str | None, str | None], str] = {
    ("(direct)", "(none)", None): "direct",
    ("direct", None, None): "direct",
    ("(direct)", "(not set)", None): "direct",
    ("google", "cpc", "x cross-network y"): "cross-network",
    ("allegro.pl", "cpc", None): "paid shopping",
    ("google", "cpc", "spring shopping"): "paid shopping",
    ("google", "cpc", "e-shop"): "paid shopping",
    ("google", "cpc", "workshop"): "paid search",  # a letter other than e before "shop" is another word
    ("google", "ppc", None): "paid search",
    ("google", "cpm", None): "paid search",  # ^(.*cp.*…)$ comes before display
    ("bing.com", "paid", None): "paid search",
    ("facebook_ads", "cpc", None): "paid social",
    ("m.facebook.com", "retargeting", None): "paid social",
    ("ig", "paid_story", None): "paid social",
    ("x", "cpc", None): "paid social",
    ("youtube.com", "cpv-cpc", None): "paid video",
    ("onet.pl", "cpm", None): "display",
    ("onet.pl", "banner", None): "display",
    ("onet.pl", "cpc", None): "paid other",
    ("ceneo.pl", "referral", None): "organic shopping",
    ("blog.pl", "post", "shopping week"): "organic shopping",
    ("l.instagram.com", "referral", None): "organic social",
    ("anyone", "social", None): "organic social",
    ("t.co", "referral", None): "organic social",
    ("vimeo.com", "referral", None): "organic video",
    ("anyone", "promo-video", None): "organic video",
    ("google.com.pl", None, None): "organic",
    ("anyone", "organic", None): "organic",
    ("e-mail", "autumn", None): "e-mail",
    ("anyone", "e mail", None): "e-mail",
    ("anyone", "affiliate", None): "affiliates",
    ("blog.pl", "referral", None): "referral",
    ("mail.google.com", "referral", None): "referral",  # nobody searches there
    ("notgoogle.pl", "link", None): "referral",
    ("spotify", "audio", None): "audio",
    ("sms", "jesień", None): "sms",
    ("anyone", "sms", None): "sms",
    ("anyone", "web push", None): "push",
    ("anyone", "mobile-app", None): "push",
    ("firebase", "x", None): "push",
    ("klaviyo", "flow", None): "e-mail",
    ("anyone", "newsletter", None): "e-mail",
    ("anyone", "partnerzy", None): "affiliates",
    ("anyone", "mms", None): "sms",
    ("anyone", "push-2", None): "push",
    ("qr", "ulotka", None): "unassigned",
    ("(not set)", "(not set)", None): "unassigned",
    (None, "ulotka", None): "unassigned",
}


def test_every_default_rule_gives_its_channel(shop):
    assert dict(zip(DEFAULTS, channels_of(shop, *DEFAULTS), strict=True)) == DEFAULTS


def test_no_default_rule_is_without_an_example(shop):
    channels_of(shop, *DEFAULTS)
    used = {row[0] for row in shop._store.rows("select default_rule from channel_map")} - {None}
    assert used == set(range(1, len(default_rules()) + 1))


def test_the_defaults_give_only_channels_that_have_names():
    assert {one.channel for one in default_rules()} <= set(known_values("channel"))


def test_upper_case_and_spaces_change_nothing(shop):
    assert channels_of(shop, (" GOOGLE ", "CPC", None), ("Klaviyo", "Flow", None)) == ["paid search", "e-mail"]


def test_without_source_and_medium_there_is_no_channel_whatever_the_campaign(shop):
    assert channels_of(shop, (None, None, None), (None, None, "shopping cross-network")) == [None, None]


def test_the_channel_that_a_file_names_comes_before_the_default_rules(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", utm_source="google", utm_medium="cpc", channel="direct")])
    assert shop.ask(Query(("orders",), by=("channel",), **JANUARY)).frame["channel"].tolist() == ["direct"]


def test_an_own_rule_comes_before_the_file_and_before_the_defaults(shop):
    shop.settings["channel_rules"] = [{"channel": "affiliates", "source": {"equals": ["google"]}}]
    load_rows(shop, orders=[order("1", "2026-01-10", utm_source="google", utm_medium="cpc", channel="direct")])
    load_rows(shop, orders=[order("2", "2026-01-10", utm_source="Google", utm_medium="organic")])
    frame = shop.ask(Query(("orders",), by=("channel",), **JANUARY)).frame
    assert dict(zip(frame["channel"], frame["orders"], strict=True)) == {"affiliates": 2}


def test_of_own_rules_the_first_decides(shop):
    broad = {"channel": "referral", "source": {"contains": ["blog"]}}
    narrow = {"channel": "paid other", "source": {"equals": ["blog.pl"]}, "medium": {"equals": ["baner"]}}
    pairs = (("blog.pl", "baner", None), ("blog.pl", "link", None), ("łódź", "x", None))
    shop.settings["channel_rules"] = [narrow, broad]
    assert channels_of(shop, *pairs) == ["paid other", "referral", "unassigned"]
    shop.settings["channel_rules"] = [broad, narrow]
    found = shop._store.rows("select channel from facts.orders order by order_id::integer")
    assert [row[0] for row in found] == ["referral", "referral", "unassigned"]


@pytest.mark.parametrize(
    ("condition", "fits", "does_not"),
    [
        ({"source": {"equals": ["ŁÓDŹ "]}}, ("łódź", "x", None), ("łódź.pl", "x", None)),
        ({"source": {"contains": ["ódź"]}}, ("ŁÓDŹ.pl", "x", None), ("lodz", "x", None)),
        ({"campaign": {"starts_with": ["wiosna"]}}, ("a", "b", "Wiosna 2026"), ("a", "b", "po wiośnie")),
        ({"campaign": {"starts_with": ["wiosna"]}}, (None, None, "wiosna"), (None, None, None)),
        ({"medium": {"matches": [r"^qr[-_]\d+$"]}}, ("a", "QR-12", None), ("a", "qr-", None)),
        ({"medium": {"equals": [""]}, "source": {"equals": ["wp.pl"]}}, ("wp.pl", None, None), ("wp.pl", "cpc", None)),
        ({"source": {"sites": ["video"], "equals": ["kino"]}}, ("kino", "x", None), ("teatr", "x", None)),
        ({"source": {"contains": ["100%_a"]}}, ("x100%_ab", "x", None), ("x100xxa", "x", None)),
        ({"source": {"equals": ["o'neill"]}}, ("O'Neill", "x", None), ("oneill", "x", None)),
    ],
)
def test_each_way_to_say_a_condition(shop, condition, fits, does_not):
    shop.settings["channel_rules"] = [{"channel": "audio", **condition}]
    found = channels_of(shop, fits, does_not)
    assert found[0] == "audio"
    assert found[1] != "audio"


def test_the_rules_are_the_same_for_orders_lines_refunds_and_visits(shop):
    shop.settings["channel_rules"] = [{"channel": "Influencerzy", "source": {"equals": ["ania"]}}]
    load_rows(
        shop,
        orders=[order("1", "2026-01-10", 100, utm_source="Ania", utm_medium="bio")],
        order_lines=[line("1", 1, "Kubek", 1, 100)],
        refunds=[{"refund_id": "r", "order_id": "1", "refunded_at": "2026-01-12", "amount": 10, "currency": "PLN"}],
        traffic=[visit("2026-01-10", 7, breakdown="utm_medium,utm_source", utm_source="ANIA", utm_medium="bio")],
    )
    frame = shop.ask(Query(("orders", "item_sales", "refunds", "sessions"), by=("channel",), **JANUARY)).frame
    assert frame.to_dict("records") == [
        {"channel": "Influencerzy", "orders": 1, "item_sales": 100, "refunds": 10, "sessions": 7}
    ]


SOURCES = st.sampled_from([None, "google", "Facebook", "ania", "łódź", "(direct)"])
MEDIA = st.sampled_from([None, "cpc", "organic", "bio", "(none)", "E-mail"])
ROWS = st.lists(st.tuples(SOURCES, MEDIA, st.sampled_from([None, "shop", "wiosna"])), min_size=1, max_size=8)
RULES = st.lists(
    st.tuples(
        st.sampled_from(["source", "medium", "campaign"]),
        st.sampled_from(["equals", "contains", "starts_with", "matches"]),
        st.sampled_from(["g", "ania", "wiosna", "cpc", "ó"]),
        st.sampled_from(["direct", "audio", "sms"]),
    ),
    max_size=3,
)


@given(rows=ROWS, rules=RULES)
@settings(max_examples=25, deadline=None)
def test_rules_move_orders_between_channels_and_change_nothing_else(rows, rules):
    rows = [("google", "cpc", None), *rows]
    own = [{"channel": channel, field: {way: [text]}} for field, way, text, channel in rules]
    with Workspace(":memory:") as shop:
        load_rows(
            shop,
            orders=[
                order(str(number), "2026-01-10", 10 + number, utm_source=source, utm_medium=medium, campaign=campaign)
                for number, (source, medium, campaign) in enumerate(rows)
            ],
        )
        everything = shop._store.rows("select * exclude (channel) from facts.orders order by order_id")
        totals = shop.ask(Query(("orders", "net_sales"), by=("channel",))).totals
        before = dict(shop._store.rows("select order_id, channel from facts.orders"))
        effect = shop.channel_effect(own)
        shop.settings["channel_rules"] = own
        assert shop._store.rows("select * exclude (channel) from facts.orders order by order_id") == everything
        answer = shop.ask(Query(("orders", "net_sales"), by=("channel",)))
        assert answer.totals == totals
        assert answer.frame["net_sales"].sum() == pytest.approx(totals["net_sales"])
        after = dict(shop._store.rows("select order_id, channel from facts.orders"))
        assert effect.orders == sum(before[one] != after[one] for one in before)


def test_what_a_change_would_move_is_counted_before_and_nothing_is_written(shop):
    """Of the visits by source those by device are another cut of the same ones and are not counted twice."""
    load_rows(
        shop,
        account="ga4/main",
        orders=[
            order("1", "2026-01-10", utm_source="ania", utm_medium="bio"),
            order("2", "2026-01-10", utm_source="ania", utm_medium="bio", status="cancelled"),
            order("3", "2026-01-11", utm_source="ania", utm_medium="link", channel="referral"),
            order("4", "2026-01-11", utm_source="google", utm_medium="organic"),
        ],
        traffic=[
            visit("2026-01-10", 7, breakdown="utm_medium,utm_source", utm_source="ania", utm_medium="bio"),
            visit("2026-01-10", 5, breakdown="utm_medium,utm_source", utm_source="google", utm_medium="organic"),
            visit("2026-01-10", 12, breakdown="device", device="mobile"),
        ],
    )
    version, rules = shop.data_version, [{"channel": "referral", "source": {"equals": ["ania"]}}]
    assert shop.channel_effect(rules) == ChannelEffect(orders=1, sessions=7)
    assert shop.channel_effect([]) == ChannelEffect(orders=0, sessions=0)
    assert shop.data_version == version
    assert shop.settings["channel_rules"] == []


def test_sessions_that_no_report_knows_by_source_are_not_counted_as_none(shop):
    load_rows(
        shop,
        orders=[order("1", "2026-01-10", utm_source="ania", utm_medium="bio")],
        traffic=[visit("2026-01-10", 12, breakdown="device", device="mobile")],
    )
    assert shop.channel_pairs()[0].sessions is None
    assert shop.channel_effect([{"channel": "sms", "source": {"equals": ["ania"]}}]) == ChannelEffect(1, None)


def test_the_pairs_add_up_to_the_channels_and_the_vague_ones_stand_first(shop):
    load_rows(
        shop,
        orders=[order(str(n), "2026-01-10", utm_source=s, utm_medium=m) for n, (s, m, _) in enumerate(DEFAULTS)],
        traffic=[visit("2026-01-10", 3, breakdown="utm_medium,utm_source", utm_source="qr", utm_medium="ulotka")],
    )
    pairs = shop.channel_pairs()
    first = pairs[0]
    assert (first.source, first.medium, first.channel, first.orders, first.sessions) == (
        "qr",
        "ulotka",
        "unassigned",
        1,
        3,
    )
    assert (first.origin, first.rule) == ("default", None)
    vague = [one.channel in ("unassigned", "paid other") for one in pairs]
    assert vague == sorted(vague, reverse=True)
    frame = shop.ask(Query(("orders",), by=("channel",), **JANUARY)).frame
    counted = {channel: sum(one.orders for one in pairs if one.channel == channel) for channel in frame["channel"]}
    assert counted == dict(zip(frame["channel"], frame["orders"], strict=True))


def test_a_pair_says_whose_word_its_channel_is(shop):
    shop.settings["channel_rules"] = [{"channel": "sms", "source": {"equals": ["own"]}}]
    load_rows(
        shop,
        orders=[
            order("1", "2026-01-10", utm_source="own", utm_medium="x"),
            order("2", "2026-01-10", utm_source="file", utm_medium="x", channel="push"),
            order("3", "2026-01-10", utm_source="google", utm_medium="organic"),
        ],
    )
    found = {one.source: (one.origin, one.rule, one.channel) for one in shop.channel_pairs()}
    assert found == {"own": ("own", 1, "sms"), "file": ("file", None, "push"), "google": ("default", 16, "organic")}
    assert default_rules()[15] == ChannelRule("organic", (Condition("source", "sites", ("search",)),))


def test_a_report_with_sources_serves_channels_once_there_are_own_rules(shop):
    """A report by channel alone cannot follow a rule; it still serves the days that the other one lacks, and says so."""
    load_rows(
        shop,
        account="ga4/main",
        traffic=[
            visit("2026-01-10", 10, breakdown="channel", channel="referral"),
            visit("2026-01-11", 20, breakdown="channel", channel="referral"),
            visit("2026-01-10", 10, breakdown="utm_medium,utm_source", utm_source="ania", utm_medium="link"),
        ],
    )
    asked = Query(("sessions",), by=("channel",), **JANUARY)
    assert shop.ask(asked).frame.to_dict("records") == [{"channel": "referral", "sessions": 30}]
    shop.settings["channel_rules"] = [{"channel": "affiliates", "source": {"equals": ["ania"]}}]
    answer = shop.ask(asked)
    frame = answer.frame
    assert dict(zip(frame["channel"], frame["sessions"], strict=True)) == {"affiliates": 10, "referral": 20}
    told = [note.text for note in answer.notes]
    assert "Channels follow {n} rule of your own first, then the default ones." in told
    assert any("your rules cannot change those" in text for text in told)
    receipt = answer.receipt("sessions", channel="affiliates")
    assert receipt.value == 10
    assert set(told) <= {note.text for note in receipt.notes}
    assert [one.rows for one in receipt.imports] == [1]


def test_numbers_that_no_channel_is_asked_of_say_nothing_of_rules(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", utm_source="ania")], ad_spend=[spent("2026-01-10", 5)])
    shop.settings["channel_rules"] = [{"channel": "sms", "source": {"equals": ["ania"]}}]
    assert not any("rule of your own" in note.text for note in shop.ask(Query(("orders", "spend"))).notes)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("direct", "a list of at most"),
        ([{}] * 201, "a list of at most"),
        (["direct"], "A rule has a channel"),
        ([{"channel": "sms", "term": {"equals": ["x"]}}], "A rule has a channel"),
        ([{"source": {"equals": ["x"]}}], "names no channel"),
        ([{"channel": "  ", "source": {"equals": ["x"]}}], "names no channel"),
        ([{"channel": "sms"}], "no condition"),
        ([{"channel": "sms", "source": {}}], "A condition is one of"),
        ([{"channel": "sms", "source": {"is": ["x"]}}], "A condition is one of"),
        ([{"channel": "sms", "source": {"equals": "x"}}], "list of short texts"),
        ([{"channel": "sms", "source": {"equals": [1]}}], "list of short texts"),
        ([{"channel": "sms", "source": {"contains": [" "]}}], "fits everything"),
        ([{"channel": "sms", "source": {"sites": ["radio"]}}], "lists of sites are"),
        ([{"channel": "sms", "source": {"matches": ["("]}}], "not a regular expression"),
        ([{"channel": "sms", "source": {"matches": ["(?=x)"]}}], "not a regular expression"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_with_what_and_where(shop, rules, said):
    before = dict(shop.settings), shop.data_version
    with pytest.raises(BadAnswer) as refused:
        shop.settings["channel_rules"] = rules
    assert said in str(refused.value.detail)
    assert ("Rule 1" in str(refused.value.title)) == (said != "a list of at most")
    assert '"channel"' in str(refused.value.fix)
    assert (dict(shop.settings), shop.data_version) == before


def test_the_rules_before_the_last_change_are_kept_so_that_it_can_be_undone(shop):
    first, second = ([{"channel": name, "source": {"equals": ["ania"]}}] for name in ("sms", "push"))
    load_rows(shop, orders=[order("1", "2026-01-10", utm_source="ania")])
    versions = [shop.data_version]
    for rules in (first, second, second):
        shop.settings["channel_rules"] = rules
        versions.append(shop.data_version)
    assert versions == [versions[0] + step for step in (0, 1, 2, 2)]
    assert shop.settings["channel_rules_before"] == first
    shop.settings["channel_rules"] = shop.settings["channel_rules_before"]
    assert shop.ask(Query(("orders",), by=("channel",))).frame["channel"].tolist() == ["sms"]
    assert shop.settings["channel_rules_before"] == second
    with pytest.raises(BadAnswer):
        shop.settings["channel_rules_before"] = []


def test_rules_are_kept_plain_and_a_channel_by_the_name_a_reader_knows(shop):
    shop.settings["channel_rules"] = ({"channel": "Płatne wyniki wyszukiwania", "source": {"equals": [" ANIA "]}},)
    kept = [{"channel": "paid search", "source": {"equals": ["ania"]}}]
    assert shop.settings["channel_rules"] == kept
    assert [one.plain for one in channel_rules(kept)] == kept


def test_what_a_caller_does_to_the_rules_it_was_given_changes_no_setting(shop):
    shop.settings["channel_rules"].append({"channel": "sms"})
    assert shop.settings["channel_rules"] == []


def test_a_workspace_that_is_opened_again_has_its_rules(tmp_path):
    file = tmp_path / "shop.duckdb"
    with Workspace(file) as shop:
        shop.settings["channel_rules"] = [{"channel": "sms", "source": {"equals": ["ania"]}}]
    with Workspace(file) as shop:
        assert channels_of(shop, ("ania", None, None)) == ["sms"]
