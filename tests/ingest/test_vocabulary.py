"""One spelling for each value: GA4's channels, devices, types of campaigns and formats of ads, in both languages."""

from __future__ import annotations

import pytest

from kpi.ingest.vocabulary import _words, canonical_value, is_known_word
from kpi.model.values import known_values

# The 18 names of GA4's default channel group, what its Polish pages call them, and our channel.
GA4 = [
    ("Direct", "Bezpośrednie", "direct"),
    ("Cross-network", "Wiele sieci", "cross-network"),
    ("Paid Shopping", "Płatne zakupy", "paid shopping"),
    ("Paid Search", "Płatne wyniki wyszukiwania", "paid search"),
    ("Paid Social", "Płatne media społecznościowe", "paid social"),
    ("Paid Video", "Płatne filmy", "paid video"),
    ("Display", "Displayowe", "display"),
    ("Paid Other", "Inne płatne", "paid other"),
    ("Organic Shopping", "Bezpłatne zakupy", "organic shopping"),
    ("Organic Social", "Bezpłatne media społecznościowe", "organic social"),
    ("Organic Video", "Bezpłatne filmy", "organic video"),
    ("Organic Search", "Bezpłatne wyniki wyszukiwania", "organic"),
    ("Email", "E-mail", "e-mail"),
    ("Affiliates", "Programy partnerskie", "affiliates"),
    ("Referral", "Strony odsyłające", "referral"),
    ("Audio", "Dźwięk", "audio"),
    ("SMS", "SMS", "sms"),
    ("Mobile Push Notifications", "Powiadomienia push na urządzeniach mobilnych", "push"),
]


@pytest.mark.parametrize(("english", "polish", "channel"), GA4)
def test_ga4s_channels_are_ours_in_both_languages(english, polish, channel):
    assert canonical_value("channel", english) == channel
    assert canonical_value("channel", polish.upper()) == channel
    assert channel in known_values("channel")


def test_ga4_has_eighteen_channels_and_one_for_the_rest():
    assert len({channel for _, _, channel in GA4}) == 18
    assert canonical_value("channel", "Unassigned") == canonical_value("channel", "Nieprzypisane") == "unassigned"


@pytest.mark.parametrize(
    ("type", "written", "value"),
    [
        ("device", "Mobile devices with full browsers", "mobile"),
        ("device", "Telefony komórkowe", "mobile"),
        ("device", "iPhone", "mobile"),
        ("device", "Komputery", "desktop"),
        ("device", "Tablety z pełną przeglądarką", "tablet"),
        ("device", "Ekrany telewizorów", "smart tv"),
        ("device", "(not set)", None),
        ("device", "Smart Fridge", "smart fridge"),
        ("campaign_type", "Search", "search"),
        ("campaign_type", "Sieć wyszukiwania", "search"),
        ("campaign_type", "Performance Max", "performance max"),
        ("campaign_type", "Discovery", "demand gen"),
        ("campaign_type", "Generowanie popytu", "demand gen"),
        ("campaign_type", "Kampania produktowa", "shopping"),
        ("campaign_type", "Aplikacja", "app"),
        ("campaign_type", "Promo typ 7", "Promo typ 7"),
        ("country", "POL", "PL"),
        ("country", "deu", "DE"),
        ("campaign_type", "--", None),
        ("ad_format", "Carousel", "carousel"),
        ("ad_format", "Karuzela", "carousel"),
        ("ad_format", "Obraz", "image"),
        ("ad_format", "Relacje", "stories"),
        ("ad_format", "Kolekcja", "collection"),
    ],
)
def test_a_word_has_one_spelling_and_an_unknown_one_stays(type, written, value):
    assert canonical_value(type, written) == value


@pytest.mark.parametrize("dimension", ["channel", "device", "campaign_type", "ad_format"])
def test_every_value_of_the_vocabulary_has_a_name_in_both_languages(dimension):
    assert set(_words()[dimension]) <= set(known_values(dimension))


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Anulowane przez klienta", "cancelled"),
        ("Anulowane - brak wpłaty", "cancelled"),
        ("Zamówienie anulowane przez sklep", "cancelled"),
        ("Cancelled by customer", "cancelled"),
        ("Anulowane częściowo", "unknown"),
        ("Storniert", "cancelled"),
        ("Rückerstattet", "refunded"),
        ("Remboursée", "refunded"),
        ("Teilweise erstattet", "partially_refunded"),
        ("Error en pago", "failed"),
        ("Zrušeno", "cancelled"),
        ("En attente de virement bancaire", "awaiting_payment"),
    ],
)
def test_a_status_is_known_by_its_beginning_and_in_other_languages(written: str, status: str) -> None:
    assert canonical_value("status", written) == status
    assert is_known_word("status", written) == (status != "unknown")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (
            "Nieodebrane; nieodebrane - zwrot; Niepodjęte w terminie; zwrot do nadawcy; utracone; połączone; anulowana",
            "cancelled",
        ),
        ("gotowe do wysłania; realizowane; oczekuje na dostawę; reklamacja; zwrot w toku; do spakowania", "paid"),
        ("nieobsłużone; oczekuje na przelew; płatność przy odbiorze; nowa", "awaiting_payment"),
        ("zwrot towaru; zwrócona; zwrot przyjęty", "refunded"),
        ("szkic; odrzucona", "failed"),
        ("brak towaru; coś własnego", "unknown"),
    ],
)
def test_the_states_of_polish_shop_systems(words: str, status: str) -> None:
    """A parcel that nobody took went back: no sale. A complaint or a return under way has paid nothing back yet."""
    assert {canonical_value("status", word) for word in words.split("; ")} == {status}


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (
            "Vyřízena; Vyřízená; Odeslána; Zaplacena; Doručená; Betaald; Voltooid; Teljesítve; Kiszállítva; Completata",
            "paid",
        ),
        ("Přijatá; Nová; Nevyřízená; In de wacht; Wacht op betaling; Új; Függőben", "awaiting_payment"),
        ("Stornována; Stornovaná; Storno zákazníkem; Zrušena; Geannuleerd; Törölve; Lemondva; Anulată", "cancelled"),
        ("Vrácena; Terugbetaald; Visszatérítve; Rambursat", "refunded"),
        ("Mislukt; Sikertelen; Neúspěšná", "failed"),
    ],
)
def test_the_states_of_shops_in_further_languages(words: str, status: str) -> None:
    """An order is of another gender in each language, and a state of the shop agrees with it."""
    assert {canonical_value("status", word) for word in words.split("; ")} == {status}
