"""What a written region stands for: certain or not at all."""

from __future__ import annotations

import pycountry
import pytest
from babel import Locale

from kpi.wording.regions import region_code, region_name


@pytest.mark.parametrize(
    ("written", "country", "code"),
    [
        ("mazowieckie", "PL", "PL-14"),
        ("Województwo Mazowieckie", "PL", "PL-14"),
        ("woj. śląskie", "PL", "PL-24"),
        ("slaskie", "PL", "PL-24"),
        ("LODZKIE", "PL", "PL-10"),
        ("Łódź Voivodeship", "PL", "PL-10"),
        ("kujawsko pomorskie", "PL", "PL-04"),
        ("Kuyavian-Pomeranian Voivodeship", "PL", "PL-04"),
        ("West Pomeranian Voivodeship", "PL", "PL-32"),
        ("Pomeranian Voivodeship", "PL", "PL-22"),
        ("pl-14", "PL", "PL-14"),
        ("PL-14", "", "PL-14"),
        ("PL-MZ", "", "PL-14"),
        ("DS", "PL", "PL-02"),
        ("Masovian Voivodeship", "", "PL-14"),
        ("Bayern", "DE", "DE-BY"),
        ("BY", "DE", "DE-BY"),
        ("Bavaria", "", "DE-BY"),
        ("Bawaria", "", "DE-BY"),
        ("Baden-Wurttemberg", "DE", "DE-BW"),
        ("California", "US", "US-CA"),
        ("Kalifornia", "", "US-CA"),
        ("CA", "US", "US-CA"),
        ("Praha", "CZ", "CZ-10"),
        ("Community of Madrid", "ES", "ES-MD"),
        ("Cataluña", "ES", "ES-CT"),
        ("Île-de-France", "FR", "FR-IDF"),
    ],
)
def test_a_region_that_is_certain_has_its_code(written, country, code):
    assert region_code(written, country) == code


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("CA", ""),  # California, Cagliari, Castellón …
        ("BY", ""),
        ("14", "PL"),  # as likely the number of a shop's own list
        ("PL-14", "DE"),  # contradicts the country
        ("PL-99", "PL"),
        ("mazowiecke", "PL"),  # like it, not it
        ("Bayern", "AT"),
        ("Limburg", ""),
        ("South West", ""),
        ("Georgia", ""),  # the state or the country
        ("Illes Balears", "ES"),  # the province or the community
        ("Warszawa", "PL"),
        ("woj.", "PL"),
        ("•••", ""),
        ("", ""),
    ],
)
def test_what_is_not_certain_has_none(written, country):
    assert region_code(written, country) is None


def test_every_voivodeship_is_known_by_both_its_names_with_and_without_its_kind():
    polish = {one.code: one.name for one in pycountry.subdivisions.get(country_code="PL")}
    assert len(polish) == 16
    for code, own in polish.items():
        for name in (own, region_name(code, "pl"), region_name(code, "en")):
            for written in (name, f"województwo {name}", f"{name} Voivodeship"):
                assert region_code(written, "PL") == region_code(written, "") == code, written


def test_a_shown_name_is_understood_or_stands_for_two_regions_of_its_country():
    """What the screen shows can be written back: never as another region."""
    for one in pycountry.subdivisions:
        for language in ("pl", "en"):
            assert region_code(region_name(one.code, language), one.country_code) in (one.code, None)


def test_no_region_is_certain_alone_that_another_country_has_too():
    for name in Locale("en").territories.values():
        assert region_code(name, "") is None, name
