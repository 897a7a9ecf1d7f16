"""What stands in the reports of two accounts and is added."""

from __future__ import annotations

from tests.rows import load_rows, spent

GOOGLE = {"platform": "Google Ads", "breakdown": "platform"}


def days(cost, *, of=3, **more):
    return [spent(f"2026-01-{day:02}", cost + day, **(GOOGLE | more)) for day in range(1, of + 1)]


def test_the_same_spend_of_a_platform_in_two_accounts_is_named_once(shop, found):
    """11 + 12 + 13 = 36 on three days, whatever else the agency's own table has."""
    load_rows(shop, "google.csv", "google_ads/1", ad_spend=days(10))
    more = spent("2026-01-01", 500, platform="TikTok", breakdown="platform")
    load_rows(shop, "agency.csv", ad_spend=[*days(10, platform="google ads"), more])
    (one,) = found("reports_in_two_accounts")
    assert (one.severity, one.count, one.amount, one.currency) == ("affects", 3, 36, "PLN")
    assert one.id.startswith("reports_in_two_accounts/ad_spend/google_ads/1/main/")
    assert one.imports == (1, 2)


def test_two_accounts_of_one_platform_that_spend_each_their_own_are_right(shop, found):
    """Two equal days may be chance; so may one day of four that differs."""
    load_rows(shop, "pl.csv", "google_ads/pl", ad_spend=days(10))
    load_rows(shop, "de.csv", "google_ads/de", ad_spend=days(20))
    load_rows(shop, "fr.csv", "google_ads/fr", ad_spend=days(20, of=2))
    assert found("reports_in_two_accounts") == []


def test_clicks_of_a_network_in_two_accounts(shop, found):
    """A month of 40 clicks, the same in both."""
    month = {"period_start": "2026-01-01", "period_end": "2026-01-31", "breakdown": "network", "network": "Facebook"}
    load_rows(shop, "suite.csv", "facebook/shop", social_posts=[month | {"link_clicks": 40}])
    load_rows(shop, "own.csv", social_posts=[month | {"link_clicks": 40}])
    (one,) = found("reports_in_two_accounts")
    assert (one.table, one.count, one.amount) == ("social_posts", 31, None)
    assert [touch.kpi for touch in one.kpis] == ["social_clicks"]
