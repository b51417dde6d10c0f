from __future__ import annotations

import re

import gradio as gr
import pytest
from gradio.themes.utils.fonts import local_font_available

from nocode_classifier.ui import theme
from nocode_classifier.ui.theme import CLASS_COLOURS, build_theme, class_colour, style_sheet


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", CLASS_COLOURS, ids=lambda colour: colour.fill)
def test_the_name_of_a_class_can_be_read_on_its_colour(colour: theme.ClassColour) -> None:
    light, dark = sorted((luminance(colour.fill), luminance(colour.text)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_there_are_many_colours_and_then_they_repeat() -> None:
    assert len({colour.fill for colour in CLASS_COLOURS}) == len(CLASS_COLOURS) >= 12
    assert class_colour(len(CLASS_COLOURS)) == class_colour(0)


def test_every_font_comes_with_gradio_so_nothing_is_fetched() -> None:
    built = build_theme()
    fonts = [font for font in built._font if isinstance(font, gr.themes.LocalFont)]
    assert fonts
    assert all(local_font_available(font.name, font.weights) for font in fonts)
    assert "http" not in re.sub(r"http://www\.w3\.org\S+", "", style_sheet())


def test_the_style_sheet_loses_no_border_when_gradio_rewrites_it() -> None:
    # A shorthand with a variable, followed by a longhand of it in the same rule, is dropped.
    for rule in re.findall(r"\{([^{}]*)\}", style_sheet()):
        assert not re.search(r"border: [^;]*var\(.*border-(top|left|right|bottom)-", rule, re.S)
