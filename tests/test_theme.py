"""The colours of the theme: what is written can be read, what is drawn can be seen, and both themes keep their meaning."""

import re
import tomllib
from itertools import product
from pathlib import Path

import pytest

from kpi.charts import COMPARED
from pages.shared.frame import READABLE

THEME = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
MODES = ("light", "dark")
HUES = ("blue", "orange", "gray", "green", "yellow", "red")
TEXT, MARK = 4.5, 3.0
PALETTE = ["#0B6E4F", "#E69F00", "#56B4E9", "#CC79A7", "#0072B2", "#D55E00", "#009E73", "#999999"]


def luminance(colour):
    """Relative luminance. Source: W3C (2018), WCAG 2.1, definition of "relative luminance"."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Contrast ratio, 1 to 21. Source: W3C (2018), WCAG 2.1, definition of "contrast ratio"."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def seen_through(front, back, opacity):
    """The colour of a half transparent one on another."""
    mixed = (
        round(int(front[place : place + 2], 16) * opacity + int(back[place : place + 2], 16) * (1 - opacity))
        for place in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def grounds(mode):
    """Everything that text stands on, page and sidebar."""
    theme = THEME[mode]
    keys = ("backgroundColor", "secondaryBackgroundColor")
    return {f"{place}{key}": part[key] for place, part in (("", theme), ("sidebar ", theme["sidebar"])) for key in keys}


def too_faint(least, pairs):
    """The pairs (name, colour, its ground) under the contrast that they need."""
    ratios = {name: round(contrast(colour, ground), 2) for name, colour, ground in pairs}
    return {name: ratio for name, ratio in ratios.items() if ratio < least}


def test_contrast_is_that_of_the_published_examples():
    # WCAG 2.1, success criterion 1.4.3: black on white is 21:1, #777777 on white 4.48:1, #767676 just passes with 4.54:1
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast("#FFFFFF", "#767676") == pytest.approx(4.54, abs=0.005)


def test_a_half_transparent_colour_lies_between_the_two():
    # 0.6 × 0 + 0.4 × 255 = 102 = 0x66
    assert seen_through("#000000", "#FFFFFF", 0.6) == "#666666"


@pytest.mark.parametrize("mode", MODES)
def test_text_can_be_read_on_every_ground(mode):
    theme = THEME[mode]
    words = {key: theme[key] for key in ("textColor", "linkColor", *(f"{hue}TextColor" for hue in HUES))}
    words["sidebar textColor"] = theme["sidebar"]["textColor"]
    pairs = [
        (f"{name} on {place}", colour, ground)
        for (name, colour), (place, ground) in product(words.items(), grounds(mode).items())
    ]
    assert too_faint(TEXT, pairs) == {}


@pytest.mark.parametrize("mode", MODES)
def test_captions_can_be_read_on_every_ground(mode):
    # Streamlit writes them in the text at 60 %: 4.38:1 on the white page, where the frame therefore says another share.
    share = re.search(r"stCaptionContainer.*opacity: ([\d.]+)", READABLE[mode])
    opacity, text = float(share[1]) if share else 0.6, THEME[mode]["textColor"]
    pairs = [(place, seen_through(text, ground, opacity), ground) for place, ground in grounds(mode).items()]
    assert too_faint(TEXT, pairs) == {}


@pytest.mark.parametrize("mode", MODES)
def test_text_can_be_read_on_the_ground_of_its_own_colour(mode):
    theme = THEME[mode]
    pairs = [(hue, theme[f"{hue}TextColor"], theme[f"{hue}BackgroundColor"]) for hue in HUES]
    pairs.append(("code", theme["codeTextColor"], theme["codeBackgroundColor"]))
    pairs.append(("heads of tables", theme["dataframeHeaderTextColor"], theme["dataframeHeaderBackgroundColor"]))
    # Streamlit writes on its primary buttons in white.
    pairs.append(("primary button", "#FFFFFF", theme["primaryColor"]))
    assert too_faint(TEXT, pairs) == {}


@pytest.mark.parametrize("mode", MODES)
def test_marks_can_be_seen_on_every_ground(mode):
    theme = THEME[mode]
    marks = {key: theme[key] for key in ("primaryColor", *(f"{hue}Color" for hue in HUES))} | {"compared": COMPARED}
    # The dashed line of a compared period is only drawn on the page itself.
    pairs = [
        (f"{name} on {place}", colour, ground)
        for (name, colour), (place, ground) in product(marks.items(), grounds(mode).items())
        if name != "compared" or place == "backgroundColor"
    ]
    assert too_faint(MARK, pairs) == {}


def test_better_worse_and_undecided_are_blue_orange_and_grey():
    light = THEME["light"]
    assert (light["blueColor"], light["orangeColor"], light["grayColor"]) == ("#2166AC", "#B35806", "#7A857F")


def test_the_light_theme_has_the_colours_of_the_house():
    light = THEME["light"]
    assert light["backgroundColor"] == "#FFFFFF"
    assert light["secondaryBackgroundColor"] == "#F4F6F5"
    assert light["textColor"] == "#17211D"
    assert light["borderColor"] == "#DDE3E0"
    assert light["primaryColor"] == "#0B6E4F"


def test_the_categories_have_the_palette_of_the_house_in_its_order():
    assert THEME["light"]["chartCategoricalColors"] == PALETTE


@pytest.mark.parametrize("mode", MODES)
def test_the_first_category_can_be_told_from_the_page(mode):
    # The palette is told apart by colour-blind people, which needs light tones too; more than one line carries its name.
    theme = THEME[mode]
    assert contrast(theme["chartCategoricalColors"][0], theme["backgroundColor"]) >= MARK


def test_both_themes_name_the_same_colours():
    assert THEME["light"].keys() == THEME["dark"].keys()
